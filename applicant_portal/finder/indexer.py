"""Outbox -> engine. One web process leads; the others look on, ready to take over.

The lead is a lock on a file in the data folder: the operating system gives it back when a process dies,
however it dies. The index keeps its own position in the log, so whoever leads next goes on from there, and
an entry taken twice does no harm.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from applicant_portal.catalogue import outbox, queries
from applicant_portal.catalogue.documents import document
from applicant_portal.kit import observe
from applicant_portal.kit.db import Database
from search.engine import Change, Engine, SearchError

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between looks at the log, for edits committed by other processes
BATCH = 500
KEEP_LOG_FOR = timedelta(days=30)


def changes(database: Database, listing_ids: Sequence[str], today: date) -> list[Change]:
    """What the engine should hold of these listings now: a document, or nothing where the public sees none.

    A listing that cannot be turned into a document is set aside and logged: one bad row must not stop the
    log for all others.
    """
    with database.read() as session:
        found = {listing.id: listing for listing in queries.searchable(session, listing_ids)}
        result = []
        for listing_id in listing_ids:
            listing = found.get(listing_id)
            try:
                result.append(Change(listing_id, document(listing, today) if listing is not None else None))
            except Exception:
                observe.poison.inc()
                log.exception("listing %s cannot be indexed; it is set aside", listing_id)
        return result


def follow(database: Database, engine: Engine, today: date) -> int:
    """Bring the index up to the log, batch by batch; the number of entries taken."""
    taken = 0
    while True:
        with database.read() as session:
            entries = outbox.after(session, engine.position(), BATCH)
            newest = outbox.mark(session)
        observe.index_position.set(engine.position())
        observe.index_lag.set(max(newest - engine.position(), 0))
        if not entries:
            return taken
        ids = list(dict.fromkeys(entry.listing_id for entry in entries))
        engine.apply(changes(database, ids, today), entries[-1].position)
        taken += len(entries)


class Indexer(threading.Thread):
    """The thread that follows the log in every web process; only the one that holds the lock does work.

    `nudge` wakes it at once after a commit in this process.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        lock_file: Path,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        super().__init__(name="indexer", daemon=True)
        self._database = database
        self._engine = engine
        self._lock = FileLock(lock_file, thread_local=False)
        self._today = today
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._indexed_year = today().year

    @property
    def leads(self) -> bool:
        return self._lock.is_locked

    def nudge(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        """End the thread and give the lead back."""
        self._stopped.set()
        self._wake.set()
        self.join(timeout=10)

    def run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._turn()
                self._wake.wait(LOOK_EVERY)
                self._wake.clear()
        finally:
            self._lock.release(force=True)

    def _turn(self) -> None:
        if not self._lead():
            return
        try:
            self._note_new_year()
            follow(self._database, self._engine, self._today())
        except (SearchError, SQLAlchemyError, OSError):
            log.exception("the index could not follow the log; trying again")
            self._stopped.wait(1)

    def _lead(self) -> bool:
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def _note_new_year(self) -> None:
        """With a new year older facts become stale and leave the filters: every listing is looked at anew."""
        year = self._today().year
        if year == self._indexed_year:
            return
        now = datetime.now(UTC)
        with self._database.write() as session:
            outbox.publish(session, queries.published_ids(session), now)
            outbox.prune(session, now - KEEP_LOG_FOR, self._engine.position())
        self._indexed_year = year
