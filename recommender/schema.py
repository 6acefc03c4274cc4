"""What goes into the ranker and what comes out of it. Nothing here knows where a listing is stored or how a
question is worded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Answers = Mapping[str, tuple[str, ...]]
"""Question id -> the chosen values, never an empty tuple: a question that is not there was not answered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing as the ranker sees it. None is "not known" and never reads as "no".

    Candidates are given in the order in which equals are shown. `provider`: whoever teaches, by one name.
    `areas`: area inside IT -> weight, 0 or more, any sum. `age`: fresh, aging, stale, none (of the newest
    word about it). `fields`: field of study besides computing -> how far the listing belongs to it, 0 to 1.
    `degree`: the one a programme or a track leads to. `online`: wholly without a place. `formats`: some of
    full_time, evening, online. `least_hours`: hours a week under which it cannot be studied. `starts_in`:
    days until one can begin. `price`: whole hryvnias a year (or for the course), 0 is free. `funded`:
    whether there is a way without money of one's own. `amount`: how much a track pays at most. `routes`:
    doors into a programme. `audience`: for whom a track is. `earlier_education`: values of the question
    `education` that may enter. `access`: need -> yes, no, partly.
    """

    id: str
    kind: str
    provider: str
    areas: Mapping[str, float]
    state: str
    age: str = "none"
    fields: Mapping[str, float] = field(default_factory=dict)
    degree: str | None = None
    city: str | None = None
    online: bool | None = None
    formats: frozenset[str] | None = None
    own_pace: bool | None = None
    beginner: bool | None = None
    least_hours: int | None = None
    starts_in: int | None = None
    price: int | None = None
    funded: bool | None = None
    amount: int | None = None
    languages: frozenset[str] | None = None
    routes: frozenset[str] | None = None
    audience: frozenset[str] | None = None
    earlier_education: frozenset[str] | None = None
    access: Mapping[str, str] = field(default_factory=dict)


class Term(NamedTuple):
    """One part of a score. `question`: the answer it comes from, None for a fact of the listing alone.

    `code` is `question` or `question:what` (money:known, money:unknown), else a fact: state, age, free,
    amount, foreign.
    """

    code: str
    question: str | None
    contribution: float


class Counterfactual(NamedTuple):
    """With `question` answered by `answer` (empty: not answered) and all else as it is, the path stands at
    `rank` instead, counted from 1; None: it leaves the list."""

    question: str
    answer: tuple[str, ...]
    rank: int | None


class Relaxation(NamedTuple):
    """Without the answer to `question` there are `adds` more listings to choose from."""

    question: str
    adds: int


@dataclass(frozen=True, slots=True)
class Path:
    """A suggested listing. `terms` are all parts of its score and add up to it; `reasons` (three at most) are
    those its place rests on, strongest first; `against` the strongest that speaks against it, if any."""

    candidate: Candidate
    rank: int
    score: float
    terms: tuple[Term, ...]
    reasons: tuple[Term, ...]
    against: Term | None
    counterfactual: Counterfactual | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What the ranker answers. `eligible`: how many listings pass every filter. `relaxation`: where fewer
    than five do, the one answer whose filter costs most. `beyond`: filters that had to be left out because
    nothing passed them all; the paths then do not meet these answers."""

    paths: tuple[Path, ...]
    eligible: int
    relaxation: Relaxation | None
    beyond: tuple[str, ...]
