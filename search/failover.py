"""Two engines over the same documents: one that should answer, and one that answers while that one cannot."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import TypeVar

from search.engine import Engine, SearchError
from search.query import SearchQuery, SearchResult

log = logging.getLogger(__name__)

DEADLINE = 1.2
"""Seconds a question may take, whatever holds it up; the spare answers after that in the same request."""
LOOK_EVERY = 0.5
GENERATION_FOR = 0.2
"""Seconds for which a generation that was asked for alone is kept."""
IN_FLIGHT = 16

T = TypeVar("T")


class FailoverEngine:
    """Asks `primary`; from its first failure on asks `spare`, so that nobody else waits for the failing one.

    Meanwhile a thread tries `primary` every half second. It answers again when it has answered that thread
    and has taken the log as far as `spare` had when it came back: what people have found once stays found.
    """

    def __init__(
        self, primary: Engine, spare: Engine, *, deadline: float = DEADLINE, look_every: float = LOOK_EVERY
    ) -> None:
        self._primary = primary
        self._spare = spare
        self._deadline = deadline
        self._look_every = look_every
        self._pool = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="search")
        self._lock = threading.Lock()
        self._away = ""
        self._generation: tuple[float, str] | None = None

    @property
    def configured(self) -> str:
        """The engine that should answer."""
        return self._primary.name

    @property
    def away(self) -> str:
        """Why the engine that should answer does not; empty when it does."""
        return self._away

    @property
    def name(self) -> str:
        return self._spare.name if self._away else self._primary.name

    def ready(self) -> bool:
        return self._ask(self._primary.ready, self._spare.ready)

    def warm_up(self) -> None:
        self._spare.warm_up()
        self._ask(self._primary.warm_up, lambda: None)

    def generation(self) -> str:
        kept, now = self._generation, time.monotonic()
        if not self._away and kept is not None and now - kept[0] < GENERATION_FOR:
            return kept[1]
        generation = self._ask(self._primary.generation, self._spare.generation)
        self._generation = (now, generation)
        return generation

    def settled(self) -> str | None:
        return self._ask(self._primary.settled, self._spare.settled)

    def count(self) -> int:
        return self._ask(self._primary.count, self._spare.count)

    def search(self, query: SearchQuery) -> SearchResult:
        return self._ask(lambda: self._primary.search(query), lambda: self._spare.search(query))

    def _ask(self, primary: Callable[[], T], spare: Callable[[], T]) -> T:
        if not self._away:
            try:
                return self._in_time(primary)
            except SearchError as error:
                self._leave(str(error))
        return spare()

    def _in_time(self, question: Callable[[], T]) -> T:
        # In a thread of its own: timeouts of a connection count single reads, and a server that sends a byte
        # now and then would never run into one.
        answer = self._pool.submit(question)
        try:
            return answer.result(timeout=self._deadline)
        except TooLate as error:
            answer.cancel()
            raise SearchError(f"no answer within {self._deadline} s") from error

    def _leave(self, why: str) -> None:
        with self._lock:
            if self._away:
                return
            self._away = why or "it failed"
            self._generation = None
        log.warning("%s is away, %s answers: %s", self._primary.name, self._spare.name, why)
        threading.Thread(target=self._wait_for_it, name="search-probe", daemon=True).start()

    def _wait_for_it(self) -> None:
        came_back_at: int | None = None
        while True:
            time.sleep(self._look_every)
            try:
                self._in_time(lambda: self._primary.search(SearchQuery(per_page=1)))
                if came_back_at is None:
                    came_back_at = self._spare.position()
                if self._in_time(self._primary.position) >= came_back_at:
                    break
                self._away = "it is back and catches up with the log"
            except SearchError as error:
                came_back_at = None
                self._away = str(error)
        with self._lock:
            self._generation = None
            self._away = ""
        log.warning("%s answers again", self._primary.name)
