"""What is searched for, counted in this process and written twice a minute, with nothing personal in it.

A search counts when it was sent: the form, a link or an address opened a whole page. What htmx fetches while
somebody types does not, nor does a page that the browser reloads or fetches ahead: words that were typed
and taken back are nobody's business, and one person's typing is not ten searches. The next page, a filter,
another order and "these words as they are" are the same search going on. So what is counted is always the
bare query, and its hits never depend on what somebody ticked.

On the way of a request nothing happens but a number in a dictionary going up. All else waits for the thread:
reading the query string, refusing what looks personal, finding the place of a chosen listing, the database.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import parse_qsl

from applicant_portal.catalogue import search_log
from applicant_portal.catalogue.models import LONGEST_QUERY
from applicant_portal.catalogue.search_log import QueryCounts
from applicant_portal.finder import params
from applicant_portal.finder.params import SearchParams
from applicant_portal.finder.service import Found
from applicant_portal.kit import observe
from applicant_portal.kit.db import Database
from search.text import clean, fold

log = logging.getLogger(__name__)

WRITE_EVERY = 30.0  # seconds
REST = 0.01  # seconds between two searches of the thread's own
MOST_QUERIES = 5_000
LONGEST_ADDRESS = 2_000  # bytes; eight words with all letters escaped take less
MOST_WORDS = 8

# Six digits, whatever stands between them: a telephone, a passport, a tax number, a card.
_NUMBER = re.compile(r"(?:\d[\W_]*){6}")


def countable(typed: str) -> str | None:
    """The query as the log may keep it: folded and cut. None for what looks personal: a mail address or
    another name with @, a number of six digits or more, a text rather than a query; and for nothing at all.
    """
    plain = unicodedata.normalize("NFKC", clean(typed))
    folded = fold(plain)
    words = max(len(plain.split()), len(folded.split()))
    if "@" in plain or _NUMBER.search(plain) or words > MOST_WORDS:
        return None
    return folded[:LONGEST_QUERY].strip() or None


class SearchLog(threading.Thread):
    """The counter of one process, and the thread that writes it. `answer` asks the search.

    At most `MOST_QUERIES` different addresses wait for the thread; what comes beyond is dropped and counted
    in `portal_search_log_dropped_total`, as is a batch that the database or the search did not take.
    """

    def __init__(
        self, database: Database, answer: Callable[[SearchParams], Found], today: Callable[[], date]
    ) -> None:
        super().__init__(name="search-log", daemon=True)
        self._database = database
        self._answer = answer
        self._today = today
        self._lock = threading.Lock()
        self._asked: dict[bytes, int] = {}
        self._chosen: dict[tuple[bytes, str], int] = {}
        self._stopped = threading.Event()

    def asked(self, query_string: bytes) -> None:
        """A search page was opened at this address."""
        with self._lock:
            if self._has_room(query_string):
                self._asked[query_string] = self._asked.get(query_string, 0) + 1

    def chosen(self, query_string: bytes, path: str) -> None:
        """The listing at `path` was opened from the search page at this address."""
        key = query_string, path
        with self._lock:
            if self._has_room(query_string):
                self._chosen[key] = self._chosen.get(key, 0) + 1

    def _has_room(self, query_string: bytes) -> bool:
        fits = len(self._asked) + len(self._chosen) < MOST_QUERIES and len(query_string) <= LONGEST_ADDRESS
        if not fits:
            observe.search_log_dropped.inc()
        return fits

    def run(self) -> None:
        while not self._stopped.wait(WRITE_EVERY):
            self.write()
        self.write()

    def stop(self) -> None:
        """Write what waits, and end the thread."""
        self._stopped.set()
        if self.is_alive():
            self.join(timeout=10)

    def write(self) -> None:
        """Bring what waits into the database, in one transaction. Whatever fails, this batch is all that is
        lost, and no request knows."""
        with self._lock:
            asked, self._asked = self._asked, {}
            chosen, self._chosen = self._chosen, {}
        if not asked and not chosen:
            return
        try:
            counts = self._summed(asked, chosen)
            if counts:
                with self._database.write() as session:
                    search_log.add(session, self._today(), counts.values())
        except Exception as error:  # noqa: BLE001 (the next batch must find this thread alive)
            # The error's own words may hold what was searched for: its name says enough.
            log.warning("a batch of the search log was lost: %s", type(error).__name__)
            observe.search_log_dropped.inc(sum(asked.values()) + sum(chosen.values()))

    def _summed(
        self, asked: Mapping[bytes, int], chosen: Mapping[tuple[bytes, str], int]
    ) -> dict[str, QueryCounts]:
        """What waited, by folded query."""
        counts: dict[str, QueryCounts] = {}
        for query_string, times in asked.items():
            read = _read(query_string)
            if read is not None and read.params.page == 1:
                self._counts_of(counts, read).asked += times
        for (query_string, path), times in chosen.items():
            read = _read(query_string)
            place = read and self._place(read.params, path)
            if read is None or place is None:
                continue
            found = self._counts_of(counts, read)
            if place <= 3:
                found.chosen_1_3 += times
            elif place <= 10:
                found.chosen_4_10 += times
            else:
                found.chosen_11 += times
        return counts

    def _counts_of(self, counts: dict[str, QueryCounts], read: "_Read") -> QueryCounts:
        if read.query not in counts:
            found = self._ask(read.params.with_page(1))
            total = found.result.total
            outcome = "nothing" if not total else "left_out" if found.left_out else "found"
            counts[read.query] = QueryCounts(read.query, total, outcome)
        return counts[read.query]

    def _place(self, read: SearchParams, path: str) -> int | None:
        """The place of a listing in the whole list, counted from 1; None where it does not stand on the page
        that it is said to be chosen from, as the nearest matches of an empty answer."""
        paths = [hit.payload["path"] for hit in self._ask(read).result.hits]
        return (read.page - 1) * read.per_page + paths.index(path) + 1 if path in paths else None

    def _ask(self, read: SearchParams) -> Found:
        self._stopped.wait(REST)  # readers go first
        return self._answer(read)


class _Read(NamedTuple):
    """A search address: the query as the log keeps it, and what to ask."""

    query: str
    params: SearchParams


def _read(query_string: bytes) -> _Read | None:
    """None for what is not counted: see above, and `countable`."""
    items = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    asked = params.read(items, ())
    if not _is_bare(asked) or dict(items).get("all"):
        return None
    query = countable(asked.text)
    return None if query is None else _Read(query, asked)


def _is_bare(asked: SearchParams) -> bool:
    """Whether nothing is asked but words."""
    return bool(asked.text) and not asked.filters and asked.sort == params.DEFAULT_SORT and not asked.exact
