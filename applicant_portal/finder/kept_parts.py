"""Parts of answers that are made once for a generation of the index and put into many answers."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class KeptParts(Generic[K, V]):
    """At most `most` parts; those kept longest go first, with another generation all. Safe to use from
    several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._generation = ""
        self._kept: dict[K, V] = {}
        self._lock = Lock()

    def of(self, generation: str) -> dict[K, V]:
        """The parts of this generation, to be read and handed to `add`."""
        with self._lock:
            if generation != self._generation:
                self._generation, self._kept = generation, {}
            return self._kept

    def add(self, kept: dict[K, V], key: K, make: Callable[[], V]) -> V:
        """A part that was not there yet."""
        part = make()
        with self._lock:
            kept[key] = part
            if len(kept) > self._most:
                del kept[next(iter(kept))]
        return part
