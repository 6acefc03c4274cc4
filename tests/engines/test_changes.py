"""Edits, and what is kept between openings."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from search.engine import Change, Engine, EngineSettings, IndexMissing
from tests.engines.catalogue import catalogue
from tests.engines.conftest import Place, ask, filled, ids, reopened

ALL = catalogue()
FIRST = ALL[0]


@pytest.fixture
def full(engine: Engine) -> Engine:
    return filled(engine, ALL, mark=7)


def test_an_empty_place_has_no_index(engine: Engine) -> None:
    assert not engine.ready()
    for question in (engine.count, engine.position, engine.generation, lambda: ask(engine)):
        with pytest.raises(IndexMissing):
            question()


def test_a_deleted_document_is_gone_from_hits_counts_and_words(full: Engine) -> None:
    full.apply([Change("p-24", None)], 8)
    assert full.count() == 39
    assert ask(full, "ґрунтовні").total == 0
    assert ask(full).facets["kind"]["programme"] == 23


def test_a_changed_document_is_found_by_its_new_words_only(full: Engine) -> None:
    full.apply([Change("p-24", replace(ALL[23], title="Квантові обчислення", names=()))], 8)
    assert ids(ask(full, "квантові")) == ["p-24"]
    assert ask(full, "ґрунтовні", exact=True).total == 0
    assert full.count() == 40


def test_a_new_document_is_found_at_once_also_misspelt(full: Engine) -> None:
    new = replace(FIRST, id="p-99", title="Біоінформатика")
    full.apply([Change("p-99", new)], 8)
    assert ids(ask(full, "біоінформатика")) == ["p-99"]
    assert ids(ask(full, "біоінфарматика")) == ["p-99"]


def test_changes_taken_twice_do_no_harm(full: Engine) -> None:
    changes = [Change("p-1", replace(FIRST, title="Інша назва")), Change("p-2", None)]
    full.apply(changes, 8)
    full.apply(changes, 8)
    assert full.count() == 39


def test_the_last_of_two_changes_to_one_document_stands(full: Engine) -> None:
    full.apply(
        [Change("p-1", replace(FIRST, title="Перша")), Change("p-1", replace(FIRST, title="Друга"))], 8
    )
    assert [hit.payload["id"] for hit in ask(full, "друга", exact=True).hits] == ["p-1"]
    assert full.count() == 40


def test_the_position_is_kept_with_the_index(full: Engine, engine_settings: EngineSettings) -> None:
    assert full.position() == 7
    full.apply([], 12)
    assert full.position() == 12
    assert reopened(engine_settings).position() == 12


def test_the_generation_changes_with_every_change(full: Engine) -> None:
    seen = {full.generation()}
    full.apply([Change("p-1", None)], 8)
    seen.add(full.generation())
    filled(full, ALL)
    seen.add(full.generation())
    assert len(seen) == 3
    assert full.generation() == ask(full).generation


def test_everything_is_there_after_reopening(full: Engine, engine_settings: EngineSettings) -> None:
    again = reopened(engine_settings)
    assert again.count() == 40
    assert ids(ask(again, "кібербезпека")) == ids(ask(full, "кібербезпека"))


def test_the_payload_comes_back_untouched(engine: Engine) -> None:
    payload = {"текст": "«ґ’»", "null": None, "list": [1, 2.5, {"deep": True}], "nul": "\x00<b>"}
    filled(engine, [replace(FIRST, payload=payload)])
    assert ask(engine).hits[0].payload == payload


def test_a_catalogue_may_be_empty(engine: Engine) -> None:
    filled(engine, [])
    assert engine.ready()
    assert engine.count() == 0
    for text in ("", "кібербезпека"):
        assert ask(engine, text).total == 0


READER = """
import json, sys
from pathlib import Path
from search.engine import EngineSettings, open_engine
from search.query import SearchQuery
given = json.loads(sys.argv[1])
engine = open_engine(EngineSettings(**{**given, "folder": Path(given["folder"])}))
for line in sys.stdin:
    answer = engine.search(SearchQuery(text=json.loads(line)))
    print(json.dumps([answer.total, engine.position()]), flush=True)
"""


class Reader:
    """A process of its own that holds the index open and answers (total, position)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, text: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def another_process(place: Place) -> Iterator[Reader]:
    with subprocess.Popen(
        [sys.executable, "-c", READER, place.as_argument()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Reader(process)
        assert process.stdin
        process.stdin.close()


def test_another_process_sees_an_edit_and_a_swap(full: Engine, place: Place) -> None:
    with another_process(place) as read:
        assert read("") == [40, 7]
        full.apply([Change("p-99", replace(FIRST, id="p-99", title="Біоінформатика"))], 8)
        assert read("біоінформатика") == [1, 8]
        filled(full, ALL[:5], mark=9)
        assert read("") == [5, 9]
        filled(full, ALL, mark=10)
        filled(full, ALL, mark=11)
        assert read("") == [40, 11]
