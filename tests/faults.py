"""Kills at random points between an edit and its indexing: nothing may be lost, nothing shown twice.

`python -m tests.faults --kills 200` runs it on both databases and prints a report (`make soak`).
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Literal

from sqlalchemy import select
from tqdm import tqdm

from applicant_portal.catalogue import outbox, queries
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.query import SearchQuery
from tests.servers import ROOT, LiveServer, Meilisearch, Postgres, portal_command

Victim = Literal["meilisearch", "worker", "web"]
VICTIMS: Sequence[Victim] = ("meilisearch", "worker", "web")
LETTERS = "абвгдежзиклмнопрст"
LONGEST_DELAY = 0.25  # seconds between an edit and the kill; an edit takes about 0.1 s to be indexed
FOUND_WITHIN = 30.0


@dataclass
class Tally:
    """What happened: kills by victim, and how long each edit took to be found after the victim was back."""

    database: str
    kills: Counter[str] = field(default_factory=Counter)
    found_after: list[float] = field(default_factory=list)
    answered_by: Counter[str] = field(default_factory=Counter)


class Portal:
    """A web process, a worker and a Meilisearch server over one database; each can be killed and started."""

    def __init__(self, folder: Path, database_url: str, meilisearch: Meilisearch) -> None:
        self.meilisearch = meilisearch
        self._web = LiveServer(
            folder / "web",
            environment={
                "PORTAL_DATABASE_URL": database_url,
                "PORTAL_SEARCH_URL": meilisearch.url,
                "PORTAL_SEARCH_KEY": meilisearch.key,
            },
        )
        self._worker_log = folder / "worker.log"
        self._worker: subprocess.Popen[bytes] | None = None
        self._web.start()
        self._start_worker()
        self.settings = Settings(
            data_dir=folder / "web",
            database_url=database_url,
            search_url=meilisearch.url,
            search_key=meilisearch.key,
        )
        self.database = Database(database_url)
        self.indexes = index.opened(self.settings, self.database)

    def _start_worker(self) -> None:
        with self._worker_log.open("ab") as log:
            self._worker = subprocess.Popen(
                portal_command("worker"),
                cwd=ROOT,
                env=self._web.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self, victim: Victim) -> None:
        if victim == "meilisearch":
            self.meilisearch.kill()
        elif victim == "web":
            self._web.kill()
        elif self._worker is not None:
            self._worker.kill()
            self._worker.wait()

    def start(self, victim: Victim) -> None:
        if victim == "meilisearch":
            self.meilisearch.start()
        elif victim == "web":
            self._web.start(ready_path="/healthz")
        else:
            self._start_worker()

    def search(self, word: str) -> tuple[int, str]:
        """(how many listings hold the word, which engine answered), asked over HTTP."""
        query = urllib.parse.urlencode({"q": word, "exact": "1"})
        with urllib.request.urlopen(f"{self._web.url}/api/v1/search?{query}", timeout=10) as answer:
            found = json.load(answer)
        return found["total"], found["engine"]

    def stop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
        self._web.stop()
        self.database.dispose()


def word(number: int) -> str:
    """A word of its own for each edit, which no lemmatiser knows."""
    letters = []
    for _ in range(5):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "щю" + "".join(letters)


def run(portal: Portal, kills: int, seed: int, name: str, progress: bool = False) -> Tally:
    """Edit, kill, start again and look, `kills` times.
    Raises AssertionError when an edit is lost or shown twice."""
    chance = random.Random(seed)
    tally = Tally(name)
    with portal.database.read() as session:
        ids = list(session.scalars(select(Listing.id).where(Listing.kind == "course").order_by(Listing.id)))
    titles: dict[str, str] = {}
    for number in tqdm(range(kills), desc=name, disable=not progress):
        listing_id, new = chance.choice(ids), word(number)
        victim = chance.choice(VICTIMS)
        before = titles.get(listing_id)
        edit(portal.database, listing_id, new)
        titles[listing_id] = new
        time.sleep(chance.uniform(0, LONGEST_DELAY))
        portal.kill(victim)
        portal.start(victim)
        tally.kills[victim] += 1
        seconds, engine = wait_until_found(portal, new)
        tally.found_after.append(seconds)
        tally.answered_by[engine] += 1
        if before is not None:
            assert portal.search(before)[0] == 0, f"edit {number}: the title before is still found"
    everything_is_there(portal, titles)
    return tally


def edit(database: Database, listing_id: str, title: str) -> None:
    with database.write() as session:
        listing = session.get_one(Listing, listing_id)
        listing.title = title
        outbox.publish(session, [listing_id], datetime.now(UTC))


def wait_until_found(portal: Portal, new: str) -> tuple[float, str]:
    began = time.monotonic()
    last: object = None
    while time.monotonic() - began < FOUND_WITHIN:
        try:
            last = total, engine = portal.search(new)
        except (urllib.error.URLError, OSError, ValueError) as error:
            last = error
        else:
            assert total <= 1, f"{new} is shown {total} times"
            if total == 1:
                return time.monotonic() - began, engine
        time.sleep(0.02)
    raise AssertionError(f"{new} was not found within {FOUND_WITHIN} s: {last}")


def everything_is_there(portal: Portal, titles: dict[str, str]) -> None:
    """Both indexes hold each public listing once, under its last title."""
    with portal.database.read() as session:
        newest, ids = outbox.mark(session), queries.published_ids(session)
    for one in portal.indexes:
        deadline = time.monotonic() + FOUND_WITHIN
        while one.engine.position() < newest and time.monotonic() < deadline:
            time.sleep(0.05)
        held = [
            hit.id
            for page in range(1, len(ids) // 100 + 2)
            for hit in one.engine.search(SearchQuery(page=page, per_page=100, sort="title")).hits
        ]
        assert sorted(held) == ids, f"{one.engine.name} holds other listings than the catalogue"
        for listing_id, title in titles.items():
            found = one.engine.search(SearchQuery(title, exact=True)).hits
            assert [hit.id for hit in found] == [listing_id], f"{one.engine.name}: {title}"


@contextmanager
def portal_on(kind: str, folder: Path) -> Iterator[Portal]:
    """A portal with servers of its own; `kind` is sqlite or postgresql."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as parts:
        if kind == "postgresql":
            postgres = Postgres(folder / "postgres")
            parts.callback(postgres.stop)
            url = postgres.new_database()
        else:
            url = f"sqlite:///{folder / 'web' / 'portal.sqlite3'}"
        meilisearch = Meilisearch(folder / "meilisearch")
        parts.callback(meilisearch.kill)
        portal = Portal(folder, url, meilisearch)
        parts.callback(portal.stop)
        yield portal


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Kill parts of the portal while it indexes edits.")
    parser.add_argument("--kills", type=int, default=200, help="on each database")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--out", type=Path, help="write the report here too")
    given = parser.parse_args(arguments)
    tallies = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, portal_on(kind, Path(folder) / kind) as portal:
            tallies.append(run(portal, given.kills, given.seed, kind, progress=True))
    text = report(tallies, given.seed)
    print(text)
    if given.out:
        given.out.write_text(text)
    return 0


