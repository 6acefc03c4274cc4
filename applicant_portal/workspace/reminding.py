"""Letters to the members of an institution in whose published listings something has aged.

What is due is asked by the same rule as on the first page of the workspace (`nudges`), where the letter
leads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applicant_portal.accounts import reminders
from applicant_portal.accounts.mail import Mailer
from applicant_portal.accounts.models import AccessRequest, Membership, Person, Reminder
from applicant_portal.catalogue.models import Institution
from applicant_portal.kit.db import Database
from applicant_portal.kit.i18n import Lang
from applicant_portal.workspace import nudges
from applicant_portal.workspace.policy import By

GIVE_UP_AFTER = 3
"""Letters in a row that could not be sent: then it is the mail server, and the others keep their turn."""


@dataclass(frozen=True, slots=True)
class House:
    """An institution, and in how many of its published listings each thing is due."""

    name: str
    due: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Letter:
    """To one person, about all their institutions. `lang`: the one they once asked for access in."""

    person_id: int
    email: str
    lang: Lang
    houses: list[House]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Letters that went out and that did not; `left`: not tried any more, they keep their turn."""

    sent: int
    failed: int
    left: int


def letters(session: Session, now: datetime) -> list[Letter]:
    """Whom a letter may go to now, and what it would say."""
    lang = (
        select(AccessRequest.lang)
        .where(AccessRequest.email == Person.email)
        .order_by(AccessRequest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Person.id, Person.email, func.coalesce(lang, "uk").label("lang"), Institution)
        .join(Membership, Membership.person_id == Person.id)
        .join(Institution, Institution.id == Membership.institution_id)
        .outerjoin(Reminder, Reminder.person_id == Person.id)
        .where(Person.password_hash.is_not(None), Person.disabled.is_(False), reminders.may_go(now))
        .order_by(Person.id, Institution.name_key)
    ).all()
    houses = {row.Institution.id: row.Institution for row in rows}
    due = {number: _due(session, number, now.date()) for number in sorted(houses)}
    found: dict[int, Letter] = {}
    for row in rows:
        if counts := due[row.Institution.id]:
            letter = found.setdefault(
                row.id, Letter(row.id, row.email, "en" if row.lang == "en" else "uk", [])
            )
            letter.houses.append(House(row.Institution.display_name, counts))
    return list(found.values())


def send(database: Database, mailer: Mailer, now: datetime) -> Outcome:
    """Send them. Each is noted before it goes: whoever is killed in between writes to nobody twice."""
    with database.read() as session:
        waiting = letters(session, now)
    sent = failed = in_a_row = 0
    for number, letter in enumerate(waiting):
        if in_a_row == GIVE_UP_AFTER:
            return Outcome(sent, failed, len(waiting) - number)
        with database.write() as session:
            mine = reminders.take_turn(session, letter.person_id, now)
        if not mine:
            continue
        if mailer.reminder(letter.email, letter.houses, now.year, letter.lang):
            sent, in_a_row = sent + 1, 0
        else:
            failed, in_a_row = failed + 1, in_a_row + 1
    return Outcome(sent, failed, 0)


def _due(session: Session, institution_id: int, today: date) -> dict[str, int]:
    by = By("command", frozenset({institution_id}))
    found = nudges.nudges(session, by, today, most=len(nudges.DUE))
    # A draft misleads nobody.
    return {one.due: one.count for one in found if one.due != "draft"}
