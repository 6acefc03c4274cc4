"""A progress bar on a terminal, silence elsewhere."""

from types import TracebackType
from typing import Self

from tqdm import tqdm


class Bar:
    """Shows how far long work has come; `update` takes (done, of how many)."""

    def __init__(self, label: str) -> None:
        self._bar = tqdm(desc=label, unit="", disable=None, leave=False)

    def update(self, done: int, total: int) -> None:
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
