"""The spare engine answers in the same request, whatever holds the first one up, and gives its place back."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search.engine import Engine, EngineSettings, open_engine
from search.failover import FailoverEngine
from search.query import SearchQuery
from tests.engines.catalogue import catalogue
from tests.engines.conftest import filled
from tests.servers import Meilisearch, free_port

WITHIN = 2.0
ALL = catalogue()
ASK = SearchQuery("кібербезпека")


@pytest.fixture
def spare(tmp_path: Path) -> Engine:
    return filled(open_engine(EngineSettings(tmp_path / "spare")), ALL, mark=5)


def pair(tmp_path: Path, spare: Engine, url: str, key: str, namespace: str) -> FailoverEngine:
    first = open_engine(EngineSettings(tmp_path / "first", url, key, namespace))
    return FailoverEngine(first, spare)


@contextmanager
def proxy(manner: str) -> Iterator[int]:
    """The port of a server that says nothing, says a byte now and then, hangs up in the middle of an answer,
    or answers with rubbish."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve(caller: socket.socket) -> None:
        with caller:
            caller.recv(65536)
            if manner == "silent":
                stop.wait(20)
            elif manner == "rubbish":
                caller.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n<html>no!")
            elif manner == "cut":
                caller.sendall(b'HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n{"results":[')
            elif manner == "trickling":
                caller.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n")
                while not stop.wait(0.3):
                    caller.sendall(b" ")

    def accept() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(caller,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    stop.set()
    listener.close()


@pytest.mark.parametrize("manner", ["silent", "trickling", "cut", "rubbish"])
def test_a_server_that_misbehaves_costs_one_request_at_most_two_seconds(
    tmp_path: Path, spare: Engine, manner: str
) -> None:
    with proxy(manner) as port:
        engine = pair(tmp_path, spare, f"http://127.0.0.1:{port}", "key", "t")
        began = time.monotonic()
        answer = engine.search(ASK)
        assert time.monotonic() - began < WITHIN
        assert (answer.engine, answer.total, engine.name) == ("embedded", 7, "embedded")
        assert engine.away
        began = time.monotonic()
        for _ in range(20):
            assert engine.search(ASK).total == 7
        assert time.monotonic() - began < WITHIN / 2


def test_nobody_at_the_address_a_wrong_key_and_a_missing_index_are_no_error_either(
    tmp_path: Path, spare: Engine, meilisearch: Meilisearch
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for url, key in ((nobody, ""), (meilisearch.url, "wrong"), (meilisearch.url, meilisearch.key)):
        engine = pair(tmp_path, spare, url, key, "nothing")
        answer = engine.search(ASK)
        assert (answer.engine, answer.total) == ("embedded", 7)
        assert engine.away
        assert engine.generation() == spare.generation()
        assert engine.count() == 40


def test_the_first_engine_answers_again_by_itself_once_it_has_caught_up(
    tmp_path: Path, spare: Engine, own_meilisearch: Meilisearch
) -> None:
    engine = pair(tmp_path, spare, own_meilisearch.url, own_meilisearch.key, "t")
    first = open_engine(EngineSettings(tmp_path / "first", own_meilisearch.url, own_meilisearch.key, "t"))
    filled(first, ALL, mark=5)
    assert engine.search(ASK).engine == "meilisearch"
    own_meilisearch.kill()
    # The question just asked may still be answered by what is kept of it, for a quarter of a second.
    assert engine.search(SearchQuery("мережа")).engine == "embedded"
    assert engine.search(ASK).engine == "embedded"
    spare.apply([], 6)
    own_meilisearch.start()
    time.sleep(1.5)
    assert engine.search(ASK).engine == "embedded"  # an edit that was found once would be gone
    assert "catches up" in engine.away
    first.apply([], 6)
    deadline = time.monotonic() + 5
    while engine.name != "meilisearch" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert engine.search(ASK).engine == "meilisearch"
    assert not engine.away