HEAD = f"""# Soak

`make soak` edits a listing, kills Meilisearch, the worker or a web process (SIGKILL) at a random point up to
{LONGEST_DELAY} s later, starts it again and waits until the edit is found over HTTP. At the end both indexes
are compared with the catalogue, listing by listing. An edit that is lost or shown twice ends it with an
error, so this page is written only when there was none.
"""


def report(tallies: Sequence[Tally], seed: int) -> str:
    """The result as a page of documentation."""
    rows: list[tuple[str, Callable[[Tally], object]]] = [
        ("kills", lambda tally: tally.kills.total()),
        *((f"of {one}", partial(_killed, one)) for one in VICTIMS),
        ("edits lost or shown twice", lambda _: 0),
        ("found after the start, s: median", lambda tally: f"{median(tally.found_after):.2f}"),
        ("found after the start, s: longest", lambda tally: f"{max(tally.found_after):.2f}"),
        ("answered by Meilisearch", lambda tally: tally.answered_by["meilisearch"]),
        ("answered by the embedded engine", lambda tally: tally.answered_by["embedded"]),
    ]
    table = [
        ["", *(tally.database for tally in tallies)],
        ["---"] * (len(tallies) + 1),
        *([words, *(str(value(tally)) for tally in tallies)] for words, value in rows),
    ]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in table)
    return f"{HEAD}\nSeed {seed}, {datetime.now(UTC):%Y-%m-%d}.\n\n{lines}\n"


def _killed(victim: Victim, tally: Tally) -> int:
    return tally.kills[victim]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
