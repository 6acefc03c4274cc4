"""Who may keep which listings: always a set to ask for, never a look at what was loaded already."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, true

from applicant_portal.catalogue.facts import FactStamp, Origin
from applicant_portal.catalogue.models import Institution, Listing

# Tracks are schemes of the state: the cluster's staff keeps them, whoever teaches.
KINDS_OF_INSTITUTIONS = ("programme", "course")
STAFF_NAME = "ІТ-кластер"


@dataclass(frozen=True, slots=True)
class By:
    """Who acts. `actor` stands in the history ("person:12", "key:3"). `institutions`: ids of those it may act
    for; None is the cluster's staff, who keeps listings of every institution and kind. `origin` is what its
    stamps say: "institution" for an institution's own word, "portal" for the staff's."""

    actor: str
    institutions: frozenset[int] | None
    origin: Origin = "institution"

    def keeps(self) -> ColumnElement[bool]:
        """The listings that it may see in the workspace and change."""
        if self.institutions is None:
            return true()
        return and_(
            Listing.institution_id.in_(sorted(self.institutions)), Listing.kind.in_(KINDS_OF_INSTITUTIONS)
        )

    def may(self, kind: str, institution_id: int | None) -> bool:
        """`keeps` for a listing that is not there yet, or that the caller brings."""
        if self.institutions is None:
            return True
        return institution_id in self.institutions and kind in KINDS_OF_INSTITUTIONS

    def stamp(self, institution: Institution | None, today: str) -> FactStamp:
        """Its word of today (an ISO date) about a listing of the institution."""
        if self.origin == "institution" and institution is not None:
            return FactStamp("institution", today, institution.name)
        return FactStamp("portal" if self.origin == "institution" else self.origin, today, STAFF_NAME)
