"""An edit is findable in under a second, whoever leads the indexing; nothing is lost when a leader dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from applicant_portal import migrations
from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import index, indexer
from applicant_portal.importers import seed
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.engine import Engine
from search.query import SearchQuery

TODAY = date(2026, 11, 25)
LEADER = """
import sys, time
from pathlib import Path
from applicant_portal.finder import index
from applicant_portal.finder.indexer import Indexer
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
settings = Settings()
lock = settings.data_folder / "indexer.lock"
thread = Indexer(Database(settings.database_url), index.opened(settings), lock)
thread.start()
while not thread.leads:
    time.sleep(0.01)
print("leads", flush=True)
time.sleep(60)
"""


@pytest.fixture
def settings(data_dir: Path, database_url: str) -> Settings:
    return Settings(data_dir=data_dir, database_url=database_url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The seeded catalogue with its index filled, on SQLite and on PostgreSQL."""
    opened = Database(settings.database_url)
    migrations.upgrade(opened.engine)
    seed.load(opened, TODAY)
    index.fill(opened, index.opened(settings), TODAY, force=True)
    yield opened
    opened.dispose()


def rename(database: Database, title: str) -> None:
    """What a room that edits listings does: change and log entry in one transaction."""
    with database.write() as session:
        listing = session.scalar(
            select(Listing).where(Listing.kind == "course").order_by(Listing.id).limit(1)
        )
        assert listing is not None
        listing.title = title
        outbox.publish(session, [listing.id], datetime.now(UTC))


def seconds_until_found(engine: Engine, word: str, within: float = 5) -> float:
    began = time.monotonic()
    while time.monotonic() - began < within:
        if engine.search(SearchQuery(word, exact=True)).total == 1:
            return time.monotonic() - began
        time.sleep(0.005)
    raise AssertionError(f"{word} was not found within {within} s")


def test_an_edit_is_findable_in_under_a_second_with_one_process_or_several(
    settings: Settings, database: Database
) -> None:
    engine = index.opened(settings)
    lock = settings.data_folder / "indexer.lock"
    threads = [indexer.Indexer(database, index.opened(settings), lock) for _ in range(3)]
    for thread in threads:
        thread.start()
    database.after_write = threads[1].nudge
    for word in ("бджолярство", "гончарство", "лозоплетіння"):
        rename(database, word)
        assert seconds_until_found(engine, word) < 1
    assert sum(thread.leads for thread in threads) == 1
    for thread in threads:
        thread.stop()


def test_when_the_leader_is_killed_another_takes_over_and_no_edit_is_lost(
    settings: Settings, database: Database
) -> None:
    environment = {
        **os.environ,
        "PORTAL_DATA_DIR": str(settings.data_folder),
        "PORTAL_DATABASE_URL": settings.database_url,
    }
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert leader.stdout is not None
    assert leader.stdout.readline() == "leads\n"
    heir = indexer.Indexer(database, index.opened(settings), settings.data_folder / "indexer.lock")
    heir.start()
    assert not heir.leads
    rename(database, "кобзарство")
    leader.send_signal(signal.SIGKILL)
    leader.wait()
    rename(database, "писанкарство")
    assert seconds_until_found(index.opened(settings), "писанкарство") < 5
    assert index.opened(settings).search(SearchQuery("кобзарство", exact=True)).total == 0
    heir.stop()


def test_a_withdrawn_listing_leaves_the_search(settings: Settings, database: Database) -> None:
    engine = index.opened(settings)
    before = engine.count()
    with database.write() as session:
        listing = session.scalar(select(Listing).order_by(Listing.id).limit(1))
        assert listing is not None
        listing.visibility = "withdrawn"
        outbox.publish(session, [listing.id], datetime.now(UTC))
    assert indexer.follow(database, engine, TODAY) == 1
    assert engine.count() == before - 1


def test_a_listing_that_cannot_be_indexed_does_not_stop_the_others(
    settings: Settings, database: Database
) -> None:
    engine = index.opened(settings)
    with database.write() as session:
        broken, sound = session.scalars(select(Listing).where(Listing.kind == "course").limit(2)).all()
        broken.languages = 7  # type: ignore[assignment]
        sound.title = "бондарство"
        outbox.publish(session, [broken.id, sound.id], datetime.now(UTC))
    indexer.follow(database, engine, TODAY)
    assert engine.search(SearchQuery("бондарство", exact=True)).total == 1


def test_a_rebuild_replays_what_changed_meanwhile(settings: Settings, database: Database) -> None:
    engine = index.opened(settings)
    edited = False

    def edit_once(done: int, total: int) -> None:
        nonlocal edited
        if done > total // 2 and not edited:
            edited = True
            rename(database, "ткацтво")

    index.fill(database, engine, TODAY, progress=edit_once)
    assert engine.search(SearchQuery("ткацтво", exact=True)).total == 1
