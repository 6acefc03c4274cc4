"""What is worth doing today: listings in which something is due, and what it is.

The rule is one function of a listing and the day (`due`); counts and narrowed lists ask it of every listing
of the actor's that could be concerned, so a count is always that of the list behind it. The cluster's staff
see the whole catalogue, but are asked only for what no institution keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast, get_args

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.documents import main_offer
from applicant_portal.catalogue.facts import Stamps
from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.workspace import representation
from applicant_portal.workspace.loading import whole
from applicant_portal.workspace.policy import By

Due = Literal["offer", "price", "stale", "draft"]
DUE: tuple[Due, ...] = get_args(Due)
"""In the order of what a reader of the site misses most: this year's admission, a price that is of no year,
facts that have aged; a draft misleads nobody."""

SOON = timedelta(days=14)
"""Facts that will have aged by then are worth confirming now."""
_NEAREST = 100
_OF_LISTING = (
    Listing.id, Listing.title, Listing.visibility, Listing.state, Listing.stamps, Listing.price_uah,
    Listing.price_year, Listing.city, Listing.format,
)  # fmt: skip
_OF_OFFER = (
    Offer.id, Offer.listing_id, Offer.year, Offer.entry_base, Offer.offer_type, Offer.licence_volume,
    Offer.stamps,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nudge:
    """A thing to do: in how many listings, and the id and title of one to begin with. Of drafts that is the
    one nearest to being complete, and `gaps` says how many fields it still needs to be published."""

    due: Due
    count: int
    first: str
    title: str
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """As much of a listing as the rule looks at."""

    id: str
    title: str
    visibility: str
    state: str
    stamps: Stamps
    price_uah: int | None
    price_year: int | None
    city: str | None
    format: str | None
    offers: Sequence[Offer]


def due(listing: Listing | Seen, today: date) -> list[Due]:
    """What is due in a listing whose offers are loaded."""
    if listing.visibility != "published":
        return ["draft"] if listing.visibility == "draft" else []
    found: list[Due] = []
    years = {offer.year for offer in listing.offers}
    # A closed programme is not expected to admit; nor is one that did not admit last year.
    if listing.state != "closed" and today.year - 1 in years and max(years) < today.year:
        found.append("offer")
    # What is free needs no year.
    if listing.price_uah and listing.price_year is None:
        found.append("price")
    if not are_fresh(listing, today + SOON):
        found.append("stale")
    return found


def are_fresh(listing: Listing | Seen, day: date) -> bool:
    """Whether all that is known of it stands on words that are fresh on that day: of its record, its price,
    its place and its main offer. Whoever mends one field has not spoken of the others."""
    groups = ["record"]
    if listing.price_uah is not None:
        groups.append("price")
    if listing.city or listing.format:
        groups.append("place")
    words = [listing.stamps.get(group) for group in groups]
    if (offer := main_offer(listing.offers)) is not None:
        words.append(offer.stamps.get("offer"))
    return all(word is not None and word.age(day) == "fresh" for word in words)


def nudges(session: Session, by: By, today: date, most: int = 3) -> list[Nudge]:
    """At most so many, the weightiest first."""
    concerned: dict[Due, list[Seen]] = {one: [] for one in DUE}
    for listing in _public(session, by):
        for one in due(listing, today):
            concerned[one].append(listing)
    found = [Nudge(one, len(rows), rows[0].id, rows[0].title) for one, rows in concerned.items() if rows]
    if len(found) < most and (draft := _nearest_draft(session, by)) is not None:
        found.append(draft)
    return found[:most]


def those(session: Session, by: By, wanted: Due, today: date) -> ColumnElement[bool]:
    """The actor's listings in which this is due, to be asked for."""
    if wanted == "draft":
        return and_(_own(by), Listing.visibility == "draft")
    ids = [listing.id for listing in _public(session, by) if wanted in due(listing, today)]
    return Listing.id.in_(ids)


def _own(by: By) -> ColumnElement[bool]:
    return Listing.institution_id.is_(None) if by.institutions is None else by.keeps()


def _public(session: Session, by: By) -> list[Seen]:
    """In the order of the list, as plain rows: there may be thousands, and a page waits for them."""
    own = (_own(by), Listing.visibility == "published")
    offers: dict[str, list[Offer]] = {}
    asked = select(*_OF_OFFER).join(Listing, Offer.listing_id == Listing.id).where(*own)
    for row in session.execute(asked):
        # A row reads as the offer that it is of.
        offers.setdefault(row.listing_id, []).append(cast("Offer", row))
    rows = session.execute(select(*_OF_LISTING).where(*own).order_by(Listing.title_key, Listing.id))
    return [Seen(*row, offers.get(row.id, ())) for row in rows]


def _nearest_draft(session: Session, by: By) -> Nudge | None:
    """Of those that somebody worked on last, the one with the fewest gaps; how many drafts there are."""
    drafts = and_(_own(by), Listing.visibility == "draft")
    ids = session.scalars(
        select(Listing.id).where(drafts).order_by(Listing.updated_at.desc(), Listing.id)
    ).all()
    newest = list(ids[:_NEAREST])
    found = session.scalars(select(Listing).where(Listing.id.in_(newest)).options(*whole())).all()
    if not found:
        return None
    gaps = {one.id: len(representation.gaps(one)) for one in found}
    first = min(found, key=lambda one: (gaps[one.id], newest.index(one.id)))
    return Nudge("draft", len(ids), first.id, first.title, gaps[first.id])
