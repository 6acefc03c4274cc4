"""Reading institutions: the list of those that teach IT, one page, the register for re-users."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.catalogue.queries import parts, public


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """An institution with the number of its published programmes and other listings."""

    institution: Institution
    programmes: int
    others: int


def institutions_with_listings(session: Session) -> list[InstitutionRow]:
    """Institutions that teach IT: those with listings, and those our own reading put in the catalogue."""
    programmes = func.count(Listing.id).filter(Listing.kind == "programme")
    others = func.count(Listing.id).filter(Listing.kind != "programme")
    rows = session.execute(
        select(Institution, programmes, others)
        .outerjoin(Listing, and_(Listing.institution_id == Institution.id, public()))
        .group_by(Institution.id)
        .having(or_(func.count(Listing.id) > 0, Institution.origin == "portal"))
        .order_by(Institution.name_key)
    )
    return [InstitutionRow(*row) for row in rows]


def institution_page(session: Session, slug: str) -> Institution | None:
    """An institution with its names and place facts."""
    return session.scalar(
        select(Institution)
        .where(Institution.slug == slug)
        .options(
            selectinload(Institution.aliases),
            selectinload(Institution.place_facts),
            selectinload(Institution.former_ids),
        )
    )


def listings_of_institution(session: Session, institution_id: int) -> list[Listing]:
    """Its published listings with their parts and offers, running ones first."""
    return list(
        session.scalars(
            select(Listing)
            .where(Listing.institution_id == institution_id, public())
            .order_by(Listing.kind.desc(), Listing.title_key, Listing.id)
            .options(*parts())
        )
    )


def institutions(
    session: Session, *, region: str | None, city: str | None, name: str | None, page: int, per_page: int
) -> tuple[int, list[Institution]]:
    """(how many, one page of them): institutions of a region or a city, or whose folded name holds the
    folded `name`, in alphabetical order."""
    where = [
        condition
        for condition in (
            Institution.region == region if region else None,
            Institution.city == city if city else None,
            Institution.folded_name.contains(name, autoescape=True) if name else None,
        )
        if condition is not None
    ]
    total = session.scalar(select(func.count()).select_from(Institution).where(*where)) or 0
    rows = session.scalars(
        select(Institution)
        .where(*where)
        .order_by(Institution.name_key, Institution.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return total, list(rows)


def names_of_listed(session: Session) -> dict[str, str]:
    """EDEBO id -> the short name of every institution with published listings."""
    rows = session.execute(
        select(Institution.edebo_id, func.coalesce(Institution.short_name, Institution.name))
        .join(Listing, and_(Listing.institution_id == Institution.id, public()))
        .where(Institution.edebo_id.is_not(None))
        .distinct()
    )
    return {edebo_id: name for edebo_id, name in rows if edebo_id is not None}
