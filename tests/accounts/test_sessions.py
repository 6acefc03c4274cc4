"""Signing in, staying signed in, signing out."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from applicant_portal.accounts import queries, service, sessions, tokens
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import Person, SignInSession
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.accounts.sessions import AT_MOST, NOTED_EVERY, UNUSED_FOR
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, PASSWORD, CountingHasher, come, trail

EMAIL = "owner@knu.example"


def sign_in(
    database: Database,
    passwords: Passwords,
    email: str = EMAIL,
    password: str = PASSWORD,
    now: datetime = NOW,
    agent: str = "Firefox",
) -> str | None:
    return sessions.sign_in(database, passwords, email=email, password=password, agent=agent, now=now)


def whose(database: Database, token: str, now: datetime = NOW) -> int | None:
    person = sessions.person_of(database, token, now)
    return None if person is None else person.id


def kept(database: Database, token: str) -> SignInSession:
    with database.read() as session:
        found = session.get(SignInSession, tokens.hashed(token))
    assert found is not None
    return found


@pytest.fixture
def person(database: Database, passwords: Passwords) -> Person:
    return come(database, passwords, EMAIL)


@pytest.fixture
def token(database: Database, passwords: Passwords, person: Person) -> str:
    made = sign_in(database, passwords)
    assert made is not None
    return made


def test_whoever_signs_in_is_known_by_the_token(database: Database, person: Person, token: str) -> None:
    assert whose(database, token) == person.id
    assert len(token) == 43
    assert trail(database)[-1] == (f"person:{person.id}", "signed_in", f"person:{person.id}", None)


def test_the_table_holds_no_token(database: Database, token: str) -> None:
    with database.read() as session:
        rows = session.execute(select(SignInSession.__table__)).all()
    assert len(rows) == 1
    assert token not in repr(rows)
    assert whose(database, tokens.hashed(token)) is None, "what is in the table opens nothing"


def test_unknown_wrong_disabled_and_not_yet_come_are_refused_alike_after_the_same_work(
    database: Database, passwords: Passwords, hasher: CountingHasher, person: Person
) -> None:
    disabled = come(database, passwords, "gone@knu.example")
    with database.write() as session:
        service.invite(session, "invited@knu.example", 1, "editor", by=COMMAND, now=NOW)
        service.disable(session, disabled.id, by=COMMAND, now=NOW)
    for email, password in (
        ("nobody@knu.example", PASSWORD),
        (EMAIL, "не той пароль зовсім"),
        ("gone@knu.example", PASSWORD),
        ("invited@knu.example", PASSWORD),
        ("", ""),
    ):
        before, lines, hashed = hasher.verified, len(trail(database)), hasher.hashed
        assert sign_in(database, passwords, email, password) is None
        assert hasher.verified == before + 1
        assert hasher.hashed == hashed
        assert [line[:2] for line in trail(database)[lines:]] == [("nobody", "sign_in_refused")]
    before = hasher.verified
    assert sign_in(database, passwords) is not None
    assert hasher.verified == before + 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_a_hash_of_older_parameters_is_made_anew_when_its_owner_signs_in(
    database: Database, passwords: Passwords, person: Person
) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with database.write() as session:
        session.execute(update(Person).values(password_hash=old))
    assert sign_in(database, passwords) is not None
    with database.read() as session:
        now_kept = session.scalar(select(Person.password_hash))
    assert now_kept is not None
    assert now_kept != old
    assert not passwords.is_outdated(now_kept)
    assert sign_in(database, passwords) is not None


def test_a_session_that_is_not_used_ends_after_fourteen_days(database: Database, token: str) -> None:
    assert timedelta(days=14) == UNUSED_FOR
    assert whose(database, token, NOW + UNUSED_FOR) is None
    assert whose(database, token, NOW + UNUSED_FOR - timedelta(seconds=1)) is not None


def test_one_that_is_used_slides_on_and_ends_after_ninety_days(database: Database, token: str) -> None:
    assert timedelta(days=90) == AT_MOST
    at = NOW
    while at + timedelta(days=13) < NOW + AT_MOST:
        at += timedelta(days=13)
        assert whose(database, token, at) is not None
    assert kept(database, token).expires_at == NOW + AT_MOST
    assert whose(database, token, NOW + AT_MOST - timedelta(seconds=1)) is not None
    assert whose(database, token, NOW + AT_MOST) is None


def test_that_it_was_used_is_written_at_most_once_an_hour(database: Database, token: str) -> None:
    for minutes in (1, 30, 59):
        assert whose(database, token, NOW + timedelta(minutes=minutes)) is not None
        assert kept(database, token).seen_at == NOW
    later = NOW + NOTED_EVERY
    whose(database, token, later)
    assert kept(database, token).seen_at == later
    assert kept(database, token).expires_at == later + UNUSED_FOR


def test_signing_out_ends_this_session_only(database: Database, passwords: Passwords, token: str) -> None:
    other = sign_in(database, passwords)
    assert other is not None
    for _ in range(2):
        with database.write() as session:
            sessions.sign_out(session, token, NOW)
    assert whose(database, token) is None
    assert whose(database, other) is not None
    assert [line[1] for line in trail(database)].count("signed_out") == 1


def test_whoever_is_disabled_is_out_at_once(database: Database, person: Person, token: str) -> None:
    with database.write() as session:
        service.disable(session, person.id, by=COMMAND, now=NOW)
    assert whose(database, token) is None


def test_sessions_are_listed_to_their_owner_and_ended_by_nobody_else(
    database: Database, passwords: Passwords, person: Person, token: str
) -> None:
    stranger = come(database, passwords, "stranger@lnu.example", 2)
    there = sign_in(database, passwords, agent="x" * 500)
    assert there is not None
    with database.read() as session:
        mine = queries.sessions_of(session, person.id, token, NOW)
        assert queries.sessions_of(session, stranger.id, token, NOW) == []
    assert {one.is_this_one for one in mine} == {True, False}
    handle = next(one.handle for one in mine if not one.is_this_one)
    assert max(len(one.agent) for one in mine) == sessions.LONGEST_AGENT
    with database.write() as session:
        assert not sessions.end(session, stranger.id, handle, NOW)
        assert not sessions.end(session, person.id, "", NOW)
        assert not sessions.end(session, person.id, "%", NOW)
    assert whose(database, there) is not None
    with database.write() as session:
        assert sessions.end(session, person.id, handle, NOW)
    assert whose(database, there) is None
    assert whose(database, token) is not None


def test_all_others_can_be_ended_at_once(
    database: Database, passwords: Passwords, person: Person, token: str
) -> None:
    others = [sign_in(database, passwords) for _ in range(3)]
    with database.write() as session:
        assert sessions.end_all(session, person.id, NOW, but=token) == 3
    assert all(other and whose(database, other) is None for other in others)
    assert whose(database, token) == person.id


def test_what_has_expired_goes_when_somebody_signs_in(
    database: Database, passwords: Passwords, token: str
) -> None:
    assert sign_in(database, passwords, now=NOW + UNUSED_FOR) is not None
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 1
