"""Nobody waits for words that take long to read, and nobody is left with old ones for good."""

import threading
import time

from search.kept_words import KeptWords, Words
from search.prepare import Vocabulary


def words(generation: str) -> Words:
    return Words(generation, Vocabulary({}))


def test_words_that_are_read_quickly_are_those_of_the_generation_asked_for() -> None:
    kept = KeptWords()
    for generation in ("1", "2", "3"):
        assert kept.of(generation, lambda g=generation: words(g)).generation == generation  # type: ignore[misc]
    assert kept.of(None, lambda: words("4")).generation == "3"


def test_words_that_take_long_are_read_aside_while_the_old_ones_answer() -> None:
    kept = KeptWords()
    ready = threading.Event()

    def slowly(generation: str) -> Words:
        time.sleep(0.3)
        ready.set()
        return words(generation)

    assert kept.of("1", lambda: slowly("1")).generation == "1"
    ready.clear()
    began = time.monotonic()
    assert kept.of("2", lambda: slowly("2")).generation == "1"
    assert kept.of("2", lambda: slowly("2")).generation == "1"
    assert time.monotonic() - began < 0.2
    assert ready.wait(5)
    deadline = time.monotonic() + 5
    while kept.of("2", lambda: slowly("2")).generation != "2" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert kept.of("2", lambda: slowly("2")).generation == "2"


def test_words_that_cannot_be_read_leave_the_old_ones() -> None:
    kept = KeptWords()

    def slowly() -> Words:
        time.sleep(0.3)
        return words("1")

    def failing() -> Words:
        raise OSError("the disk is gone")

    kept.of("1", slowly)
    assert kept.of("2", failing).generation == "1"
    time.sleep(0.1)
    assert kept.of("2", failing).generation == "1"
