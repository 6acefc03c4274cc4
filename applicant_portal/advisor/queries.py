"""What the advisor reads from the catalogue: every listing that may be suggested, in a few statements."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.advisor.candidates import Row
from applicant_portal.catalogue.models import (
    Course,
    EntryRoute,
    Listing,
    ListingProfession,
    ListingSkill,
    Offer,
    PlaceFact,
    Programme,
    Track,
)
from applicant_portal.catalogue.queries import public

_ACCESS = {"accessibility": "step_free"}


def candidate_rows(session: Session) -> list[Row]:
    """All published listings that are not closed, in the order in which equals are shown: those known to run
    first, then by title. Plain columns: twenty thousand listings as objects would take seconds."""
    rows = {
        found.id: Row(
            id=found.id,
            kind=found.kind,
            slug=found.slug,
            title=found.title,
            title_en=found.title_en,
            title_key=found.title_key,
            provider=found.provider,
            institution_id=found.institution_id,
            state=found.state,
            format=found.format,
            city=found.city,
            languages=found.languages,
            price_uah=found.price_uah,
            duration_uk=found.duration_uk,
            duration_en=found.duration_en,
            price_year=found.price_year,
            stamps=found.stamps,
            degree=found.degree or found.leads_to,
            speciality=found.speciality,
            forms=found.forms or (),
            pace=found.pace,
            for_veterans=bool(found.for_veterans),
            funding=found.funding,
            amount_uah=found.amount_uah,
            eligibility=found.eligibility or (),
            barriers=found.barriers or (),
            specialities=found.specialities or (),
        )
        for found in session.execute(
            select(
                Listing.id,
                Listing.kind,
                Listing.slug,
                Listing.title,
                Listing.title_en,
                Listing.title_key,
                Listing.provider,
                Listing.institution_id,
                Listing.state,
                Listing.format,
                Listing.city,
                Listing.languages,
                Listing.price_uah,
                Listing.duration_uk,
                Listing.duration_en,
                Listing.price_year,
                Listing.stamps,
                Programme.degree,
                Programme.speciality,
                Programme.forms,
                Course.pace,
                Course.for_veterans,
                Track.degree.label("leads_to"),
                Track.funding,
                Track.amount_uah,
                Track.eligibility,
                Track.barriers,
                Track.specialities,
            )
            .outerjoin(Programme, Programme.listing_id == Listing.id)
            .outerjoin(Course, Course.listing_id == Listing.id)
            .outerjoin(Track, Track.listing_id == Listing.id)
            .where(public(), Listing.state != "closed")
            .order_by(Listing.state, Listing.title_key, Listing.id)
        )
    }
    for listing_id, year, kind, places, price, stamps in session.execute(
        select(
            Offer.listing_id, Offer.year, Offer.offer_type, Offer.budget_places, Offer.price_uah, Offer.stamps
        ).order_by(Offer.year.desc(), Offer.id)
    ):
        row = rows.get(listing_id)
        if row is not None:
            row.offers.append((year, kind, places, price))
            row.offer_stamp = row.offer_stamp or stamps.get("offer")
    for listing_id, route in session.execute(select(EntryRoute.listing_id, EntryRoute.route)):
        if listing_id in rows:
            rows[listing_id].routes.append(route)
    for listing_id, skill in session.execute(select(ListingSkill.listing_id, ListingSkill.skill_key)):
        if listing_id in rows:
            rows[listing_id].skills.append(skill)
    for listing_id, profession, basis in session.execute(
        select(ListingProfession.listing_id, ListingProfession.profession_key, ListingProfession.basis)
    ):
        if listing_id in rows:
            rows[listing_id].professions.append((profession, basis))
    _add_access(session, list(rows.values()))
    return list(rows.values())


def _add_access(session: Session, rows: Sequence[Row]) -> None:
    told: dict[int, dict[str, str]] = {}
    for institution_id, topic, answer in session.execute(
        select(PlaceFact.institution_id, PlaceFact.topic, PlaceFact.answer)
    ):
        if topic in _ACCESS:
            told.setdefault(institution_id, {})[_ACCESS[topic]] = answer
    for row in rows:
        if row.institution_id is not None:
            row.access = told.get(row.institution_id, {})
