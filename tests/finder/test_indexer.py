"""An edit is findable in under a second, whoever leads the indexing; nothing is lost when a leader dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, text

from applicant_portal import migrations
from applicant_portal.catalogue import outbox, queries
from applicant_portal.catalogue.models import Listing, OutboxEntry
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.finder.indexer import Indexer
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.engine import Change, DocumentRefused, SearchError, Searching
from search.query import SearchQuery
from tests.finder.conftest import TODAY, rename

LEADER = """
import time
from applicant_portal.finder import index
from applicant_portal.finder.indexer import Indexer
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
settings = Settings()
database = Database(settings.database_url)
thread = Indexer(database, index.opened(settings, database)[0])
thread.start()
while not thread.leads:
    time.sleep(0.01)
print("leads", flush=True)
time.sleep(60)
"""


def environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "PORTAL_DATA_DIR": str(settings.data_folder),
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_SEARCH_URL": settings.search_url,
        "PORTAL_SEARCH_KEY": settings.search_key.get_secret_value(),
    }


def total(engine: Searching, word: str) -> int:
    return engine.search(SearchQuery(word, exact=True)).total


def seconds_until_found(engine: Searching, word: str, within: float = 5) -> float:
    began = time.monotonic()
    while time.monotonic() - began < within:
        if total(engine, word) == 1:
            return time.monotonic() - began
        time.sleep(0.005)
    raise AssertionError(f"{word} was not found within {within} s")


def test_an_edit_is_findable_in_under_a_second_with_one_process_or_several(
    settings: Settings, database: Database, opened: Index
) -> None:
    threads = [Indexer(database, index.opened(settings, database)[0]) for _ in range(3)]
    for thread in threads:
        thread.start()
    database.after_write = threads[1].nudge
    for word in ("бджолярство", "гончарство", "лозоплетіння"):
        rename(database, word)
        assert seconds_until_found(opened.engine, word) < 1
    assert sum(thread.leads for thread in threads) == 1
    for thread in threads:
        thread.stop()


def test_when_the_leader_is_killed_another_takes_over_and_no_edit_is_lost(
    settings: Settings, database: Database, opened: Index
) -> None:
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER], env=environment(settings), stdout=subprocess.PIPE, text=True
    )
    assert leader.stdout is not None
    assert leader.stdout.readline() == "leads\n"
    heir = Indexer(database, opened)
    heir.start()
    assert not heir.leads
    rename(database, "кобзарство")
    leader.send_signal(signal.SIGKILL)
    leader.wait()
    rename(database, "писанкарство")
    assert seconds_until_found(opened.engine, "писанкарство") < 5
    assert total(opened.engine, "кобзарство") == 0
    heir.stop()


def test_a_withdrawn_listing_leaves_the_search(database: Database, opened: Index) -> None:
    before = opened.engine.count()
    with database.write() as session:
        listing = session.scalar(select(Listing).order_by(Listing.id).limit(1))
        assert listing is not None
        listing.visibility = "withdrawn"
        outbox.publish(session, [listing.id], datetime.now(UTC))
    opened.lead.take()
    assert index.follow(database, opened, TODAY) == 1
    assert opened.engine.count() == before - 1


def break_languages(database: Database, value: str) -> tuple[str, str]:
    """Spoil one course behind the portal's back and edit another; their ids."""
    with database.write() as session:
        broken, sound = session.scalars(
            select(Listing).where(Listing.kind == "course").order_by(Listing.id).limit(2)
        ).all()
        sound.title = "бондарство"
        outbox.publish(session, [broken.id, sound.id], datetime.now(UTC))
        session.execute(
            text("UPDATE listings SET languages = :value WHERE id = :id"), {"value": value, "id": broken.id}
        )
    return broken.id, sound.id


def aside(database: Database, opened: Index) -> Sequence[str]:
    (standing,) = index.standings(database, [opened])
    return [row.listing_id for row in standing.set_aside if row.reason]


def test_a_listing_that_cannot_be_indexed_is_set_aside_with_its_reason_until_it_can(
    database: Database, opened: Index
) -> None:
    values = ["7", "{ not JSON"] if database.engine.dialect.name == "sqlite" else ["7"]
    for value in values:
        broken, _ = break_languages(database, value)
        opened.lead.take()
        index.follow(database, opened, TODAY)
        assert total(opened.engine, "бондарство") == 1
        assert aside(database, opened) == [broken]
        index.fill(database, opened, TODAY)
        assert aside(database, opened) == [broken]
        assert total(opened.engine, "бондарство") == 1
        with database.write() as session:
            session.execute(text("UPDATE listings SET languages = '[]' WHERE id = :id"), {"id": broken})
            outbox.publish(session, [broken], datetime.now(UTC))
        index.follow(database, opened, TODAY)
        assert aside(database, opened) == []


class Choosy:
    """The real engine behind an edge that refuses one listing."""

    def __init__(self, index: Index, refused: str) -> None:
        self._engine, self._refused = index.engine, refused

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def apply(self, changes: Sequence[Change], position: int) -> None:
        if any(change.id == self._refused for change in changes):
            raise DocumentRefused("too large")
        self._engine.apply(changes, position)


def test_what_the_engine_refuses_is_set_aside_and_the_others_are_taken(
    database: Database, opened: Index
) -> None:
    broken, _ = break_languages(database, "[]")
    choosy = Index(Choosy(opened, broken), opened.lead)  # type: ignore[arg-type]
    opened.lead.take()
    index.follow(database, choosy, TODAY)
    assert total(opened.engine, "бондарство") == 1
    assert aside(database, opened) == [broken]
    with database.read() as session:
        assert opened.engine.position() == outbox.mark(session)


def editing(database: Database) -> index.Progress:
    """Edits a listing when a rebuild has read the last one."""

    def progress(done: int, of: int) -> None:
        if done == of:
            rename(database, "ткацтво")

    return progress


def test_a_rebuild_replays_what_changed_meanwhile(database: Database, opened: Index) -> None:
    index.fill(database, opened, TODAY, progress=editing(database))
    assert total(opened.engine, "ткацтво") == 1


def test_a_rebuild_beside_a_leader_leaves_the_replay_to_it(
    settings: Settings, database: Database, opened: Index
) -> None:
    leader = Indexer(database, index.opened(settings, database)[0])
    leader.start()
    while not leader.leads:
        time.sleep(0.01)
    index.fill(database, opened, TODAY, progress=editing(database))
    assert total(opened.engine, "ткацтво") == 1
    leader.stop()


def test_an_index_that_is_lost_is_built_by_the_leader(
    settings: Settings, database: Database, opened: Index
) -> None:
    leader = Indexer(database, opened)
    shadow = opened.engine.shadow(0)
    shadow.finish()
    shadow.swap()  # an empty index that stands for the beginning of a log that has been pruned
    with database.write() as session:
        session.query(OutboxEntry).where(OutboxEntry.position < 100).delete()
    leader.start()
    deadline = time.monotonic() + 30
    with database.read() as session:
        expected = len(queries.published_ids(session))
    while count(opened.engine) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert opened.engine.count() == expected
    leader.stop()


def count(engine: Searching) -> int:
    try:
        return engine.count()
    except SearchError:
        return -1


def test_an_index_of_another_catalogue_is_not_taken_for_ones_own(
    settings: Settings, database: Database
) -> None:
    """Whoever moves from SQLite to PostgreSQL keeps the data folder and the search server."""
    other = Database(f"sqlite:///{settings.data_folder / 'other.sqlite3'}")
    migrations.upgrade(other.engine)
    assert not any(one.engine.ready() for one in index.opened(settings, other))
    other.dispose()
