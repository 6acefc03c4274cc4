"""Keeping listings: what a person of an institution, its key or the cluster's staff does with them.

Sessions come in, the caller commits. Every function answers None for a listing that is none of the actor's:
for the actor there is no such listing. A listing that is to change was found `to_change`. A published listing
changes live at once; there is no second state of "changes not yet published".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.workspace import changing, comparing, making, parts, representation, stamping
from applicant_portal.workspace.batches import Batch, Pen, within
from applicant_portal.workspace.idempotency import Answer, answer_of, keep_answer
from applicant_portal.workspace.loading import Page, find, find_all, listings
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import Gaps
from applicant_portal.workspace.representation import gaps
from applicant_portal.workspace.undoing import Undone, undo

__all__ = [
    "Answer",
    "Batch",
    "By",
    "Changed",
    "Page",
    "Undone",
    "answer_of",
    "change",
    "close",
    "confirm",
    "copy",
    "find",
    "find_all",
    "gaps",
    "history",
    "keep_answer",
    "listings",
    "make",
    "publish",
    "reopen",
    "undo",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Changed:
    """`fields`: names of what differs now ("title", "offers.12.price_uah"). `batch`: what to undo, None when
    nothing differed."""

    fields: Sequence[str]
    batch: str | None


def change(
    session: Session,
    by: By,
    listing: Listing,
    wanted: Mapping[str, Any],
    now: datetime,
    batch: Batch | None = None,
) -> Changed | None:
    """Make the listing say what `wanted` says: a representation as `representation.shown` gives it, or a part
    of one. Only what differs is read, checked and stamped.

    Raises `BadValue` (all of them in its `all`) for a value that cannot be, an unknown field, or one that is
    read only and differs; `SameProgramme` when it would become another one. Then nothing has changed, unless
    the caller commits in spite of it: a half-changed listing is rolled back.
    """
    if not by.may(listing.kind, listing.institution_id):
        return None
    read = comparing.compare(session, listing, wanted)
    if read.nothing:
        return Changed((), None)
    with within(session, batch, now) as own:
        pen = Pen(session, by, own.id, now, apart=own.apart)
        names = changing.put(session, listing, read, pen)
        own.touch(listing, now, was_public=False)
    return Changed(names, own.id)


def make(
    session: Session,
    by: By,
    institution: Institution | None,
    kind: str,
    wanted: Mapping[str, Any],
    now: datetime,
    batch: Batch | None = None,
) -> Listing | None:
    """A new draft, of the institution (a course or a track may have none). Raises `BadValue`, and
    `SameProgramme` for one that is there already."""
    if not by.may(kind, institution.id if institution is not None else None):
        return None
    with within(session, batch, now) as own:
        pen = Pen(session, by, own.id, now, apart=own.apart)
        return making.make(session, institution, kind, wanted, pen)


def copy(
    session: Session,
    by: By,
    listing: Listing,
    wanted: Mapping[str, Any],
    now: datetime,
    batch: Batch | None = None,
) -> Listing | None:
    """A new draft that says what `listing` says, but for what `wanted` says otherwise; it needs at least a
    title of its own. Offers, prices and dates stay behind. Raises as `make` does."""
    if not by.may(listing.kind, listing.institution_id):
        return None
    says = making.copied(listing, wanted)
    return make(session, by, listing.institution, listing.kind, says, now, batch)


def publish(
    session: Session, by: By, listing: Listing, now: datetime, batch: Batch | None = None
) -> Changed | None:
    """Show it to the public. Raises `Gaps` when something is missing that people cannot do without."""
    if not by.may(listing.kind, listing.institution_id):
        return None
    if listing.visibility != "published" and (missing := gaps(listing)):
        raise Gaps(missing)
    return _show(session, by, listing, "published", now, batch)


def withdraw(
    session: Session, by: By, listing: Listing, now: datetime, batch: Batch | None = None
) -> Changed | None:
    """Hide it from the public; nothing is lost, and it can be published again."""
    if not by.may(listing.kind, listing.institution_id):
        return None
    return _show(session, by, listing, "withdrawn", now, batch)


def close(
    session: Session, by: By, listing: Listing, now: datetime, batch: Batch | None = None
) -> Changed | None:
    """Admission is over: it stays on the site, and comes last in a search."""
    return change(session, by, listing, {"fields": {"state": "closed"}}, now, batch)


def reopen(
    session: Session, by: By, listing: Listing, now: datetime, batch: Batch | None = None
) -> Changed | None:
    """Admission goes on."""
    return change(session, by, listing, {"fields": {"state": "running"}}, now, batch)


def confirm(
    session: Session,
    by: By,
    right: Iterable[Listing],
    now: datetime,
    batch: Batch | None = None,
) -> Changed | None:
    """«Усе це правильно станом на сьогодні»: every known field of these listings stands on the actor's word
    of today, whatever it stood on. Those that are none of the actor's stay as they are; None when all are."""
    own_listings = [one for one in right if by.may(one.kind, one.institution_id)]
    if not own_listings:
        return None
    names: list[str] = []
    with within(session, batch, now) as own:
        pen = Pen(session, by, own.id, now)
        for listing in sorted(own_listings, key=lambda one: one.id):
            if _confirm(listing, pen):
                own.touch(listing, now, was_public=False)
                names.append(listing.id)
    return Changed(names, own.id if names else None)


def institutions(session: Session, ids: Collection[int]) -> Sequence[Institution]:
    """Those of these numbers that there are, by name."""
    return session.scalars(
        select(Institution).where(Institution.id.in_(sorted(ids))).order_by(Institution.name_key)
    ).all()


def history(session: Session, by: By, listing_id: str, limit: int = 500) -> Sequence[ListingChange] | None:
    """What was changed in the listing, newest first. Beside its fields: "made", "visibility", "slug" and
    "confirmed" of the part "listing", and "offer" of an offer that came or went."""
    if session.scalar(select(Listing.id).where(Listing.id == listing_id, by.keeps())) is None:
        return None
    return session.scalars(
        select(ListingChange)
        .where(ListingChange.listing_id == listing_id, ListingChange.field.not_in(sorted(parts.COMPUTED)))
        .order_by(ListingChange.id.desc())
        .limit(limit)
    ).all()


def _show(
    session: Session, by: By, listing: Listing, visibility: str, now: datetime, batch: Batch | None
) -> Changed:
    before = listing.visibility
    if before == visibility:
        return Changed((), None)
    with within(session, batch, now) as own:
        listing.visibility = visibility
        Pen(session, by, own.id, now).note(listing.id, parts.LISTING, "visibility", before, visibility)
        own.touch(listing, now, was_public=before == "published")
    return Changed(("visibility",), own.id)


def _confirm(listing: Listing, pen: Pen) -> bool:
    """Stamp what is known; True when that says anything new."""
    stamp = pen.by.stamp(listing.institution, pen.today)
    before = parts.dumped(listing.stamps)
    stamping.note_confirmed(listing, representation.known_by_group(listing), stamp)
    changed = parts.dumped(listing.stamps) != before
    changing.pen_stamps(pen, listing, parts.LISTING, before)
    for offer in listing.offers:
        stood = parts.dumped(offer.stamps)
        stamping.note_confirmed(offer, representation.known_of_offer(offer), stamp)
        changed |= parts.dumped(offer.stamps) != stood
        changing.pen_stamps(pen, offer, parts.offer_part(offer), stood)
    if changed:
        pen.note(listing.id, parts.LISTING, "confirmed", None, pen.today)
    return changed
