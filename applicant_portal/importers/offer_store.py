"""Offers, their subjects and results in the catalogue, and what a programme takes over from its offers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from applicant_portal.catalogue import routes
from applicant_portal.catalogue.facts import FactStamp, is_empty
from applicant_portal.catalogue.models import (
    FORMS,
    AdmissionResult,
    EntryRoute,
    Listing,
    ListingProfession,
    Offer,
    OfferSubject,
    Profession,
)
from applicant_portal.catalogue.stamp_groups import OFFER_FIELDS
from applicant_portal.importers.merging import apply, kept_by_institution, replaces
from applicant_portal.importers.offer_records import OfferRecord, SubjectRecord
from applicant_portal.importers.report import Outcome
from applicant_portal.importers.values import term_words

RESULT_FIELDS = (
    "applications",
    "admitted",
    "recommended",
    "enrolled_budget",
    "enrolled_contract",
    "avg_score",
    "min_score",
    "max_score",
    "avg_budget",
    "avg_contract",
    "min_budget",
    "min_contract",
    "note",
)
_CHUNK = 400


class OfferStore:
    """Offers by EDEBO's number."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_id: dict[str, Offer] = {}

    def load(self, offer_ids: Sequence[str]) -> None:
        """Bring these offers into memory, with subjects and results."""
        for start in range(0, len(offer_ids), _CHUNK):
            for offer in self._session.scalars(
                select(Offer)
                .where(Offer.edebo_offer_id.in_(offer_ids[start : start + _CHUNK]))
                .options(selectinload(Offer.subjects), selectinload(Offer.results))
            ):
                self._by_id[offer.edebo_offer_id or ""] = offer

    def find(self, offer_id: str) -> Offer | None:
        return self._by_id.get(offer_id)

    def put(self, record: OfferRecord, listing: Listing) -> Outcome:
        """Create the offer or read the record into it; it then belongs to `listing`."""
        values = dict(record.values) | {"listing_id": listing.id, "year": record.year}
        offer = self._by_id.get(record.offer_id)
        if offer is None:
            offer = Offer(
                edebo_offer_id=record.offer_id,
                listing_id=listing.id,
                year=record.year,
                priority_contract=bool(values.get("priority_contract")),
                stamps={},
                subjects=[],
                results=[],
            )
            self._read(offer, values, record)
            self._session.add(offer)
            self._by_id[record.offer_id] = offer
            return "created"
        return "updated" if self._read(offer, values, record) else "unchanged"

    def _read(self, offer: Offer, values: Mapping[str, Any], record: OfferRecord) -> bool:
        before = offer.stamps.get("offer")
        leads = before is None or replaces(before, record.stamp)
        stamped = {name: value for name, value in values.items() if name in OFFER_FIELDS}
        changed = apply(offer, OFFER_FIELDS, stamped, record.stamp, "offer")
        priority = values.get("priority_contract")
        if leads and priority is not None and offer.priority_contract != priority:
            offer.priority_contract = priority
            changed = True
        changed |= self._read_subjects(offer, record.subjects, leads)
        for year, result in sorted(record.results.items()):
            changed |= _read_result(offer, year, result, record.stamp)
        for found in offer.results:
            if found.listing_id != offer.listing_id:
                found.listing_id = offer.listing_id
        return changed

    def _read_subjects(self, offer: Offer, subjects: Sequence[SubjectRecord], leads: bool) -> bool:
        current = [
            SubjectRecord(row.subject, row.weight, row.minimum, row.elective, row.test)
            for row in offer.subjects
        ]
        if not subjects or list(subjects) == current or not (leads or not current):
            return False
        if current:
            # The rows' identity is their place in the list: the old ones go before the new ones come.
            offer.subjects.clear()
            self._session.flush()
        offer.subjects.extend(
            OfferSubject(
                position=position,
                subject=subject.subject,
                weight=subject.weight,
                minimum=subject.minimum,
                elective=subject.elective,
                test=subject.test,
            )
            for position, subject in enumerate(subjects, start=1)
        )
        return True


def _read_result(offer: Offer, year: int, values: Mapping[str, Any], stamp: FactStamp) -> bool:
    if all(is_empty(value) for value in values.values()):
        return False
    found = next((result for result in offer.results if result.year == year), None)
    if found is None:
        found = AdmissionResult(listing_id=offer.listing_id, year=year, stamps={})
        offer.results.append(found)
    return apply(found, RESULT_FIELDS, values, stamp)


