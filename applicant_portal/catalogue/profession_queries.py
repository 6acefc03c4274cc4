"""Reading professions, and the listings that lead to them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from applicant_portal.catalogue.models import Listing, ListingProfession, Profession, ProfessionSkill
from applicant_portal.catalogue.queries import public


def professions(session: Session) -> list[Profession]:
    """All professions in alphabetical order, with their skills."""
    return list(
        session.scalars(
            select(Profession)
            .order_by(Profession.title_key)
            .options(selectinload(Profession.skills).joinedload(ProfessionSkill.skill))
        )
    )


def profession(session: Session, key: str) -> Profession | None:
    return session.scalar(
        select(Profession)
        .where(Profession.key == key)
        .options(selectinload(Profession.skills).joinedload(ProfessionSkill.skill))
    )


def listings_of_profession(session: Session, key: str, kind: str, limit: int) -> list[Listing]:
    """Published listings that lead to a profession, Kharkiv and running ones first."""
    return list(
        session.scalars(
            select(Listing)
            .join(ListingProfession, ListingProfession.listing_id == Listing.id)
            .where(ListingProfession.profession_key == key, Listing.kind == kind, public())
            .where(Listing.state != "closed")
            .order_by(Listing.state, (Listing.city == "Харків").desc(), Listing.title_key, Listing.id)
            .limit(limit)
            .options(joinedload(Listing.institution), joinedload(Listing.programme))
        )
    )


def count_of_profession(session: Session, key: str, kind: str) -> int:
    """How many published listings of a kind lead to a profession."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Listing)
            .join(ListingProfession, ListingProfession.listing_id == Listing.id)
            .where(ListingProfession.profession_key == key, Listing.kind == kind, public())
            .where(Listing.state != "closed")
        )
        or 0
    )
