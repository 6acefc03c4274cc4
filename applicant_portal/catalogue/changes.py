"""What changed in the catalogue, for those who keep a copy: read off the log that the search follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import KINDS, Listing, OutboxEntry

_KINDS = {kind[0]: kind for kind in KINDS}
# The workspace keeps the history and stands above; only what it says of being shown is asked here.
_HISTORY = table("listing_changes", column("listing_id"), column("field"), column("before"), column("after"))
_PUBLISHED = '"published"'


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


def oldest(session: Session) -> int | None:
    """The position of the first entry that the log still has."""
    return session.scalar(select(func.min(OutboxEntry.position)))


def first_since(session: Session, since: datetime) -> int | None:
    """The position of the first entry written at `since` or later, None when there is none."""
    return session.scalar(select(func.min(OutboxEntry.position)).where(OutboxEntry.written_at >= since))


def after(session: Session, position: int, limit: int) -> tuple[Sequence[Change], int, bool]:
    """The changes of the next `limit` entries after a position of the log, oldest first, each listing once,
    at its newest place among them; the position that was read up to, and whether there is more. A draft that
    nobody has seen is no change; one that was shown and is a draft again, or is no more, is withdrawn."""
    entries = session.execute(
        select(
            OutboxEntry.position,
            OutboxEntry.listing_id,
            OutboxEntry.written_at,
            Listing.slug,
            Listing.visibility,
        )
        .outerjoin(Listing, Listing.id == OutboxEntry.listing_id)
        .where(
            OutboxEntry.position > position,
            or_(Listing.visibility.in_(("published", "withdrawn")), _was_shown()),
        )
        .order_by(OutboxEntry.position)
        .limit(limit + 1)
    ).all()
    more = len(entries) > limit
    entries = entries[:limit]
    newest = {entry.listing_id: entry for entry in entries}
    return (
        [
            Change(
                entry.position,
                entry.listing_id,
                kind := _KINDS[entry.listing_id[0]],
                entry.visibility != "published",
                entry.written_at,
                f"/{kind}s/{entry.slug or entry.listing_id}",
            )
            for entry in sorted(newest.values(), key=lambda entry: entry.position)
        ],
        entries[-1].position if entries else position,
        more,
    )


def _was_shown() -> ColumnElement[bool]:
    """Whether the listing of the entry was public once, by its history."""
    return exists().where(
        _HISTORY.c.listing_id == OutboxEntry.listing_id,
        _HISTORY.c.field == "visibility",
        or_(
            cast(_HISTORY.c.before, Text) == _PUBLISHED,
            cast(_HISTORY.c.after, Text) == _PUBLISHED,
        ),
    )
