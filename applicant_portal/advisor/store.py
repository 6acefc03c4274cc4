"""Answers under a code. Every statement names its owner: there is no other way to a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import PathEvent, Questionnaire
from recommender.schema import Answers

KEPT_FOR = timedelta(days=90)
MOST_HIDDEN = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept under one code."""

    answers: Answers
    passed: frozenset[str]
    hidden: frozenset[str]
    moved: Mapping[str, Any]
    consent: bool
    expires_on: date


def begin(session: Session, owner: str, today: date) -> None:
    """A new, empty questionnaire; those that have expired go."""
    session.execute(delete(Questionnaire).where(Questionnaire.expires_on < today))
    session.add(
        Questionnaire(
            code_hash=owner,
            answers={},
            passed=[],
            hidden=[],
            moved={},
            consent=False,
            changed_on=today,
            expires_on=today + KEPT_FOR,
        )
    )


def find(session: Session, owner: str, today: date, *, to_change: bool = False) -> Kept | None:
    """What is kept, or None: no such code, erased or expired. Who reads it `to_change` it has it alone until
    the transaction ends: what is saved is all of it, so what another page changes meanwhile would be lost,
    and a consent taken back would be there again."""
    wanted = select(Questionnaire).where(Questionnaire.code_hash == owner, Questionnaire.expires_on >= today)
    row = session.scalar(wanted.with_for_update() if to_change else wanted)
    if row is None:
        return None
    return Kept(
        answers={question: tuple(values) for question, values in row.answers.items()},
        passed=frozenset(row.passed),
        hidden=frozenset(row.hidden),
        moved=row.moved,
        consent=row.consent,
        expires_on=row.expires_on,
    )


def save(session: Session, owner: str, kept: Kept, today: date) -> None:
    """Keep what changed, and all of it `KEPT_FOR` from now."""
    session.execute(
        update(Questionnaire)
        .where(Questionnaire.code_hash == owner)
        .values(
            answers={question: list(values) for question, values in kept.answers.items()},
            passed=sorted(kept.passed),
            hidden=sorted(kept.hidden)[:MOST_HIDDEN],
            moved=dict(kept.moved),
            consent=kept.consent,
            changed_on=today,
            expires_on=today + KEPT_FOR,
        )
    )
    if not kept.consent:
        session.execute(delete(PathEvent).where(PathEvent.code_hash == owner))


def erase(session: Session, owner: str) -> None:
    """Everything under the code goes at once."""
    session.execute(delete(PathEvent).where(PathEvent.code_hash == owner))
    session.execute(delete(Questionnaire).where(Questionnaire.code_hash == owner))


def note(session: Session, owner: str, kind: str, places: Iterable[tuple[str, int]], today: date) -> None:
    """Note that listings were shown, opened or hidden at their places, unless that was noted today. To be
    called with the owner's consent only."""
    known = {
        (listing_id, position)
        for listing_id, position in session.execute(
            select(PathEvent.listing_id, PathEvent.position).where(
                PathEvent.code_hash == owner, PathEvent.kind == kind, PathEvent.day == today
            )
        )
    }
    rows = [
        {"code_hash": owner, "listing_id": listing_id, "kind": kind, "position": position, "day": today}
        for listing_id, position in places
        if (listing_id, position) not in known
    ]
    if rows:
        session.execute(insert(PathEvent), rows)
