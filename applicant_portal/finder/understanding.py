"""What a person's words say beside the thing looked for: filters, a city, the manner of asking.

«де вивчити Python безкоштовно в Харкові» asks for Python, free of charge, in Kharkiv. Filters that were read
out of words are shown like chosen ones and can be taken away; nothing is narrowed silently. Asked with
`exact=1`, the words are left as they are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from applicant_portal.catalogue import places, specialities
from applicant_portal.finder.params import SearchParams
from search.lexicon import Lexicon
from search.schema import FACETS
from search.text import Token, clean, join_codes, telling, tokens

_CODE = re.compile(r"f\d|\d{3}")


@dataclass(frozen=True, slots=True)
class Understanding:
    """`params`: what is searched for; `filters`: those that were read out of the words; `words`: facet -> the
    words it was read out of."""

    params: SearchParams
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def understand(params: SearchParams, lexicon: Lexicon, cities: tuple[str, ...]) -> Understanding:
    """Read filters out of the text. What was chosen by hand is never changed: words that would set a facet
    that has a filter already are left in the text."""
    if params.exact or not params.text:
        return Understanding(params)
    text = join_codes(clean(params.text))
    every = list(tokens(text))
    reading = _Reading(params, lexicon, every)
    reading.take_intents()
    reading.take_places(cities)
    reading.take_codes()
    left = [token for token in telling(every) if token.start not in reading.taken]
    asked = [token for token in left if not lexicon.manner & {token.surface, token.lemma}]
    filters = reading.filters
    if not filters and len(asked) in (0, len(telling(every))):
        return Understanding(params)
    rest = " ".join(text[token.start : token.end] for token in (asked or ([] if filters else left)))
    merged = {
        facet: params.filters.get(facet) or filters[facet]
        for facet in FACETS
        if facet in params.filters or facet in filters
    }
    words = {
        facet: tuple(text[token.start : token.end] for token in span) for facet, span in reading.spans.items()
    }
    return Understanding(replace(params, text=rest, filters=merged), filters, words)


class _Reading:
    """A text being read: the filters found, and which words they took (by where these begin)."""

    def __init__(self, params: SearchParams, lexicon: Lexicon, every: Sequence[Token]) -> None:
        self.filters: dict[str, tuple[str, ...]] = {}
        self.taken: set[int] = set()
        self.spans: dict[str, list[Token]] = {}
        self._params = params
        self._lexicon = lexicon
        self._every = every
        self._row = telling(every)

    def take_intents(self) -> None:
        """Words that mean a filter. «курси для ветеранів»: what means one by itself says more than what does
        so beside other words only. A longer name of a thing («нульовий курс») is that thing."""
        intents, row = self._lexicon.intents, self._row
        found = [
            (intents[one.term], names[one.start : one.end])
            for names, finder in (
                (self._every, self._lexicon.intents_as_written),
                (row, self._lexicon.intent_names),
            )
            for one in finder.found(names)
        ]
        named = [row[one.start : one.end] for one in self._lexicon.concepts.found(row)]
        covered = {token.start for _, span in found for token in span}
        alone = covered >= {token.start for token in row}
        for intent, span in sorted(found, key=lambda pair: not pair[0].alone):
            starts = {token.start for token in span}
            if any(len(name) > len(span) and starts <= {token.start for token in name} for name in named):
                continue
            if any(facet in self._params.filters for facet in intent.filters):
                continue
            if not intent.alone and any(facet in self.filters for facet in intent.filters):
                self.taken |= starts
            elif intent.alone or not alone:
                self._take(span, intent.filters)

    def take_places(self, cities: tuple[str, ...]) -> None:
        """Names of cities and regions in any case and language; an institution chosen by hand says the place
        already."""
        if {"city", "region", "institution"} & set(self._params.filters):
            return
        for place in range(len(self._row)):
            for length in (3, 2, 1):
                span = self._row[place : place + length]
                key = tuple(token.lemma for token in span)
                city = _by_lemmas(cities).get(key) or self._lexicon.cities.get(key)
                region = self._lexicon.regions.get(key)
                if len(span) < length or {token.start for token in span} & self.taken:
                    continue
                if city in cities:
                    self._take(span, {"city": (city,)})
                elif region is not None:
                    self._take(span, {"region": (region,)})

    def take_codes(self) -> None:
        """Codes of specialities, old or new: who types one looks for programmes."""
        if "speciality" in self._params.filters:
            return
        for token in self._row:
            code = _CODE.fullmatch(token.surface) and specialities.find(token.surface)
            if code and token.start not in self.taken:
                kind = {} if "kind" in {*self._params.filters, *self.filters} else {"kind": ("programme",)}
                self._take([token], {"speciality": (code.code,), **kind})

    def _take(self, span: Sequence[Token], filters: Mapping[str, tuple[str, ...]]) -> None:
        self.taken |= {token.start for token in span}
        for facet, values in filters.items():
            self.spans.setdefault(facet, []).extend(span)
            self.filters[facet] = tuple(dict.fromkeys((*self.filters.get(facet, ()), *values)))


@lru_cache(maxsize=4)
def _by_lemmas(cities: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """The dictionary forms of a city's words -> the city; also as they come out of its name after «у»."""
    return {
        tuple(token.lemma for token in telling(tokens(clean(name)))): city
        for city in cities
        for name in (city, places.in_city(city, "uk"), places.city_name(city, "en"))
    }
