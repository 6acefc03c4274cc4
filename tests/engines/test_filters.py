"""Filters, the counts of every facet, orders and pages."""

import pytest

from search.engine import Engine
from search.schema import FACETS
from tests.engines.catalogue import catalogue
from tests.engines.conftest import ask, ids

DOCUMENTS = {document.id: document for document in catalogue()}


def test_values_of_one_facet_are_alternatives(found: Engine) -> None:
    kharkiv = ask(found, filters={"city": ("Харків",)}).total
    lviv = ask(found, filters={"city": ("Львів",)}).total
    assert ask(found, filters={"city": ("Харків", "Львів")}).total == kharkiv + lviv


def test_facets_are_all_required(found: Engine) -> None:
    answer = ask(found, filters={"city": ("Харків",), "speciality": ("F5",), "degree": ("bachelor",)})
    assert set(ids(answer)) == {"p-1", "p-14"}


def test_filters_narrow_a_text(found: Engine) -> None:
    answer = ask(found, "кібербезпека", filters={"city": ("Львів",)})
    assert ids(answer) == ["p-21"]


def test_counts_are_those_of_the_documents_found(found: Engine) -> None:
    facets = ask(found).facets
    for facet in FACETS:
        values = [value for document in DOCUMENTS.values() for value in set(document.facets.get(facet, ()))]
        assert facets[facet] == {value: values.count(value) for value in set(values)}


def test_a_facets_own_values_stay_selectable(found: Engine) -> None:
    free = ask(found, "кібербезпека").facets
    narrowed = ask(found, "кібербезпека", filters={"city": ("Харків",)}).facets
    assert narrowed["city"] == free["city"]
    assert "107" not in narrowed["institution"]


@pytest.mark.parametrize("facet", FACETS)
def test_a_count_is_what_choosing_the_value_finds(found: Engine, facet: str) -> None:
    chosen = {"kind": ("programme",)} if facet != "kind" else {}
    for value, count in ask(found, filters=chosen).facets[facet].items():
        assert ask(found, filters={**chosen, facet: (value,)}).total == count


def test_every_facet_is_counted_even_where_nothing_is_found(found: Engine) -> None:
    answer = ask(found, filters={"city": ("Атлантида",)})
    assert answer.total == 0
    assert set(answer.facets) == set(FACETS)
    assert answer.facets["city"]["Харків"] > 0


def test_an_unknown_facet_matches_nothing(found: Engine) -> None:
    assert ask(found, filters={"colour": ("red",)}).total == 0


def test_unknown_is_a_value_like_any_other(found: Engine) -> None:
    assert ids(ask(found, filters={"funding": ("unknown",)})) == ["c-6"]


def test_by_title_is_the_ukrainian_alphabet_with_closed_ones_last(found: Engine) -> None:
    answer = [DOCUMENTS[one] for one in ids(ask(found, sort="title"))]
    assert [d.id for d in answer] == [
        d.id for d in sorted(answer, key=lambda d: (d.rank == 0, d.title_key, d.id))
    ]


def test_by_price_is_cheapest_first_with_unknown_then_closed_last(found: Engine) -> None:
    answer = [DOCUMENTS[one] for one in ids(ask(found, sort="price"))]
    keys = [(d.rank == 0, d.price is None, d.price or 0) for d in answer]
    assert keys == sorted(keys)
    assert len(answer) == 40


def test_by_score_is_lowest_first_with_unknown_then_closed_last(found: Engine) -> None:
    answer = [DOCUMENTS[one] for one in ids(ask(found, sort="score"))]
    keys = [(d.rank == 0, d.score is None, d.score or 0) for d in answer]
    assert keys == sorted(keys)


def test_by_freshness_is_newest_first_with_undated_then_closed_last(found: Engine) -> None:
    answer = [DOCUMENTS[one] for one in ids(ask(found, sort="fresh"))]
    keys = [(d.rank == 0, -d.freshness) for d in answer]
    assert keys == sorted(keys)


@pytest.mark.parametrize("sort", ["relevance", "title", "price", "score", "fresh"])
def test_an_order_holds_within_a_text_too(found: Engine, sort: str) -> None:
    answer = ask(found, "програма", sort=sort)
    assert answer.total > 24  # every programme, and two whose summary speaks of programs
    closed = [DOCUMENTS[one].rank == 0 for one in ids(answer)]
    assert closed == sorted(closed)


def test_without_text_running_ones_come_first_and_closed_ones_last(found: Engine) -> None:
    ranks = [DOCUMENTS[one].rank for one in ids(ask(found))]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("text", ["", "програма", "інженерія"])
@pytest.mark.parametrize("sort", ["relevance", "title", "price", "score", "fresh"])
def test_pages_hold_everything_once_in_order(found: Engine, text: str, sort: str) -> None:
    whole = ids(ask(found, text, sort=sort))
    pages = [ids(ask(found, text, sort=sort, page=page, per_page=7)) for page in range(1, 8)]
    assert [one for page in pages for one in page] == whole
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("page", [9, 10_000, 100_000])
def test_a_page_beyond_the_end_is_empty_with_the_right_total(found: Engine, page: int) -> None:
    answer = ask(found, page=page, per_page=20)
    assert (answer.total, answer.hits) == (40, [])
