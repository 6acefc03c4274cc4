"""The report of a run as a page of documentation."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from search.schema import FACETS
from tests.benchmarks import load
from tests.benchmarks.addresses import PAGE
from tests.benchmarks.contenders import FLOOR, OURS, PEER, Contender
from tests.benchmarks.engines import FIXED, QUESTIONS, EngineResults
from tests.benchmarks.figures import GENERATOR_BUSY, MOST_NOISE, Everything, Figure, figures
from tests.benchmarks.peer import FACETS_SHOWN, SHOWN
from tests.benchmarks.questions import SEED
from tests.benchmarks.rounds import CLIENTS, WARM_SECONDS, Results, clients_of, rates, ratio, spread

PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "tantivy", "jinja2", "sqlalchemy")


@dataclass(frozen=True)
class Setting:
    """How a run was made. `versions`: what is not a package of this environment -> its version."""

    listings: int
    grown: int
    rounds: int
    seconds: float
    addresses: int
    digest: str
    versions: Mapping[str, str]


def report(setting: Setting, contenders: Sequence[Contender], run: Everything) -> str:
    """Markdown."""
    return "\n".join(
        [
            *_head(setting),
            *table(["figure", "target", "reached", "verdict"], [one.line() for one in figures(run)]),
            "",
            *missed(figures(run)),
            *_contenders(contenders, run),
            *_loads(contenders, run.results),
            *_engines(run.engines),
            *_health(run),
            *_machine(setting, run),
        ]
    )


def missed(every: Sequence[Figure]) -> Iterator[str]:
    """What stands in the way of each figure that was missed."""
    lines = [f"- {one.what}: {one.way}" for one in every if one.verdict == "no" and one.way]
    if lines:
        yield from ("## What was missed, and what stands in the way", "", *lines, "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Markdown lines."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _head(setting: Setting) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield (
        f"Written by `python -m tests.benchmarks.http` (`make bench`) on {datetime.now(UTC):%Y-%m-%d}: "
        f"{setting.listings:,} synthetic listings, {setting.rounds} round(s), {setting.seconds:g} s a "
        "cell."
    )
    yield (
        "Read ratios, not absolute figures: the load generator runs on the same machine. A ratio "
        "compares two servers within one round; the figure is the median over rounds."
    )
    yield (
        f"Where the floor varied by more than {MOST_NOISE:.0%} between rounds, where there were too few "
        f"rounds, or where the generator itself was more than {GENERATOR_BUSY:.0%} busy on the floor, "
        "nothing is judged."
    )
    yield ""


def _contenders(contenders: Sequence[Contender], run: Everything) -> Iterator[str]:
    yield "## Who is compared"
    yield ""
    rows = []
    for one in contenders:
        start, memory = run.start_up.get(one.name), run.memory.get(one.name)
        rows.append(
            [
                one.name,
                one.about,
                f"{start:.2f}" if start is not None else "",
                f"{memory:.0f}" if memory is not None else "",
                *(
                    _kilobytes(run.results.sizes.get((one.name, kind)))
                    for kind in ("search page", "JSON search")
                ),
            ]
        )
    head = [
        "server",
        "what it is",
        "to listening, s",
        "resident after load, MB",
        "search page, KB",
        "JSON, KB",
    ]
    yield from table(head, rows)
    yield ""
    yield (
        f"Ours counts {len(FACETS)} facets, each without its own filter, reads words in all their forms "
        f"and marks them; Datasette counts {len(FACETS_SHOWN)} ({', '.join(FACETS_SHOWN)}), shows "
        f"{len(SHOWN)} columns of the 20 rows in the order of their keys and knows words only as "
        "written. Bodies are not compressed. Memory adds up all processes of a server, pages they "
        "share counted in each."
    )
    if run.empty:
        shares = " and ".join(f"{share:.0%} ({name})" for name, share in run.empty.items())
        yield (
            f"Nothing is found for {shares} of the questions, whose words are cut or mistyped four times in "
            f"ten, and an empty answer is cheap: so {PEER} is compared on those with “whole words”, and on "
            "all of them beside."
        )
    yield ""


def _kilobytes(size: float | None) -> str:
    return "" if size is None else f"{size / 1000:.1f}"


def _loads(contenders: Sequence[Contender], results: Results) -> Iterator[str]:
    yield "## Over HTTP"
    yield ""
    yield (
        "Median over rounds (spread: largest less smallest round, in parts of the median); p50 and p99 "
        "in ms. “Of the floor” and “× Datasette” compare requests a second within the same round."
    )
    yield ""
    head = ["server", "clients", "requests/s", "spread", "p50", "p99", "of the floor", f"× {PEER}"]
    for kind in dict.fromkeys(kind for one in contenders for kind in one.files):
        yield f"### {kind[0].upper()}{kind[1:]}"
        yield ""
        rows = [
            _load_row(results, one.name, kind, clients)
            for clients in CLIENTS
            for one in contenders
            if kind in one.files and clients in clients_of(one.name, kind)
        ]
        yield from table(head, rows)
        yield ""


def _load_row(results: Results, name: str, kind: str, clients: int) -> list[str]:
    cell = name, kind, clients
    loads, seen = results.loads[cell], rates(results, cell)
    floor = ratio(results, cell, (FLOOR, kind, clients))
    peer = ratio(results, cell, (PEER, kind, clients))
    return [
        name,
        str(clients),
        f"{median(seen):,.0f}",
        f"{spread(seen):.0%}",
        f"{median(one.p50 for one in loads):.2f}",
        f"{median(one.p99 for one in loads):.2f}",
        "" if floor is None else f"{floor:.1%}",
        "" if peer is None else f"{peer:.1f}",
    ]


def _engines(engines: EngineResults) -> Iterator[str]:
    yield "## Engines alone"
    yield ""
    yield (
        f"{QUESTIONS} mixed questions a round, other ones in each, one caller, in process: one to three "
        f"words, cut words, slips, none to two filters; twenty hits and all {len(FACETS)} facets. "
        "SQLite counts them by GROUP BY, with the filters of all others and its own. Milliseconds, "
        "median over rounds."
    )
    yield ""
    rows = []
    for name in engines.times:
        shown = [f"{engines.middle(name, place):.2f}" for place in range(3)]
        empty = engines.empty.get(name)
        shown.append("" if empty is None else f"{empty:.1%}")
        rows.append([f"{name} (the floor of this table)" if name == FIXED else name, *shown])
    yield from table(["", "p50", "p95", "p99", "nothing found"], rows)
    yield ""


def _health(run: Everything) -> Iterator[str]:
    yield "## Beside the load"
    yield ""
    results = run.results
    yield (
        f"Health check of {OURS}, p50: {median(results.health_idle):.2f} ms at rest, "
        f"{median(results.health_loaded):.2f} ms under 16 clients who search."
    )
    if run.first is not None:
        yield first_line(*run.first)
    if run.gone:
        yield (
            f"From the commit of an edit until the kept page shows it: median {median(run.gone):.2f} s, "
            f"longest {max(run.gone):.2f} s of {len(run.gone)}."
        )
    yield ""


def first_line(first: float, again: float) -> str:
    """What a page costs that nobody has asked for before."""
    return (
        f"A search page asked for the first time since a start, its cards never drawn: {first:.2f} ms; "
        f"asked again: {again:.2f} ms (medians over all addresses, one client, {first / again:.1f} ×)."
    )


def _machine(setting: Setting, run: Everything) -> Iterator[str]:
    results = run.results
    yield "## How it was measured"
    yield ""
    yield (
        "Every server is started by the script on loopback, checked (status and size of a sample), "
        f"warmed for {WARM_SECONDS:g} s, then asked in rounds: for each kind of address and number of "
        "clients one server after the other. A cell lasts longer where five times the slowest answer "
        "is longer. Clients keep their connection and ask one question at a time."
    )
    yield (
        f"{setting.addresses} addresses of each kind rotate, drawn by tests/benchmarks/questions.py "
        f"from the catalogue: seed {SEED}, hash {setting.digest}."
    )
    kept = ", ".join(f"{share:.1%} ({name})" for name, share in results.kept.items())
    yield (
        "So most questions had been asked before, and the answer of the index was one kept for its "
        f"generation: {kept}. Cards and boxes of filters are drawn once for a generation. Engines alone "
        "get new questions each round."
    )
    busy = median(one.busy for one in results.loads[FLOOR, PAGE, 16])
    yield f"Load generator: {load.generator()}, {busy:.0%} of a core on the floor at 16 clients."
    if setting.grown:
        yield f"The grown catalogue holds {setting.grown:,} listings."
    yield ""
    packages = {name: version(name) for name in PACKAGES}
    names = ", ".join(f"{name} {number}" for name, number in {**packages, **setting.versions}.items())
    machine = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"
    yield f"{machine}, Python {platform.python_version()}; {names}."
    yield ""


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
