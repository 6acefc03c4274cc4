"""The portal under load beside the floor, its framework and Datasette; writes docs/BENCHMARKS.md.

`python -m tests.benchmarks.http` starts every server itself, on loopback, asks them in alternating rounds and
judges the figures of issue 5. It ends with 1 when any answer was not a 200: an error page is fast. A look at
whether it works: `--rounds 1 --seconds 1 --listings 2000`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tqdm import tqdm

from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.benchmarks import addresses, engines, gone, peer, rounds
from tests.benchmarks.addresses import PAGE
from tests.benchmarks.contenders import (
    DATASETTE,
    FLOOR,
    FRAMEWORK,
    KEPT,
    OURS,
    Contender,
    Places,
    Server,
    contenders,
)
from tests.benchmarks.figures import Everything
from tests.benchmarks.first import first_and_again
from tests.benchmarks.floor import KINDS, write_samples
from tests.benchmarks.report import Setting, report
from tests.servers import MEILISEARCH, ROOT, Meilisearch, portal_command

REPORT = ROOT / "docs" / "BENCHMARKS.md"
SAMPLED = 1000
MOST_STARTS = 3


def main(arguments: Sequence[str]) -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument(
        "--grown", type=int, help="listings of a larger catalogue (default: ten times; 0: none)"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of load in each cell")
    parser.add_argument("--addresses", type=int, default=500, help="of each kind, in rotation")
    parser.add_argument("--out", type=Path, default=REPORT)
    given = parser.parse_args(arguments)
    if not DATASETTE.exists():
        parser.error("Datasette is not here: `make bench` installs it into .venv/bench")
    grown = given.listings * 10 if given.grown is None else given.grown
    with tempfile.TemporaryDirectory() as folder, ExitStack() as parts:
        base = Path(folder)
        places, digest = _prepared(base, given.listings, grown, given.addresses, parts)
        everyone = contenders(places)
        try:
            run = _measured(base, everyone, places, given.rounds, given.seconds, given.addresses)
        except rounds.Wrong as wrong:
            print(f"Nothing is judged: {wrong}", file=sys.stderr)
            return 1
    if run.results.failed:
        for (name, kind, clients), number in run.results.failed.items():
            print(f"{number} answers of {name} were no 200: {kind}, {clients} clients", file=sys.stderr)
        return 1
    setting = Setting(
        given.listings, grown, given.rounds, given.seconds, given.addresses, digest, _versions()
    )
    text = report(setting, everyone, run)
    print(text)
    given.out.write_text(text)
    return 0


def _prepared(base: Path, listings: int, grown: int, number: int, parts: ExitStack) -> tuple[Places, str]:
    """Catalogues, indexes, the peer's file, lists of addresses; and the hash of the lists."""
    steps = tqdm(total=5, desc="preparing")
    meilisearch = Meilisearch(base / "meilisearch")
    parts.callback(meilisearch.kill)
    search = {"PORTAL_SEARCH_URL": meilisearch.url, "PORTAL_SEARCH_KEY": meilisearch.key}
    data, larger = base / "data", base / "grown"
    _catalogue(data, listings, search)
    steps.update()
    if grown:
        _catalogue(larger, grown, {})
    steps.update()
    # After indexing it holds a multiple of the memory it needs to answer.
    meilisearch.kill()
    meilisearch.start()
    database = Database(Settings(data_dir=data).database_url)
    today = datetime.now(UTC).date()
    sample = list(addresses.documents(database, today, SAMPLED))
    ours, theirs = addresses.lists(sample, number)
    steps.update()
    file = base / "bench.db"
    peer.export(addresses.documents(database, today), file)
    database.dispose()
    steps.update()
    samples = base / "samples"
    samples.mkdir()
    places = Places(
        data,
        larger if grown else None,
        samples,
        file,
        search,
        _written(base / "ours", ours),
        _written(base / "theirs", theirs),
    )
    steps.update()
    steps.close()
    return places, addresses.digest(ours)


def _catalogue(data: Path, listings: int, search: Mapping[str, str]) -> None:
    """Synthetic listings and every index over them."""
    environment = _environment({"PORTAL_DATA_DIR": str(data), **search})
    for command in (("demo", "generate", "--listings", str(listings)), ("index", "rebuild")):
        subprocess.run(
            portal_command(*command), check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {**clean, **more}


def _written(folder: Path, lists: addresses.Lists) -> dict[str, Path]:
    folder.mkdir()
    files = {kind: folder / kind.replace(" ", "-") for kind in lists}
    for kind, file in files.items():
        file.write_text("\n".join(lists[kind]) + "\n")
    return files


def _measured(
    base: Path,
    everyone: Sequence[Contender],
    places: Places,
    number: int,
    seconds: float,
    listed: int,
) -> Everything:
    settings = _environment({"PORTAL_DATA_DIR": str(places.data), **places.search})
    alone = engines.measured(settings, places.peer, number)
    servers = {one.name: Server(one, base / f"{one.name}.log") for one in everyone}
    start_up: dict[str, float] = {}
    with ExitStack() as running:

        def start(name: str) -> None:
            times = []
            for left in range(min(number, MOST_STARTS), 0, -1):
                times.append(servers[name].start())
                if left > 1:
                    servers[name].stop()
            running.callback(servers[name].stop)
            start_up[name] = median(times)

        constant = (FLOOR, FRAMEWORK)
        first: tuple[float, float] | None = None
        # The constant ones answer with what ours says, which must be there first.
        for name in tqdm(sorted(servers, key=lambda one: one in constant), desc="starting"):
            if name == FLOOR:
                _take_samples(servers[OURS], places)
            start(name)
            if name == OURS:
                asked = places.ours[PAGE].read_text().split()
                first = first_and_again(servers[OURS], asked)
        results = rounds.run(list(servers.values()), number, seconds, listed)
        run = Everything(results, alone, start_up, first=first)
        run.empty = rounds.empty_answers(list(servers.values()))
        run.memory = {name: server.memory_mb() for name, server in servers.items()}
        run.scikit = any(servers[name].loaded("sklearn") for name in servers if name.startswith("ours"))
        database = Database(Settings(data_dir=places.data).database_url)
        run.gone = gone.after_edits(database, servers[KEPT])
        database.dispose()
    return run


def _take_samples(server: Server, places: Places) -> None:
    """Our answers to all addresses, for the servers that have nothing but these."""
    for kind in KINDS:
        asked = places.ours[kind].read_text().split()
        write_samples(places.samples, kind, {address: server.get(address).body for address in asked})


def _versions() -> dict[str, str]:
    """Of the programs that are not packages of this environment."""
    versions = {}
    for name, command in (("Datasette", DATASETTE), ("Meilisearch", MEILISEARCH)):
        done = subprocess.run([str(command), "--version"], capture_output=True, text=True, check=True)
        versions[name] = done.stdout.split()[-1]
    return versions


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
