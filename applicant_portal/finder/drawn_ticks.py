"""Boxes of the filter panel, drawn once for each value, with a hole for how many listings have it."""

from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from applicant_portal.finder.kept_parts import KeptParts
from applicant_portal.finder.words import Words
from applicant_portal.kit import typography
from applicant_portal.kit.web import Pages

MOST_KEPT = 5_000
COUNT_HOLE = "\x01count\x01"


class _Drawn(NamedTuple):
    """A box in pieces: before and after the number."""

    before: str
    after: str


class DrawnTicks:
    """Kept boxes of one process. Safe to use from several threads."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._parts: KeptParts[tuple[str, str, str, bool], _Drawn] = KeptParts(MOST_KEPT)

    def drawn(
        self, facet: str, counts: list[tuple[str, int, bool]], names: Words, *, generation: str
    ) -> Markup:
        """The boxes of one filter. `counts`: (value, listings, whether it is ticked)."""
        kept = self._parts.of(generation)
        boxes = []
        for value, listings, ticked in counts:
            key = names.lang, facet, value, ticked
            one = kept.get(key) or self._parts.add(
                kept, key, partial(self._draw, facet, value, ticked, names)
            )
            boxes.append(f"{one.before}{listings}{one.after}")
        return Markup("".join(boxes))  # noqa: S704 (a number between pieces that are escaped already)

    def _draw(self, facet: str, value: str, ticked: bool, names: Words) -> _Drawn:
        label = typography.capital(names.value(facet, value))
        html = str(self._pages.component(names.lang, "tick")(facet, value, label, COUNT_HOLE, ticked))
        before, _, after = html.partition(COUNT_HOLE)
        return _Drawn(before, after)
