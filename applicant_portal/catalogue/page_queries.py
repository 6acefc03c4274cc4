"""What the page of a listing says, read in a few plain statements."""

from collections import defaultdict

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from applicant_portal.catalogue.models import (
    AdmissionResult,
    EntryRoute,
    Listing,
    ListingProfession,
    ListingSkill,
    Offer,
    OfferSubject,
    PlaceFact,
    Profession,
    Skill,
)
from applicant_portal.catalogue.queries import public

# Statements of a listing's page are made once, and what hangs on the listing is read with a plain one each:
# selectinload() makes its own anew for every request, which took 2 ms.
_PARTS = {"programme": Listing.programme, "course": Listing.course, "track": Listing.track}
_PAGE = {
    kind: select(Listing)
    .where(Listing.kind == kind, Listing.slug == bindparam("slug"), public())
    .options(joinedload(Listing.institution), joinedload(part))
    for kind, part in _PARTS.items()
}
_OWN: BindParameter[str] = bindparam("listing_id")
_ROUTES = select(EntryRoute).where(EntryRoute.listing_id == _OWN).order_by(EntryRoute.route)
_OFFERS = select(Offer).where(Offer.listing_id == _OWN).order_by(Offer.year.desc(), Offer.id)
_SUBJECTS = (
    select(OfferSubject)
    .join(Offer, Offer.id == OfferSubject.offer_id)
    .where(Offer.listing_id == _OWN)
    .order_by(OfferSubject.position)
)
_RESULTS = (
    select(AdmissionResult)
    .where(AdmissionResult.listing_id == _OWN)
    .order_by(AdmissionResult.year.desc(), AdmissionResult.id)
)
_SKILLS = (
    select(ListingSkill)
    .where(ListingSkill.listing_id == _OWN)
    .order_by(ListingSkill.position)
    .options(joinedload(ListingSkill.skill).load_only(Skill.name_uk, Skill.name_en, raiseload=True))
)
_PROFESSIONS = (
    select(ListingProfession)
    .where(ListingProfession.listing_id == _OWN)
    .order_by(ListingProfession.profession_key)
    .options(
        joinedload(ListingProfession.profession).load_only(
            Profession.title_uk, Profession.title_en, raiseload=True
        )
    )
)
_PLACE_FACTS = (
    select(PlaceFact).where(PlaceFact.institution_id == bindparam("institution_id")).order_by(PlaceFact.topic)
)


def listing_page(session: Session, kind: str, slug: str) -> Listing | None:
    """A published listing with what its page shows, by the page's address.

    Routes, subjects, results and place facts come with programmes only.
    """
    found = session.scalar(_PAGE[kind], {"slug": slug})
    if found is None:
        return None
    for other in _PARTS.keys() - {kind}:
        set_committed_value(found, other, None)
    own = {"listing_id": found.id}
    set_committed_value(found, "offers", session.scalars(_OFFERS, own).all())
    set_committed_value(found, "skills", session.scalars(_SKILLS, own).all())
    set_committed_value(found, "professions", session.scalars(_PROFESSIONS, own).all())
    if kind == "programme":
        _load_admission(session, found)
    return found


def _load_admission(session: Session, found: Listing) -> None:
    own = {"listing_id": found.id}
    set_committed_value(found, "routes", session.scalars(_ROUTES, own).all())
    set_committed_value(found, "results", session.scalars(_RESULTS, own).all())
    if found.offers:
        subjects = defaultdict(list)
        for subject in session.scalars(_SUBJECTS, own):
            subjects[subject.offer_id].append(subject)
        for offer in found.offers:
            set_committed_value(offer, "subjects", subjects[offer.id])
    if found.institution is not None:
        facts = session.scalars(_PLACE_FACTS, {"institution_id": found.institution_id})
        set_committed_value(found.institution, "place_facts", facts.all())
