"""The figures that issue 5 asks for, each with its target, what was reached, and a verdict."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from tests.benchmarks.addresses import JSON, PAGE, WHOLE_JSON, WHOLE_PAGE
from tests.benchmarks.contenders import (
    FLOOR,
    FRAMEWORK,
    GROWN,
    KEPT,
    ON_MEILISEARCH,
    OURS,
    PEER,
    TWO,
)
from tests.benchmarks.engines import FIXED, FOUND, READING, SQLITE, EngineResults
from tests.benchmarks.rounds import CLIENTS, Results, rates, ratio, spread

MOST_NOISE = 0.30
FEWEST_ROUNDS = 3
# From here on the generator, not the server, may be what ends the floor.
GENERATOR_BUSY = 0.9

_ENGINE = (
    "Half of the time tantivy counts 13 facets (0.17 ms for 450 matches, once for all and once more for "
    "each filter in force), the rest is reading the words, the hits and twenty stored documents. Integer "
    "facets were tried (0.15 instead of 0.18 ms, and a dictionary to keep true), other bounds of the "
    "aggregation too (nothing). Meilisearch answers the same questions faster here than on the machine of"
    " the prototype."
)
_JSON = (
    "Of some 0.7 ms the framework takes a third, to read twenty declared parameters and to hand the "
    "request to a thread and back; the answer is put together of kept pieces already."
)
_EMPTY = (
    "SQLite finds nothing for four of ten of these questions, which are cut or mistyped, and says so in a"
    " tenth of a millisecond; the next line leaves them out."
)
_MEMORY = (
    "Imports alone (FastAPI, SQLAlchemy, Pydantic, the templates) take more than all of Datasette; 20,000"
    " made-up titles with a number each are 60,000 words of vocabulary, and suggestions, cards and "
    "answers that are kept add 60 MB. Word lists were packed (78 MB less) and what only preparing needs "
    "is not loaded (14 MB less)."
)

Verdict = Literal["yes", "no", "not judged"]


@dataclass
class Everything:
    """All that a run measured. Memory in MB, start-up in s, `gone` in s from an edit until the page went,
    `first`: ms of a search page asked for the first time and again."""

    results: Results
    engines: EngineResults
    start_up: Mapping[str, float] = field(default_factory=dict)
    memory: Mapping[str, float] = field(default_factory=dict)
    gone: Sequence[float] = ()
    first: tuple[float, float] | None = None
    scikit: bool = False
    empty: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One line of the list: `value` must be at least (`least`) or at most the target; `why` says what stands
    against judging it, empty when nothing does; `way`: what stands in the way, should it be missed."""

    what: str
    target: float
    value: float | None
    least: bool
    unit: str = "×"
    why: str = ""
    way: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.why or self.value is None or math.isnan(self.value):
            return "not judged"
        reached = self.value >= self.target if self.least else self.value <= self.target
        return "yes" if reached else "no"

    def line(self) -> list[str]:
        """Cells of the table."""
        sign = "≥" if self.least else "≤"
        value = "not measured" if self.value is None else f"{_number(self.value)} {self.unit}"
        verdict = f"{self.verdict}: {self.why}" if self.why else self.verdict
        return [self.what, f"{sign} {_number(self.target)} {self.unit}", value, verdict]


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def figures(run: Everything) -> list[Figure]:
    """In the order of the issue."""
    return [*_served(run), *_alone(run), *_weight(run)]


