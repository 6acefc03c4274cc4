"""Answers under a code: whose they are, how long they stay, and what of them stands in the tables."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from applicant_portal.advisor import codes, store
from applicant_portal.advisor.store import KEPT_FOR, MOST_HIDDEN, Kept
from applicant_portal.catalogue.models import PathEvent, Questionnaire
from applicant_portal.kit.db import Database

TODAY = date(2026, 11, 26)
SECRET = "the secret of this test"
CODE, OTHER_CODE = "kx7mp2wd", "abcdefgh"
OWNER, OTHER = codes.hashed(CODE, SECRET), codes.hashed(OTHER_CODE, SECRET)
ANSWERS = {"who": ("veteran",), "roles": ("signals", "infantry"), "accessibility": ("hearing",)}


def begin(database: Database, owner: str, today: date = TODAY) -> None:
    with database.write() as session:
        store.begin(session, owner, today)


def find(database: Database, owner: str, today: date = TODAY) -> Kept | None:
    with database.read() as session:
        return store.find(session, owner, today)


def kept(database: Database, owner: str, today: date = TODAY) -> Kept:
    found = find(database, owner, today)
    assert found is not None
    return found


def change(database: Database, owner: str, today: date = TODAY, **changes: Any) -> Kept:
    with database.write() as session:
        found = store.find(session, owner, today, to_change=True)
        assert found is not None
        store.save(session, owner, replace(found, **changes), today)
    return kept(database, owner, today)


def erase(database: Database, owner: str) -> None:
    with database.write() as session:
        store.erase(session, owner)


def note(database: Database, owner: str, kind: str, *places: tuple[str, int], today: date = TODAY) -> None:
    with database.write() as session:
        store.note(session, owner, kind, places, today)


def events(database: Database) -> list[tuple[str, str, str, int, date]]:
    with database.read() as session:
        found = session.scalars(select(PathEvent).order_by(PathEvent.id))
        return [(one.code_hash, one.kind, one.listing_id, one.position, one.day) for one in found]


@pytest.fixture
def database(empty_catalogue: Database) -> Database:
    """Two questionnaires that have just begun."""
    begin(empty_catalogue, OWNER)
    begin(empty_catalogue, OTHER)
    return empty_catalogue


def test_a_new_questionnaire_is_empty_without_consent_and_stays_ninety_days(database: Database) -> None:
    nothing: frozenset[str] = frozenset()
    assert kept(database, OWNER) == Kept({}, nothing, nothing, {}, False, TODAY + KEPT_FOR)
    assert timedelta(days=90) == KEPT_FOR


def test_what_is_saved_is_found_as_it_was(database: Database) -> None:
    moved = {"question": "roles", "before": ["c-1", "p-2"]}
    saved = change(
        database, OWNER, answers=ANSWERS, passed=frozenset(("code", "data")), hidden=frozenset(("c-1",)),
        moved=moved, consent=True,
    )  # fmt: skip
    assert saved.answers == ANSWERS
    assert saved.passed == {"code", "data"}
    assert saved.hidden == {"c-1"}
    assert saved.moved == moved
    assert saved.consent


def test_nobody_is_found_under_a_code_that_nobody_has(database: Database) -> None:
    for owner in ("", "0" * 64, CODE, OWNER.upper(), OWNER + " ", f"{OWNER}' OR '1'='1", "%"):
        assert find(database, owner) is None


def test_saving_for_nobody_makes_nobody(database: Database) -> None:
    with database.write() as session:
        store.save(session, "0" * 64, kept_of(ANSWERS), TODAY)
    assert find(database, "0" * 64) is None


def kept_of(answers: dict[str, tuple[str, ...]]) -> Kept:
    return Kept(answers, frozenset(), frozenset(), {}, False, TODAY)


def test_one_owner_neither_changes_nor_erases_what_is_anothers(database: Database) -> None:
    before = change(database, OTHER, answers=ANSWERS, consent=True)
    note(database, OTHER, "shown", ("c-1", 1))
    change(database, OWNER, answers={"who": ("career",)}, hidden=frozenset(("p-9",)), consent=True)
    note(database, OWNER, "shown", ("c-1", 1))
    change(database, OWNER, consent=False)
    erase(database, OWNER)
    assert find(database, OWNER) is None
    assert kept(database, OTHER) == before
    assert events(database) == [(OTHER, "shown", "c-1", 1, TODAY)]


def test_erasing_leaves_nothing_and_erasing_twice_is_no_mistake(database: Database) -> None:
    change(database, OWNER, answers=ANSWERS, consent=True)
    note(database, OWNER, "opened", ("c-1", 2))
    for _ in range(2):
        erase(database, OWNER)
    assert find(database, OWNER) is None
    assert events(database) == []
    with database.read() as session:
        assert list(session.scalars(select(Questionnaire.code_hash))) == [OTHER]


def test_ninety_days_after_the_last_change_nothing_is_found(database: Database) -> None:
    last = TODAY + KEPT_FOR
    assert find(database, OWNER, last) is not None
    assert find(database, OWNER, last + timedelta(days=1)) is None


def test_every_change_begins_the_ninety_days_anew(database: Database) -> None:
    later = TODAY + timedelta(days=60)
    assert change(database, OWNER, later, answers=ANSWERS).expires_on == later + KEPT_FOR
    assert find(database, OTHER, TODAY + KEPT_FOR + timedelta(days=1)) is None
    assert find(database, OWNER, TODAY + KEPT_FOR + timedelta(days=1)) is not None


def test_what_has_expired_goes_with_its_events_when_somebody_begins(database: Database) -> None:
    change(database, OWNER, consent=True)
    note(database, OWNER, "shown", ("c-1", 1))
    change(database, OTHER, TODAY + timedelta(days=1), answers=ANSWERS)
    begin(database, "f" * 64, TODAY + KEPT_FOR + timedelta(days=1))
    with database.read() as session:
        assert set(session.scalars(select(Questionnaire.code_hash))) == {OTHER, "f" * 64}
    assert events(database) == []


def test_a_place_is_noted_once_a_day_for_each_kind(database: Database) -> None:
    tomorrow = TODAY + timedelta(days=1)
    for day in (TODAY, TODAY, tomorrow, tomorrow):
        note(database, OWNER, "shown", ("c-1", 1), ("p-2", 2), today=day)
    note(database, OWNER, "shown", ("p-2", 1), ("c-1", 2))
    note(database, OWNER, "opened", ("c-1", 1))
    note(database, OTHER, "shown", ("c-1", 1))
    note(database, OWNER, "shown")
    assert sorted(events(database)) == sorted(
        [
            (OWNER, "shown", "c-1", 1, TODAY),
            (OWNER, "shown", "p-2", 2, TODAY),
            (OWNER, "shown", "c-1", 1, tomorrow),
            (OWNER, "shown", "p-2", 2, tomorrow),
            (OWNER, "shown", "p-2", 1, TODAY),
            (OWNER, "shown", "c-1", 2, TODAY),
            (OWNER, "opened", "c-1", 1, TODAY),
            (OTHER, "shown", "c-1", 1, TODAY),
        ]
    )


def test_with_the_consent_goes_all_that_was_noted(database: Database) -> None:
    change(database, OWNER, answers=ANSWERS, consent=True)
    note(database, OWNER, "shown", ("c-1", 1), ("p-2", 2))
    assert len(events(database)) == 2
    change(database, OWNER, answers=ANSWERS)
    assert len(events(database)) == 2
    assert change(database, OWNER, consent=False).answers == ANSWERS
    assert events(database) == []


def test_no_more_is_hidden_than_the_limit(database: Database) -> None:
    many = frozenset(f"c-{number:03}" for number in range(MOST_HIDDEN + 20))
    hidden = change(database, OWNER, hidden=many).hidden
    assert len(hidden) == MOST_HIDDEN
    assert hidden < many


def test_the_tables_hold_no_code_no_secret_and_no_hour(database: Database) -> None:
    change(database, OWNER, answers=ANSWERS, consent=True)
    note(database, OWNER, "shown", ("c-1", 1))
    with database.read() as session:
        rows = [
            dict(row)
            for model in (Questionnaire, PathEvent)
            for row in session.execute(select(model.__table__)).mappings()
        ]
    assert len(rows) == 3
    told = json.dumps(rows, default=repr, ensure_ascii=False)
    for word in (CODE, codes.shown(CODE), OTHER_CODE, codes.shown(OTHER_CODE), SECRET, "datetime."):
        assert word not in told.replace("datetime.date(", "")
    assert OWNER in told


def test_two_pages_that_answer_at_once_lose_nothing(database: Database) -> None:
    together = Barrier(2)

    def answers_on(question: str) -> None:
        together.wait()
        for value in ("like", "no") * 5:
            with database.write() as session:
                found = store.find(session, OWNER, TODAY, to_change=True)
                assert found is not None
                answers = {**found.answers, question: (value,)}
                count = int(found.moved.get(question, 0)) + 1
                moved = {**found.moved, question: count}
                store.save(session, OWNER, replace(found, answers=answers, moved=moved), TODAY)

    with ThreadPoolExecutor(2) as pages:
        list(pages.map(answers_on, ("network", "code")))
    found = kept(database, OWNER)
    assert found.answers == {"network": ("no",), "code": ("no",)}
    assert found.moved == {"network": 10, "code": 10}
