"""Whether somebody wants letters about what has aged, and when the last one went."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from applicant_portal.accounts import audit
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import Reminder

EVERY = timedelta(days=30)
"""Nobody is written to more often."""


def wanted(session: Session, person_id: int) -> bool:
    """Whether the person wants such letters: everybody does who has not said no."""
    return session.scalar(select(Reminder.wanted).where(Reminder.person_id == person_id)) is not False


def choose(session: Session, person_id: int, *, wanted: bool, now: datetime) -> None:
    """Say yes or no to them."""
    statement = _insert(session).values(person_id=person_id, wanted=wanted, sent_at=None)
    session.execute(
        statement.on_conflict_do_update(index_elements=[Reminder.person_id], set_={"wanted": wanted})
    )
    label = f"person:{person_id}"
    audit.note(session, now, label, "reminders_on" if wanted else "reminders_off", label)


def may_go(now: datetime) -> ColumnElement[bool]:
    """Of somebody's row, which may be missing: a letter may go to them now."""
    return or_(
        Reminder.person_id.is_(None),
        and_(Reminder.wanted, or_(Reminder.sent_at.is_(None), Reminder.sent_at <= now - EVERY)),
    )


def take_turn(session: Session, person_id: int, now: datetime) -> bool:
    """Note that a letter goes to the person now; False when none may. The statement itself decides which of
    two senders at once is the first. To be committed before the letter goes: better none than two."""
    statement = _insert(session).values(person_id=person_id, wanted=True, sent_at=now)
    mine = session.scalar(
        statement.on_conflict_do_update(
            index_elements=[Reminder.person_id], set_={"sent_at": now}, where=may_go(now)
        ).returning(Reminder.person_id)
    )
    if mine is None:
        return False
    audit.note(session, now, COMMAND.label, "reminded", f"person:{person_id}")
    return True


def _insert(session: Session) -> postgresql.Insert | sqlite.Insert:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(Reminder) if on_postgresql else sqlite.insert(Reminder)
