"""Mistakes that readers report, and the answers they get."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import MistakeReport

# Letters and digits that nobody mistakes for one another when read aloud or copied by hand.
CODE_ALPHABET = "abcdefghkmnpqrstuvwxyz23456789"
CODE_LENGTH = 8
TOPICS = ("price", "dates", "admission", "place", "closed", "other")
MAX_MESSAGE = 2000


def keep(
    session: Session,
    *,
    page: str,
    listing_id: str | None,
    topic: str,
    message: str,
    lang: str,
    now: datetime,
) -> str:
    """Store a report; the code under which its answer can be read."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    session.add(
        MistakeReport(
            code=code,
            page=page,
            listing_id=listing_id,
            topic=topic,
            message=message,
            lang=lang,
            created_at=now,
        )
    )
    return code


def listed(session: Session, *, everything: bool) -> Sequence[MistakeReport]:
    """Reports from the oldest on: those without an answer, or all."""
    rows = select(MistakeReport).order_by(MistakeReport.created_at, MistakeReport.code)
    if not everything:
        rows = rows.where(MistakeReport.answered_at.is_(None))
    return session.scalars(rows).all()


def find(session: Session, code: str) -> MistakeReport | None:
    return session.get(MistakeReport, code)


def answer(session: Session, code: str, text: str, now: datetime) -> bool:
    """Answer a report; False when there is none with this code."""
    report = session.get(MistakeReport, code)
    if report is None:
        return False
    report.answer = text
    report.answered_at = now
    return True
