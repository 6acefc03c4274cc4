"""The audit trail: lines are added and read, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.accounts.models import AuditEntry

NOBODY = "nobody"


def note(
    session: Session,
    now: datetime,
    actor: str,
    act: str,
    subject: str,
    institution_id: int | None = None,
    **detail: Any,
) -> None:
    """Add a line in the transaction of the act: one does not stand without the other."""
    session.add(
        AuditEntry(
            at=now, actor=actor, act=act, subject=subject, institution_id=institution_id, detail=detail
        )
    )


def of_institution(session: Session, institution_id: int, most: int = 100) -> Sequence[AuditEntry]:
    """What was done for an institution, newest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.institution_id == institution_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(most)
    ).all()
