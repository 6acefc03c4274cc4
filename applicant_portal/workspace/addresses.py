"""The address of a listing whose title changed: the rule of importers.slugs, for one listing."""

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from applicant_portal.catalogue import naming
from applicant_portal.catalogue.models import FormerSlug, Listing

_LOCK = 0x51A6  # any fixed number: those who give addresses take turns on PostgreSQL


def assign(session: Session, listing: Listing) -> None:
    """Give the listing the address that its title asks for; the one it had redirects from now on."""
    institution = listing.institution
    house = (institution.short_name or institution.name) if institution is not None else None
    if house is None and listing.kind == "course":
        house = listing.provider
    bases = [naming.slug(listing.title, house)]
    degree = listing.programme.degree if listing.programme is not None else None
    if degree:
        bases.append(naming.slug(listing.title, house, degree.replace("_", "-")))
    _take_turns(session)
    move(session, listing, _first_free(session, listing, bases))


def is_free(session: Session, listing: Listing, slug: str) -> bool:
    """Whether the listing may have the address: nobody has it, and nobody else had it before."""
    with session.no_autoflush:
        holder = session.scalar(select(Listing.id).where(Listing.kind == listing.kind, Listing.slug == slug))
        former = session.get(FormerSlug, (listing.kind, slug))
    return holder in (None, listing.id) and (former is None or former.target == listing.id)


def move(session: Session, listing: Listing, slug: str) -> None:
    """Put the listing at a free address. A former address of its own may come back to it."""
    old: str | None = listing.slug
    if old == slug:
        return
    with session.no_autoflush:
        former = session.get(FormerSlug, (listing.kind, slug))
        if former is not None:
            session.delete(former)
        # A draft has had no visitors, but its address may stand in a message between colleagues.
        if old and session.get(FormerSlug, (listing.kind, old)) is None:
            session.add(FormerSlug(kind=listing.kind, slug=old, target=listing.id))
    listing.slug = slug
    session.flush()


def _first_free(session: Session, listing: Listing, bases: Iterable[str]) -> str:
    last = ""
    for last in bases:
        if is_free(session, listing, last):
            return last
    head, tail = last[: naming.SLUG_LENGTH - 20], listing.id[2:6]
    slug, number = naming.slug(head, tail), 2
    while not is_free(session, listing, slug):
        slug, number = naming.slug(head, tail, str(number)), number + 1
    return slug


def _take_turns(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
