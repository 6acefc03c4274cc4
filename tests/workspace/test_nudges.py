"""What is worth doing today: the rule, and that a count is always that of the list behind it."""

from datetime import date, timedelta
from typing import Any

import pytest

from applicant_portal.kit.db import Database
from applicant_portal.workspace import nudges, service
from applicant_portal.workspace.nudges import DUE, Due, Nudge
from applicant_portal.workspace.policy import By
from tests.workspace.made_up import NOW, OFFICER, STAFF, STRANGER, change, fill

TODAY = NOW.date()


@pytest.fixture
def catalogue(empty_catalogue: Database) -> tuple[Database, str]:
    return empty_catalogue, fill(empty_catalogue)


def due(database: Database, listing_id: str, today: date = TODAY) -> list[Due]:
    with database.read() as session:
        listing = service.find(session, STAFF, listing_id)
        assert listing is not None
        return nudges.due(listing, today)


def told(database: Database, by: By = OFFICER, today: date = TODAY) -> list[Nudge]:
    """The nudges, after each was compared with the list behind it."""
    with database.read() as session:
        found = nudges.nudges(session, by, today, most=len(DUE))
        for one in DUE:
            listed = service.listings(session, by, per_page=100, among=nudges.those(session, by, one, today))
            counted = {nudge.due: nudge.count for nudge in found}
            assert listed.total == counted.get(one, 0)
            assert all(one in nudges.due(listing, today) for listing in listed.items)
        return found


def confirm(database: Database, listing_id: str) -> None:
    with database.write() as session:
        service.confirm(
            session, OFFICER, service.find_all(session, OFFICER, [listing_id], to_change=True), NOW
        )


def draft(database: Database, by: By = OFFICER, kind: str = "programme", **values: Any) -> str:
    with database.write() as session:
        owner = None if by is STAFF else next(iter(by.institutions or ()))
        house = service.institutions(session, [owner])[0] if owner else None
        made = service.make(session, by, house, kind, {"fields": values}, NOW)
        assert made is not None
        return made.id


def test_facts_are_to_be_confirmed_two_weeks_before_they_have_aged(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    assert due(database, listing_id) == ["stale"]
    confirm(database, listing_id)
    assert due(database, listing_id) == []
    for days, expected in ((76, []), (77, ["stale"]), (91, ["stale"])):
        assert [
            one for one in due(database, listing_id, TODAY + timedelta(days)) if one == "stale"
        ] == expected


def test_this_years_admission_is_due_where_there_was_one_last_year(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    next_year, later = date(2027, 2, 1), date(2028, 2, 1)
    assert "offer" not in due(database, listing_id)
    assert "offer" in due(database, listing_id, next_year)
    # Who let a year pass does not admit, as far as anybody knows.
    assert "offer" not in due(database, listing_id, later)
    change(database, listing_id, {"fields": {"state": "closed"}})
    assert "offer" not in due(database, listing_id, next_year)
    change(database, listing_id, {"fields": {"state": "running"}})
    with database.read() as session:
        listing = service.find(session, STAFF, listing_id)
        assert listing is not None
        (offer,) = listing.offers
    change(database, listing_id, {"offers": [{"id": offer.id}, {"year": 2027}]})
    assert "offer" not in due(database, listing_id, next_year)


def test_a_price_needs_its_year_unless_it_is_free(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    change(database, listing_id, {"fields": {"price_year": None}})
    assert "price" in due(database, listing_id)
    change(database, listing_id, {"fields": {"price_uah": 0}})
    assert "price" not in due(database, listing_id)


def test_the_draft_to_begin_with_is_the_nearest_to_being_complete(catalogue: tuple[Database, str]) -> None:
    database, _ = catalogue
    draft(database, title="Лише назва")
    nearest = draft(database, title="Майже готова", degree="bachelor", speciality="F3", city="Харків")
    (nudge,) = (one for one in told(database) if one.due == "draft")
    assert (nudge.count, nudge.first, nudge.gaps) == (2, nearest, 4)


def test_what_is_due_is_told_in_the_order_of_what_readers_miss_and_three_at_most(
    catalogue: tuple[Database, str],
) -> None:
    database, listing_id = catalogue
    draft(database, title="Чернетка")
    change(database, listing_id, {"fields": {"price_year": None}})
    everything = told(database, today=date(2027, 3, 1))
    assert [one.due for one in everything] == ["offer", "price", "stale", "draft"]
    assert {one.first for one in everything[:3]} == {listing_id}
    with database.read() as session:
        assert [one.due for one in nudges.nudges(session, OFFICER, date(2027, 3, 1))] == [
            "offer",
            "price",
            "stale",
        ]


def test_nobody_is_asked_for_what_another_keeps(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    draft(database, title="Чернетка закладу")
    assert told(database, STRANGER) == []
    # The staff sees it all, and keeps what has no institution.
    assert told(database, STAFF) == []
    course = draft(database, STAFF, "course", title="Курс", provider="Академія")
    (nudge,) = told(database, STAFF)
    assert (nudge.due, nudge.count, nudge.first) == ("draft", 1, course)
    confirm(database, listing_id)
    assert [one.due for one in told(database)] == ["draft"]


def test_what_was_withdrawn_is_left_in_peace(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    with database.write() as session:
        (listing,) = service.find_all(session, OFFICER, [listing_id], to_change=True)
        service.withdraw(session, OFFICER, listing, NOW)
    assert due(database, listing_id) == []
    assert told(database) == []
