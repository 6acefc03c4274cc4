"""Invitations and new passwords: a link that works once, and not for long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from applicant_portal.accounts import queries, service, sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import Person, Ticket
from applicant_portal.accounts.passwords import Passwords, WeakPassword
from applicant_portal.accounts.service import INVITATION_FOR, RESET_FOR, Invitation
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, OTHER_PASSWORD, PASSWORD, come, trail

EMAIL = "owner@knu.example"


def invite(
    database: Database, email: str = EMAIL, institution_id: int = 1, role: str = "owner"
) -> Invitation:
    with database.write() as session:
        return service.invite(session, email, institution_id, role, by=COMMAND, now=NOW)


def reset(database: Database, email: str = EMAIL) -> str | None:
    with database.write() as session:
        asked = service.ask_reset(session, email, now=NOW)
    return None if asked is None else asked.token


def signs_in(database: Database, passwords: Passwords, password: str) -> str | None:
    return sessions.sign_in(database, passwords, email=EMAIL, password=password, agent="", now=NOW)


def test_an_invitation_makes_a_member_who_sets_a_password_once(
    database: Database, passwords: Passwords
) -> None:
    invited = invite(database)
    assert invited.token is not None
    with database.read() as session:
        assert queries.roles(session, invited.person_id) == {1: "owner"}
    assert service.accept(database, passwords, token=invited.token, password=PASSWORD, now=NOW)
    assert signs_in(database, passwords, PASSWORD) is not None
    assert not service.accept(database, passwords, token=invited.token, password=OTHER_PASSWORD, now=NOW)
    assert signs_in(database, passwords, OTHER_PASSWORD) is None
    subject = f"person:{invited.person_id}"
    assert trail(database)[:2] == [
        ("command", "invited", subject, 1),
        (subject, "invitation_accepted", subject, None),
    ]


@pytest.mark.parametrize(("kind", "lasts"), [("invitation", INVITATION_FOR), ("reset", RESET_FOR)])
def test_a_ticket_works_for_its_time_only(
    database: Database, passwords: Passwords, kind: str, lasts: timedelta
) -> None:
    assert lasts == (timedelta(days=7) if kind == "invitation" else timedelta(hours=2))
    token = invite(database).token
    if kind == "reset":
        token = reset(database)
    assert token is not None
    after = NOW + lasts
    with database.read() as session:
        assert queries.ticket(session, token, after - timedelta(seconds=1)) is not None
        assert queries.ticket(session, token, after) is None
    assert not service.accept(database, passwords, token=token, password=PASSWORD, now=after)


def test_a_weak_password_is_refused_and_the_ticket_still_works(
    database: Database, passwords: Passwords
) -> None:
    token = invite(database).token
    assert token is not None
    with pytest.raises(WeakPassword):
        service.accept(database, passwords, token=token, password=EMAIL, now=NOW)
    assert service.accept(database, passwords, token=token, password=PASSWORD, now=NOW)


def test_a_new_password_ends_all_sessions_and_all_other_tickets(
    database: Database, passwords: Passwords
) -> None:
    come(database, passwords, EMAIL)
    before = signs_in(database, passwords, PASSWORD)
    token = reset(database)
    assert before is not None
    assert token is not None
    assert service.accept(database, passwords, token=token, password=OTHER_PASSWORD, now=NOW)
    assert sessions.person_of(database, before, NOW) is None
    assert signs_in(database, passwords, PASSWORD) is None
    assert signs_in(database, passwords, OTHER_PASSWORD) is not None
    with database.read() as session:
        assert session.scalars(select(Ticket).where(Ticket.used_at.is_(None))).all() == []


def test_of_one_kind_only_the_newest_ticket_works(database: Database, passwords: Passwords) -> None:
    come(database, passwords, EMAIL)
    first, second = reset(database), reset(database)
    assert first is not None
    assert second is not None
    assert not service.accept(database, passwords, token=first, password=OTHER_PASSWORD, now=NOW)
    assert service.accept(database, passwords, token=second, password=OTHER_PASSWORD, now=NOW)


def test_two_uses_at_once_set_one_password(database: Database, passwords: Passwords) -> None:
    token = invite(database).token
    assert token is not None
    together = Barrier(2)

    def use(password: str) -> bool:
        together.wait()
        return service.accept(database, passwords, token=token, password=password, now=NOW)

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(use, (PASSWORD, OTHER_PASSWORD))) == [False, True]


def test_an_unknown_or_disabled_person_gets_no_ticket_and_the_same_line(
    database: Database, passwords: Passwords
) -> None:
    gone = come(database, passwords, EMAIL)
    with database.write() as session:
        service.disable(session, gone.id, by=COMMAND, now=NOW)
    for email in (EMAIL, "nobody@knu.example"):
        assert reset(database, email) is None
        assert trail(database)[-1] == ("nobody", "reset_refused", "nobody", None)


def test_disabling_ends_a_ticket(database: Database, passwords: Passwords) -> None:
    invited = invite(database)
    with database.write() as session:
        service.disable(session, invited.person_id, by=COMMAND, now=NOW)
    assert invited.token is not None
    assert not service.accept(database, passwords, token=invited.token, password=PASSWORD, now=NOW)


def test_whoever_has_a_password_gets_the_membership_and_no_ticket(
    database: Database, passwords: Passwords
) -> None:
    person = come(database, passwords, EMAIL)
    assert invite(database, institution_id=2, role="editor").token is None
    with database.read() as session:
        assert queries.roles(session, person.id) == {1: "owner", 2: "editor"}
        assert [one.name for one in queries.memberships(session, person.id)] == ["Другий", "Перший"]


def test_changing_the_password_keeps_this_session_alone(database: Database, passwords: Passwords) -> None:
    person = come(database, passwords, EMAIL)
    here, there = signs_in(database, passwords, PASSWORD), signs_in(database, passwords, PASSWORD)
    assert here is not None
    assert there is not None

    def change(password: str, new: str) -> bool:
        return service.change_password(
            database, passwords, person, password=password, new_password=new, keep=here, now=NOW
        )

    assert not change("не той пароль зовсім", OTHER_PASSWORD)
    with pytest.raises(WeakPassword):
        change(PASSWORD, "коротко")
    assert sessions.person_of(database, there, NOW) is not None
    assert change(PASSWORD, OTHER_PASSWORD)
    assert sessions.person_of(database, here, NOW) is not None
    assert sessions.person_of(database, there, NOW) is None
    assert signs_in(database, passwords, OTHER_PASSWORD) is not None


def test_addresses_are_one_whatever_case_and_blanks(database: Database) -> None:
    assert service.address("  Vstup@KNU.Example ") == "vstup@knu.example"
    for wrong in ("", "a", "a@b", "a b@c.ua", "a@b.ua, c@d.ua", "a@b@c.ua", "a@b.ua\nBcc: x@y.ua", "@b.ua"):
        assert service.address(wrong) is None
    assert service.address("a" * 250 + "@b.ua") is None


def test_the_tables_hold_no_ticket(database: Database) -> None:
    token = invite(database).token
    assert token is not None
    with database.read() as session:
        rows = [*session.execute(select(Ticket.__table__)), *session.execute(select(Person.__table__))]
        assert token not in repr(rows)
    assert all(token not in repr(line) for line in trail(database))
