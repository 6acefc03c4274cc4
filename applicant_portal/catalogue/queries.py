"""Reading the catalogue. Every query says what it loads; the public sees published listings only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from applicant_portal.catalogue.models import (
    FormerSlug,
    Institution,
    Listing,
    ListingProfession,
    ListingSkill,
    Offer,
    Programme,
)

BATCH = 500


def parts() -> list[ORMOption]:
    """The institution and the part of each kind."""
    return [
        joinedload(Listing.institution),
        joinedload(Listing.programme),
        joinedload(Listing.course),
        joinedload(Listing.track),
    ]


def _everything() -> list[ORMOption]:
    """All that a page or a search document says of a listing."""
    return [
        joinedload(Listing.institution).options(
            selectinload(Institution.aliases), selectinload(Institution.place_facts)
        ),
        joinedload(Listing.programme),
        joinedload(Listing.course),
        joinedload(Listing.track),
        selectinload(Listing.routes),
        selectinload(Listing.offers).options(selectinload(Offer.subjects), selectinload(Offer.results)),
        selectinload(Listing.results),
        selectinload(Listing.skills).joinedload(ListingSkill.skill),
        selectinload(Listing.professions).joinedload(ListingProfession.profession),
    ]


def public() -> ColumnElement[bool]:
    """What the public may see."""
    return Listing.visibility == "published"


def listing(session: Session, listing_id: str) -> Listing | None:
    """A published listing with all its parts, by id."""
    return session.scalar(select(Listing).where(Listing.id == listing_id, public()).options(*_everything()))


def listing_id(session: Session, kind: str, slug: str) -> str | None:
    """The id of a published listing, by the address of its page."""
    return session.scalar(select(Listing.id).where(Listing.kind == kind, Listing.slug == slug, public()))


def current_slug(session: Session, kind: str, slug: str) -> str | None:
    """Where a former address leads now: the slug in force, or None.

    Former slugs keep the id of a listing, or of an institution as text.
    """
    target = session.scalar(select(FormerSlug.target).where(FormerSlug.kind == kind, FormerSlug.slug == slug))
    if target is None:
        return None
    if kind == "university":
        return session.scalar(select(Institution.slug).where(Institution.id == int(target)))
    return session.scalar(select(Listing.slug).where(Listing.id == target, public()))


def searchable(session: Session, listing_ids: Sequence[str]) -> list[Listing]:
    """Those of the listings that the public may find, whole."""
    return list(
        session.scalars(select(Listing).where(Listing.id.in_(listing_ids), public()).options(*_everything()))
    )


def count_searchable(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Listing).where(public())) or 0


def published_ids(session: Session) -> list[str]:
    """Ids of all published listings, in order."""
    return list(session.scalars(select(Listing.id).where(public()).order_by(Listing.id)))


def has_listings(session: Session) -> bool:
    return session.scalar(select(Listing.id).limit(1)) is not None


def is_synthetic(session: Session) -> bool:
    """Whether the catalogue holds made-up listings for measurements."""
    return session.scalar(select(Listing.id).where(Listing.origin == "synthetic").limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """Live counts of the home page."""

    programmes: int
    institutions: int
    courses: int
    tracks: int
    by_speciality: dict[str, int]


def counts(session: Session) -> Counts:
    """How much there is to find."""
    by_kind = select(Listing.kind, func.count()).where(public()).group_by(Listing.kind)
    kinds = {kind: total for kind, total in session.execute(by_kind)}  # noqa: C416 (typed rows)
    institutions = session.scalar(
        select(func.count(func.distinct(Listing.institution_id))).where(Listing.kind == "programme", public())
    )
    by_speciality = {
        code: total
        for code, total in session.execute(
            select(Programme.speciality, func.count())
            .join(Listing, Listing.id == Programme.listing_id)
            .where(public(), Programme.speciality.is_not(None))
            .group_by(Programme.speciality)
        )
        if code is not None
    }
    return Counts(
        kinds.get("programme", 0),
        institutions or 0,
        kinds.get("course", 0),
        kinds.get("track", 0),
        by_speciality,
    )


def cities(session: Session) -> list[str]:
    """Every city of a published listing."""
    return list(
        session.scalars(
            select(Listing.city).where(public(), Listing.city.is_not(None)).distinct().order_by(Listing.city)
        )
    )
