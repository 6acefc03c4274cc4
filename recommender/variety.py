"""From the best on, but not all alike: who likes one thing still sees that several ways lead to it."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from recommender import weights
from recommender.features import Candidates, Flags


class Need(NamedTuple):
    """`number` of the rows `which` (n,) stand on the list by place `by`, as far as there are any."""

    which: Flags
    by: int
    number: int = 1


def chosen(here: Candidates, ordered: Sequence[int], needs: Sequence[Need]) -> list[int]:
    """Up to `weights.MOST_PATHS` of the rows, which come best first.

    Caps hold for the whole list; where they would leave fewer than five, likeness does not count. What is
    needed by a place takes that place at the latest, whatever comes before it in `ordered`.
    """
    found: list[int] = []
    for varied in (True, False):
        found = _taken(here, ordered, needs, varied=varied)
        if len(found) >= weights.FEW:
            break
    return found


def _taken(here: Candidates, ordered: Sequence[int], needs: Sequence[Need], *, varied: bool) -> list[int]:
    pending = [
        need._replace(number=min(need.number, sum(1 for row in ordered if need.which[row]))) for need in needs
    ]
    taken: list[int] = []
    count: Counter[object] = Counter()
    waiting = list(ordered)
    while waiting and len(taken) < weights.MOST_PATHS:
        allowed = [row for row in waiting if _allowed(here, row, count, varied=varied)]
        if not allowed:
            break
        urgent = _urgent(pending, len(taken) + 1)
        row = next((row for row in allowed if any(need.which[row] for need in urgent)), allowed[0])
        taken.append(row)
        waiting.remove(row)
        count.update(_marks(here, row))
        pending = [need._replace(number=need.number - bool(need.which[row])) for need in pending]
    return taken


def _urgent(pending: Sequence[Need], place: int) -> list[Need]:
    """What must be taken now, because as many are still needed by some place as there are places up to it."""
    for last in sorted({need.by for need in pending}):
        due = [need for need in pending if need.by <= last and need.number > 0]
        if due and sum(need.number for need in due) > last - place:
            return due
    return []


def _marks(here: Candidates, row: int) -> tuple[object, ...]:
    one, area = here.rows[row], here.main_area[row]
    return one.provider, area, ("kind", one.kind, bool(here.support[row])), (one.kind, area)


def _allowed(here: Candidates, row: int, count: Counter[object], *, varied: bool) -> bool:
    provider, area, kind, alike = _marks(here, row)
    if count[provider] >= weights.MOST_OF_PROVIDER:
        return False
    most = weights.MOST_SUPPORT if here.support[row] else weights.MOST_OF_KIND
    return not varied or (
        count[area] < weights.MOST_OF_AREA and count[kind] < most and count[alike] < weights.MOST_ALIKE
    )
