"""A new index beside the old one: fill, compare, swap. Searches go on meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.engine import Engine, SearchError
from search.schema import Document

MOST_SHRINKING = 0.1


class ShrunkIndex(SearchError):
    """The new index is so much smaller than it should be that something must be wrong; it was not taken."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """How many documents the new index holds, and how many the one before held (0: there was none)."""

    documents: int
    before: int


def rebuild(
    engine: Engine, documents: Iterable[Document], *, mark: int, expected: int, force: bool = False
) -> RebuildReport:
    """Fill a shadow index and swap it in.

    `mark`: position of the caller's log noted before the documents were read; the caller replays what came
    after. `expected`: how many documents there should be. Raises ShrunkIndex, and leaves the old index in
    use, when the new one holds a tenth less than expected or than the old one, unless `force`.
    """
    before = engine.count() if engine.ready() else 0
    shadow = engine.shadow(mark)
    try:
        shadow.add(documents)
        held = shadow.finish()
        least = max(before, expected) * (1 - MOST_SHRINKING)
        if held < least and not force:
            raise ShrunkIndex(
                f"the new index holds {held} documents, the old one {before}, expected were {expected}."
            )
        shadow.swap()
    except BaseException:
        shadow.discard()
        raise
    return RebuildReport(held, before)
