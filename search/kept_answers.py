"""Answers of one generation of an index, kept while it lasts: many people ask for the same things.

A kept answer is the engine's whole answer to one question: how many, which listings in which order, the
counts of every filter. With the first answer of another generation all of them go.
"""

from collections import OrderedDict
from threading import Lock

from search.query import SearchQuery, SearchResult

MOST = 200_000
"""Hits and counts in all, some 15 MB."""


class KeptAnswers:
    """Safe to use from several threads. `asked` and `found` count the questions, and those answered here."""

    def __init__(self, most: int = MOST) -> None:
        self.asked = 0
        self.found = 0
        self._most = most
        self._generation = ""
        self._size = 0
        self._kept: OrderedDict[tuple[object, ...], SearchResult] = OrderedDict()
        self._lock = Lock()

    def get(self, generation: str, query: SearchQuery) -> SearchResult | None:
        """The answer to `query` in this generation, if it is kept."""
        key = query.key
        with self._lock:
            self.asked += 1
            if generation != self._generation or key not in self._kept:
                return None
            self.found += 1
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, query: SearchQuery, answer: SearchResult) -> None:
        """Keep an answer, in place of those that nobody asked for lately. It must be wholly of the generation
        it names: an answer read with older words would stay wrong for as long as that lasts."""
        with self._lock:
            if answer.generation != self._generation:
                self._generation, self._size = answer.generation, 0
                self._kept.clear()
            if query.key not in self._kept:
                self._kept[query.key] = answer
                self._size += _size(answer)
            while self._size > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._size -= _size(oldest)


def _size(answer: SearchResult) -> int:
    return 1 + len(answer.hits) + sum(len(counts) for counts in answer.facets.values())
