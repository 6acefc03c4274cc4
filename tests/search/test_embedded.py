"""What only the embedded engine has: states of files, opened and let go."""

import gc
import weakref
from dataclasses import replace
from pathlib import Path

from search.embedded import EmbeddedEngine
from search.engine import Change
from search.lexicon import Lexicon
from tests.engines.catalogue import catalogue
from tests.engines.conftest import ask, filled

ALL = catalogue()


def test_a_state_of_before_an_edit_is_let_go_without_a_search_for_garbage(tmp_path: Path) -> None:
    # What a process holds at its start is frozen: a state in a circle of references would stay for ever.
    engine = EmbeddedEngine(tmp_path, Lexicon())
    filled(engine, ALL, mark=1)
    gc.disable()
    try:
        assert ask(engine, "кібербезпека").hits[0].id
        before = weakref.ref(engine._current())
        engine.apply([Change("p-1", replace(ALL[0], title="Інша назва"))], 2)
        assert ask(engine, "кібербезпека").total
        assert before() is None
    finally:
        gc.enable()
