"""Rounds of A B C D, A B C D …: every server under the same load, one after the other, several times over."""

import http.client
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from tqdm import tqdm

from tests.benchmarks import load
from tests.benchmarks.addresses import JSON, NO_FACETS, PAGE
from tests.benchmarks.contenders import GROWN, KEPT, ON_MEILISEARCH, OURS, PEER, Server
from tests.benchmarks.load import Load

CLIENTS = (1, 16, 64)
WARM_SECONDS = 2.0
LONGEST = 10
PROBE_EVERY = 0.01
SAMPLE = 20
# Below this an answer is no answer: an error page, an empty list.
SMALLEST = {"search page": 4000, "listing page": 2000, "suggest": 20, "JSON search": 300}

Cell = tuple[str, str, int]
"""(server, kind of address, clients)."""


class Wrong(Exception):
    """An answer that must not be timed; the sentence says whose and why."""


@dataclass
class Results:
    """What all rounds brought. `loads`: one Load a round for each cell; health checks in ms, one figure a
    round; `sizes`: (server, kind) -> mean bytes of a sample; `kept`: server -> the share of questions to its
    index that were answered with a kept answer."""

    rounds: int
    loads: dict[Cell, list[Load]] = field(default_factory=lambda: defaultdict(list))
    health_idle: list[float] = field(default_factory=list)
    health_loaded: list[float] = field(default_factory=list)
    sizes: dict[tuple[str, str], float] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)

    @property
    def failed(self) -> dict[Cell, int]:
        """Cells with answers other than 200, or broken connections, and how many."""
        counted = {cell: sum(one.failed for one in loads) for cell, loads in self.loads.items()}
        return {cell: number for cell, number in counted.items() if number}


def check(servers: Sequence[Server], results: Results) -> None:
    """Ask each server for some of each list; raises Wrong unless all are 200 and of a real size."""
    for server in servers:
        name = server.contender.name
        for kind, file in server.contender.files.items():
            answers = [(address, server.get(address)) for address in file.read_text().split()[:SAMPLE]]
            for address, answer in answers:
                if answer.status != 200:
                    raise Wrong(f"{name} answers {answer.status} to {address}")
                if len(answer.body) < SMALLEST.get(kind, 0):
                    raise Wrong(f"{name} answers {len(answer.body)} bytes to {address}")
            results.sizes[name, kind] = mean(len(answer.body) for _, answer in answers)


def run(servers: Sequence[Server], rounds: int, seconds: float, addresses: int) -> Results:
    """Check, warm, then measure. Raises Wrong."""
    results = Results(rounds)
    check(servers, results)
    expected: dict[Cell, float] = {}
    for server in tqdm(servers, desc="warming"):
        _warm(server, expected)
    cells = [
        (server, kind, clients)
        for kind in dict.fromkeys(kind for server in servers for kind in server.contender.files)
        for clients in CLIENTS
        for server in servers
        if kind in server.contender.files and clients in clients_of(server.contender.name, kind)
    ]
    ours = [server for server in servers if server.contender.name in (OURS, ON_MEILISEARCH, GROWN)]
    before = {server.contender.name: server.kept_answers() for server in ours}
    with tqdm(total=rounds * len(cells), desc="rounds") as bar:
        for number in range(rounds):
            first = number * addresses // rounds
            for server, kind, clients in cells:
                cell = server.contender.name, kind, clients
                took = _seconds(seconds, expected[cell])
                done = load.run(server.port, server.contender.files[kind], clients, took, first=first)
                results.loads[cell].append(done)
                if not math.isnan(done.p99):
                    expected[cell] = done.p99
                bar.update()
            health(next(one for one in servers if one.contender.name == OURS), seconds, results)
    for server in ours:
        asked, found = (
            late - early
            for late, early in zip(server.kept_answers(), before[server.contender.name], strict=True)
        )
        results.kept[server.contender.name] = found / asked if asked else math.nan
    return results


def clients_of(name: str, kind: str) -> Sequence[int]:
    """With how many clients at once a server is asked for this kind. What stands in no figure of the list is
    shown for comparison: one number tells enough."""
    return (16,) if kind == NO_FACETS or (name == PEER and kind in (PAGE, JSON)) else CLIENTS


def _warm(server: Server, expected: dict[Cell, float]) -> None:
    """Two seconds for each server, more for kept pages; and what to expect of it under so many clients."""
    files = server.contender.files
    for kind, file in files.items():
        warmed = load.run(server.port, file, 16, WARM_SECONDS / len(files))
        # What is measured of it is a page that is kept already: each must have been asked for once.
        asked, all_of = warmed.requests, len(file.read_text().split())
        while server.contender.name == KEPT and asked < all_of and not warmed.failed:
            warmed = load.run(server.port, file, 16, WARM_SECONDS / len(files), first=asked)
            asked += warmed.requests
        for clients in CLIENTS:
            # A closed loop: with as many more clients each waits as much longer.
            expected[server.contender.name, kind, clients] = warmed.p99 * max(clients / 16, 0.1)


def _seconds(seconds: float, expected_ms: float) -> float:
    """At least five times the slowest answers, or a slow server is cut off in its first ones."""
    return min(max(seconds, 5 * expected_ms / 1000), LONGEST * seconds)


def health(server: Server, seconds: float, results: Results) -> None:
    """The median health check of a server at rest, then under sixteen clients who search."""
    end = time.perf_counter() + min(seconds, 1.0)
    results.health_idle.append(_probe(server.port, lambda: time.perf_counter() < end))
    loaded: list[float] = []
    load.run(
        server.port,
        server.contender.files["search page"],
        16,
        seconds,
        meanwhile=lambda runs: loaded.append(_probe(server.port, runs, skip=0.3)),
    )
    results.health_loaded.extend(loaded)


def _probe(port: int, goes_on: Callable[[], bool], skip: float = 0.0) -> float:
    """Median ms of a health check over a kept connection while `goes_on`; `skip`: seconds the load takes to
    come up."""
    time.sleep(skip)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    while goes_on():
        began = time.perf_counter()
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise Wrong(f"a health check answers {answer.status}")
        time.sleep(PROBE_EVERY)
    connection.close()
    return median(times) if times else math.nan


def rates(results: Results, cell: Cell) -> list[float]:
    """Requests a second of each round."""
    return [one.rate for one in results.loads.get(cell, [])]


def ratio(results: Results, above: Cell, below: Cell) -> float | None:
    """How many times as many requests a second `above` answers as `below`: the median over rounds, each
    compared with itself; None where one of them was not measured."""
    pairs = list(zip(rates(results, above), rates(results, below), strict=False))
    return median(one / other for one, other in pairs) if pairs else None


def spread(values: Sequence[float]) -> float:
    """(largest - smallest) / median."""
    return (max(values) - min(values)) / median(values) if values else math.nan


def empty_answers(servers: Sequence[Server], sample: int = 100) -> Mapping[str, float]:
    """The share of JSON searches that find nothing, ours and Datasette's: an empty answer is cheap."""
    shares = {}
    for server in servers:
        name = server.contender.name
        if name in (OURS, PEER):
            found = b'"total":0,' if name == OURS else b'"filtered_table_rows_count": 0,'
            asked = server.contender.files["JSON search"].read_text().split()[:sample]
            shares[name] = mean(found in server.get(address).body for address in asked)
    return shares