def _served(run: Everything) -> Iterator[Figure]:
    results = run.results

    def compared(
        what: str,
        target: float,
        above: str,
        below: str,
        kind: str,
        clients: int,
        times: float = 1.0,
        way: str = "",
    ) -> Figure:
        value = ratio(results, (above, kind, clients), (below, kind, clients))
        why = noise(results, kind, clients) or (below == FLOOR and _limited(results, kind, clients)) or ""
        unit = "%" if times == 100 else "×"
        reached = None if value is None else value * times
        return Figure(what, target * times, reached, True, unit, why, way)

    for clients in CLIENTS:
        what = f"search page / Datasette with four facets, whole words, {_clients(clients)}"
        yield compared(what, 15, OURS, PEER, WHOLE_PAGE, clients)
    for clients in CLIENTS:
        what = f"JSON search / Datasette's, whole words, {_clients(clients)}"
        yield compared(what, 25, OURS, PEER, WHOLE_JSON, clients, way=_JSON)
    yield compared("search page / floor, 16 clients", 0.02, OURS, FLOOR, "search page", 16, 100)
    what = "search page / the same framework with a constant page, 16 clients"
    yield compared(what, 0.12, OURS, FRAMEWORK, "search page", 16, 100)
    yield compared("kept search page / floor, 16 clients", 0.5, KEPT, FLOOR, "search page", 16, 100)
    longest = max(run.gone) if run.gone else None
    yield Figure("a kept page is gone after an edit, longest", 1, longest, False, "s")
    quiet = noise(results, "search page", 16)
    waits = [one.p99 / one.p50 for one in results.loads.get((OURS, "search page", 16), [])]
    yield Figure("search page p99 / p50, 16 clients", 2, _middle(waits), False, "×", quiet)
    health = [a / b for a, b in zip(results.health_loaded, results.health_idle, strict=False)]
    what = "health check p50 under 16 clients / at rest"
    yield Figure(what, 5, _middle(health), False, "×", quiet)
    yield compared("two workers / one, search page, 16 clients", 1.8, TWO, OURS, "search page", 16)
    what = "search page on Meilisearch / embedded, 16 clients"
    yield compared(what, 0.6, ON_MEILISEARCH, OURS, "search page", 16)
    cost = ratio(results, (OURS, "search page", 1), (GROWN, "search page", 1))
    what = "cost of the search page with ten times the listings, 1 client"
    yield Figure(what, 2.5, cost, False, "×", noise(results, "search page", 1))


def _alone(run: Everything) -> Iterator[Figure]:
    engines = run.engines
    fixed = [times[0] for times in engines.times[FIXED]]
    why = _unsteady(fixed, "the fixed piece of work")

    def share(other: str, which: str = "") -> float:
        pairs = zip(engines.times[f"embedded{which}"], engines.times[other + which], strict=True)
        return median(ours[0] / theirs[0] for ours, theirs in pairs)

    what = "embedded engine with all facets, p50 / Meilisearch's"
    yield Figure(what, 0.1, share("meilisearch"), False, "×", why, _ENGINE)
    what = "the same / SQLite FTS5 with GROUP BY"
    yield Figure(what, 0.05, share(SQLITE), False, "×", why, _EMPTY)
    what = "the same, where SQLite finds something"
    yield Figure(what, 0.05, share(SQLITE, FOUND), False, "×", why)
    yield Figure("reading a question, p99", 1, engines.middle(READING, 2), False, "ms", why)


def _weight(run: Everything) -> Iterator[Figure]:
    heavy = None
    if run.memory:
        heavy = run.memory[OURS] / run.memory[PEER]
    yield Figure("memory of a worker / Datasette's", 3, heavy, False, way=_MEMORY)
    what = "processes of ours that loaded scikit-learn"
    yield Figure(what, 0, float(run.scikit), False, "")


def noise(results: Results, kind: str, clients: int) -> str:
    """Why ratios of this cell are not judged: too few rounds, or a floor that moved; empty when they are."""
    floor = {WHOLE_PAGE: PAGE, WHOLE_JSON: JSON}.get(kind, kind)
    return _unsteady(rates(results, (FLOOR, floor, clients)), "the floor")


def _unsteady(values: Sequence[float], what: str) -> str:
    if len(values) < FEWEST_ROUNDS:
        return f"{len(values)} round{'s' * (len(values) != 1)}"
    moved = spread(values)
    return f"{what} varied by {moved:.0%}" if moved > MOST_NOISE else ""


def _limited(results: Results, kind: str, clients: int) -> str:
    """Why a share of the floor is not judged: it was not the floor but the generator that was at its end."""
    busy = median(one.busy for one in results.loads[FLOOR, kind, clients])
    return f"the load generator was {busy:.0%} busy on the floor" if busy > GENERATOR_BUSY else ""


def _middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"
