"""What every test may ask for.

A real part that is missing skips its tests and says so; with `--no-skips` they fail.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page

from applicant_portal.kit.db import Database
from tests.seeded import ClearedDatabase, Templates
from tests.servers import LiveServer, Meilisearch, NotHere, Postgres, chromium

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MAY_BE_SKIPPED = "only where the real files lie beside the repository"

# Two cores shared by several processes: how long an example takes says nothing here.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a test that would be skipped fails instead")


def pytest_configure(config: pytest.Config) -> None:
    """What a developer set for a portal of their own must not reach the one under test."""
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first: at the end nobody waits for the last of them."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if item.config.getoption("--no-skips") and report.skipped and not hasattr(report, "wasxfail"):
        _fail_the_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if collector.config.getoption("--no-skips") and report.skipped:
        _fail_the_skipped(report)
    return report


def _fail_the_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if MAY_BE_SKIPPED in reason and not SHARED_DATA.is_dir():
        return
    report.outcome = "failed"
    report.longrepr = f"{reason} (with --no-skips every real part must be there)"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder of this test alone."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def sqlite_url(data_dir: Path) -> str:
    """The address of an SQLite database that is not there yet."""
    return f"sqlite:///{data_dir / 'portal.sqlite3'}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One PostgreSQL server for all tests of this process; it starts when the first test asks."""
    try:
        server = Postgres(tmp_path_factory.mktemp("postgres") / "data")
    except NotHere as missing:
        pytest.skip(str(missing))
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test alone."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="session")
def cleared(postgres: Postgres) -> ClearedDatabase:
    """One PostgreSQL database with the newest schema, emptied between the tests that use it in turn."""
    return ClearedDatabase(postgres)


@pytest.fixture
def cleared_postgres_url(cleared: ClearedDatabase) -> str:
    """The address of a PostgreSQL database with the newest schema and no rows, for this test."""
    return cleared.emptied()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of this test alone; the test runs once on SQLite, once on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    if name == "postgres_url" and "empty_catalogue" in request.fixturenames:
        # Making a database and its tables takes PostgreSQL longer than most tests take.
        name = "cleared_postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Databases and seeded portals to be copied."""
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def empty_catalogue(database_url: str, templates: Templates) -> Iterator[Database]:
    """A database with the newest schema and nothing in it, on either database."""
    if database_url.startswith("sqlite"):
        templates.schema(database_url)
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def meilisearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meilisearch]:
    """One Meilisearch server for all tests of this process; nobody kills it."""
    try:
        server = Meilisearch(tmp_path_factory.mktemp("meilisearch"))
    except NotHere as missing:
        pytest.skip(str(missing))
    yield server
    server.kill()


@pytest.fixture
def own_meilisearch(tmp_path: Path) -> Iterator[Meilisearch]:
    """A Meilisearch server of this test alone, to be killed at will."""
    try:
        server = Meilisearch(tmp_path / "meilisearch")
    except NotHere as missing:
        pytest.skip(str(missing))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file.

    Not for the whole run: while Playwright is open its event loop runs in this thread, and a test elsewhere
    that starts a loop of its own would fail.
    """
    with ExitStack() as open_parts:
        try:
            browser = open_parts.enter_context(chromium())
        except NotHere as missing:
            pytest.skip(str(missing))
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile: no cookies, no cache; it speaks Ukrainian and sits in Kyiv's time zone."""
    fresh = browser.new_context(locale="uk-UA", timezone_id="Europe/Kyiv")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A blank page of a fresh profile."""
    return context.new_page()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The portal as a newcomer starts it, seeded; for reading only, all tests of this process share it."""
    with LiveServer(tmp_path_factory.mktemp("live") / "data") as server:
        yield server


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real register and offer files, which is no part of the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{MAY_BE_SKIPPED}: {SHARED_DATA} is not there")
    return SHARED_DATA
