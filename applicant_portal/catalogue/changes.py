"""What changed in the catalogue, for those who keep a copy: read off the log that the search follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Listing, OutboxEntry


@dataclass(frozen=True, slots=True)
class Change:
    """A listing was changed (read it anew) or withdrawn (take it out) at a time. `path` is its page, also
    where nobody can open it any more."""

    position: int
    listing_id: str
    kind: str
    withdrawn: bool
    at: datetime
    path: str


def oldest(session: Session) -> OutboxEntry | None:
    """The first entry that the log still has."""
    return session.scalar(select(OutboxEntry).order_by(OutboxEntry.position).limit(1))


def first_since(session: Session, since: datetime) -> int | None:
    """The position of the first entry written at `since` or later, None when there is none."""
    return session.scalar(select(func.min(OutboxEntry.position)).where(OutboxEntry.written_at >= since))


def after(session: Session, position: int, limit: int) -> tuple[Sequence[Change], int | None]:
    """The changes of the next `limit` entries after a position of the log, oldest first, each listing once,
    at its newest place among them; and the position that was read up to, None at the end of the log. A draft
    that nobody has seen is no change."""
    entries = session.execute(
        select(
            OutboxEntry.position,
            OutboxEntry.listing_id,
            OutboxEntry.written_at,
            Listing.kind,
            Listing.slug,
            Listing.visibility,
        )
        .join(Listing, Listing.id == OutboxEntry.listing_id)
        .where(OutboxEntry.position > position, Listing.visibility != "draft")
        .order_by(OutboxEntry.position)
        .limit(limit)
    ).all()
    newest = {entry.listing_id: entry for entry in entries}
    read_up_to = entries[-1].position if len(entries) == limit else None
    return [
        Change(
            entry.position,
            entry.listing_id,
            entry.kind,
            entry.visibility == "withdrawn",
            entry.written_at,
            f"/{entry.kind}s/{entry.slug}",
        )
        for entry in sorted(newest.values(), key=lambda entry: entry.position)
    ], read_up_to
