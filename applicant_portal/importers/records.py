"""What a source says of one listing, before the catalogue has it; speciality codes of both lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from applicant_portal.catalogue import naming, specialities
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution
from applicant_portal.importers.values import BadValue


@dataclass(frozen=True, slots=True)
class Codes:
    """A speciality in the two lists: `new` is F3, `old` is 122; each may be unknown."""

    new: str | None
    old: str | None

    @property
    def key(self) -> str | None:
        """What stands for the speciality in a programme's identity: the new code where there is one."""
        return self.new or self.old


def speciality_codes(raw: str | None) -> Codes:
    """Both codes of a speciality given by either, in any spelling. Raises `BadValue` for a made-up one."""
    if not raw:
        return Codes(None, None)
    folded = naming.fold_code(raw)
    found = specialities.find(folded)
    if found is not None:
        return Codes(found.code, folded if folded != found.code else found.old_code)
    if specialities.known(folded):
        return Codes(None, folded)
    base, dot, _ = folded.partition(".")
    if dot and specialities.known(base):
        return speciality_codes(base)
    raise BadValue(f"спеціальності «{folded[:20]}» немає ні в новому, ні в старому переліку")


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
