"""After the catalogue was replaced as a whole, its search indexes must find it in full, wherever they stand
and however far they have followed the log of before."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Listing, OutboxEntry
from applicant_portal.kit import tables
from applicant_portal.kit.db import Base

LOG = Base.metadata.tables[OutboxEntry.__tablename__]


def mentioned_ids(session: Session) -> set[str]:
    """Every listing that an index of this catalogue may hold: those there are, and those of the log."""
    return {*session.scalars(select(Listing.id)), *session.scalars(select(OutboxEntry.listing_id).distinct())}


def publish_again(session: Session, replaced: Iterable[str], past: int, now: datetime) -> None:
    """Note every listing once more, higher in the log than any index can have read.

    `replaced` are the ids of the catalogue that was there before (an index must let go of them), `past` the
    highest position that either of the two logs has given. Hidden listings are noted too: an index may hold
    them from a time when they were not.
    """
    tables.number_after(session.connection(), LOG, past)
    outbox.publish(session, sorted({*replaced, *mentioned_ids(session)}), now)
