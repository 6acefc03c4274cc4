"""The production engine: a Meilisearch server.

Every generation is an index of its own, `<namespace>-<version>-<time>`; a small index `<namespace>-current`
names the one in use and is changed in one step. Two indexes never exchange names: tasks that wait in the
server's queue keep the name they were given, so an edit on its way to the old index would land in the new one
and be noted there as if everything before it were there too.

Each index holds its own state, how far it has taken the log, in the same batch as the documents.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import orjson
from meilisearch_python_sdk.models.search import SearchParams, SearchResultsWithUID

from search import lemmas
from search.engine import Change, IndexMissing
from search.kept_answers import KeptAnswers
from search.kept_words import KeptWords, Words
from search.lexicon import Lexicon
from search.meilisearch_index import STATE_ID, VERSION, meilisearch_document, value_of
from search.meilisearch_query import Page, Question
from search.meilisearch_server import Server
from search.meilisearch_shadow import MeilisearchShadow, sweep
from search.prepare import Vocabulary, prepare
from search.query import Hit, PreparedQuery, SearchQuery, SearchResult
from search.schema import FACETS

ATTEMPTS = 3  # an index may be replaced, or changed, while a question is on its way
TRUST_NAME_FOR = 1.0  # seconds; a replaced index is gone, so a name that is old is noticed anyway
TRUST_STATE_FOR = 0.25  # seconds for which kept answers may be those of before another process's edit
APPLY_SECONDS = 60.0
MOVING = "+"  # ends the generation of an answer during which the index changed


@dataclass(frozen=True, slots=True)
class _State:
    """What one index says of itself."""

    uid: str
    position: int
    change: str

    @property
    def generation(self) -> str:
        return f"{self.uid}.{self.change}"


class MeilisearchEngine:
    """Documents of one namespace on a Meilisearch server. Safe to use from several threads and processes."""

    name = "meilisearch"

    def __init__(self, server: Server, lexicon: Lexicon) -> None:
        self._server = server
        self._lexicon = lexicon
        self._version = f"{VERSION}-{lexicon.digest}"
        self._named: tuple[float, str] | None = None
        self._seen: tuple[float, _State] | None = None
        self._noted_since = 0.0
        self._noting = Lock()
        self.answers = KeptAnswers()
        self._words = KeptWords()

    def ready(self) -> bool:
        """Whether there is an index. Raises SearchError where the server does not answer: nobody knows."""
        try:
            self._state(self._uid())
        except IndexMissing:
            return False
        return True

    def version(self) -> str:
        return f"Meilisearch {self._server.version()}"

    def generation(self) -> str:
        return self._latest().generation

    def settled(self) -> str | None:
        state = self._latest()
        words = self._words.of(state.generation, lambda: self._read_words(state.uid))
        return state.generation if words.generation == state.generation else None

    def position(self) -> int:
        return self._latest().position

    def count(self) -> int:
        question = Question(self._uid(fresh=True), _NO_WORDS, SearchQuery())
        (answer,) = self._server.searches([question.counts()])
        return answer.estimated_total_hits or 0

    def warm_up(self) -> None:
        lemmas.warm_up()
        if self.ready():
            uid = self._uid()
            self._words.of(None, lambda: self._read_words(uid))

    def search(self, query: SearchQuery) -> SearchResult:
        kept = self.answers.get(self._trusted().generation, query)
        if kept is not None:
            return kept
        answer, generation, words = None, None, None
        for _ in range(ATTEMPTS):
            uid = self._uid()
            try:
                words = self._words.of(generation, lambda uid=uid: self._read_words(uid))  # type: ignore[misc]
                answer = self._answer(uid, words.vocabulary, query)
            except IndexMissing:  # replaced since its name was read
                self._forget()
                continue
            moved = answer.generation.endswith(MOVING)
            fresh = words.generation == answer.generation or not query.text
            # Words older than those asked for: newer ones are being read, and nobody waits for them.
            if not moved and (fresh or generation not in (None, words.generation)):
                break
            generation = answer.generation.removesuffix(MOVING)
        if answer is None or words is None:
            raise IndexMissing("the index that should be in use is not there")
        if words.generation == answer.generation:
            self.answers.keep(query, answer)
        return answer

    def apply(self, changes: Sequence[Change], position: int) -> None:
        try:
            self._apply(changes, position)
        finally:
            self._distrust()

    def _apply(self, changes: Sequence[Change], position: int) -> None:
        uid = self._uid(fresh=True)
        last = {change.id: change.document for change in changes}
        gone = [name for name, document in last.items() if document is None]
        documents = [
            meilisearch_document(document, self._lexicon)
            for document in last.values()
            if document is not None
        ]
        self._server.write(uid, gone, [*documents, state_document(position)], seconds=APPLY_SECONDS)

    def rest(self) -> None:
        """Nothing is kept open between two changes."""

    def shadow(self, position: int) -> MeilisearchShadow:
        self.sweep()
        return MeilisearchShadow(
            self._server, self._version, self._lexicon, state_document(position), self._forget
        )

    def sweep(self) -> None:
        """Delete indexes that an interrupted rebuild left."""
        sweep(self._server)

    def _forget(self) -> None:
        self._named = None
        self._distrust()

    def _uid(self, *, fresh: bool = False) -> str:
        """The name of the index in use; an index of another version is none."""
        now = time.monotonic()
        named = self._named
        if not fresh and named is not None and now - named[0] < TRUST_NAME_FOR:
            return named[1]
        uid = self._server.current()
        if uid is None or not uid.startswith(self._server.generation_prefix(self._version)):
            self._forget()
            raise IndexMissing("there is no index of this version yet")
        self._named = (now, uid)
        return uid

    def _trusted(self) -> _State:
        """What the index says of itself, at most TRUST_STATE_FOR old; never older than what `generation` has
        told: who keeps something under that must not be given an answer from before it."""
        seen = self._seen
        if seen is not None and time.monotonic() - seen[0] < TRUST_STATE_FOR:
            return seen[1]
        try:
            return self._noted(lambda: self._state(self._uid()))
        except IndexMissing:  # replaced since its name was read
            return self._latest()

    def _latest(self) -> _State:
        return self._noted(lambda: self._state(self._uid(fresh=True)))

    def _noted(self, read: Callable[[], _State]) -> _State:
        began = time.monotonic()
        state = read()
        with self._noting:
            # What was begun to read later is as new or newer.
            if began >= self._noted_since:
                self._noted_since, self._seen = began, (began, state)
        return state

    def _distrust(self) -> None:
        """Whatever was read of the index until now may be old."""
        with self._noting:
            self._noted_since, self._seen = time.monotonic(), None

    def _state(self, uid: str) -> _State:
        (answer,) = self._server.searches([_state_search(uid)])
        return _read_state(uid, answer)

    def _read_words(self, uid: str) -> Words:
        state, answer = self._server.searches(
            [
                _state_search(uid),
                SearchParams(index_uid=uid, q="", filter='listing = "yes"', facets=["vocabulary"], limit=0),
            ],
            patient=True,
        )
        rows = (answer.facet_distribution or {}).get("vocabulary", {})
        return Words(
            # Read before the words: they may be newer than it says, never older.
            _read_state(uid, state).generation,
            Vocabulary.of((*_three(row), documents) for row, documents in rows.items()),
        )

    def _answer(self, uid: str, vocabulary: Vocabulary, query: SearchQuery) -> SearchResult:
        prepared = prepare(query.text, vocabulary, self._lexicon, exact=query.exact)
        question = Question(uid, prepared, query)
        page = Page((query.page - 1) * query.per_page, query.per_page)
        chosen = [facet for facet in query.filters if facet in FACETS]
        searches = [_state_search(uid), question.counts(), *(question.counts(facet) for facet in chosen)]
        ordered = [question.whole_titles(page)] if question.whole_titles_first else []
        # Where whole titles come first, how many they are says where the others begin; on the first page
        # the others begin at 0 whatever that number is.
        at_once = not ordered or page.offset == 0
        if at_once:
            ordered.append(question.hits(page))
        # Searches of one request are answered one by one: only where the index says the same of itself before
        # and after them do they speak of the same documents.
        before, *answers, after = self._server.searches([*searches, *ordered, _state_search(uid)])
        counts, pages = answers[: len(searches) - 1], answers[len(searches) - 1 :]
        generation = _read_state(uid, before).generation
        hits = [hit for answer in pages for hit in answer.hits]
        if not at_once and len(hits) < page.limit:
            passed = max(0, page.offset - (pages[0].estimated_total_hits or 0))
            (rest,) = self._server.searches([question.hits(Page(passed, page.limit))])
            hits += rest.hits
        return SearchResult(
            total=counts[0].estimated_total_hits or 0,
            page=query.page,
            per_page=query.per_page,
            hits=_hits(hits[: page.limit]),
            facets=_facets(counts),
            understood=prepared.understood,
            terms=prepared.marked,
            engine=self.name,
            generation=generation + (MOVING if _read_state(uid, after).generation != generation else ""),
        )


_NO_WORDS = PreparedQuery((), "")


def state_document(position: int) -> dict[str, Any]:
    """What an index says of itself: the log position it stands for, and a mark of this change alone."""
    return {"id": STATE_ID, "listing": "state", "position": position, "change": f"{time.time_ns():x}"}


def _state_search(uid: str) -> SearchParams:
    return SearchParams(
        index_uid=uid,
        q="",
        filter='listing = "state"',
        limit=1,
        attributes_to_retrieve=["position", "change"],
    )


def _read_state(uid: str, answer: SearchResultsWithUID[Any]) -> _State:
    if not answer.hits:
        raise IndexMissing(f"the index {uid} does not say which changes it holds")
    return _State(uid, int(answer.hits[0]["position"]), str(answer.hits[0]["change"]))


def _hits(found: Sequence[Mapping[str, Any]]) -> list[Hit]:
    payloads = {hit["id"]: hit["payload"] for hit in found}

    def stored(listing_id: str) -> tuple[str, Mapping[str, Any]]:
        return listing_id, orjson.loads(payloads[listing_id])

    return [Hit(listing_id, stored) for listing_id in payloads]


def _three(row: str) -> tuple[str, str, str]:
    surface, lemma, written = row.split("\t")
    return surface, lemma, written


def _facets(counts: Sequence[SearchResultsWithUID[Any]]) -> dict[str, dict[str, int]]:
    """Facet -> value -> documents, most first."""
    found: dict[str, dict[str, int]] = {}
    for answer in counts:
        for facet, values in (answer.facet_distribution or {}).items():
            named = [(value_of(key), int(count)) for key, count in values.items()]
            found[facet] = dict(sorted(named, key=lambda pair: (-pair[1], pair[0])))
    return {facet: found.get(facet, {}) for facet in FACETS}
