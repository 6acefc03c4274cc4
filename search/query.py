"""A question to an engine and its answer."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

TermKind = Literal["exact", "lemma", "concept", "prefix", "spelling"]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked. `filters`: facet -> values; any value of a facet, all facets. Pages count from 1;
    `exact` switches off near spellings and beginnings of words."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    exact: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """The same for the same question."""
        filters = tuple(sorted(self.filters.items()))
        return self.text, filters, self.sort, self.page, self.per_page, self.exact


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the index that a typed word may stand for, and how it was found."""

    text: str
    kind: TermKind


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word, or words that name one thing, folded, and the index words they may stand for; none: the
    index does not know them. Words that name one thing may also be met one by one: `parts`. `shown`: as
    written, or what they were read as (`changed`)."""

    surfaces: tuple[str, ...]
    shown: str
    terms: tuple[Term, ...]
    changed: bool = False
    parts: tuple["Word", ...] = ()

    @property
    def typed(self) -> str:
        return " ".join(self.surfaces)


@dataclass(frozen=True, slots=True)
class Understood:
    """How the text was read. `query`: the words searched for; `changed`: a word was read as another one;
    `unknown_words`: those the index does not know (they are why nothing was found); `cut`: words at the end
    were left out."""

    query: str
    changed: bool = False
    unknown_words: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A typed text as final words: each must be met by one of its terms. Engines get nothing else. `marked`:
    the words that are marked where they stand in a text; `title`: the text as a title in any case of its
    words."""

    words: tuple[Word, ...]
    folded: str
    cut: bool = False
    marked: frozenset[str] = frozenset()
    title: str | None = None

    @property
    def title_keys(self) -> list[str]:
        """What a listing with this title is found by (see search.text.title_keys), the surest first."""
        return [key for key in (self.folded, self.title) if key]

    @property
    def understood(self) -> Understood:
        return Understood(
            query=" ".join(word.shown for word in self.words),
            changed=any(word.changed for word in self.words),
            unknown_words=tuple(word.shown for word in self.words if not word.terms),
            cut=self.cut,
        )

    @property
    def terms(self) -> frozenset[str]:
        """All index words the text may stand for."""
        return frozenset(term.text for word in self.words for term in word.terms)


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing found. `key`: the same for the same listing within a generation; `stored`: key -> its id and
    what the index stores of it. Whoever has kept something under the key need not read."""

    key: Hashable
    stored: Callable[[Any], tuple[str, Mapping[str, Any]]]

    def read(self) -> tuple[str, Mapping[str, Any]]:
        return self.stored(self.key)

    @property
    def id(self) -> str:
        return self.read()[0]

    @property
    def payload(self) -> Mapping[str, Any]:
        """Read anew each time: whoever needs more than one field keeps it."""
        return self.read()[1]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of an answer. `facets`: facet -> value -> count; the values of a facet are counted without
    that facet's own filter. `terms`: the index words to highlight."""

    total: int
    page: int
    per_page: int
    hits: Sequence[Hit]
    facets: Mapping[str, Mapping[str, int]]
    understood: Understood
    terms: frozenset[str]
    engine: str
    generation: str
