"""The words of an index, kept from change to change.

They are read anew after each change. Where that takes long (hundreds of thousands of listings) nobody waits:
the words of before answer meanwhile, and what a change brought is found once its words have been read.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from search.prepare import Vocabulary

log = logging.getLogger(__name__)

PATIENCE = 0.25
"""Seconds of reading for which a question waits."""


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary and the generation it was read from."""

    generation: str
    vocabulary: Vocabulary


Load = Callable[[], Words]


class KeptWords:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: Words | None = None
        self._seconds = 0.0
        self._reading = threading.Lock()

    def of(self, generation: str | None, load: Load) -> Words:
        """The words of a generation (None: of any), or older ones while these are being read."""
        kept = self._kept
        if kept is not None and generation in (None, kept.generation):
            return kept
        if kept is None or self._seconds < PATIENCE:
            with self._reading:
                if self._kept is None or self._kept is kept:
                    self._load(load)
                return self._kept or load()
        if self._reading.acquire(blocking=False):
            threading.Thread(target=self._load_aside, args=(load,), name="words", daemon=True).start()
        return kept

    def _load(self, load: Load) -> None:
        began = time.perf_counter()
        self._kept = load()
        self._seconds = time.perf_counter() - began

    def _load_aside(self, load: Load) -> None:
        try:
            self._load(load)
        except Exception:
            log.exception("the words of the index could not be read; those of before stay")
        finally:
            self._reading.release()
