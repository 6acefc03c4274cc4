"""What an index of 2,000, 20,000 and 200,000 listings costs, on both engines: size, memory, time.

`python -m tests.benchmarks.scale` makes synthetic catalogues, measures each engine in a process of its own
and writes the table into docs/SCALING.md. Times are of one shared machine: read them against each other and
against the floor of the same run, which stands beside them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from tqdm import tqdm

from applicant_portal import migrations
from applicant_portal.catalogue import outbox, queries
from applicant_portal.catalogue.documents import document
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.finder.indexer import Indexer
from applicant_portal.importers import seed
from applicant_portal.kit import heap
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.query import SearchQuery
from search.schema import Document
from tests.benchmarks.questions import drawn
from tests.servers import ROOT, Meilisearch, portal_command

SIZES = (2_000, 20_000, 200_000)
QUESTIONS = 500
EDITS = 100
FEWER_EDITS = 20  # where one takes seconds
PAGE = ROOT / "docs" / "SCALING.md"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Measured:
    """Figures of one engine over one catalogue. Times in ms but `rebuild_s`, sizes in MB (10^6 bytes)."""

    listings: int
    engine: str
    rebuild_s: float
    disk_mb: float
    memory_mb: float
    query_p50: float
    query_p99: float
    edit_p50: float
    edit_p99: float
    floor_p50: float

    @classmethod
    def names(cls) -> list[str]:
        return ["listings", "engine", "rebuild, s", "index on disk, MB", "memory, MB", "query p50, ms",
                "query p99, ms", "edit to found p50, ms", "p99, ms", "floor, ms"]  # fmt: skip


def measure(settings: Settings, server: Meilisearch | None) -> Measured:
    """Rebuild, ask, edit: one engine in this process."""
    database = Database(settings.database_url)
    one = index.opened(settings, database)[0]
    began = time.perf_counter()
    report = index.fill(database, one, TODAY, force=True)
    rebuild_s = time.perf_counter() - began
    disk = _disk(settings, server)
    if server is not None:
        server.kill()
        server.start()
    one.engine.warm_up()
    heap.settle()  # as a serving process does
    questions = drawn(_sample(database), QUESTIONS)
    for question in questions[:50]:
        one.engine.search(question)
    times = [_ms(lambda question=question: one.engine.search(question)) for question in questions]  # type: ignore[misc]
    memory = _memory(server.pid if server is not None else "self")
    edits = list(_edits(database, one))
    floor = [_ms(_floor(server)) for _ in range(200)]
    return Measured(
        report.documents,
        one.engine.name,
        round(rebuild_s, 1),
        disk,
        memory,
        *_two(times),
        *_two(edits),
        round(median(floor), 2),
    )


def _two(times: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile."""
    ordered = sorted(times)
    return round(median(ordered), 1), round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 1)


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _floor(server: Meilisearch | None) -> Callable[[], object]:
    """The least a question can cost: an empty answer of the server, or a fixed piece of work here."""
    if server is None:
        return lambda: sum(range(20_000))
    client = httpx.Client(base_url=server.url, headers={"Accept-Encoding": "identity"})
    return lambda: client.get("/health")


def _sample(database: Database) -> list[Document]:
    with database.read() as session:
        ids = queries.published_ids(session)
        step = max(1, len(ids) // 1000)
        return [document(listing, TODAY) for listing in queries.searchable(session, ids[::step][:1000])]


def _edits(database: Database, one: Index) -> Iterator[float]:
    """ms from the commit of an edit until it is found, the indexer working in its thread."""
    indexer = Indexer(database, one, lambda: TODAY)
    database.after_write = indexer.nudge
    indexer.start()
    with database.read() as session:
        every = queries.published_ids(session)
    ids = every[: EDITS if len(every) < 100_000 else FEWER_EDITS]
    for number, listing_id in enumerate(ids):
        # Words of its own: the other engine was measured on the same catalogue.
        begin = "щю" if one.engine.name == "embedded" else "щя"
        word = begin + "".join("абвгдежзик"[int(digit)] for digit in str(number))
        with database.write() as session:
            session.get_one(Listing, listing_id).title = word
            outbox.publish(session, [listing_id], datetime.now(UTC))
        began = time.perf_counter()
        while one.engine.search(SearchQuery(word, exact=True)).total != 1:
            time.sleep(0.001)
        yield (time.perf_counter() - began) * 1000
    indexer.stop()


def _disk(settings: Settings, server: Meilisearch | None) -> float:
    if server is None:
        files = (settings.data_folder / "index").rglob("*")
        return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1)
    answer = httpx.get(f"{server.url}/stats", headers={"Authorization": f"Bearer {server.key}"}, timeout=60)
    return round(int(answer.json()["usedDatabaseSize"]) / 1e6, 1)


def _memory(pid: int | str) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) * 1024 / 1e6)
    raise RuntimeError("no VmRSS")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--one", metavar="ENGINE", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        return _one(given.one, given.folder)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in tqdm([0, *given.sizes], desc="catalogues"):
            data = Path(folder) / str(size)
            _catalogue(data, size)
            for engine in ("embedded", "meilisearch"):
                rows.append(_in_a_process(engine, data))
                print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    text = table([Measured(**row) for row in rows])
    print(text)
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}")
    return 0


def _catalogue(data: Path, size: int) -> None:
    """Synthetic listings, or the real seed for 0."""
    if size:
        command = portal_command("demo", "generate", "--listings", str(size))
        subprocess.run(command, check=True, cwd=ROOT, env={"PORTAL_DATA_DIR": str(data), "PATH": ""})
        return
    database = Database(Settings(data_dir=data).database_url)
    migrations.upgrade(database.engine)
    seed.load(database, TODAY)
    database.dispose()


def _in_a_process(engine: str, data: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.scale", "--one", engine, "--folder", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def _one(engine: str, data: Path) -> int:
    if engine == "embedded":
        measured = measure(Settings(data_dir=data), None)
    else:
        server = Meilisearch(data / "meilisearch")
        try:
            settings = Settings(data_dir=data, search_url=server.url, search_key=server.key)
            measured = measure(settings, server)
        finally:
            server.kill()
    print(json.dumps(asdict(measured)))
    return 0


def table(rows: Sequence[Measured]) -> str:
    """Markdown."""
    lines = [Measured.names(), ["---"] * len(Measured.names())]
    lines += [
        [f"{value:,}" if isinstance(value, int) else str(value) for value in asdict(row).values()]
        for row in rows
    ]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} by `make bench`, one caller, all facets counted.\n\n{body}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
