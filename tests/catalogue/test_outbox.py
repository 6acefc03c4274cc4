"""A searchable change travels with its outbox row, and no position is skipped."""

import threading
import time
from datetime import UTC, datetime

from applicant_portal import migrations
from applicant_portal.catalogue import outbox
from applicant_portal.kit.db import Database

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def migrated(url: str) -> Database:
    database = Database(url)
    migrations.upgrade(database.engine)
    return database


def test_a_change_that_is_rolled_back_leaves_no_entry(database_url: str) -> None:
    database = migrated(database_url)
    try:
        with database.write() as session:
            outbox.publish(session, ["p-1"], NOW)
            raise InterruptedError
    except InterruptedError:
        pass
    with database.read() as session:
        assert outbox.mark(session) == 0
    database.dispose()


def test_a_commit_is_announced_once_and_only_when_the_log_was_written(database_url: str) -> None:
    database = migrated(database_url)
    announced: list[bool] = []
    database.after_write = lambda: announced.append(True)
    with database.write() as session:
        outbox.mark(session)
    assert not announced
    with database.write() as session:
        outbox.publish(session, ["p-1", "p-1", "p-2"], NOW)
    assert announced == [True]
    with database.read() as session:
        assert [entry.listing_id for entry in outbox.after(session, 0, 10)] == ["p-1", "p-2"]
    database.dispose()


def test_an_edit_committed_late_is_never_skipped(database_url: str) -> None:
    """Many writers of unequal length, one reader with a cursor: it sees every entry, in order."""
    database = migrated(database_url)

    def write(number: int) -> None:
        for turn in range(5):
            with database.write() as session:
                outbox.publish(session, [f"w{number}-{turn}"], NOW)
                time.sleep(0.01 * (number % 3))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    cursor = 0
    for last_look in (False, True):
        while last_look or any(writer.is_alive() for writer in writers):
            with database.read() as session:
                entries = outbox.after(session, cursor, 3)
            seen += [entry.listing_id for entry in entries]
            cursor = entries[-1].position if entries else cursor
            if last_look and not entries:
                break
        for writer in writers:
            writer.join()
    assert sorted(seen) == sorted(f"w{number}-{turn}" for number in range(4) for turn in range(5))
    database.dispose()
