"""A searchable change travels with its outbox row in the same transaction.

The indexer reads the log by position, so positions must become visible in the order they were handed out.
SQLite has one writer at a time. On PostgreSQL an advisory lock, held to the end of the transaction, lets
those who write to the log take turns: without it a row committed late would be skipped for ever. Write the
log last in a transaction, so that the turn is short.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import OutboxEntry, SetAside

_LOCK = 0x0B0C  # any fixed number; shared by all who write to the log


def publish(session: Session, listing_ids: Iterable[str], now: datetime) -> None:
    """Note that these listings changed (or are gone). The commit of the session makes it known."""
    rows = [{"listing_id": listing_id, "written_at": now} for listing_id in dict.fromkeys(listing_ids)]
    if not rows:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    session.execute(insert(OutboxEntry), rows)
    session.info["announce"] = True


def mark(session: Session) -> int:
    """The position of the newest entry, 0 when the log is empty."""
    return session.scalar(select(func.max(OutboxEntry.position))) or 0


def after(session: Session, position: int, limit: int) -> Sequence[OutboxEntry]:
    """The next entries after `position`, oldest first."""
    return session.scalars(
        select(OutboxEntry).where(OutboxEntry.position > position).order_by(OutboxEntry.position).limit(limit)
    ).all()


def continues(session: Session, position: int) -> bool:
    """Whether an index at `position` can go on from the log: what follows is still there, and the position is
    one of this log."""
    oldest = session.scalar(select(func.min(OutboxEntry.position)))
    return oldest is None or oldest - 1 <= position <= mark(session)


def prune(session: Session, before: datetime) -> int:
    """Delete entries written before `before`, but the newest: it tells where the log is. An index that has
    not taken them by then is built anew."""
    newest = select(func.max(OutboxEntry.position)).scalar_subquery()
    result = session.execute(
        delete(OutboxEntry).where(OutboxEntry.written_at < before, OutboxEntry.position < newest)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def note_taken(
    session: Session, engine: str, taken: Collection[str], refused: Mapping[str, str], now: datetime
) -> None:
    """Set the listings aside that `engine` could not take (listing -> reason), and those no more that it
    took."""
    touched = [*taken, *refused]
    session.execute(delete(SetAside).where(SetAside.engine == engine, SetAside.listing_id.in_(touched)))
    for listing_id, reason in refused.items():
        session.add(SetAside(engine=engine, listing_id=listing_id, reason=reason, noted_at=now))


def set_aside(session: Session, engine: str) -> Sequence[SetAside]:
    """What `engine` could not take, newest first."""
    return session.scalars(
        select(SetAside).where(SetAside.engine == engine).order_by(SetAside.noted_at.desc())
    ).all()
