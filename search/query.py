"""A question to an engine and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

TermKind = Literal["exact", "lemma", "prefix", "spelling"]


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


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the index that a typed word may stand for, and how it was found."""

    text: str
    kind: TermKind


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word, folded, and the index words it may stand for; none: the index does not know it."""

    typed: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A typed text as final words: each must be met by one of its terms. Engines get nothing else."""

    words: tuple[Word, ...]
    folded: str
    cut: bool = False

    @property
    def unknown_words(self) -> tuple[str, ...]:
        return tuple(word.typed for word in self.words if not word.terms)


@dataclass(frozen=True, slots=True)
class Understood:
    """How the text was read. `query`: the words searched for; `changed`: a word was read as another one;
    `unknown_words`: those the index does not know (they are why nothing was found)."""

    query: str
    changed: bool = False
    unknown_words: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing found: its id, its stored payload, and the index words that its text was found by."""

    id: str
    payload: Mapping[str, Any]


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
