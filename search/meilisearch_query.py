"""Final words and filters -> searches of Meilisearch.

What is found is said by filters alone, so totals and counts are the same as on any other engine. The query
string puts in order: its first word stands in every document, the others may be met or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meilisearch_python_sdk.models.search import SearchParams

from search.meilisearch_index import (
    EVERYTHING,
    LONGEST_RUN,
    MOST_QUERY_WORDS,
    digest,
    run_token,
    value_key,
    word_token,
)
from search.query import PreparedQuery, SearchQuery, Word
from search.schema import FACETS

NOTHING = 'listing = "no"'

_SORTS = {
    "title": ["open:desc", "title_order:asc"],
    "price": ["open:desc", "price:asc", "title_bits:asc"],
    "score": ["open:desc", "score:asc", "title_bits:asc"],
    "fresh": ["open:desc", "freshness:desc", "title_bits:asc"],
}
_PAYLOAD = ["id", "payload"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an order: how many to pass over, how many to take."""

    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class Question:
    """A prepared query against one index, as the searches it takes."""

    uid: str
    prepared: PreparedQuery
    query: SearchQuery

    @property
    def whole_titles_first(self) -> bool:
        """Whether documents whose title is the text typed come before all others, closed ones too."""
        return self.query.sort not in _SORTS and bool(self.prepared.words)

    @property
    def counted(self) -> list[str]:
        """Facets that no filter narrows: one search counts them all."""
        return [facet for facet in FACETS if facet not in self.query.filters]

    def counts(self, facet: str | None = None) -> SearchParams:
        """How many there are, with the counts of `counted`; with `facet`, the counts of this one without its
        own filter."""
        return SearchParams(
            index_uid=self.uid,
            q="",
            filter=self._filter(without=facet),
            facets=[facet] if facet else self.counted,
            limit=0,
        )

    def whole_titles(self, page: Page) -> SearchParams:
        """Of those found, the ones whose title is the text typed, all words in order."""
        whole = f"whole IN {self._titles}"
        return SearchParams(
            index_uid=self.uid,
            q="",
            filter=[*self._filter(), whole],
            attributes_to_retrieve=_PAYLOAD,
            offset=page.offset,
            limit=page.limit,
        )

    def hits(self, page: Page) -> SearchParams:
        """Those found, in order; without the ones of `whole_titles` where these come first."""
        found = self._filter()
        if self.whole_titles_first:
            found.append(f"whole NOT IN {self._titles}")
        sort = _SORTS.get(self.query.sort)
        return SearchParams(
            index_uid=self.uid,
            q="" if sort else ranking_words(self.prepared),
            filter=found,
            sort=sort,
            matching_strategy="last",
            attributes_to_retrieve=_PAYLOAD,
            offset=page.offset,
            limit=page.limit,
        )

    @property
    def _titles(self) -> str:
        return f"[{', '.join(digest(key) for key in self.prepared.title_keys)}]"

    def _filter(self, without: str | None = None) -> list[str | list[str]]:
        return [
            'listing = "yes"',
            *(_met(word) for word in self.prepared.words),
            *_chosen(self.query.filters, without),
        ]


def _met(word: Word) -> str:
    """A document holds one of the word's terms, or each of its parts."""
    whole = _any_of("terms", [term.text for term in word.terms])
    if not word.parts:
        return whole
    return f"({whole} OR ({' AND '.join(_met(part) for part in word.parts)}))"


def _chosen(filters: Mapping[str, tuple[str, ...]], without: str | None) -> list[str]:
    return [
        _any_of(facet, values) if facet in FACETS else NOTHING
        for facet, values in filters.items()
        if facet != without
    ]


def _any_of(attribute: str, values: Sequence[str]) -> str:
    if not values:
        return NOTHING
    keys = ", ".join(f'"{value_key(value)}"' for value in dict.fromkeys(values))
    return f"{attribute} IN [{keys}]"


def ranking_words(prepared: PreparedQuery) -> str:
    """The query string: words in dictionary form, then the typed words in a row where a title may hold them
    so, or the beginning of a word, which Meilisearch completes when it stands last.

    From the end, words may be missing in a document; one of several readings is ranked by its first.
    """
    if not prepared.words:
        return ""
    known = [word for word in prepared.words if word.terms and not _is_beginning(word)]
    beginnings = [word for word in prepared.words if _is_beginning(word)]
    known.sort(key=lambda word: len(word.terms) > 1)
    words = [EVERYTHING, *(word_token(word.terms[0].text) for word in known)]
    # Those that name one thing by its name first, then word by word.
    words += [word_token(part.terms[0].text) for word in known for part in word.parts if part.terms]
    if beginnings:
        return " ".join([*words[: MOST_QUERY_WORDS - 1], word_token(beginnings[-1].typed)])
    words = words[: MOST_QUERY_WORDS - 1]
    typed = sum(len(word.surfaces) for word in known)
    if typed <= LONGEST_RUN and all(word.terms[0].kind == "exact" for word in known):
        words.append(run_token([surface for word in prepared.words for surface in word.surfaces]))
    return " ".join(words) + " "  # with a blank at the end the last word is a whole one


def _is_beginning(word: Word) -> bool:
    return bool(word.terms) and word.terms[0].kind == "prefix"
