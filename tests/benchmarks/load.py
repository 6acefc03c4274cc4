"""Load on a server over kept connections: by wrk where it is installed, else by the asyncio clients below.

Either runs as a process of its own, so that what measures beside it (a health check) is not slowed by it.
`python -m tests.benchmarks.load PORT FILE` asks for the addresses of FILE in turn and prints a line of JSON.
"""

import argparse
import asyncio
import json
import math
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from typing import cast

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LAST_ANSWER_SECONDS = 60.0
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What one run saw. `failed` counts answers other than 200 and broken connections; times of the answers
    in ms; `busy`: the share of a core that the generator itself took (near 1 it was the limit)."""

    requests: int
    failed: int
    seconds: float
    p50: float
    p99: float
    busy: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank); NaN for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else math.nan


def generator() -> str:
    """Which generator `run` uses: "wrk" or "asyncio"."""
    return "wrk" if shutil.which("wrk") else "asyncio"


def run(
    port: int,
    addresses: Path,
    clients: int,
    seconds: float,
    *,
    first: int = 0,
    pause: float = 0.0,
    meanwhile: Callable[[Callable[[], bool]], None] | None = None,
) -> Load:
    """Ask a server on loopback for the lines of `addresses`, from the line `first` on, each of `clients`
    connections one question at a time, with a `pause` of so many seconds on average after each answer (the
    asyncio generator does that). `meanwhile` is called once with a function that says whether the load still
    runs. Raises RuntimeError when the generator ends with an error."""
    own = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(addresses)]
    command = {
        "wrk": [
            *("wrk", "-t1", f"-c{clients}", f"-d{math.ceil(seconds)}s", "--timeout", "60s"),
            *("-s", str(HERE / "rotate.lua"), f"http://127.0.0.1:{port}", "--", str(addresses), str(first)),
        ],
        "asyncio": [
            *(*own, f"--clients={clients}", f"--seconds={seconds}", f"--first={first}", f"--pause={pause}"),
        ],
    }["asyncio" if pause else generator()]
    before = _children_cpu()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        if meanwhile is not None:
            meanwhile(lambda: process.poll() is None)
        printed, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the load generator ended with {process.returncode}")
    load = Load(**json.loads(printed.splitlines()[-1]))
    return load if load.busy else replace(load, busy=(_children_cpu() - before) / load.seconds)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Answer:
    """Reads one HTTP answer as it arrives; knows lengths and chunks, as uvicorn sends them."""

    __slots__ = ("_left", "_seen", "status")

    def __init__(self) -> None:
        self.status = 0
        self._seen = b""
        self._left: int | None = None

    def feed(self, data: bytes) -> bool:
        """Take what has arrived; whether the answer is whole now."""
        if not self.status:
            data = self._seen + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._seen = data
                return False
            self.status = int(data[9:12])
            self._left = _length(data[:end].lower())
            # The line break before the body may belong to the mark of the last chunk.
            self._seen, data = b"\r\n", data[end + 4 :]
        if self._left is None:
            self._seen = (self._seen + data)[-len(LAST_CHUNK) :]
            return self._seen == LAST_CHUNK
        self._left -= len(data)
        return self._left <= 0


def _length(head: bytes) -> int | None:
    """The length a head names; None for one in chunks."""
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        return None
    end = head.find(b"\r\n", at + 2)
    return int(head[at + 17 : end if end > 0 else len(head)])


@dataclass(slots=True)
class Tally:
    """What the clients of one run share."""

    requests: Iterator[bytes]
    pause: float = 0.0
    deadline: float = 0.0
    last: float = 0.0
    failed: int = 0
    times: list[float] = field(default_factory=list)


class _Client(asyncio.Protocol):
    """One connection. Protocols, not streams: a quarter faster, and the floor must not be the generator's."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._answer = Answer()
        self._began = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not of asyncio's classes.
        self._transport = cast("asyncio.WriteTransport", transport)

    def ask(self) -> None:
        """Send the next question."""
        assert self._transport is not None
        self._answer = Answer()
        self._began = time.perf_counter()
        self._transport.write(next(self._tally.requests))

    def data_received(self, data: bytes) -> None:
        if not self._answer.feed(data):
            return
        tally, now = self._tally, time.perf_counter()
        tally.times.append((now - self._began) * 1000)
        tally.failed += self._answer.status != 200
        tally.last = now
        if not tally.pause:
            self.go_on()
            return
        # Never longer than there is time: it ends with the others.
        wait = min(random.uniform(0, 2 * tally.pause), max(0.0, tally.deadline - now))
        asyncio.get_running_loop().call_later(wait, self.go_on)

    def go_on(self) -> None:
        """Ask once more, or be done when the time is over."""
        if time.perf_counter() < self._tally.deadline:
            self.ask()
        elif not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._tally.failed += 1
            self.done.set_result(None)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def ask_for(
    port: int,
    addresses: Sequence[str],
    clients: int,
    seconds: float,
    first: int = 0,
    pause: float = 0.0,
) -> Load:
    """The asyncio generator: `clients` connections for `seconds`; each then waits for its last answer."""
    questions = [f"GET {one} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for one in addresses]
    tally = Tally(islice(cycle(questions), first % len(questions), None), pause)
    loop = asyncio.get_running_loop()
    made = [
        (await loop.create_connection(lambda: _Client(tally), "127.0.0.1", port))[1] for _ in range(clients)
    ]
    used, began = time.process_time(), time.perf_counter()
    tally.deadline = began + seconds
    for client in made:
        client.ask()
    _, hanging = await asyncio.wait([one.done for one in made], timeout=seconds + LAST_ANSWER_SECONDS)
    tally.failed += len(hanging)
    taken = max(tally.last - began, 1e-9)
    busy = (time.process_time() - used) / (time.perf_counter() - began)
    for client in made:
        if not client.done.done():
            client.done.set_result(None)
        client.close()
    times = tally.times
    return Load(len(times), tally.failed, taken, percentile(times, 0.5), percentile(times, 0.99), busy)


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, which comes with uvicorn: several times faster where it is there."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def main(arguments: Sequence[str]) -> int:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.0)
    given = parser.parse_args(arguments)
    asked = given.file.read_text().split()
    with asyncio.Runner(loop_factory=_loop()) as runner:
        load = runner.run(ask_for(given.port, asked, given.clients, given.seconds, given.first, given.pause))
    print(json.dumps(asdict(load)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
