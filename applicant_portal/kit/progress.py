"""A progress bar on a terminal, silence elsewhere."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from tqdm import tqdm

T = TypeVar("T")

_bar = partial(tqdm, unit="", disable=None, leave=False, file=sys.stderr)


def over(title: str) -> Callable[[Iterable[T]], Iterable[T]]:
    """Shows how far a loop over rows has come."""

    def shown(rows: Iterable[T]) -> Iterable[T]:
        return _bar(rows, desc=title)

    return shown


class Bar:
    """Shows how far long work has come; `update` takes (done, of how many)."""

    def __init__(self, label: str) -> None:
        self._bar = _bar(desc=label)

    def update(self, done: int, total: int) -> None:
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
