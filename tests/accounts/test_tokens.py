"""Whatever is handed out, it opens what is its own owner's, of its own kind, and nothing else."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applicant_portal.accounts import keys, queries, service, sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, OTHER_PASSWORD, PASSWORD, CountingHasher, come

PEOPLE = ("a@knu.example", "b@knu.example", "c@lnu.example")
KINDS = ("session", "ticket", "key")
Handed = list[tuple[str, str, int]]


def hand_out(database: Database, passwords: Passwords, whose: int, kind: str) -> tuple[str, str, int]:
    """(token, kind, whose it is: a person's number, an institution's for a key)."""
    email = PEOPLE[whose]
    if kind == "session":
        token = sessions.sign_in(database, passwords, email=email, password=PASSWORD, agent="", now=NOW)
        assert token is not None
        return token, kind, person_id(database, email)
    with database.write() as session:
        if kind == "ticket":
            asked = service.ask_reset(session, email, now=NOW)
            assert asked is not None
            assert asked.token is not None
            return asked.token, kind, asked.person_id
        institution = 1 if whose < 2 else 2
        return (
            keys.make_key(session, institution, "k", ["read"], by=COMMAND, now=NOW).shown,
            kind,
            institution,
        )


def person_id(database: Database, email: str) -> int:
    with database.read() as session:
        person = queries.person_by_email(session, email)
    assert person is not None
    return person.id


def opened(database: Database, token: str) -> dict[str, int]:
    """What a token opens: kind -> whose."""
    found = {}
    person = sessions.person_of(database, token, NOW + timedelta(minutes=5))
    if person is not None:
        found["session"] = person.id
    with database.read() as session:
        ticket = queries.ticket(session, token, NOW)
        key = keys.key_of(session, token)
    if ticket is not None:
        assert ticket[0].person_id == ticket[1].id
        found["ticket"] = ticket[1].id
    if key is not None:
        found["key"] = key.institution_id
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(KINDS)), min_size=1, max_size=8),
    flip=st.integers(0, 10_000),
)
def test_a_token_of_one_person_never_opens_anything_of_another(
    database: Database, acts: list[tuple[int, str]], flip: int
) -> None:
    passwords = Passwords(CountingHasher())
    for number, email in enumerate(PEOPLE):
        come(database, passwords, email, 1 if number < 2 else 2)
    handed: Handed = [hand_out(database, passwords, *act) for act in acts]
    for token, kind, whose in handed:
        found = opened(database, token)
        # A newer ticket takes the place of an older one; whatever opens is its owner's.
        assert found == {kind: whose} or (kind == "ticket" and found == {})
        at = flip % len(token)
        for wrong in (
            token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :],
            token + "=",
            token[:-1],
            token.swapcase(),
            f" {token}",
        ):
            assert opened(database, wrong) == {}
    newest = next((one for one in reversed(handed) if one[1] == "ticket"), None)
    if newest is not None:
        others = [one for one in handed if one[1] == "session" and one[2] != newest[2]]
        assert service.accept(database, passwords, token=newest[0], password=OTHER_PASSWORD, now=NOW)
        for token, _, whose in others:
            assert opened(database, token) == {"session": whose}
        # For the next example, which signs in with the first password.
        for email in PEOPLE:
            with database.write() as session:
                asked = service.ask_reset(session, email, now=NOW)
            assert asked is not None
            assert service.accept(database, passwords, token=asked.token or "", password=PASSWORD, now=NOW)


@pytest.mark.parametrize("token", ["", "0" * 64, "' OR 1=1 --", "я" * 43, "\ud800", "%", "x" * 100_000])
def test_what_is_no_token_opens_nothing(database: Database, passwords: Passwords, token: str) -> None:
    come(database, passwords, PEOPLE[0])
    assert opened(database, token) == {}