def refresh(session: Session, listings: Sequence[Listing], *, campaign: int) -> list[Listing]:
    """Take over from the offers what a programme says as a whole: forms, faculty, duration, state, entry
    routes by the general rules, professions by speciality. Answers the listings that changed.

    `campaign` is the year of the campaign going on; an offer of it or of the year before shows that a
    programme known from offers alone is running.
    """
    session.flush()
    changed: list[Listing] = []
    professions = {row.key: set(row.specialities) for row in session.scalars(select(Profession))}
    for start in range(0, len(listings), _CHUNK):
        part = listings[start : start + _CHUNK]
        ids = [listing.id for listing in part]
        offers = _grouped(
            session.scalars(select(Offer).where(Offer.listing_id.in_(ids)).order_by(Offer.edebo_offer_id))
        )
        doors = _grouped(session.scalars(select(EntryRoute).where(EntryRoute.listing_id.in_(ids))))
        ties = _grouped(
            session.scalars(select(ListingProfession).where(ListingProfession.listing_id.in_(ids)))
        )
        for listing in part:
            own = sorted(offers.get(listing.id, []), key=lambda offer: -offer.year)
            moved = _take_over(listing, own, campaign)
            moved |= _open_routes(session, listing, own, doors.get(listing.id, []))
            moved |= _tie(session, listing, professions, ties.get(listing.id, []))
            if moved:
                changed.append(listing)
    session.flush()
    return changed


def _grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.listing_id, []).append(row)
    return grouped


def _take_over(listing: Listing, offers: Sequence[Offer], campaign: int) -> bool:
    """`offers`: newest year first, then by number, so that the order of files makes no difference."""
    programme = listing.programme
    if programme is None or not offers:
        return False
    changed = False
    forms = [form for form in FORMS if form in programme.forms or any(offer.form == form for offer in offers)]
    stamps = listing.stamps
    if forms != programme.forms and not kept_by_institution(stamps, "forms", programme.forms):
        programme.forms, changed = forms, True
    faculty = next((offer.faculty for offer in offers if offer.faculty), None)
    if programme.faculty is None and faculty and not kept_by_institution(stamps, "faculty", None):
        programme.faculty, changed = faculty, True
    words = next((found for offer in offers if (found := term_words(offer.term))), None)
    if listing.duration_uk is None and words and not kept_by_institution(stamps, "duration_uk", None):
        (listing.duration_uk, listing.duration_en), changed = words, True
    record, newest = listing.stamps.get("record"), offers[0].stamps.get("offer")
    if newest is not None and newest != record and (record is None or _says_more(newest, record)):
        listing.stamps, changed = listing.stamps | {"record": newest}, True
        record = newest
    known_from_offers = record is not None and record.origin == "offer"
    if known_from_offers and listing.state == "unverified" and offers[0].year >= campaign - 1:
        listing.state, changed = "running", True
    return changed


def _says_more(newest: FactStamp, record: FactStamp) -> bool:
    """Whether the newest offer speaks for the programme: an offer spoke before, and none was newer."""
    return record.origin == "offer" and replaces(record, newest)


def _open_routes(
    session: Session, listing: Listing, offers: Sequence[Offer], present: Sequence[EntryRoute]
) -> bool:
    degree = listing.programme.degree if listing.programme else None
    wanted = {door.route: door for door in routes.by_rule(listing.id, degree, offers)}
    changed = False
    for door in present:
        if door.basis != "rule":
            wanted.pop(door.route, None)
        elif door.route not in wanted:
            session.delete(door)
            changed = True
        else:
            year = wanted.pop(door.route).year
            if door.year != year:
                door.year, changed = year, True
    session.add_all(wanted.values())
    return changed or bool(wanted)


def _tie(
    session: Session,
    listing: Listing,
    professions: Mapping[str, set[str]],
    present: Sequence[ListingProfession],
) -> bool:
    code = listing.programme.speciality if listing.programme else None
    wanted = {key for key, codes in professions.items() if code in codes}
    untied = [tie for tie in present if tie.basis == "speciality" and tie.profession_key not in wanted]
    for tie in untied:
        session.delete(tie)
    missing = wanted - {tie.profession_key for tie in present}
    session.add_all(
        ListingProfession(listing_id=listing.id, profession_key=key, basis="speciality")
        for key in sorted(missing)
    )
    return bool(missing or untied)
