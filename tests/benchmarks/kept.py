"""A kept page against a bare ASGI application that answers the same bytes, in one run.

`python -m tests.benchmarks.kept [--rounds 5] [--seconds 3] [--clients 16] [--data FOLDER]`

Every server is one uvicorn worker as `portal serve` starts it. The load comes from this machine (wrk where it
is there, else a client of ours), so read the ratio, not the figures. In each round every server is asked in
turn; a ratio is that of one round, and the median of all rounds is what is told. No figure makes this fail.
"""

import argparse
import asyncio
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.servers import ROOT, LiveServer, free_port

FLOOR_VARIED = 1.3
TARGET = 0.5
QUERIES = ("кібербезпека", "python", "бази даних", "тестування", "дизайн", "комп'ютерні науки", "харків", "")

FLOOR = """
import sys, uvicorn
from pathlib import Path
body = Path(sys.argv[1]).read_bytes()
headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False, lifespan="off")
"""


@contextmanager
def floor(page: Path) -> Iterator[str]:
    """The bare application; its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", FLOOR, str(page), str(port)], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def by_wrk(url: str, paths: Sequence[str], clients: int, seconds: float, folder: Path) -> float:
    """Answers per second, addresses in turn."""
    script = folder / "paths.lua"
    listed = ", ".join(f'"{path}"' for path in paths)
    script.write_text(
        f"local paths = {{{listed}}}\nlocal n = 0\n"
        "request = function() n = n + 1; return wrk.format('GET', paths[n % #paths + 1]) end\n"
    )
    command = ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "-s", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])


def by_client(url: str, paths: Sequence[str], clients: int, seconds: float) -> float:
    """The same by a client of ours, which takes more of the machine than wrk."""
    return asyncio.run(_asked(url, paths, clients, seconds))


async def _asked(url: str, paths: Sequence[str], clients: int, seconds: float) -> float:
    host, port = url.removeprefix("http://").split(":")
    requests = [f"GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode() for path in paths]
    end = time.monotonic() + seconds

    async def one(number: int) -> int:
        reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 20)
        answered = 0
        while time.monotonic() < end:
            writer.write(requests[(number + answered) % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if not head.startswith(b"HTTP/1.1 200") or length is None:
                raise RuntimeError(head.decode())
            await reader.readexactly(int(length[1]))
            answered += 1
        writer.close()
        return answered

    began = time.monotonic()
    answered = sum(await asyncio.gather(*(one(number) for number in range(clients))))
    return answered / (time.monotonic() - began)


def results(url: str) -> dict[str, float]:
    """The server's own count of kept pages."""
    with urllib.request.urlopen(f"{url}/metrics") as answer:
        text = answer.read().decode()
    rows = re.findall(r'^portal_kept_pages_total\{result="(\w+)"\} ([\d.e+]+)', text, re.MULTILINE)
    return {result: float(count) for result, count in rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--data", type=Path, help="a data folder of `portal demo generate`; else the seed")
    given = parser.parse_args()
    paths = [f"/search?{urlencode({'q': query})}" for query in QUERIES]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = given.data or folder / "data"
        kept = stack.enter_context(LiveServer(data)).url
        anew = stack.enter_context(LiveServer(data, environment={"PORTAL_KEPT_PAGES": "0"})).url
        with urllib.request.urlopen(kept + paths[0]) as answer:
            page = answer.read()
        (folder / "page").write_bytes(page)
        bare = stack.enter_context(floor(folder / "page"))
        with_wrk = shutil.which("wrk") is not None
        print(
            f"{paths[0]}: {len(page):,} bytes, not compressed; {len(paths)} addresses in turn; "
            f"load by {'wrk' if with_wrk else 'an asyncio client (it slows all alike: the ratio flatters)'}"
        )

        def ask(url: str, clients: int) -> float:
            if with_wrk:
                return by_wrk(url, paths, clients, given.seconds, folder)
            return by_client(url, paths, clients, given.seconds)

        for clients in given.clients:
            _measure(clients, given.rounds, {"floor": bare, "kept": kept, "made anew": anew}, ask)


def _measure(clients: int, rounds: int, servers: dict[str, str], ask: Callable[[str, int], float]) -> None:
    before = results(servers["kept"])
    told: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(rounds):
        for name, url in servers.items():
            told[name].append(ask(url, clients))
    after = results(servers["kept"])
    print(f"\n{clients} clients, {rounds} rounds: answers per second (least to most), share of the floor")
    for name, rates in told.items():
        ratios = [rate / base for rate, base in zip(rates, told["floor"], strict=True)]
        print(
            f"  {name:10} {statistics.median(rates):8,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"
            f"   {statistics.median(ratios):6.1%} ({min(ratios):.1%} to {max(ratios):.1%})"
        )
    hits, misses = (after[result] - before[result] for result in ("hit", "miss"))
    print(f"  hits: {hits / (hits + misses):.2%} of {hits + misses:,.0f} requests")
    share = statistics.median(ours / bare for ours, bare in zip(told["kept"], told["floor"], strict=True))
    if max(told["floor"]) > FLOOR_VARIED * min(told["floor"]):
        print(f"  the floor varied by more than {FLOOR_VARIED - 1:.0%}: no judgement")
    else:
        print(f"  target {TARGET:.0%} of the floor: {'reached' if share >= TARGET else 'missed'}")


if __name__ == "__main__":
    main()
