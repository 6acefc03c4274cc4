"""`portal doctor`: what is well and what is not, one sentence each, and what to do about it."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from applicant_portal import migrations
from applicant_portal.catalogue import outbox, queries
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.kit import assets
from applicant_portal.kit.db import Database
from applicant_portal.settings import SECRET_KEY_FILE, Settings
from search.engine import Away, IndexMissing, KeyRefused, SearchError

SPARE_SPACE = 500_000_000
"""Bytes below which a rebuild, which keeps two indexes for a while, may not fit."""
LATE = 100
"""Entries of the log an index may be behind before it is worth a word."""
KNOWN_MEILISEARCH = "1.21."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `well` is False where something should be done, which the sentence says."""

    well: bool
    sentence: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything the portal stands on, in the order it needs it. Changes nothing; makes the data folder."""
    yield from _folder(settings)
    yield from _secret(settings)
    yield _assets()
    database = Database(settings.database_url)
    try:
        yield from _database(settings, database)
    except SQLAlchemyError as error:
        yield Finding(
            False,
            f"База даних не відповідає ({type(error).__name__}). Перевірте PORTAL_DATABASE_URL і чи працює "
            "сервер.",
        )
    finally:
        database.dispose()


def _folder(settings: Settings) -> Iterator[Finding]:
    try:
        folder = settings.data_folder
        probe = folder / ".doctor"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        yield Finding(
            False,
            f"У теку даних {settings.data_dir} не вдається писати ({error.strerror}). Змініть її права або "
            "PORTAL_DATA_DIR.",
        )
        return
    free = shutil.disk_usage(folder).free
    yield Finding(
        free > SPARE_SPACE,
        f"Тека даних {folder}: вільно {free // 1_000_000} МБ."
        + ("" if free > SPARE_SPACE else " Звільніть місце: перебудова тримає два індекси водночас."),
    )


def _secret(settings: Settings) -> Iterator[Finding]:
    if settings.secret_key.get_secret_value():
        yield Finding(True, "Секретний ключ задано в PORTAL_SECRET_KEY.")
        return
    path = settings.data_dir / SECRET_KEY_FILE
    if not path.exists():
        yield Finding(True, "Секретного ключа ще немає: його буде створено в теці даних.")
    elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding(False, f"Секретний ключ {path} можуть читати інші. Виконайте: chmod 600 {path}")
    else:
        yield Finding(True, f"Секретний ключ: {path}.")
    if settings.database_kind == "postgresql":
        yield Finding(
            False,
            "База даних спільна, а PORTAL_SECRET_KEY не задано: у кожного сервера ключ свій. Задайте один.",
        )


def _assets() -> Finding:
    try:
        assets.htmx_source()
    except assets.AssetMissing as error:
        return Finding(False, f"Немає частини сторінок: {error}")
    there = (assets.VENDOR / "htmx.min.js").exists()
    return Finding(
        there,
        "Файли сторінок на місці."
        if there
        else "Файлів сторінок немає. Виконайте: python -m applicant_portal.kit.assets",
    )


def _database(settings: Settings, database: Database) -> Iterator[Finding]:
    kind = "SQLite" if settings.database_kind == "sqlite" else "PostgreSQL"
    if not migrations.is_current(database.engine):
        yield Finding(False, f"База даних {kind}: схема застаріла або порожня. Виконайте: portal db upgrade")
        return
    with database.read() as session:
        listings, synthetic = queries.count_searchable(session), queries.is_synthetic(session)
    if not listings:
        yield Finding(False, f"База даних {kind}: каталог порожній. Виконайте: portal seed")
    elif synthetic:
        yield Finding(True, f"База даних {kind}: каталог вигаданий, для вимірювань, записів {listings}.")
    else:
        yield Finding(True, f"База даних {kind}: записів {listings}.")
    for one in index.opened(settings, database):
        yield from _index(settings, database, one, listings)


def _index(settings: Settings, database: Database, one: Index, listings: int) -> Iterator[Finding]:
    name = one.engine.name
    try:
        version = one.engine.version()
        if name == "meilisearch" and KNOWN_MEILISEARCH not in version:
            yield Finding(False, f"{version}: портал перевірено з {KNOWN_MEILISEARCH}x. Поставте цю версію.")
        held, position = one.engine.count(), one.engine.position()
    except IndexMissing:
        yield Finding(False, f"Індексу {name} немає. Виконайте: portal index rebuild")
        return
    except SearchError as error:
        yield Finding(False, _trouble(settings, error))
        return
    with database.read() as session:
        behind = outbox.mark(session) - position
        goes_on = outbox.continues(session, position)
        aside = len(outbox.set_aside(session, name))
    yield Finding(True, f"Індекс {name} ({version}): записів {held}.")
    if not goes_on:
        yield Finding(False, f"Індекс {name} не з цього журналу змін. Виконайте: portal index rebuild")
    elif behind > LATE:
        yield Finding(
            False, f"Індекс {name} відстає на {behind} змін. Чи працює portal serve або portal worker?"
        )
    elif held + aside != listings and not behind:
        yield Finding(
            False,
            f"В індексі {name} записів {held}, а в каталозі {listings}. Виконайте: portal index rebuild",
        )
    if aside:
        yield Finding(False, f"Індекс {name} не взяв записів: {aside}. Які й чому: portal index status")


def _trouble(settings: Settings, error: SearchError) -> str:
    address = urlsplit(settings.search_url)
    where = f"{address.hostname}:{address.port}" if address.port else address.hostname
    if isinstance(error, KeyRefused):
        return f"Meilisearch на {where} не приймає ключа. Перевірте PORTAL_SEARCH_KEY і права ключа."
    if isinstance(error, Away):
        return (
            f"Meilisearch на {where} не відповідає; шукає вбудований рушій. Перевірте PORTAL_SEARCH_URL і чи "
            "працює сервер."
        )
    return f"Meilisearch на {where}: {error}"
