"""Engines alone, in process: 500 mixed questions, and what reading a question costs.

`python -m tests.benchmarks.engines PEER` measures those of the PORTAL_… settings and the SQLite file PEER, in
a process of its own, and prints a line of JSON. Each round draws questions of its own: nothing an engine may
keep of an answer helps it.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from applicant_portal.finder import index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search import embedded
from search.engine import Engine
from search.prepare import prepare
from search.query import SearchQuery
from tests.benchmarks.addresses import documents
from tests.benchmarks.load import percentile
from tests.benchmarks.peer import Fts
from tests.benchmarks.questions import SEED, drawn
from tests.servers import ROOT

QUESTIONS = 500
WARM = 50
SHARES = (0.5, 0.95, 0.99)
READING = "reading the question"
FIXED = "fixed work"
SQLITE = "SQLite FTS5"
FOUND = ", where SQLite finds something"

Times = tuple[float, float, float]
"""p50, p95 and p99 in ms."""


@dataclass
class EngineResults:
    """For each thing measured the times of each round; for each engine the share of questions that found
    nothing."""

    times: dict[str, list[Times]] = field(default_factory=dict)
    empty: dict[str, float] = field(default_factory=dict)

    def middle(self, name: str, place: int = 0) -> float:
        """The median over rounds of p50 (0), p95 (1) or p99 (2)."""
        return median(times[place] for times in self.times[name])


def measured(settings: Mapping[str, str], peer: Path, rounds: int) -> EngineResults:
    """Run this module over a data folder and a search server, given as PORTAL_… variables."""
    command = [sys.executable, "-m", "tests.benchmarks.engines", str(peer), f"--rounds={rounds}"]
    done = subprocess.run(command, cwd=ROOT, env=dict(settings), stdout=subprocess.PIPE, check=True)
    read: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    times = {name: [(one[0], one[1], one[2]) for one in all_of] for name, all_of in read["times"].items()}
    return EngineResults(times, read["empty"])


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    settings = Settings()
    database = Database(settings.database_url)
    engines = {one.engine.name: one.engine for one in index.opened(settings, database)}
    sample = list(documents(database, datetime.now(UTC).date(), 1000))
    fts = Fts(given.peer)

    def asking(engine: Engine) -> Callable[[SearchQuery], bool]:
        def ask(question: SearchQuery) -> bool:
            answer = engine.search(question)
            for hit in answer.hits:
                hit.read()
            return answer.total > 0

        return ask

    asked: dict[str, Callable[[SearchQuery], object]] = {
        FIXED: lambda _: sum(range(20_000)),
        **{name: asking(engine) for name, engine in engines.items()},
        SQLITE: lambda question: fts.search(question) > 0,
        READING: _reader(engines["embedded"]),
    }
    results = EngineResults()
    found: dict[str, list[bool]] = {}
    for number in range(given.rounds):
        questions = drawn(sample, WARM + QUESTIONS, SEED + 1 + number)
        round_of = {name: _asked(work, questions) for name, work in asked.items()}
        for name, answers in round_of.items():
            results.times.setdefault(name, []).append(_shares(times for times, _ in answers))
            if name in (*engines, SQLITE):
                found.setdefault(name, []).extend(bool(answer) for _, answer in answers)
        for name in (*engines, SQLITE):
            both = zip(round_of[name], round_of[SQLITE], strict=True)
            some = _shares(times for (times, _), (_, answer) in both if answer)
            results.times.setdefault(name + FOUND, []).append(some)
    results.empty = {name: 1 - sum(answers) / len(answers) for name, answers in found.items()}
    print(json.dumps(asdict(results)))
    return 0


def _reader(engine: Engine) -> Callable[[SearchQuery], object]:
    """prepare() with the vocabulary and lexicon that the engine itself hands it: they have no public door."""
    engine.warm_up()
    with mock.patch.object(embedded, "prepare", wraps=prepare) as called:
        engine.search(SearchQuery("вокабуляр"))
    vocabulary, lexicon = called.call_args.args[1:3]
    return lambda question: prepare(question.text, vocabulary, lexicon, exact=question.exact)


def _asked(
    work: Callable[[SearchQuery], object], questions: Sequence[SearchQuery]
) -> list[tuple[float, object]]:
    """Milliseconds and the answer of each question, after some to warm up."""
    for question in questions[:WARM]:
        work(question)
    answers = []
    for question in questions[WARM:]:
        began = time.perf_counter()
        answer = work(question)
        answers.append(((time.perf_counter() - began) * 1000, answer))
    return answers


def _shares(times: Iterable[float]) -> Times:
    every = list(times)
    p50, p95, p99 = (percentile(every, share) for share in SHARES)
    return p50, p95, p99


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
