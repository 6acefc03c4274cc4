"""The portal as a process of its own, asked over HTTP."""

from collections.abc import Iterator

import httpx
import pytest

from applicant_portal.kit.db import Database
from tests.seeded import Templates
from tests.servers import LiveServer, Postgres


@pytest.fixture(scope="session")
def portal(live_server: LiveServer) -> Iterator[httpx.Client]:
    """A client of the seeded portal; it does not follow redirects by itself."""
    with httpx.Client(base_url=live_server.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, templates: Templates
) -> Iterator[LiveServer]:
    """A seeded portal of one file of tests, which may change it; on each database."""
    folder = tmp_path_factory.mktemp("own") / "data"
    environment = {}
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        environment["PORTAL_DATABASE_URL"] = postgres.new_database()
    templates.portal(folder, environment.get("PORTAL_DATABASE_URL", ""))
    with LiveServer(folder, environment=environment) as live:
        yield live
    if environment:
        postgres.drop_database(environment["PORTAL_DATABASE_URL"])


@pytest.fixture(scope="module")
def database(server: LiveServer) -> Iterator[Database]:
    """The database that `server` works on."""
    url = server.environment.get("PORTAL_DATABASE_URL", f"sqlite:///{server.data_dir / 'portal.sqlite3'}")
    opened = Database(url)
    yield opened
    opened.dispose()
