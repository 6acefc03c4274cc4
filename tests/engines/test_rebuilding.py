"""A new index beside the old one: searches go on, nothing is lost, nothing is left lying about."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from search.engine import Change, Engine, EngineSettings, IndexMissing
from search.rebuild import ShrunkIndex, rebuild
from search.schema import Document
from tests.engines.catalogue import catalogue
from tests.engines.conftest import Place, ask, filled, reopened
from tests.servers import ROOT

ALL = catalogue()


def test_searches_go_on_through_rebuilds_and_edits(engine: Engine, engine_settings: EngineSettings) -> None:
    filled(engine, ALL)
    done = threading.Event()

    def searching(reader: Engine) -> int:
        asked = 0
        while not done.is_set():
            answer = ask(reader)
            assert answer.total >= 40
            assert len(answer.hits) == answer.total
            assert ask(reader, "кібербезпека").total >= 4
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(searching, one) for one in (engine, engine, reopened(engine_settings))]
        try:
            for turn in range(8):
                filled(engine, ALL, mark=turn)
                engine.apply([Change("p-99", replace(ALL[0], id="p-99"))], turn)
        finally:
            done.set()
        assert all(one.result() > 0 for one in asking)


def test_an_index_that_shrank_is_refused(engine: Engine, place: Place) -> None:
    filled(engine, ALL, mark=3)
    with pytest.raises(ShrunkIndex, match="35"):
        rebuild(engine, ALL[:35], mark=4, expected=35)
    assert (engine.count(), engine.position()) == (40, 3)
    assert_nothing_left(place)


def test_an_index_smaller_than_expected_is_refused_the_first_time_too(engine: Engine) -> None:
    with pytest.raises(ShrunkIndex):
        rebuild(engine, ALL[:5], mark=1, expected=40)
    assert not engine.ready()


def test_a_little_smaller_is_taken(engine: Engine) -> None:
    filled(engine, ALL)
    report = rebuild(engine, ALL[:37], mark=1, expected=37)
    assert (report.documents, report.before, engine.count()) == (37, 40, 37)


def test_a_forced_shrink_is_taken(engine: Engine) -> None:
    filled(engine, ALL)
    rebuild(engine, ALL[:3], mark=1, expected=3, force=True)
    assert engine.count() == 3


def test_an_error_in_the_middle_leaves_the_old_index_alone(engine: Engine, place: Place) -> None:
    def breaking() -> Iterator[Document]:
        yield from ALL[:10]
        raise OSError("the database went away")

    filled(engine, ALL, mark=3)
    with pytest.raises(OSError, match="went away"):
        rebuild(engine, breaking(), mark=4, expected=40)
    assert (engine.count(), engine.position()) == (40, 3)
    assert_nothing_left(place)


DYING = """
import json, sys
from pathlib import Path
from search.engine import EngineSettings, open_engine
from tests.engines.catalogue import catalogue
given = json.loads(sys.argv[1])
engine = open_engine(EngineSettings(**{**given, "folder": Path(given["folder"])}))
shadow = engine.shadow(4)
shadow.add(catalogue())
print("half", flush=True)
sys.stdin.read()
"""


def kill_a_rebuild(place: Place) -> None:
    """A process that has filled a shadow index and dies before the swap."""
    with subprocess.Popen(
        [sys.executable, "-c", DYING, place.as_argument()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == b"half"
        process.send_signal(signal.SIGKILL)


def test_a_killed_rebuild_harms_nothing_and_the_next_leaves_no_orphan(engine: Engine, place: Place) -> None:
    filled(engine, ALL, mark=3)
    kill_a_rebuild(place)
    assert (engine.count(), engine.position()) == (40, 3)
    filled(engine, ALL, mark=5)
    assert (engine.count(), engine.position()) == (40, 5)
    assert_nothing_left(place)


def test_what_a_killed_rebuild_left_can_be_swept_away(engine: Engine, place: Place) -> None:
    filled(engine, ALL, mark=3)
    kill_a_rebuild(place)
    assert len(place.generations()) == 2
    engine.sweep()
    assert len(place.generations()) == 1
    assert_nothing_left(place)
    assert ask(engine).total == 40


def test_an_index_of_another_version_is_missing_and_goes_when_the_new_one_is_built(
    engine: Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(engine, ALL)
    for module, name in (
        ("search.embedded", "SCHEMA_VERSION"),
        ("search.meilisearch", "VERSION"),
    ):
        monkeypatch.setattr(f"{module}.{name}", "v0")
    newer = reopened(place.settings)
    assert not newer.ready()
    with pytest.raises(IndexMissing):
        ask(newer)
    filled(newer, ALL)
    assert ask(newer).total == 40
    newer.sweep()
    assert len(place.generations()) == 1 or place.server is None


def test_a_rebuild_in_progress_is_no_orphan(engine: Engine) -> None:
    filled(engine, ALL)
    slow = engine.shadow(1)
    slow.add(ALL)
    filled(engine, ALL, mark=2)
    assert slow.finish() == 40
    slow.swap()
    assert (engine.count(), engine.position()) == (40, 1)


def test_a_damaged_index_is_missing_and_can_be_built_again(engine: Engine, place: Place) -> None:
    filled(engine, ALL)
    place.damage()
    again = reopened(place.settings)
    assert not again.ready()
    with pytest.raises(IndexMissing):
        ask(again)
    filled(again, ALL)
    assert again.count() == 40


def test_an_index_taken_away_is_missing(engine: Engine, place: Place) -> None:
    filled(engine, ALL)
    place.take_away()
    assert not engine.ready()
    with pytest.raises(IndexMissing):
        ask(engine)
    filled(engine, ALL)
    assert ask(engine).total == 40


def assert_nothing_left(place: Place) -> None:
    """At most the index in use and the one before it."""
    assert len(place.generations()) <= 2
    locks = [one.name for one in place.settings.folder.glob("*.lock")]
    assert locks == []
