"""Log -> index, in a thread of every process; the one that holds the index's lead does the work, the others
look on, ready to take over. The index keeps its own position, so whoever leads next goes on from there, and
an entry taken twice does no harm."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from applicant_portal.catalogue import outbox, queries, search_log
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.kit.db import Database
from search.engine import IndexMissing, SearchError

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between looks at the log, for edits committed by other processes
AFTER_FAILURE = 1.0
KEEP_LOG_FOR = timedelta(days=30)


class Indexer(threading.Thread):
    """Follows the log for one index. `nudge` wakes it at once after a commit in this process.

    An index that is missing (a server that lost its data, other settings, a log that does not go on from
    it) is built by the one who leads.
    """

    def __init__(
        self,
        database: Database,
        followed: Index,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        *,
        tends_log: bool = True,
    ) -> None:
        """`tends_log`: whether this one, when it leads, also prunes the log and looks at the calendar."""
        super().__init__(name=f"indexer-{followed.engine.name}", daemon=True)
        self._database = database
        self._index = followed
        self._today = today
        self._tends_log = tends_log
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._indexed_day = today()
        self._led = False
        self._failed = ""

    @property
    def leads(self) -> bool:
        return self._led

    def nudge(self) -> None:
        self._wake.set()

    def end(self) -> None:
        """Let `run` return after the turn it is in, and give the lead back."""
        self._stopped.set()
        self._wake.set()

    def stop(self) -> None:
        """End the thread."""
        self.end()
        self.join(timeout=10)

    def run(self) -> None:
        try:
            while not self._stopped.is_set():
                try:
                    self._turn()
                except Exception as error:  # noqa: BLE001 (the next edit must find this thread alive)
                    self._led = False
                    self._say_once(error)
                    self._stopped.wait(AFTER_FAILURE)
                self._wake.wait(LOOK_EVERY)
                self._wake.clear()
        finally:
            self._index.leave()

    def _turn(self) -> None:
        leads = self._index.lead.take()
        began, lost = leads and not self._led, self._led and not leads
        self._led = leads
        if lost:
            self._index.engine.rest()
        if not leads:
            return
        if began:
            self._index.engine.sweep()
        if self._tends_log:
            self._note_new_day()
        try:
            index.follow(self._database, self._index, self._today())
        except IndexMissing as error:
            log.warning("the %s index is built anew: %s", self._index.engine.name, error)
            index.fill(self._database, self._index, self._today(), force=True)
        self._failed = ""

    def _say_once(self, error: Exception) -> None:
        if str(error) != self._failed:
            self._failed = str(error)
            known = isinstance(
                error, SearchError
            )  # says what it is; anything else is shown with its way here
            log.warning(
                "the %s index could not follow the log: %s",
                self._index.engine.name,
                error,
                exc_info=None if known else error,
            )

    def _note_new_day(self) -> None:
        """Each day old entries leave the logs. With a new year older facts grow stale and leave the filters:
        every listing is looked at anew."""
        day, before = self._today(), self._indexed_day
        if day == before:
            return
        now = datetime.now(UTC)
        with self._database.write() as session:
            if day.year != before.year:
                outbox.publish(session, queries.published_ids(session), now)
            outbox.prune(session, now - KEEP_LOG_FOR)
            search_log.prune(session, day)
        self._indexed_day = day
