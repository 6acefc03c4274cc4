"""A fact is never alone: the stamp that says when a value was true and who says so.

Source of the ages: the look of the portal, component "Stamp".
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

Age = Literal["fresh", "aging", "stale", "none"]
Origin = Literal["institution", "portal", "registry", "offer", "synthetic"]

FRESH_FOR = timedelta(days=90)
# Whose word stands when two sources speak of the same day: the institution before our own reading of
# public pages, that before a machine's export.
PRECEDENCE: Mapping[Origin, int] = {
    "synthetic": 0,
    "registry": 1,
    "offer": 2,
    "portal": 3,
    "institution": 4,
}


@dataclass(frozen=True, slots=True)
class FactStamp:
    """When a value held and where it is known from.

    `as_of` is an ISO date, possibly partial ("2025", "2025-08", "2025-08-19"), or None when the source
    gives no date. `source_url` is a public address or None.
    """

    origin: Origin
    as_of: str | None = None
    source_name: str | None = None
    source_url: str | None = None

    @property
    def year(self) -> int | None:
        return int(self.as_of[:4]) if self.as_of else None

    @property
    def earliest(self) -> date | None:
        """The first day the partial date can mean; a month is its first day, a year its 1 January."""
        if not self.as_of:
            return None
        parts = [int(part) for part in self.as_of.split("-")]
        return date(*[*parts, 1, 1][:3])

    def age(self, today: date) -> Age:
        """fresh: confirmed within 90 days; aging: this or last year's campaign; stale: older; none: no date.

        A bare year never reads as fresh: nobody knows which day it means.
        """
        day = self.earliest
        if day is None or not self.source_name:
            return "none"
        if len(self.as_of or "") > 4 and today - day <= FRESH_FOR:
            return "fresh"
        return "aging" if day.year >= today.year - 1 else "stale"

    def yields_to(self, other: "FactStamp") -> bool:
        """True when `other` may replace the value under this stamp.

        The institution's own word replaces any other and is replaced by the institution alone. Otherwise the
        newer word wins; on the same date the closer source does, so that the order of two imports never
        matters.
        """
        if "institution" in (self.origin, other.origin):
            return other.origin == "institution"
        return _weight(other) >= _weight(self)


def _weight(stamp: FactStamp) -> tuple[str, int]:
    return (stamp.as_of or "", PRECEDENCE[stamp.origin])


Stamps = dict[str, FactStamp]


def is_empty(value: Any) -> bool:
    """Unknown: None, an empty text or an empty list. 0 and False are known."""
    return value is None or value in ("", [], {})


class StampsColumn(TypeDecorator[Stamps]):
    """Field name -> FactStamp, kept as JSON on the row whose fields it speaks of."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Stamps | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return {
            field: {k: v for k, v in asdict(stamp).items() if v is not None}
            for field, stamp in sorted((value or {}).items())
        }

    def process_result_value(self, value: Any, dialect: Dialect) -> Stamps:  # noqa: ARG002
        return {field: FactStamp(**stamp) for field, stamp in (value or {}).items()}
