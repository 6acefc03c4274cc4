"""What a recommendation costs in process: `python -m tests.benchmarks.advice`, over a made-up catalogue.

Times are of one shared machine: read them against the floor of the same run, which stands beside them. Writes
nothing; what it makes lies in a temporary folder.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

import numpy as np

from applicant_portal import migrations
from applicant_portal.advisor import questionnaire
from applicant_portal.advisor.service import Advisor
from applicant_portal.importers import synthetic
from applicant_portal.kit import heap
from applicant_portal.kit.db import Database
from recommender.schema import Answers
from tests.advisor.conftest import random_answers
from tests.servers import ROOT

TODAY = date(2026, 11, 26)
SEED = 20_261_126
STARTS = 5
_ADDED = ("applicant_portal.advisor", "recommender", "numpy")
"""What the portal would not import without the advisor."""


@dataclass(frozen=True)
class Times:
    """Median, 90th and 99th percentile in ms."""

    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Times":
        cuts = quantiles(times, n=100, method="inclusive")
        return cls(median(times), cuts[89], cuts[98])


@dataclass(frozen=True)
class Measured:
    """One run. `advice`: random people; `all_facts`: random people who stated every fact; `one_list`: the
    list alone, nothing tried out; `product`: areas times a vector in numpy, the least a score can cost.
    `reading_ms`: the whole catalogue anew. `peak_mb` is 10^6 bytes, `starting_ms` what the advisor adds to
    the import of the portal in a fresh process."""

    listings: int
    profiles: int
    advice: Times
    all_facts: Times
    one_list: Times
    product: Times
    reading_ms: float
    peak_mb: float
    scikit: bool
    starting_ms: float

    def table(self) -> str:
        """The figures in words."""
        names = {
            "advice": self.advice,
            "advice, all facts stated": self.all_facts,
            "floor: the list alone": self.one_list,
            "floor: one product in numpy": self.product,
        }
        lines = [f"{self.listings:,} listings open to somebody, {self.profiles} random profiles", ""]
        lines.append(f"{'ms':<28}{'p50':>9}{'p90':>9}{'p99':>9}")
        lines += [f"{name:<28}{one.p50:>9.2f}{one.p90:>9.2f}{one.p99:>9.2f}" for name, one in names.items()]
        lines.append("")
        lines.append(f"reading the catalogue anew: {self.reading_ms:,.0f} ms")
        lines.append(f"peak memory of the process: {self.peak_mb:,.0f} MB")
        lines.append(f"scikit-learn was imported: {'yes' if self.scikit else 'no'}")
        lines.append(f"what the advisor adds to the portal's import: {self.starting_ms:,.0f} ms")
        return "\n".join(lines)


def measure(folder: Path, listings: int, profiles: int) -> Measured:
    """Fill a database in `folder` and ask for advice over it."""
    database = Database(f"sqlite:///{folder / 'portal.sqlite3'}")
    migrations.upgrade(database.engine)
    with database.write() as session:
        synthetic.generate(session, listings, SEED, datetime.combine(TODAY, datetime.min.time(), UTC))

    def opened() -> Advisor:
        advisor = Advisor(database, questionnaire.load(), lambda: TODAY)
        assert advisor.ranker.candidates.rows
        return advisor

    advisor = opened()
    reading_ms = _ms(opened)
    random = Random(SEED)
    people = [random_answers(advisor.questionnaire, random) for _ in range(profiles)]
    stated = [random_answers(advisor.questionnaire, random, ("fact",)) for _ in range(profiles)]
    for answers in people[:20]:
        advisor.advise(answers)
    heap.settle()  # as a serving process does
    here = advisor.ranker.candidates
    weights = np.ones(len(here.areas))
    measured = Measured(
        listings=len(here.rows),
        profiles=profiles,
        advice=_timed(advisor.advise, people),
        all_facts=_timed(advisor.advise, stated),
        one_list=_timed(advisor.ranker.standing, people),
        product=_timed(lambda _: here.area_mix @ weights, people),
        reading_ms=reading_ms,
        peak_mb=_peak_mb(),
        scikit="sklearn" in sys.modules,
        starting_ms=median(_starting_ms() for _ in range(STARTS)),
    )
    database.dispose()
    return measured


def _timed(work: Callable[[Answers], object], people: Sequence[Answers]) -> Times:
    return Times.of([_ms(lambda answers=answers: work(answers)) for answers in people])  # type: ignore[misc]


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _starting_ms() -> float:
    """What a fresh process spends on `_ADDED` importing the portal: lines `import time: self | … | name`."""
    command = [sys.executable, "-X", "importtime", "-c", "import applicant_portal.app"]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=True)
    rows = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines()]
    return sum(float(row[0]) for row in rows if row[-1].strip().startswith(_ADDED)) / 1000


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--profiles", type=int, default=400)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        print(measure(Path(folder), given.listings, given.profiles).table())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
