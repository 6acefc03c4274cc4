"""The servers of a run: how each is started, what it is asked for, how much memory it takes."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.addresses import PAGE, WHOLE_JSON, WHOLE_PAGE
from tests.servers import ROOT, free_port, portal_command

START_SECONDS = 180.0
DATASETTE = ROOT / ".venv" / "bench" / "bin" / "datasette"

FLOOR, FRAMEWORK, OURS, KEPT = "floor", "framework", "ours", "ours, kept pages"
ON_MEILISEARCH, TWO, GROWN, PEER = "ours on Meilisearch", "ours, 2 workers", "ours, grown", "Datasette"


@dataclass(frozen=True)
class Contender:
    """One server of the comparison. In `command` PORT stands for the port; `listening` is an address that
    answers as soon as the server does, `ready` one that answers when it can be asked; `files`: kind of
    address -> the file with the list of them."""

    name: str
    about: str
    command: Sequence[str]
    environment: Mapping[str, str]
    files: Mapping[str, Path]
    listening: str = "/healthz"
    ready: str = "/readyz"


class Answered(NamedTuple):
    """One answer: status, body, headers in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Server:
    """A contender as a process on a free port of loopback."""

    def __init__(self, contender: Contender, log: Path) -> None:
        self.contender = contender
        self.port = free_port()
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait until it can be asked; seconds until it listened. Raises RuntimeError with the end
        of its log when it does not."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        command = [str(self.port) if word == "PORT" else word for word in self.contender.command]
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**clean, **self.contender.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        listened = self._wait_for(self.contender.listening, began) - began
        self._wait_for(self.contender.ready, began)
        return listened

    def _wait_for(self, address: str, began: float) -> float:
        while time.perf_counter() - began < START_SECONDS and self._process and self._process.poll() is None:
            try:
                if self.get(address).status == 200:
                    return time.perf_counter()
            except OSError:
                pass
            time.sleep(0.005)
        end = self._log.read_text(errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"{self.contender.name} did not start:\n{end}")

    def get(self, address: str) -> Answered:
        """Ask once, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, answer.read(), headers)
        finally:
            connection.close()

    def memory_mb(self) -> float:
        """Resident memory of all its processes, in 10^6 bytes; shared pages count once for each."""
        return sum(_status_kb(pid, "VmRSS") for pid in self._pids()) * 1024 / 1e6

    def kept_answers(self) -> tuple[float, float]:
        """(questions that the index was asked, those answered with a kept answer) since the start."""
        told = self.get("/metrics").body.decode()
        asked, found = (
            sum(
                map(
                    float,
                    re.findall(rf'^portal_kept_answers{{.*result="{result}"}} (\S+)$', told, re.MULTILINE),
                )
            )
            for result in ("asked", "found")
        )
        return asked, found

    def loaded(self, library: str) -> bool:
        """Whether a compiled part of `library` is in the memory of one of its processes."""
        return any(f"/{library}/" in Path(f"/proc/{pid}/maps").read_text() for pid in self._pids())

    def _pids(self) -> list[int]:
        if self._process is None:
            raise RuntimeError(f"{self.contender.name} is not running")
        pids = [self._process.pid]
        for pid in pids:
            pids += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return pids

    def stop(self) -> None:
        """Ask it to end; end it after a while."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _status_kb(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


@dataclass(frozen=True)
class Places:
    """What the contenders stand on: data folders, the folder of samples, the peer's file, the addresses."""

    data: Path
    grown: Path | None
    samples: Path
    peer: Path
    search: Mapping[str, str]
    ours: Mapping[str, Path]
    theirs: Mapping[str, Path]


def contenders(places: Places) -> list[Contender]:
    """Everyone who is measured, in the order of each round."""

    usual = {kind: file for kind, file in places.ours.items() if kind not in (WHOLE_PAGE, WHOLE_JSON)}

    def app(name: str, about: str, factory: str) -> Contender:
        command = [sys.executable, "-m", "uvicorn", "--factory", f"tests.benchmarks.floor:{factory}"]
        command += ["--port", "PORT", "--no-access-log", "--log-level", "warning", "--no-server-header"]
        environment = {"BENCH_SAMPLES": str(places.samples)}
        return Contender(name, about, command, environment, usual, "/search", "/search")

    def portal(
        name: str,
        about: str,
        more: Mapping[str, str],
        files: Mapping[str, Path] = usual,
        data: Path = places.data,
    ) -> Contender:
        environment = {"PORTAL_DATA_DIR": str(data), **more}
        return Contender(name, about, portal_command("serve", "--port", "PORT"), environment, files)

    unkept = {"PORTAL_KEPT_PAGES": "0"}
    everyone = [
        app(FLOOR, "a bare ASGI app that answers the same bytes", "bare"),
        app(FRAMEWORK, "FastAPI, async handlers, constant answers, our parameters", "framework"),
        portal(OURS, "embedded engine, no kept pages", unkept, places.ours),
        portal(KEPT, "embedded engine, whole pages kept", {}),
        portal(ON_MEILISEARCH, "Meilisearch, no kept pages", {**unkept, **places.search}),
        portal(TWO, "embedded engine, no kept pages", {**unkept, "PORTAL_WORKERS": "2"}),
    ]
    if places.grown is not None:
        about = "embedded engine, no kept pages, more listings"
        pages = {PAGE: usual[PAGE]}
        everyone.append(portal(GROWN, about, unkept, pages, places.grown))
    return [*everyone, _datasette(places)]


def _datasette(places: Places) -> Contender:
    command = [str(DATASETTE), "serve", "--immutable", str(places.peer), "--port", "PORT"]
    # Its time limits are raised: a facet that took too long would be left out, and make the page fast.
    settings = {"suggest_facets": "off", "default_page_size": "20", "default_facet_size": "12"}
    settings |= {"facet_time_limit_ms": "10000", "sql_time_limit_ms": "20000"}
    for name, value in settings.items():
        command += ["--setting", name, value]
    about = "the same rows, FTS5, 20 rows, 8 columns, 4 facets"
    return Contender(
        PEER, about, command, {}, places.theirs, "/-/versions.json", "/bench/listings.json?_size=1"
    )
