"""Institutions as the importers find, make and change them: all in memory, no query a row."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from applicant_portal.catalogue import naming
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import FormerEdeboId, Institution, Listing
from applicant_portal.importers.merging import apply, merge, set_fields
from applicant_portal.importers.report import Outcome
from applicant_portal.importers.slugs import Slugs

SLUG_KIND = "university"
RECORD_FIELDS = (
    "edrpou",
    "parent_edebo_id",
    "name",
    "short_name",
    "name_en",
    "category",
    "type_name",
    "ownership",
    "governance",
    "founded_year",
    "city",
    "region",
    "postcode",
    "address",
    "site",
    "admission_url",
    "admission_phone",
    "admission_email",
    "phone",
    "email",
    "note_uk",
    "note_en",
)
_SHOWN_IN_LISTINGS = ("name", "short_name", "name_en", "city", "region", "edebo_id")


class Institutions:
    """Every institution by its number, its former numbers and, where it has no number, its folded name.

    `changed`: ids (primary keys) of those whose listings read differently now.
    """

    def __init__(self, session: Session, slugs: Slugs) -> None:
        self._session = session
        self._slugs = slugs
        self._by_edebo: dict[str, Institution] = {}
        self._by_former: dict[str, Institution] = {}
        self._by_name: dict[str, Institution] = {}
        self.changed: set[int] = set()
        for institution in session.scalars(
            select(Institution).options(selectinload(Institution.former_ids)).order_by(Institution.id)
        ):
            self._remember(institution)
            for former in institution.former_ids:
                self._by_former[former.edebo_id] = institution

    def _remember(self, institution: Institution) -> None:
        if institution.edebo_id:
            self._by_edebo[institution.edebo_id] = institution
        self._by_name.setdefault(institution.folded_name, institution)

    def find(self, edebo_id: str | None, name: str | None = None) -> Institution | None:
        """By number, then former number; by name only when one of the two sides has no number."""
        if edebo_id:
            found = self._by_edebo.get(edebo_id) or self._by_former.get(edebo_id)
            if found is not None:
                return found
        same_name = self._by_name.get(naming.fold_name(name)) if name else None
        if same_name is not None and (edebo_id is None or same_name.edebo_id is None):
            return same_name
        return None

    def put(
        self, edebo_id: str | None, values: Mapping[str, Any], stamp: FactStamp
    ) -> tuple[Institution, Outcome]:
        """Create the institution or read the values into it.

        A row under a former number speaks of the body that was closed or joined: it changes nothing.
        """
        found = self.find(edebo_id, values.get("name"))
        if found is not None and edebo_id and found.edebo_id not in (None, edebo_id):
            return found, "unchanged"
        if found is None:
            return self._create(edebo_id, values, stamp), "created"
        before = {field: getattr(found, field) for field in _SHOWN_IN_LISTINGS}
        changed = apply(found, RECORD_FIELDS, values, stamp)
        if edebo_id and found.edebo_id is None:
            self._renumber(found, edebo_id)
            changed = True
        if changed:
            self._name_keys(found)
            if before != {field: getattr(found, field) for field in _SHOWN_IN_LISTINGS}:
                self.changed.add(found.id)
        return found, "updated" if changed else "unchanged"

    def _create(self, edebo_id: str | None, values: Mapping[str, Any], stamp: FactStamp) -> Institution:
        name = values["name"]
        institution = Institution(edebo_id=edebo_id, origin=stamp.origin, name=name)
        current = dict.fromkeys(RECORD_FIELDS)
        changes, institution.stamps = merge(current, {}, values, stamp)
        for field, value in changes.items():
            setattr(institution, field, value)
        institution.folded_name = naming.fold_name(name)
        institution.name_key = naming.sort_key(name)
        institution.slug = self._slugs.assign(
            SLUG_KIND, None, [_slug_base(institution)], edebo_id or institution.folded_name
        )
        self._session.add(institution)
        self._remember(institution)
        return institution

    def _name_keys(self, institution: Institution) -> None:
        institution.folded_name = naming.fold_name(institution.name)
        institution.name_key = naming.sort_key(institution.name)
        base = _slug_base(institution)
        if institution.slug == base or institution.slug.startswith(f"{base}-"):
            return
        old = institution.slug
        institution.slug = self._slugs.assign(
            SLUG_KIND, str(institution.id), [base], institution.edebo_id or str(institution.id)
        )
        if institution.slug != old:
            self._slugs.retire(SLUG_KIND, old, str(institution.id))

    def _renumber(self, institution: Institution, edebo_id: str) -> None:
        """Give a number; the keys of the institution's programmes name it by that number from now on."""
        institution.edebo_id = edebo_id
        self._by_edebo[edebo_id] = institution
        new = naming.institution_key(edebo_id, institution.name)
        self._session.flush()
        listings = self._session.execute(
            select(Listing.id, Listing.natural_key).where(
                Listing.institution_id == institution.id, Listing.kind == "programme"
            )
        ).all()
        for listing_id, key in listings:
            kind, owner, rest = key.split("|", 2)
            if owner.startswith("name:"):
                self._session.execute(
                    update(Listing).where(Listing.id == listing_id).values(natural_key=f"{kind}|{new}|{rest}")
                )

    def add_former_ids(self, institution: Institution, former: Iterable[str]) -> bool:
        """Note numbers that the institution had before; one that another institution still bears is left."""
        changed = False
        for edebo_id in former:
            if edebo_id in self._by_former or edebo_id in self._by_edebo or edebo_id == institution.edebo_id:
                continue
            self._session.flush()
            self._session.add(FormerEdeboId(edebo_id=edebo_id, institution_id=institution.id))
            self._by_former[edebo_id] = institution
            changed = True
        return changed


def _slug_base(institution: Institution) -> str:
    """Short name where it is short enough to be one, else the name."""
    short = institution.short_name
    return naming.slug(short if short and len(short) <= 40 else institution.name)


def follow(session: Session, changed: set[int], now: datetime) -> list[str]:
    """Move the listings of changed institutions along; the ids of all of them, which read differently now."""
    touched: list[str] = []
    for number in sorted(changed):
        rows = session.execute(
            select(Listing, Institution.city, Institution.region)
            .join(Institution, Institution.id == Listing.institution_id)
            .where(Listing.institution_id == number)
            .order_by(Listing.id)
        ).all()
        for listing, city, region in rows:
            touched.append(listing.id)
            listing.updated_at = now
            stamp = listing.stamps.get("place")
            if listing.kind == "programme" and (stamp is None or stamp.origin != "institution"):
                set_fields(listing, {"city": city, "region": region})
    return touched
