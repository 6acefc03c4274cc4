"""Listings as the workspace needs them, asked for as a set that the actor may keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from applicant_portal.catalogue import turns
from applicant_portal.catalogue.models import Listing
from applicant_portal.catalogue.naming import sort_key
from applicant_portal.workspace.policy import By


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the set, in alphabetical order, and how many there are in all."""

    items: Sequence[Listing]
    total: int
    page: int
    per_page: int


def whole() -> list[ORMOption]:
    """All that `representation.shown` tells of a listing."""
    return [
        joinedload(Listing.institution),
        joinedload(Listing.programme),
        joinedload(Listing.course),
        joinedload(Listing.track),
        selectinload(Listing.routes),
        selectinload(Listing.offers),
        selectinload(Listing.skills),
        selectinload(Listing.professions),
    ]


def listings(
    session: Session,
    by: By,
    *,
    page: int = 1,
    per_page: int = 20,
    institution_id: int | None = None,
    kind: str | None = None,
    visibility: str | None = None,
    words: str | None = None,
    among: ColumnElement[bool] | None = None,
) -> Page:
    """The listings that the actor keeps, narrowed. `words`: a part of the title. `page` from 1."""
    wanted = select(Listing).where(by.keeps())
    if institution_id is not None:
        wanted = wanted.where(Listing.institution_id == institution_id)
    if kind is not None:
        wanted = wanted.where(Listing.kind == kind)
    if visibility is not None:
        wanted = wanted.where(Listing.visibility == visibility)
    if among is not None:
        wanted = wanted.where(among)
    if words and (key := sort_key(words)):
        wanted = wanted.where(Listing.title_key.contains(key, autoescape=True))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    order = wanted.order_by(Listing.title_key, Listing.id)
    items = session.scalars(order.limit(per_page).offset((page - 1) * per_page).options(*whole())).all()
    return Page(items, total, page, per_page)


def find(session: Session, by: By, listing_id: str, *, to_change: bool = False) -> Listing | None:
    """The listing, loaded whole, or None: there is none, or it is none of the actor's. Who reads it
    `to_change` has it alone until the transaction ends."""
    found = find_all(session, by, [listing_id], to_change=to_change)
    return found[0] if found else None


def find_all(
    session: Session, by: By, listing_ids: Sequence[str], *, to_change: bool = False
) -> list[Listing]:
    """Those of the listings that the actor keeps, in order of id: who locks many locks them all in one order,
    so that two of them never wait for each other."""
    found: list[Listing] = []
    # No id has a NUL in it, and PostgreSQL refuses to be asked for one.
    ordered = sorted({one for one in listing_ids if "\0" not in one})
    for start in range(0, len(ordered), 400):
        those = Listing.id.in_(ordered[start : start + 400]) & by.keeps()
        found += _load(session, those, to_change=to_change)
    return sorted(found, key=lambda listing: listing.id)


def _load(session: Session, those: ColumnElement[bool], *, to_change: bool) -> Sequence[Listing]:
    if to_change:
        turns.edit_beside(session)
        # The row is locked before anything is read: PostgreSQL would answer a joined row as it was before the
        # wait. SQLite has one writer at a time, and knows no such lock.
        session.execute(select(Listing.id).where(those).order_by(Listing.id).with_for_update()).all()
    wanted = select(Listing).where(those).options(*whole())
    return session.scalars(wanted.execution_options(populate_existing=True)).all()
