"""The books of the load generator: what it counts must be what happened. No times are asserted."""

import asyncio
import math
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import load
from tests.benchmarks.contenders import Contender, Server
from tests.benchmarks.figures import Figure, noise
from tests.benchmarks.floor import KINDS, PATHS, write_samples
from tests.benchmarks.load import Answer, Load, percentile
from tests.benchmarks.rounds import Results, ratio

pytestmark = pytest.mark.slow

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ADDRESSES = ["/search?q=one", "/search?q=two", "/api/v1/search?q=one"]


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("floor")
    for kind in KINDS:
        write_samples(folder, kind, {PATHS.get(kind, "/courses/one"): kind.encode() * 1000})
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.benchmarks.floor:bare"]
    command += ["--port", "PORT", "--no-access-log", "--log-level", "warning"]
    contender = Contender("floor", "", command, {"BENCH_SAMPLES": str(folder)}, {}, "/search", "/search")
    server = Server(contender, folder / "log")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("generator", ["asyncio", "wrk"])
def test_the_floor_is_counted(
    floor: Server, tmp_path: Path, generator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if generator == "wrk" and shutil.which("wrk") is None:
        return  # Where it is not installed it is not used either.
    monkeypatch.setattr(load, "generator", lambda: generator)
    file = tmp_path / "addresses"
    file.write_text("\n".join(ADDRESSES) + "\n")
    asked_meanwhile = []
    done = load.run(
        floor.port,
        file,
        4,
        0.5,
        meanwhile=lambda goes_on: asked_meanwhile.append(floor.get("/search").status),
    )
    assert done.failed == 0
    assert done.requests > 4
    assert done.seconds >= 0.5
    assert done.rate == done.requests / done.seconds
    assert 0 < done.p50 <= done.p99 < 1000 * done.seconds
    assert done.busy > 0
    assert asked_meanwhile == [200]


def test_answers_that_are_no_200_and_broken_connections_are_counted() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for status in (200, 500):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {status} So\r\ncontent-length: 2\r\n\r\nok".encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def ask() -> Load:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            return await load.ask_for(server.sockets[0].getsockname()[1], ["/"], 3, 5)

    done = asyncio.run(ask())
    assert (done.requests, done.failed) == (6, 6)


@pytest.mark.parametrize(
    "whole",
    [
        HEAD + b"Content-Length: 12\r\n\r\nhello, world",
        HEAD + b"content-length: 0\r\nserver: x\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_an_answer_is_whole_at_its_last_byte(whole: bytes, piece: int) -> None:
    answer = Answer()
    pieces = [whole[at : at + piece] for at in range(0, len(whole), piece)]
    assert [answer.feed(one) for one in pieces] == [False] * (len(pieces) - 1) + [True]
    assert answer.status == 200


def test_percentiles_are_by_nearest_rank() -> None:
    hundred = [float(number) for number in range(100, 0, -1)]
    assert percentile(hundred, 0.5) == 51
    assert percentile(hundred, 0.99) == 100
    assert percentile([3.0], 0.99) == 3
    assert math.isnan(percentile([], 0.5))


def test_ratios_compare_within_a_round_and_a_restless_floor_is_not_judged() -> None:
    results = Results(3)
    for second, first in ((100, 50), (300, 100), (90, 30)):
        results.loads["floor", "search page", 16].append(Load(second, 0, 1, 1, 1))
        results.loads["ours", "search page", 16].append(Load(first, 0, 1, 1, 1))
    cells = ("ours", "search page", 16), ("floor", "search page", 16)
    assert ratio(results, *cells) == pytest.approx(1 / 3)
    assert ratio(results, cells[0], ("floor", "suggest", 16)) is None
    assert noise(results, "search page", 16) == "the floor varied by 210%"
    assert noise(results, "suggest", 16) == "0 rounds"
    assert Figure("x", 0.3, 1 / 3, True).verdict == "yes"
    assert Figure("x", 0.3, 1 / 3, False).verdict == "no"
    assert Figure("x", 0.3, 1 / 3, False, why="noise").verdict == "not judged"
