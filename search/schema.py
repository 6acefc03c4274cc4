"""What is searched, by what it is filtered and in which orders it is shown: one place for every engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Text fields from the most telling to the least, with the weight of a match in each. Steps this wide keep
# the order "title over names and skills over summary over description" whatever the frequency of a word.
TEXT_WEIGHTS: Mapping[str, float] = {
    "title": 16.0,
    "names": 6.0,
    "skills": 6.0,
    "summary": 2.0,
    "description": 1.0,
}
# What the form of a match is worth: the word as typed, another form of it, another name of the same thing,
# its beginning, a near spelling.
FORM_WEIGHTS: Mapping[str, float] = {
    "exact": 1.0,
    "lemma": 0.9,
    "concept": 0.8,
    "prefix": 0.6,
    "spelling": 0.4,
}

FACETS = (
    "kind",
    "institution",
    "city",
    "region",
    "speciality",
    "degree",
    "form",
    "format",
    "language",
    "funding",
    "status",
    "shelter",
    "route",
)
SORTS = ("relevance", "title", "price", "score", "fresh")

CLOSED, UNVERIFIED, RUNNING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Document:
    """One listing as the engines know it.

    `names`: what people type that stands in no title (institutions, codes, cities). `facets`: facet ->
    values; a facet left out does not apply to this listing and is not counted, "unknown" is a value like
    any other. `rank`: CLOSED, UNVERIFIED or RUNNING. `freshness`: days since 1970-01-01 of the newest
    confirmation, 0 when unknown. `price` in whole hryvnias and `score` 100…200 or None; `title_key` sorts
    by code point. `payload` is stored and returned untouched (JSON).
    """

    id: str
    kind: str
    title: str
    title_key: str
    title_en: str | None = None
    names: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rank: int = UNVERIFIED
    freshness: int = 0
    price: int | None = None
    score: float | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of one of the fields of TEXT_WEIGHTS."""
        if name == "title":
            return f"{self.title}\n{self.title_en}" if self.title_en else self.title
        value = getattr(self, name)
        return value if isinstance(value, str) else "\n".join(value)
