"""What is kept of earlier answers: the answer that would be given anew, and never after an edit."""

import time
from dataclasses import replace

import pytest

from search.engine import Change, Engine, EngineSettings
from search.kept_answers import KeptAnswers
from search.query import Hit, SearchQuery, SearchResult, Understood
from tests.engines.catalogue import catalogue
from tests.engines.conftest import ask, filled, ids, reopened

ALL = catalogue()
QUESTIONS = (
    SearchQuery("кібербезпека"),
    SearchQuery("кібербезпека", page=2, per_page=3),
    SearchQuery("кібербезпека", {"kind": ("programme",)}),
    SearchQuery("кібербизпека"),
    SearchQuery("", {"city": ("Харків",)}, sort="title"),
    SearchQuery("кібербизпека", exact=True),
)
SECONDS = 0.5  # after which an edit of another process is seen in any case


@pytest.fixture
def full(engine: Engine) -> Engine:
    return filled(engine, ALL, mark=7)


def test_a_question_asked_again_gets_the_answer_it_had(full: Engine, engine_settings: EngineSettings) -> None:
    first = [full.search(query) for query in QUESTIONS]
    again = [full.search(query) for query in QUESTIONS]
    afresh = [reopened(engine_settings).search(query) for query in QUESTIONS]
    assert full.answers.found == len(QUESTIONS)
    for one, kept, anew in zip(first, again, afresh, strict=True):
        assert kept is one
        assert (kept.total, ids(kept), kept.facets) == (anew.total, ids(anew), anew.facets)
        assert [hit.payload for hit in kept.hits] == [hit.payload for hit in anew.hits]


def test_the_order_in_which_filters_are_named_makes_no_other_question(full: Engine) -> None:
    full.search(SearchQuery("", {"city": ("Харків",), "kind": ("programme",)}))
    full.search(SearchQuery("", {"kind": ("programme",), "city": ("Харків",)}))
    assert full.answers.found == 1


def test_an_edit_is_seen_at_once_where_it_was_made(full: Engine) -> None:
    assert ask(full, "квантові").total == 0
    full.apply([Change("p-24", replace(ALL[23], title="Квантові обчислення", names=()))], 8)
    assert ids(ask(full, "квантові")) == ["p-24"]


def test_an_edit_of_another_process_is_seen_soon(full: Engine, engine_settings: EngineSettings) -> None:
    assert ask(full, "квантові").total == 0
    edited = replace(ALL[23], title="Квантові обчислення", names=())
    reopened(engine_settings).apply([Change("p-24", edited)], 8)
    deadline = time.monotonic() + SECONDS
    while ask(full, "квантові").total == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert ids(ask(full, "квантові")) == ["p-24"]


def test_an_answer_is_never_older_than_the_generation_told(
    full: Engine, engine_settings: EngineSettings
) -> None:
    # Whole pages are kept under the generation: an older answer there would stay for as long as it lasts.
    other = reopened(engine_settings)
    for number in range(5):
        word = f"щюля{'абвгд'[number]}"
        assert ask(full, word, exact=True).total == 0
        other.apply([Change("p-24", replace(ALL[23], title=word, names=()))], 8 + number)
        told = full.generation()
        answer = ask(full, word, exact=True)
        assert (answer.total, answer.generation) == (1, told)


def test_a_rebuilt_index_is_asked_anew(full: Engine) -> None:
    assert ask(full).total == len(ALL)
    filled(full, ALL[:10], mark=9)
    assert ask(full).total == 10


def answer(generation: str, hits: int) -> SearchResult:
    every = [Hit(number, lambda key: ("", {})) for number in range(hits)]
    return SearchResult(hits, 1, 20, every, {}, Understood(""), frozenset(), "", generation)


def test_what_nobody_asked_for_lately_makes_room() -> None:
    kept = KeptAnswers(most=30)
    first, second, third = (SearchQuery(text) for text in ("а", "б", "в"))
    kept.keep(first, answer("1", 10))
    kept.keep(second, answer("1", 10))
    assert kept.get("1", first)
    kept.keep(third, answer("1", 10))
    assert [bool(kept.get("1", query)) for query in (first, second, third)] == [True, False, True]


def test_another_generation_has_answers_of_its_own() -> None:
    kept = KeptAnswers()
    query = SearchQuery("а")
    kept.keep(query, answer("1", 1))
    assert kept.get("2", query) is None
    kept.keep(query, answer("2", 2))
    assert kept.get("1", query) is None
    found = kept.get("2", query)
    assert found is not None
    assert found.total == 2
