"""From the best on, but not all alike: who likes one thing still sees that several ways lead to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from recommender import weights
from recommender.features import Candidates, Flags, Floats, Mark

NEVER = -np.inf
"""The key of a row that must not be taken."""

_ALWAYS: Final[Mapping[str, int]] = {"provider": weights.MOST_OF_PROVIDER}
_ONE_KIND: Final[Mapping[str, int]] = {
    **_ALWAYS,
    "area": weights.MOST_OF_AREA,
    "alike": weights.MOST_ALIKE,
}
_ALL: Final[Mapping[str, int]] = {
    **_ONE_KIND,
    "kind": weights.MOST_OF_KIND,
    "support": weights.MOST_SUPPORT,
}


class Need(NamedTuple):
    """`number` of the rows `which` (n,) stand on the list by place `by`, as far as there are any."""

    which: Flags
    by: int
    number: int = 1


def chosen(here: Candidates, keys: Floats, needs: Sequence[Need]) -> list[int]:
    """Up to `weights.MOST_PATHS` rows, the greatest of `keys` (n,) first; never one whose key is `NEVER`.

    Caps hold for the whole list; where they would leave fewer than five, those of kinds give way, then those
    of areas. What is needed by a place takes that place at the latest, however small its key.
    """
    there = keys > NEVER
    if not there.any():
        return []
    missing = [min(need.number, int(np.count_nonzero(need.which & there))) for need in needs]
    found: list[int] = []
    for caps in (_ALL, _ONE_KIND, _ALWAYS):
        found = _taken(here, keys, needs, missing, caps)
        if len(found) >= weights.FEW:
            break
    return found


def _taken(
    here: Candidates, keys: Floats, needs: Sequence[Need], missing: Sequence[int], caps: Mapping[str, int]
) -> list[int]:
    left = keys.copy()
    taken: list[int] = []
    count: Counter[Mark] = Counter()
    while len(taken) < weights.MOST_PATHS:
        row = _best(left, _urgent(needs, missing, len(taken) + 1))
        if row is None:
            break
        taken.append(row)
        left[row] = NEVER
        for mark in here.marks[row]:
            count[mark] += 1
            if count[mark] == caps.get(mark[0]):
                left[here.marked[mark]] = NEVER
        missing = [number - bool(need.which[row]) for need, number in zip(needs, missing, strict=True)]
    return taken


def _best(left: Floats, urgent: Sequence[Flags]) -> int | None:
    """The best row left of those that are urgent, if there is any, else of all."""
    if urgent:
        row = int(np.argmax(np.where(np.logical_or.reduce(urgent), left, NEVER)))
        if left[row] > NEVER and any(which[row] for which in urgent):
            return row
    row = int(np.argmax(left))
    return row if left[row] > NEVER else None


def _urgent(needs: Sequence[Need], missing: Sequence[int], place: int) -> list[Flags]:
    """What must be taken now, because as many are still needed by some place as there are places up to it."""
    open_needs = [(need, number) for need, number in zip(needs, missing, strict=True) if number > 0]
    for last in sorted({need.by for need, _ in open_needs}):
        due = [(need, number) for need, number in open_needs if need.by <= last]
        if sum(number for _, number in due) > last - place:
            return [need.which for need, _ in due]
    return []
