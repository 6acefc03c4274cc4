"""Who is what of an institution, and requests for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from applicant_portal.accounts import actor, queries, service
from applicant_portal.accounts.actor import COMMAND, Actor
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.accounts.service import LastOwner
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, come, trail


def remove(database: Database, person_id: int, institution_id: int = 1) -> bool:
    with database.write() as session:
        return service.remove_member(session, person_id, institution_id, by=COMMAND, now=NOW)


def ask(database: Database, institution_id: int | None = 1, text: str = "") -> int:
    with database.write() as session:
        return service.ask_access(
            session,
            institution_id=institution_id,
            institution_text=text,
            email="new@knu.example",
            message="Ми з приймальної.",
            lang="uk",
            now=NOW,
        )


def test_the_last_owner_cannot_be_removed_nor_made_an_editor(
    database: Database, passwords: Passwords
) -> None:
    owner = come(database, passwords, "owner@knu.example")
    editor = come(database, passwords, "editor@knu.example", role="editor")
    with pytest.raises(LastOwner):
        remove(database, owner.id)
    with pytest.raises(LastOwner):
        come(database, passwords, "owner@knu.example", role="editor")
    assert remove(database, editor.id)
    second = come(database, passwords, "second@knu.example")
    assert remove(database, owner.id)
    with pytest.raises(LastOwner):
        remove(database, second.id)


def test_an_owner_who_cannot_sign_in_does_not_count(database: Database, passwords: Passwords) -> None:
    owner = come(database, passwords, "owner@knu.example")
    gone = come(database, passwords, "gone@knu.example")
    with database.write() as session:
        service.invite(session, "invited@knu.example", 1, "owner", by=COMMAND, now=NOW)
        service.disable(session, gone.id, by=COMMAND, now=NOW)
    with pytest.raises(LastOwner):
        remove(database, owner.id)


def test_two_owners_who_remove_each_other_at_once_leave_one(database: Database, passwords: Passwords) -> None:
    both = [come(database, passwords, f"{name}@knu.example") for name in ("a", "b")]
    together = Barrier(2)

    def out(person_id: int) -> bool:
        together.wait()
        try:
            return remove(database, person_id)
        except LastOwner:
            return False

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(out, [one.id for one in both])) == [False, True]
    with database.read() as session:
        assert len(queries.members(session, 1)) == 1


@pytest.mark.parametrize("known", [False, True])
def test_two_invitations_of_one_address_at_once_make_one_person_and_one_member(
    database: Database, known: bool
) -> None:
    if known:
        with database.write() as session:
            service.invite(session, "new@knu.example", 2, "editor", by=COMMAND, now=NOW)
    for role, email in (("editor", "new@knu.example"), ("owner", "newer@knu.example")):
        together = Barrier(4)

        def invite(_: int, role: str = role, email: str = email, together: Barrier = together) -> str:
            together.wait()
            with database.write() as session:
                invited = service.invite(session, email, 1, role, by=COMMAND, now=NOW)
            assert invited.token is not None
            return invited.token

        with ThreadPoolExecutor(4) as hands:
            tokens = list(hands.map(invite, range(4)))
        with database.read() as session:
            found = [(one.email, one.role) for one in queries.members(session, 1) if one.email == email]
            assert found == [(email, role)]
            # As after invitations one by one the newest ticket alone works.
            assert sum(queries.ticket(session, token, NOW) is not None for token in tokens) == 1


def test_whoever_is_no_member_cannot_be_removed(database: Database, passwords: Passwords) -> None:
    owner = come(database, passwords, "owner@knu.example")
    assert not remove(database, owner.id, 2)
    assert not remove(database, owner.id + 1000)


def test_members_are_listed_owners_first(database: Database, passwords: Passwords) -> None:
    come(database, passwords, "b@knu.example", role="editor")
    come(database, passwords, "c@knu.example")
    come(database, passwords, "d@lnu.example", 2)
    with database.write() as session:
        service.invite(session, "a@knu.example", 1, "editor", by=COMMAND, now=NOW)
    with database.read() as session:
        found = [(one.email, one.role, one.has_come) for one in queries.members(session, 1)]
    assert found == [
        ("c@knu.example", "owner", True),
        ("a@knu.example", "editor", False),
        ("b@knu.example", "editor", True),
    ]


def test_an_actor_acts_for_its_institutions_alone(database: Database, passwords: Passwords) -> None:
    person = come(database, passwords, "owner@knu.example")
    with database.read() as session:
        one = actor.of_person(person, queries.roles(session, person.id))
    assert (one.owns(1), one.edits(1), one.owns(2), one.edits(2)) == (True, True, False, False)
    assert one.label == f"person:{person.id}"
    assert not Actor().edits(1)
    assert COMMAND.owns(2)


def test_a_role_or_an_institution_that_there_is_not_is_refused(database: Database) -> None:
    for institution_id, role in ((1, "staff"), (1, "king"), (None, "owner")):
        with database.write() as session, pytest.raises(ValueError, match=r"institution|role"):
            service.invite(session, "x@knu.example", institution_id, role, by=COMMAND, now=NOW)


def test_an_accepted_request_becomes_an_invitation_and_is_answered_once(
    database: Database, passwords: Passwords
) -> None:
    staff = come(database, passwords, "staff@portal.example")
    by = Actor(person=staff, is_staff=True)
    number = ask(database)
    with database.read() as session:
        assert [one.id for one in queries.open_requests(session)] == [number]
    with database.write() as session:
        invited = service.answer_request(session, number, accept=True, by=by, now=NOW)
    assert invited is not None
    assert invited.token is not None
    assert (invited.email, invited.institution_id) == ("new@knu.example", 1)
    with database.write() as session:
        assert service.answer_request(session, number, accept=True, by=by, now=NOW) is None
    with database.read() as session:
        assert queries.open_requests(session) == []
        assert queries.roles(session, invited.person_id) == {1: "owner"}
    assert trail(database)[-2:] == [
        (f"person:{staff.id}", "access_accepted", f"request:{number}", 1),
        (f"person:{staff.id}", "invited", f"person:{invited.person_id}", 1),
    ]


def test_a_refused_request_invites_nobody(database: Database) -> None:
    number = ask(database)
    with database.write() as session:
        assert service.answer_request(session, number, accept=False, by=COMMAND, now=NOW) is None
    with database.read() as session:
        assert queries.person_by_email(session, "new@knu.example") is None


def test_a_request_in_free_text_needs_an_institution_before_it_is_accepted(database: Database) -> None:
    number = ask(database, None, "Новий заклад")
    with database.write() as session, pytest.raises(ValueError, match="institution"):
        service.answer_request(session, number, accept=True, by=COMMAND, now=NOW)
    with database.write() as session:
        assert service.answer_request(session, number, accept=True, by=COMMAND, now=NOW, institution_id=2)


def test_only_staff_who_can_sign_in_are_told_of_requests(database: Database, passwords: Passwords) -> None:
    come(database, passwords, "staff@portal.example")
    with database.write() as session:
        for email in ("staff@portal.example", "later@portal.example"):
            service.invite(session, email, None, "staff", by=COMMAND, now=NOW)
    with database.read() as session:
        assert queries.staff_addresses(session) == ["staff@portal.example"]
