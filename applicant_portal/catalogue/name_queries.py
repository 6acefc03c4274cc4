"""Reading what things are called, a few columns of every row: for suggestions while somebody types."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import (
    Institution,
    InstitutionAlias,
    Listing,
    ListingProfession,
    Profession,
)
from applicant_portal.catalogue.queries import public

ROWS_AT_ONCE = 500


class ListingName(NamedTuple):
    """A published listing by its title, and what tells it from others of the same title."""

    kind: str
    slug: str
    title: str
    title_en: str | None
    state: str
    provider: str | None
    institution_id: int | None


class InstitutionName(NamedTuple):
    """An institution by its names in the register; what else people call it is in `aliases`."""

    id: int
    slug: str
    name: str
    short_name: str | None
    name_en: str | None
    city: str | None


class ProfessionName(NamedTuple):
    """A profession by its names, with the number of published listings that lead to it."""

    key: str
    title_uk: str
    title_en: str
    aliases: Sequence[str]
    listings: int


def listings(session: Session) -> Iterator[ListingName]:
    """Read while they are used: all at once would be a second copy of every title."""
    columns = (getattr(Listing, name) for name in ListingName._fields)
    rows = session.execute(select(*columns).where(public()).execution_options(yield_per=ROWS_AT_ONCE))
    return (ListingName(*row) for row in rows)


def listings_of_institutions(session: Session) -> dict[int, int]:
    """Institution -> its published listings; none where it has none."""
    rows = session.execute(
        select(Listing.institution_id, func.count())
        .where(public(), Listing.institution_id.is_not(None))
        .group_by(Listing.institution_id)
    )
    return {institution: count for institution, count in rows if institution is not None}


def institutions(session: Session) -> list[InstitutionName]:
    columns = (getattr(Institution, name) for name in InstitutionName._fields)
    return [InstitutionName(*row) for row in session.execute(select(*columns))]


def aliases(session: Session) -> list[tuple[int, str]]:
    """(institution, what it is also called), in the order in which the catalogue names them."""
    rows = session.execute(
        select(InstitutionAlias.institution_id, InstitutionAlias.alias).order_by(InstitutionAlias.id)
    )
    return [(owner, alias) for owner, alias in rows]


def professions(session: Session) -> list[ProfessionName]:
    leading = (
        select(ListingProfession.profession_key, func.count().label("listings"))
        .join(Listing, Listing.id == ListingProfession.listing_id)
        .where(public())
        .group_by(ListingProfession.profession_key)
        .subquery()
    )
    rows = session.execute(
        select(
            Profession.key,
            Profession.title_uk,
            Profession.title_en,
            Profession.aliases,
            func.coalesce(leading.c.listings, 0),
        ).outerjoin(leading, leading.c.profession_key == Profession.key)
    )
    return [ProfessionName(*row) for row in rows]
