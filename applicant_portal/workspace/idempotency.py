"""Answers kept for programs: the same request under the same key is answered the same and changes once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from applicant_portal.workspace.models import IdempotentAnswer
from applicant_portal.workspace.refusals import KeyReused

KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: HTTP status, body and ETag."""

    status: int
    body: str
    etag: str | None = None


def answer_of(session: Session, owner: str, key: str, request_hash: str, now: datetime) -> Answer | None:
    """What was answered under the key, or None: it is new, or older than `KEPT_FOR`. Raises `KeyReused` when
    it was another request.

    To be asked first in the transaction that changes: until that ends, the same key waits here on PostgreSQL
    (SQLite writers are alone already), so that of two at once the second finds the first one's answer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{owner} {key}", 0))))
    row = session.scalar(
        select(IdempotentAnswer).where(
            IdempotentAnswer.owner == owner,
            IdempotentAnswer.key == key,
            IdempotentAnswer.made_at >= now - KEPT_FOR,
        )
    )
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise KeyReused(key)
    return Answer(row.status, row.body, row.etag)


def keep_answer(
    session: Session, owner: str, key: str, request_hash: str, answer: Answer, now: datetime
) -> None:
    """Keep what is answered, in the transaction of the change; the owner's old answers go."""
    session.execute(
        delete(IdempotentAnswer)
        .where(IdempotentAnswer.owner == owner, IdempotentAnswer.made_at < now - KEPT_FOR)
        .execution_options(synchronize_session=False)
    )
    session.add(
        IdempotentAnswer(
            owner=owner,
            key=key,
            request_hash=request_hash,
            status=answer.status,
            body=answer.body,
            etag=answer.etag,
            made_at=now,
        )
    )
    session.flush()
