"""What a person's words say beside the thing looked for: filters, a city, the manner of asking.

«де вивчити Python безкоштовно в Харкові» asks for Python, free of charge, in Kharkiv. Filters that were read
out of words are shown like chosen ones and can be taken away; nothing is narrowed silently. Asked with
`exact=1`, the words are left as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from applicant_portal.finder.params import SearchParams
from search.lexicon import Lexicon
from search.schema import FACETS
from search.text import Token, clean, telling, tokens


@dataclass(frozen=True, slots=True)
class Understanding:
    """`params`: what is searched for; `filters`: those that were read out of the words."""

    params: SearchParams
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def understand(params: SearchParams, lexicon: Lexicon, cities: tuple[str, ...]) -> Understanding:
    """Read filters out of the text. What was chosen by hand is never changed: words that would set a facet
    that has a filter already are left in the text."""
    if params.exact or not params.text:
        return Understanding(params)
    text = clean(params.text)
    row = telling(tokens(text))
    taken, filters = _intents(row, lexicon, params)
    taken |= _city(row, cities, params, taken, filters)
    left = [token for place, token in enumerate(row) if place not in taken]
    asked = [
        token for token in left if token.surface not in lexicon.manner and token.lemma not in lexicon.manner
    ]
    if not filters and len(asked) in (0, len(row)):
        return Understanding(params)
    rest = " ".join(_written(text, token) for token in (asked or ([] if filters else left)))
    merged = {
        facet: params.filters.get(facet) or filters[facet]
        for facet in FACETS
        if facet in params.filters or facet in filters
    }
    return Understanding(replace(params, text=rest, filters=merged), filters)


def _intents(
    row: Sequence[Token], lexicon: Lexicon, params: SearchParams
) -> tuple[set[int], dict[str, tuple[str, ...]]]:
    taken: set[int] = set()
    filters: dict[str, tuple[str, ...]] = {}
    found = lexicon.intent_names.found(row)
    covered = sum(one.end - one.start for one in found)
    for one in found:
        intent = lexicon.intents[one.term]
        if not intent.alone and covered == len(row):
            continue
        if any(facet in params.filters for facet in intent.filters):
            continue
        taken |= set(range(one.start, one.end))
        for facet, values in intent.filters.items():
            filters[facet] = tuple(dict.fromkeys((*filters.get(facet, ()), *values)))
    return taken, filters


def _city(
    row: Sequence[Token],
    cities: tuple[str, ...],
    params: SearchParams,
    taken: set[int],
    filters: dict[str, tuple[str, ...]],
) -> set[int]:
    if "city" in params.filters or "institution" in params.filters:
        return set()
    places: set[int] = set()
    for start in range(len(row)):
        for length in (3, 2, 1):
            span = range(start, start + length)
            key = tuple(token.lemma for token in row[start : start + length])
            city = _by_lemmas(cities).get(key)
            if city is not None and len(key) == length and not places & set(span) and not taken & set(span):
                filters["city"] = (*filters.get("city", ()), city)
                places |= set(span)
    return places


@lru_cache(maxsize=4)
def _by_lemmas(cities: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """The dictionary forms of a city's words -> the city."""
    return {tuple(token.lemma for token in tokens(clean(city))): city for city in cities}


def _written(text: str, token: Token) -> str:
    return text[token.start : token.end]
