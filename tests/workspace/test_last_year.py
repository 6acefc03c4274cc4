"""What stood in a field before: of which offer, and until which change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from applicant_portal.catalogue.models import Listing
from applicant_portal.kit.db import Database
from applicant_portal.workspace import fields, last_year, representation, service
from applicant_portal.workspace.last_year import Earlier
from applicant_portal.workspace.policy import By
from tests.workspace.made_up import NOW, OFFICER, REGISTER, STAFF, change, fill, undo

AFTER_SCHOOL = {"form": "full_time", "entry_base": 40}


@pytest.fixture
def catalogue(empty_catalogue: Database) -> tuple[Database, str]:
    return empty_catalogue, fill(empty_catalogue)


def listing_of(database: Database, listing_id: str) -> Listing:
    with database.read() as session:
        listing = service.find(session, STAFF, listing_id)
        assert listing is not None
        return listing


def with_offers(catalogue: tuple[Database, str], *offers: Mapping[str, Any]) -> Listing:
    """The listing with the offer of 2026 that the register brought, and these."""
    database, listing_id = catalogue
    stay = [{"id": offer.id} for offer in listing_of(database, listing_id).offers]
    change(database, listing_id, {"offers": [*stay, *offers]})
    return listing_of(database, listing_id)


def earlier(database: Database, listing_id: str, at: datetime = NOW) -> Mapping[str, Earlier]:
    with database.read() as session:
        listing = service.find(session, STAFF, listing_id)
        rows = service.history(session, STAFF, listing_id)
        assert listing is not None
        assert rows is not None
        return last_year.of_listing(listing, rows, at)


def set_at(database: Database, listing_id: str, at: datetime, by: By = OFFICER, **values: Any) -> str | None:
    with database.write() as session:
        (listing,) = service.find_all(session, by, [listing_id], to_change=True)
        changed = service.change(session, by, listing, {"fields": values}, at)
        assert changed is not None
        return changed.batch


def test_an_offer_stands_beside_that_of_the_year_before_for_the_same_people(
    catalogue: tuple[Database, str],
) -> None:
    listing = with_offers(
        catalogue,
        {"year": 2025, **AFTER_SCHOOL, "offer_type": "contract", "licence_volume": 900},
        {"year": 2025, **AFTER_SCHOOL, "offer_type": "open", "licence_volume": 80},
        {"year": 2025, "form": "part_time", "entry_base": 40, "offer_type": "open", "licence_volume": 70},
        {"year": 2024, **AFTER_SCHOOL, "offer_type": "open", "licence_volume": 60},
    )
    (this_year,) = (offer for offer in listing.offers if offer.year == 2026)
    before = last_year.same_offer_before(listing, this_year)
    assert before is not None
    assert (before.year, before.licence_volume) == (2025, 80)
    older = last_year.same_offer_before(listing, before)
    assert older is not None
    assert older.licence_volume == 60
    assert last_year.same_offer_before(listing, older) is None
    found, word = last_year.of_offer(before)
    assert found["licence_volume"] == Earlier(80, 2025, None, None)
    assert "year" not in found
    assert "price_uah" not in found
    assert word is not None
    assert (word.origin, word.source_name) == ("institution", "Університет А")


def test_where_an_offer_stands_on_several_words_each_value_names_its_own(
    catalogue: tuple[Database, str],
) -> None:
    database, listing_id = catalogue
    (offer,) = listing_of(database, listing_id).offers
    change(database, listing_id, {"offers": [{"id": offer.id, "price_uah": 41000}]})
    (offer,) = listing_of(database, listing_id).offers
    found, word = last_year.of_offer(offer)
    assert word is None
    assert found["licence_volume"].stamp == REGISTER
    assert found["price_uah"].stamp is not None
    assert found["price_uah"].stamp.origin == "institution"


def test_a_new_offer_stands_beside_the_newest_the_main_one_first(catalogue: tuple[Database, str]) -> None:
    listing = with_offers(
        catalogue,
        {"year": 2026, "form": "part_time", "entry_base": 520, "licence_volume": 500},
        {"year": 2025, **AFTER_SCHOOL},
        {"year": 2030, **AFTER_SCHOOL},
    )
    assert [(one.year, one.entry_base) for one in last_year.samples(listing, 2026)] == [
        (2026, 40),
        (2026, 520),
    ]
    assert last_year.next_year(listing, 2026) == 2027
    assert last_year.next_year(listing, 2029) == 2029
    assert last_year.samples(listing, 2020) == []
    assert last_year.next_year(listing, 2020) == 2020


def test_a_field_of_the_listing_says_what_stood_there_before_its_last_change(
    catalogue: tuple[Database, str],
) -> None:
    database, listing_id = catalogue
    set_at(database, listing_id, NOW - timedelta(days=200), price_uah=41000, faculty="Новий факультет")
    set_at(database, listing_id, NOW - timedelta(days=10), price_uah=42000, department="Кафедра")
    change(database, listing_id, {"skills": ["python"]})
    change(database, listing_id, {"skills": ["python", "testing"]})
    found = earlier(database, listing_id)
    assert sorted(found) == ["faculty", "price_uah", "skills"]
    assert found["price_uah"].value == 41000
    assert found["price_uah"].until == NOW - timedelta(days=10)
    assert found["price_uah"].stamp is not None
    assert found["price_uah"].stamp.source_name == "Університет А"
    assert found["faculty"].value == "Старий факультет"
    assert found["faculty"].stamp == REGISTER
    assert found["skills"].value == ["python"]


def test_what_was_long_ago_or_set_back_is_not_told(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    set_at(database, listing_id, NOW - timedelta(days=550), faculty="Новий факультет")
    assert earlier(database, listing_id) == {}
    assert list(earlier(database, listing_id, NOW - timedelta(days=100))) == ["faculty"]
    set_at(database, listing_id, NOW - timedelta(days=20), price_uah=41000)
    undo(database, set_at(database, listing_id, NOW - timedelta(days=1), price_uah=1))
    found = earlier(database, listing_id)
    assert list(found) == ["price_uah"]
    assert found["price_uah"].value == 40000


def test_dates_are_never_taken_over(catalogue: tuple[Database, str]) -> None:
    listing = with_offers(catalogue, {"year": 2025, **AFTER_SCHOOL, "applications_to": "2025-07-25"})
    offer = next(one for one in listing.offers if one.year == 2025)
    found, _ = last_year.of_offer(offer)
    assert found["applications_to"].value == representation.shown_offer(offer)["applications_to"]
    assert not last_year.takeable(fields.of_offer()["applications_to"])
    assert last_year.takeable(fields.of_offer()["licence_volume"])
