"""Listings as the importers find, make and change them, whatever the source."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from applicant_portal.catalogue import naming
from applicant_portal.catalogue.models import FORMS, Course, Institution, Listing, Programme, Track
from applicant_portal.catalogue.specialities import Codes
from applicant_portal.catalogue.stamp_groups import LISTING_FIELDS, PART_FIELDS, PLACE_FIELDS, PRICE_FIELDS
from applicant_portal.importers.merging import apply_parts, kept_by_institution, set_fields
from applicant_portal.importers.records import Record
from applicant_portal.importers.report import Outcome
from applicant_portal.importers.slugs import Slugs

_PARTS: Mapping[str, type[Programme] | type[Course] | type[Track]] = {
    "programme": Programme,
    "course": Course,
    "track": Track,
}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "programme": {"forms": [], "record_level": "programme"},
    "course": {"for_veterans": False},
    "track": {field: [] for field in ("eligibility", "barriers", "steps", "key_facts", "specialities")},
}


class Listings:
    """Listings by what makes them one. `touched`: ids of those that read differently now."""

    def __init__(self, session: Session, slugs: Slugs, now: datetime) -> None:
        self._session = session
        self._slugs = slugs
        self._now = now
        self._by_key: dict[str, Listing] = {}
        self._by_title: dict[tuple[int | None, str], list[Listing]] = {}
        self._institutions: set[int] = set()
        self.touched: dict[str, None] = {}

    def load_programmes(self, institution_ids: Iterable[int]) -> None:
        """Bring the programmes of these institutions into memory, so that no row asks for its own."""
        missing = sorted(set(institution_ids) - self._institutions)
        for start in range(0, len(missing), 400):
            part = missing[start : start + 400]
            for listing in self._session.scalars(
                select(Listing)
                .where(Listing.kind == "programme", Listing.institution_id.in_(part))
                .options(joinedload(Listing.programme))
                .order_by(Listing.id)
            ):
                self._remember(listing)
        self._institutions.update(missing)

    def load_keyed(self, kind: str) -> None:
        """Bring all courses or tracks into memory."""
        part = Listing.course if kind == "course" else Listing.track
        for listing in self._session.scalars(
            select(Listing).where(Listing.kind == kind).options(joinedload(part))
        ):
            self._remember(listing)

    def _remember(self, listing: Listing) -> None:
        self._by_key[listing.natural_key] = listing
        if listing.kind == "programme":
            titled = self._by_title.setdefault((listing.institution_id, naming.fold_name(listing.title)), [])
            if listing not in titled:
                titled.append(listing)

    def find(self, record: Record) -> Listing | None:
        """The listing that the record speaks of.

        A programme whose degree or speciality one side does not know is the same when only one fits.
        """
        found = self._by_key.get(_natural_key(record))
        if found is not None or record.kind != "programme" or record.institution is None:
            return found
        degree, codes = record.values.get("degree"), record.codes
        fitting = [
            listing
            for listing in self._by_title.get((record.institution.id, naming.fold_name(record.title)), [])
            if listing.programme is not None
            and None in (degree, listing.programme.degree, codes.key, _code(listing.programme))
            and _same(degree, listing.programme.degree)
            and _same(codes.key, _code(listing.programme))
        ]
        return fitting[0] if len(fitting) == 1 else None

    def put(self, record: Record) -> tuple[Listing, Outcome]:
        """Create the listing or read the record into it."""
        listing = self.find(record)
        if listing is None:
            listing = self._create(record)
            self._remember(listing)
            self.touched[listing.id] = None
            return listing, "created"
        old_title = listing.title
        if not self._read(listing, record):
            return listing, "unchanged"
        if listing.kind == "programme" and listing.programme is not None and record.institution is not None:
            self._rekey(listing, listing.programme, record.institution, record)
        if listing.title != old_title:
            self._retitle(listing, old_title, record.institution)
        self.touch(listing)
        return listing, "updated"

    def get(self, listing_id: str) -> Listing | None:
        """A listing by id, with its programme."""
        return self._session.get(Listing, listing_id, options=[joinedload(Listing.programme)])

    def complete(self, listing: Listing, degree: str | None, codes: Codes, owner: Institution) -> None:
        """Fill in a programme's degree and codes where they were unknown."""
        programme = listing.programme
        if programme is None:
            return
        known = {"degree": degree, "speciality": codes.new, "old_speciality": codes.old}
        missing = {
            name: value
            for name, value in known.items()
            if value and not getattr(programme, name) and not kept_by_institution(listing.stamps, name, None)
        }
        if missing and set_fields(programme, missing):
            self._rekey(listing, programme, owner)
            self.touch(listing)

    def touch(self, listing: Listing) -> None:
        """Note that the listing reads differently now."""
        listing.updated_at = self._now
        self.touched[listing.id] = None

    def _create(self, record: Record) -> Listing:
        natural_key = _natural_key(record)
        listing = Listing(
            id=naming.listing_id(record.kind, natural_key),
            kind=record.kind,
            natural_key=natural_key,
            institution_id=record.institution.id if record.institution else None,
            title=record.title,
            title_key=naming.sort_key(record.title),
            languages=[],
            state="unverified",
            visibility="published",
            origin=record.stamp.origin,
            stamps={},
            created_at=self._now,
            updated_at=self._now,
        )
        listing.slug = self._slug(listing, record.institution, record.values.get("degree"))
        part = _PARTS[record.kind](listing_id=listing.id, **_DEFAULTS[record.kind])
        setattr(listing, record.kind, part)
        self._read(listing, record)
        self._session.add(listing)
        return listing

    def _read(self, listing: Listing, record: Record) -> bool:
        part = getattr(listing, record.kind)
        values = dict(record.values) | {"title": record.title}
        if record.kind == "programme":
            values |= {"speciality": record.codes.new, "old_speciality": record.codes.old}
        changed = apply_parts(
            listing,
            [(listing, LISTING_FIELDS), (part, PART_FIELDS[record.kind])],
            values,
            record.stamp,
        )
        price_stamp = record.price_stamp or record.stamp
        changed |= apply_parts(listing, [(listing, PRICE_FIELDS)], record.price, price_stamp, "price")
        changed |= apply_parts(listing, [(listing, PLACE_FIELDS)], record.place, record.stamp, "place")
        if record.kind == "programme":
            forms = [form for form in FORMS if form in part.forms or form in record.forms]
            if forms != part.forms and not kept_by_institution(listing.stamps, "forms", part.forms):
                part.forms = forms
                changed = True
        return changed

    def _rekey(
        self, listing: Listing, programme: Programme, institution: Institution, record: Record | None = None
    ) -> None:
        """A programme whose degree or speciality became known is found by them from now on. What the
        institution calls otherwise is still found by what the registers call it."""
        degree, code, title = programme.degree, _code(programme), listing.title
        if record is not None:
            stamps = listing.stamps
            if kept_by_institution(stamps, "degree", degree):
                degree = record.values.get("degree") or degree
            if kept_by_institution(stamps, "speciality", code):
                code = record.codes.key or code
            if kept_by_institution(stamps, "title", title):
                title = record.title
        owner = naming.institution_key(institution.edebo_id, institution.name)
        key = naming.programme_key(owner, degree, code, title)
        if key != listing.natural_key and key not in self._by_key:
            self._by_key.pop(listing.natural_key, None)
            listing.natural_key = key
            self._by_key[key] = listing

    def _retitle(self, listing: Listing, old_title: str, institution: Institution | None) -> None:
        listing.title_key = naming.sort_key(listing.title)
        if naming.slug(listing.title) == naming.slug(old_title):
            return
        old = listing.slug
        degree = listing.programme.degree if listing.kind == "programme" and listing.programme else None
        listing.slug = self._slug(listing, institution, degree)
        if listing.slug != old:
            self._slugs.retire(listing.kind, old, listing.id)

    def _slug(self, listing: Listing, institution: Institution | None, degree: str | None) -> str:
        house = _house(institution) or (listing.provider if listing.kind == "course" else None)
        bases = [naming.slug(listing.title, house)]
        if degree:
            bases.append(naming.slug(listing.title, house, degree.replace("_", "-")))
        return self._slugs.assign(listing.kind, listing.id, bases, listing.id[2:6])


def _house(institution: Institution | None) -> str | None:
    if institution is None:
        return None
    return institution.short_name or institution.name


def _natural_key(record: Record) -> str:
    if record.key is not None:
        return naming.keyed(record.kind, record.key)
    if record.institution is None:
        raise ValueError("a programme belongs to an institution")
    owner = naming.institution_key(record.institution.edebo_id, record.institution.name)
    return naming.programme_key(owner, record.values.get("degree"), record.codes.key, record.title)


def _code(programme: Programme) -> str | None:
    return programme.speciality or programme.old_speciality


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
