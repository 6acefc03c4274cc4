"""What an institution said itself stands, whatever a register says after it."""

from typing import Any

import pytest
from sqlalchemy import func, select

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Listing, Profession
from applicant_portal.kit.db import Database
from applicant_portal.workspace import service
from tests.workspace.made_up import NOW, OFFICER, change, fill, read_register, shown

NEXT_YEAR = FactStamp("registry", "2026-08-01", "ЄДЕБО, реєстр")


@pytest.fixture
def filled(empty_catalogue: Database) -> tuple[Database, str]:
    return empty_catalogue, fill(empty_catalogue)


def after_import(database: Database, listing_id: str, **values: Any) -> dict[str, Any]:
    with database.write() as session:
        assert read_register(session, "Інформатика", stamp=NEXT_YEAR, **values) == listing_id
        assert session.scalar(select(func.count()).select_from(Listing)) == 1
    fields: dict[str, Any] = shown(database, listing_id)["fields"]
    return fields


def test_a_changed_value_outlives_a_newer_register(filled: tuple[Database, str]) -> None:
    database, listing_id = filled
    change(database, listing_id, {"fields": {"price_uah": 47500, "summary_uk": "Наша анотація"}})
    fields = after_import(database, listing_id, summary_uk="Реєстрова")
    assert (fields["price_uah"], fields["summary_uk"]) == (47500, "Наша анотація")


@pytest.mark.parametrize("name", ["price_uah", "faculty", "summary_uk", "city"])
def test_a_cleared_value_stays_empty(filled: tuple[Database, str], name: str) -> None:
    database, listing_id = filled
    change(database, listing_id, {"fields": {name: None}})
    assert after_import(database, listing_id)[name] is None


def test_a_form_that_was_taken_away_does_not_come_back(filled: tuple[Database, str]) -> None:
    database, listing_id = filled
    change(database, listing_id, {"fields": {"forms": ["part_time"]}})
    assert after_import(database, listing_id)["forms"] == ["part_time"]


def test_what_was_left_open_by_confirming_the_rest_is_filled_in_by_the_register(
    filled: tuple[Database, str],
) -> None:
    database, listing_id = filled
    with database.write() as session:
        listing = service.find(session, OFFICER, listing_id, to_change=True)
        assert listing is not None
        service.confirm(session, OFFICER, [listing], NOW)
    fields = after_import(database, listing_id, duration_uk="4 роки", summary_uk="Реєстрова")
    assert (fields["duration_uk"], fields["summary_uk"]) == ("4 роки", "Стара анотація")


@pytest.mark.parametrize("other", [{"title": "Штучний інтелект"}, {"degree": "master"}, {"speciality": "F5"}])
def test_a_renamed_programme_is_still_found_by_what_the_register_calls_it(
    filled: tuple[Database, str], other: dict[str, str]
) -> None:
    database, listing_id = filled
    change(database, listing_id, {"fields": other})
    for _ in range(2):
        fields = after_import(database, listing_id, duration_uk="4 роки")
        assert other.items() <= fields.items()


def test_a_profession_tied_by_hand_that_the_register_brings_too_is_tied_once(
    filled: tuple[Database, str],
) -> None:
    database, listing_id = filled
    change(database, listing_id, {"professions": [*shown(database, listing_id)["professions"], "designer"]})
    with database.write() as session:
        session.get_one(Profession, "designer").specialities = ["F3"]
    after_import(database, listing_id, duration_uk="4 роки")
    assert shown(database, listing_id)["professions"].count("designer") == 1
