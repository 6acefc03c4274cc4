"""Fifty officers at once: nobody's word is lost, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from applicant_portal.catalogue.models import Institution, OutboxEntry
from applicant_portal.kit.db import Database
from applicant_portal.workspace import representation, service
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.refusals import KeyReused, SameProgramme
from tests.workspace.made_up import NOW, OFFICER, OWN, fill, shown

OFFICERS = 50


def at_once(act: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(OFFICERS) as pool:
        return list(pool.map(act, range(OFFICERS)))


def test_different_fields_all_arrive(empty_catalogue: Database) -> None:
    database, listing_id = empty_catalogue, fill(empty_catalogue)
    names = ("title_en", "faculty", "department", "summary_uk", "summary_en", "description_uk", "duration_uk")

    def save(number: int) -> None:
        with database.write() as session:
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            wanted: dict[str, Any]
            if number < len(names):
                wanted = {"fields": {names[number]: f"слово {number}"}}
            else:
                said = representation.shown(listing)["offers"]
                wanted = {"offers": [*said, {"year": 2000 + number}]}
            assert service.change(session, OFFICER, listing, wanted, NOW) is not None

    at_once(save)
    said = shown(database, listing_id)
    assert [said["fields"][name] for name in names] == [f"слово {n}" for n in range(len(names))]
    assert len(said["offers"]) == 1 + OFFICERS - len(names)
    stamped = {name for name, one in said["confirmed"].items() if one["origin"] == "institution"}
    assert set(names) <= stamped
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEntry)) == 1 + OFFICERS


def test_a_counter_with_etags_loses_no_step(empty_catalogue: Database) -> None:
    database, listing_id = empty_catalogue, fill(empty_catalogue)

    def step(_: int) -> int:
        for tried in range(10_000):
            seen = shown(database, listing_id, OFFICER)
            with database.write() as session:
                listing = service.find(session, OFFICER, listing_id, to_change=True)
                assert listing is not None
                if representation.etag(representation.shown(listing)) != representation.etag(seen):
                    continue
                wanted = {"fields": {"price_uah": seen["fields"]["price_uah"] + 1}}
                service.change(session, OFFICER, listing, wanted, NOW)
                return tried
        raise AssertionError("never")

    at_once(step)
    assert shown(database, listing_id)["fields"]["price_uah"] == 40000 + OFFICERS
    with database.read() as session:
        steps = session.scalars(
            select(ListingChange).where(ListingChange.field == "price_uah").order_by(ListingChange.id)
        )
        assert [(row.before, row.after) for row in steps] == [
            (40000 + number, 40001 + number) for number in range(OFFICERS)
        ]


def test_the_same_draft_is_made_once(empty_catalogue: Database) -> None:
    database = empty_catalogue
    fill(database)

    def make(_: int) -> bool:
        try:
            with database.write() as session:
                institution = session.get_one(Institution, OWN)
                service.make(session, OFFICER, institution, "programme", {"fields": {"title": "Нова"}}, NOW)
        except SameProgramme:
            return False
        return True

    assert sum(map(bool, at_once(make))) == 1


def test_the_same_key_changes_once_and_answers_the_same(empty_catalogue: Database) -> None:
    database, listing_id = empty_catalogue, fill(empty_catalogue)

    def put(number: int) -> service.Answer:
        with database.write() as session:
            known = service.answer_of(session, "key:3", "k1", "h", NOW)
            if known is not None:
                return known
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            service.change(session, OFFICER, listing, {"fields": {"faculty": f"ф {number}"}}, NOW)
            answer = service.Answer(200, f"ф {number}", '"e"')
            service.keep_answer(session, "key:3", "k1", "h", answer, NOW)
            return answer

    answers = set(at_once(put))
    assert {service.Answer(200, shown(database, listing_id)["fields"]["faculty"], '"e"')} == answers
    with database.write() as session:
        with pytest.raises(KeyReused):
            service.answer_of(session, "key:3", "k1", "other", NOW)
        assert service.answer_of(session, "key:4", "k1", "h", NOW) is None
        later = NOW + timedelta(days=2, seconds=1)
        assert service.answer_of(session, "key:3", "k1", "h", later) is None
        service.keep_answer(session, "key:3", "k1", "other", service.Answer(200, "{}"), later)
        assert service.answer_of(session, "key:3", "k1", "other", later) == service.Answer(200, "{}")
