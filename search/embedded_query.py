"""Final words and filters -> tantivy queries, and the counts of every facet."""

from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any

import tantivy
from tantivy import Occur, Query

from search.embedded_index import EXACT, State
from search.query import PreparedQuery, Word
from search.schema import FACETS, FORM_WEIGHTS, TEXT_WEIGHTS

WHOLE_TITLE = 1_000_000.0  # an exact title comes first, whatever else matches
MOST_VALUES = 10_000
FAR = 1_000
APART = 0.4
"""What words that name one thing are worth when they are met one by one: less than the name in a title."""

_SORT_FIELDS = {"title": "by_title", "price": "by_price", "score": "by_score", "fresh": "by_fresh"}


def text_query(state: State, prepared: PreparedQuery) -> Query | None:
    """Documents that meet every word, scored by where and in which form; None when no text was given."""
    if not prepared.words:
        return None
    clauses = [(Occur.Must, _word_query(state.schema, word)) for word in prepared.words]
    for place, key in enumerate(prepared.title_keys, 1):
        whole = Query.term_query(state.schema, "whole", key, index_option="basic")
        clauses.append((Occur.Should, Query.const_score_query(whole, WHOLE_TITLE / place)))
    return Query.boolean_query(clauses)


def _word_query(schema: tantivy.Schema, word: Word) -> Query:
    """The best of all places a word is met in; words that name one thing count as many as they are."""
    places = []
    as_typed = any(term.kind == "exact" for term in word.terms)
    for name, weight in TEXT_WEIGHTS.items():
        weight *= len(word.surfaces)
        for term in word.terms:
            worth = weight * FORM_WEIGHTS["lemma" if term.kind == "exact" else term.kind]
            places.append(_scored(_term(schema, name, term.text), worth))
        if as_typed:
            every = [(Occur.Must, _term(schema, name, EXACT + surface)) for surface in word.surfaces]
            typed = every[0][1] if len(every) == 1 else Query.boolean_query(every)
            places.append(_scored(typed, weight * FORM_WEIGHTS["exact"]))
    if word.parts:
        apart = Query.boolean_query([(Occur.Must, _word_query(schema, part)) for part in word.parts])
        places.append(Query.boost_query(apart, APART))
    return Query.disjunction_max_query(places) if places else Query.empty_query()


def _term(schema: tantivy.Schema, field: str, term: str) -> Query:
    return Query.term_query(schema, field, term, index_option="basic")


def _scored(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def filtered(
    state: State, text: Query | None, filters: Mapping[str, tuple[str, ...]], without: str | None = None
) -> Query:
    """`text` within all filters but `without`'s; a facet nobody knows matches nothing."""
    clauses = [(Occur.Must, text if text is not None else Query.all_query())]
    for facet, values in filters.items():
        if facet == without:
            continue
        if facet not in FACETS:
            return Query.empty_query()
        any_of = [
            (Occur.Should, Query.term_query(state.schema, facet, value, index_option="basic"))
            for value in values
        ]
        wanted = any_of[0][1] if len(any_of) == 1 else Query.boolean_query(any_of)
        clauses.append((Occur.Must, Query.const_score_query(wanted, 0.0)))
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)


def facet_counts(
    state: State, text: Query | None, filters: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, int]]:
    """Facet -> value -> documents, most first; a facet's own filter does not narrow its own counts."""
    free = [facet for facet in FACETS if facet not in filters]
    counts = _aggregate(state, filtered(state, text, filters), free)
    for facet in filters:
        if facet in FACETS:
            counts |= _aggregate(state, filtered(state, text, filters, without=facet), [facet])
    return {facet: counts[facet] for facet in FACETS}


def _aggregate(state: State, query: Query, facets: Sequence[str]) -> dict[str, dict[str, int]]:
    if not facets:
        return {}
    wanted = {facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in facets}
    answer = state.searcher.aggregate(query, wanted)
    return {facet: _counts(answer[facet]["buckets"]) for facet in facets}


def _counts(buckets: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    # Kept answers hold these by the thousand: each value is one string.
    counted = [(-int(bucket["doc_count"]), intern(bucket["key"])) for bucket in buckets]
    counted.sort()
    return {value: -count for count, value in counted}


def page_of(
    state: State, query: Query, *, has_text: bool, sort: str, offset: int, limit: int
) -> tuple[int, list[tantivy.DocAddress]]:
    """(how many in all, the addresses of one page in the order asked for)."""
    if offset > FAR:
        # The engine collects everything before a page: an absurd one is looked for only where there is one.
        total = int(state.searcher.search(query, limit=1, count=True).count or 0)  # type: ignore[attr-defined]
        if offset >= total:
            return total, []
    if sort == "relevance" and has_text:
        found = state.searcher.search(query, limit=limit, offset=offset, count=True, weight_by_field="factor")
    else:
        field = _SORT_FIELDS.get(sort, "default")
        found = state.searcher.search(
            query,
            limit=limit,
            offset=offset,
            count=True,
            order_by_field=field,
            order=tantivy.Order.Asc,
        )
    return int(found.count or 0), [address for _, address in found.hits]  # type: ignore[attr-defined]
