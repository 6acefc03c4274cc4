"""What a source says of one listing, before the catalogue has it; speciality codes of both lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution
from applicant_portal.catalogue.specialities import Codes
from applicant_portal.importers.values import BadValue


def speciality_codes(raw: str | None) -> Codes:
    """`specialities.codes`, refusing as the importers do."""
    try:
        return specialities.codes(raw)
    except specialities.UnknownCode as error:
        raise BadValue(
            f"спеціальності «{error.code[:20]}» немає ні в новому, ні в старому переліку"
        ) from error


@dataclass(slots=True)
class Record:
    """What a source says of one listing. Unknown is None. `values`: fields of LISTING_FIELDS and of the
    kind's part; `price` and `place` likewise, each with its own stamp."""

    kind: str
    institution: Institution | None
    title: str
    stamp: FactStamp
    values: Mapping[str, Any]
    key: str | None = None
    codes: Codes = field(default_factory=lambda: Codes(None, None))
    forms: Sequence[str] = ()
    price: Mapping[str, Any] = field(default_factory=dict)
    price_stamp: FactStamp | None = None
    place: Mapping[str, Any] = field(default_factory=dict)
