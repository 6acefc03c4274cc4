"""Twenty people search while Meilisearch is killed, started again and frozen: they see a notice, no more."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.seeded import Templates
from tests.servers import LiveServer, Meilisearch

CLIENTS = 20
SECONDS = 60.0
THINKING = 0.15  # seconds between an answer and the next question of one person
FALL = 3.0  # seconds that count as the moment of the fall
SLOWEST = 2.5
BACK_WITHIN = 5.0
QUESTIONS = (
    "/search",
    "/search?q=кібербезпека",
    "/api/v1/search?q=інженерія&city=Харків",
    "/search?kind=course",
)
NOTICE = "Пошук зараз спрощений"


@dataclass
class Log:
    """(when asked, how long it took) of every answer, and what was wrong with any."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def slowest(self, begin: float, end: float) -> float:
        """The 99th percentile of the answers to questions asked between two moments."""
        times = sorted(took for asked, took in list(self.answers) if begin <= asked < end)
        return times[min(len(times) - 1, int(len(times) * 0.99))]


@pytest.fixture
def served(tmp_path: Path, own_meilisearch: Meilisearch, templates: Templates) -> Iterator[LiveServer]:
    there = {"PORTAL_SEARCH_URL": own_meilisearch.url, "PORTAL_SEARCH_KEY": own_meilisearch.key}
    with LiveServer(templates.portal(tmp_path / "data"), environment=there) as server:
        yield server


def search_on_and_on(url: str, number: int, log: Log, stop: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        while not stop.wait(THINKING):
            number += 1
            address = QUESTIONS[number % len(QUESTIONS)]
            asked = time.monotonic()
            try:
                answer = client.get(address)
            except httpx.HTTPError as error:
                log.wrong.append(f"{address}: {error!r}")
                continue
            log.answers.append((asked, time.monotonic() - asked))
            empty = (
                answer.json()["total"] == 0
                if "/api/" in address
                else '<article class="card"' not in answer.text
            )
            if answer.status_code != 200 or empty:
                log.wrong.append(f"{address}: {answer.status_code} {answer.text[:200]}")


def seconds_until(client: httpx.Client, engine: str) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 30:
        if client.get("/api/v1/search").json()["engine"] == engine:
            return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"{engine} did not answer within 30 s")


@pytest.mark.slow
def test_twenty_clients_do_not_notice_that_meilisearch_comes_and_goes(
    served: LiveServer, own_meilisearch: Meilisearch
) -> None:
    log, stop = Log(), threading.Event()
    people = [
        threading.Thread(target=search_on_and_on, args=(served.url, number, log, stop))
        for number in range(CLIENTS)
    ]
    began = time.monotonic()
    for person in people:
        person.start()
    falls, returns = [], []
    with httpx.Client(base_url=served.url, timeout=30) as client:
        turn = 0
        while time.monotonic() - began < SECONDS:
            time.sleep(4)
            falls.append(time.monotonic())
            frozen = turn % 2 == 1
            if frozen:
                os.kill(own_meilisearch.pid, signal.SIGSTOP)
            else:
                own_meilisearch.kill()
            seconds_until(client, "embedded")
            assert NOTICE in client.get("/search").text
            state = client.get("/readyz")
            assert (state.status_code, state.json()["engine"]) == (503, "embedded")
            assert client.get("/healthz").status_code == 200
            time.sleep(FALL)
            if frozen:
                os.kill(own_meilisearch.pid, signal.SIGCONT)
            else:
                own_meilisearch.start()
            returns.append(seconds_until(client, "meilisearch"))
            turn += 1
        assert NOTICE not in client.get("/search").text
        assert client.get("/readyz").status_code == 200
    stop.set()
    for person in people:
        person.join()
    in_falls = [log.slowest(fall - 1, fall + FALL) for fall in falls]
    print(f"{len(log.answers)} answers; p99 before the first fall {log.slowest(began, falls[0] - 1):.2f} s")
    print("p99 in each fall, s:", *(f"{one:.2f}" for one in in_falls))
    print("Meilisearch answers again after, s:", *(f"{one:.2f}" for one in returns))
    assert not log.wrong
    assert max(in_falls) < SLOWEST
    assert max(returns) < BACK_WITHIN


def test_the_portal_opens_without_meilisearch_and_takes_it_when_it_comes(
    tmp_path: Path, own_meilisearch: Meilisearch, templates: Templates
) -> None:
    own_meilisearch.kill()
    there = {"PORTAL_SEARCH_URL": own_meilisearch.url, "PORTAL_SEARCH_KEY": own_meilisearch.key}
    with (
        LiveServer(templates.portal(tmp_path / "data"), environment=there, ready_path="/healthz") as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        before = client.get("/api/v1/search?q=кібербезпека").json()
        assert before["engine"] == "embedded"
        assert before["total"] > 0
        assert "Traceback" not in server.log_end()
        own_meilisearch.start()
        seconds_until(client, "meilisearch")
        after = client.get("/api/v1/search?q=кібербезпека").json()
        assert after["total"] == before["total"]
        assert client.get("/readyz").status_code == 200
        for uid in own_meilisearch.indexes():
            own_meilisearch.delete(uid)
        assert client.get("/api/v1/search").json()["total"] > 0
        client.get("/api/v1/search")
        seconds_until(client, "meilisearch")
