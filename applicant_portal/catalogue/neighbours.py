"""Listings that are named beside another one, on its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, null, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Institution, Listing, ListingSkill, Programme, Track
from applicant_portal.catalogue.queries import public


class Neighbour(NamedTuple):
    """What a page says of another listing in a line beside its own: the institution of a programme, the sum
    of a track."""

    kind: str
    slug: str
    title: str
    title_en: str | None
    city: str | None
    provider: str | None
    institution: str | None = None
    amount_uah: int | None = None

    def title_in(self, lang: str) -> str:
        return (self.title_en if lang == "en" else None) or self.title

    @property
    def path(self) -> str:
        return f"/{self.kind}s/{self.slug}"


# Ids are found and sorted first, from the indexes alone, and the few lines read afterwards. On PostgreSQL,
# among 20,000 listings, that took 3 ms instead of 27.
_LINE = (
    Listing.id,
    Listing.kind,
    Listing.slug,
    Listing.title,
    Listing.title_en,
    Listing.city,
    Listing.provider,
)
_LISTED = Listing.id.in_(bindparam("ids", expanding=True))
_LINES: Mapping[str, Select[*tuple[Any, ...]]] = {
    "programme": select(*_LINE, func.coalesce(func.nullif(Institution.short_name, ""), Institution.name))
    .outerjoin(Institution, Institution.id == Listing.institution_id)
    .where(_LISTED),
    "course": select(*_LINE).where(_LISTED),
    "track": select(*_LINE, null(), Track.amount_uah)
    .outerjoin(Track, Track.listing_id == Listing.id)
    .where(_LISTED),
}
_LIMIT = bindparam("limit", type_=Integer)
_OTHER = Listing.id != bindparam("listing_id")


def _neighbours(session: Session, kind: str, ids: Sequence[str]) -> list[Neighbour]:
    """A line for each of the listings, which are of one kind, in their order."""
    if not ids:
        return []
    lines = {row[0]: Neighbour(*row[1:]) for row in session.execute(_LINES[kind], {"ids": ids})}
    # One may have gone between the two statements.
    return [lines[listing_id] for listing_id in ids if listing_id in lines]


@dataclass(frozen=True, slots=True)
class _CityFirst:
    """Programmes in order, those of one city before all others.

    A statement for each of the two: the index on listings holds those of a city in order, so that the first
    few are found without a look at the rest.
    """

    same_city: Select[str]
    no_city: Select[str]
    elsewhere: Select[str]

    @classmethod
    def of(cls, *which: ColumnElement[bool]) -> Self:
        ids = (
            select(Listing.id)
            .join(Programme, Programme.listing_id == Listing.id)
            .where(Listing.kind == "programme", public(), *which)
            .order_by(Listing.state, Listing.title_key, Listing.id)
            .limit(_LIMIT)
        )
        city = bindparam("city", type_=Listing.city.type)
        return cls(
            ids.where(Listing.city == city),
            ids.where(Listing.city.is_(None)),
            ids.where(Listing.city.is_distinct_from(city)),
        )

    def find(
        self, session: Session, city: str | None, limit: int, values: Mapping[str, Any]
    ) -> list[Neighbour]:
        asked = {**values, "city": city, "limit": limit}
        near = self.no_city if city is None else self.same_city
        ids = list(session.scalars(near, asked))
        if len(ids) < limit:
            ids += session.scalars(self.elsewhere, {**asked, "limit": limit - len(ids)})
        return _neighbours(session, "programme", ids)


_PEERS = _CityFirst.of(
    _OTHER,
    Listing.state != "closed",
    Programme.speciality == bindparam("speciality"),
    Programme.degree == bindparam("degree"),
)
_PEERS_OF_NO_DEGREE = _CityFirst.of(
    _OTHER,
    Listing.state != "closed",
    Programme.speciality == bindparam("speciality"),
    Programme.degree.is_(None),
)
_RUNNING_OF = _CityFirst.of(
    Listing.state == "running", Programme.speciality.in_(bindparam("specialities", expanding=True))
)
_SHARING_SKILLS = (
    select(Listing.id)
    .join(ListingSkill, ListingSkill.listing_id == Listing.id)
    .where(Listing.kind == bindparam("kind"), public(), Listing.state != "closed", _OTHER)
    .where(ListingSkill.skill_key.in_(bindparam("skills", expanding=True)))
    .group_by(Listing.id)
    .order_by(func.count().desc(), Listing.state, Listing.title_key, Listing.id)
    .limit(_LIMIT)
)
_RUNNING_TRACKS = (
    select(Listing.id)
    .where(Listing.kind == "track", public(), Listing.state == "running", _OTHER)
    .order_by(Listing.title_key, Listing.id)
    .limit(_LIMIT)
)


def similar_programmes(session: Session, listing: Listing, limit: int = 5) -> list[Neighbour]:
    """Other programmes of the same speciality and degree, those of the same city first."""
    programme = listing.programme
    if programme is None or programme.speciality is None:
        return []
    peers = _PEERS_OF_NO_DEGREE if programme.degree is None else _PEERS
    values = {
        "listing_id": listing.id,
        "speciality": programme.speciality,
        "degree": programme.degree,
    }
    return peers.find(session, listing.city, limit, values)


def similar_by_skills(session: Session, listing: Listing, limit: int = 5) -> list[Neighbour]:
    """Other listings of the same kind that share the most skills with this one."""
    keys = [item.skill_key for item in listing.skills]
    if not keys:
        return []
    asked = {"listing_id": listing.id, "kind": listing.kind, "skills": keys, "limit": limit}
    return _neighbours(session, listing.kind, session.scalars(_SHARING_SKILLS, asked).all())


def other_tracks(session: Session, listing: Listing, limit: int = 6) -> list[Neighbour]:
    """The other veterans' paths that run, by title."""
    asked = {"listing_id": listing.id, "limit": limit}
    return _neighbours(session, "track", session.scalars(_RUNNING_TRACKS, asked).all())


def programmes_of(
    session: Session, specialities: Sequence[str], city: str, limit: int = 6
) -> list[Neighbour]:
    """Running programmes of these specialities, those of `city` first."""
    return _RUNNING_OF.find(session, city, limit, {"specialities": list(specialities)})
