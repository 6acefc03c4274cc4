"""The portal as three processes over one database, each of which can be killed and started again."""

import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from applicant_portal.catalogue import outbox, queries
from applicant_portal.finder import index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.query import SearchQuery
from tests.servers import ROOT, LiveServer, Meilisearch, Postgres, portal_command

Victim = Literal["meilisearch", "worker", "web"]
VICTIMS: Sequence[Victim] = ("meilisearch", "worker", "web")
LETTERS = "абвгдежзиклмнопрст"
FOUND_WITHIN = 30.0


@dataclass
class Tally:
    """What happened: kills by victim, what was found afterwards ("old", "new"), how long each change took to
    be found after the victim was back, and which engine answered then."""

    scenario: str
    database: str
    kills: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    found_after: list[float] = field(default_factory=list)
    answered_by: Counter[str] = field(default_factory=Counter)


class Portal:
    """A web process, a worker and a Meilisearch server over one database; each can be killed and started."""

    def __init__(self, folder: Path, database_url: str, meilisearch: Meilisearch) -> None:
        self.meilisearch = meilisearch
        self.web = LiveServer(
            folder / "web",
            environment={
                "PORTAL_DATABASE_URL": database_url,
                "PORTAL_SEARCH_URL": meilisearch.url,
                "PORTAL_SEARCH_KEY": meilisearch.key,
            },
        )
        self._worker_log = folder / "worker.log"
        self._worker: subprocess.Popen[bytes] | None = None
        self.web.start()
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
                env=self.web.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self, victim: Victim) -> None:
        if victim == "meilisearch":
            self.meilisearch.kill()
        elif victim == "web":
            self.web.kill()
        elif self._worker is not None:
            self._worker.kill()
            self._worker.wait()

    def start(self, victim: Victim) -> None:
        if victim == "meilisearch":
            self.meilisearch.start()
        elif victim == "web":
            self.web.start(ready_path="/healthz")
        else:
            self._start_worker()

    def search(self, word: str) -> tuple[int, str]:
        """(how many listings hold the word, which engine answered), asked over HTTP."""
        query = urllib.parse.urlencode({"q": word, "exact": "1"})
        with urllib.request.urlopen(f"{self.web.url}/api/v1/search?{query}", timeout=10) as answer:
            found = json.load(answer)
        return found["total"], found["engine"]

    def wait_until_found(
        self, wanted: Mapping[str, int], may_be: Collection[int] = (0, 1)
    ) -> tuple[float, str]:
        """(seconds until each word is found in so many listings, which engine answered last).
        Raises AssertionError when one is meanwhile found as often as it may never be, or not all is so in
        time."""
        began = time.monotonic()
        last: object = None
        while time.monotonic() - began < FOUND_WITHIN:
            try:
                answers = {word: self.search(word) for word in wanted}
            except (urllib.error.URLError, OSError, ValueError) as error:
                last = error
            else:
                last = {word: total for word, (total, _) in answers.items()}
                assert set(last.values()) <= set(may_be), f"found in part, or twice: {last}"
                if last == wanted:
                    return time.monotonic() - began, next(iter(answers.values()))[1]
            time.sleep(0.02)
        raise AssertionError(f"{wanted} was not found within {FOUND_WITHIN} s: {last}")

    def everything_is_there(self, titles: Mapping[str, str]) -> None:
        """Both indexes hold each public listing once, and those of `titles` under their last title."""
        with self.database.read() as session:
            newest, ids = outbox.mark(session), queries.published_ids(session)
        for one in self.indexes:
            engine = one.engine
            wait_for(lambda engine=engine: engine.position() >= newest, f"{engine.name} follows the log")  # type: ignore[misc]
            held = [
                hit.id
                for page in range(1, len(ids) // 100 + 2)
                for hit in engine.search(SearchQuery(page=page, per_page=100, sort="title")).hits
            ]
            assert sorted(held) == ids, f"{engine.name} holds other listings than the catalogue"
            for listing_id, title in titles.items():
                found = engine.search(SearchQuery(title, exact=True)).hits
                assert [hit.id for hit in found] == [listing_id], f"{engine.name}: {title}"

    def stop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
        self.web.stop()
        self.database.dispose()


def word(number: int) -> str:
    """A word of its own for each edit, which no lemmatiser knows."""
    letters = []
    for _ in range(5):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "щю" + "".join(letters)


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Raises AssertionError when it is not so within `FOUND_WITHIN`."""
    deadline = time.monotonic() + FOUND_WITHIN
    while not is_so():
        assert time.monotonic() < deadline, f"not within {FOUND_WITHIN} s: {what}"
        time.sleep(0.02)


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
