"""What an institution said itself stands, whatever a register says after it, or at the same moment."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Listing, Offer, Profession
from applicant_portal.importers import offers, registry, seed
from applicant_portal.kit.db import Database
from applicant_portal.workspace import representation, service
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


# At the same moment

IN_TURN_SECONDS = 30
Import = Callable[[Session, Path], object]


def offers_file(session: Session, folder: Path) -> object:
    row = {
        "offer_id": "555",
        "year": 2026,
        "university_id": "101",
        "university": "Університет А",
        "speciality_code": "F3",
        "degree": "Бакалавр",
        "programme": "Інформатика",
        "licence_volume": "25",
        "price": "30000",
    }
    path = folder / "offers.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    return offers.write(session, *offers.read(path), NOW)


def register_file(session: Session, folder: Path) -> object:
    row = {
        "Код": 101,
        "Назва закладу освіти": "Університет А",
        "Регіон (місцезнаходження)": "ЛЬВІВСЬКА",
        "Населений пункт (місцезнаходження)": "м. Львів",
    }
    path = folder / "registry_2026.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    table, shape = registry.read(path)
    return registry.write(session, table, shape, registry.stamp_for(path, shape, "2026-11"), NOW)


def seed_folder(session: Session, folder: Path) -> object:
    said = {"source_name": "Сайт", "as_of": "2026-11-01"}
    for name in ("skills.toml", "professions.toml", "offers.jsonl", "courses.jsonl", "tracks.toml"):
        (folder / name).touch()
    (folder / "place_facts.csv").write_text("institution,topic,answer\n", encoding="utf-8")
    (folder / "institutions.csv").write_text(
        "key,edebo_id,name_uk,region,edrpou,postcode,site,admission_url,admission_email,email,as_of\n"
        "a,101,Університет А,,,,,,,,2020\n",
        encoding="utf-8",
    )
    programme = {"institution": "a", "title": "Інформатика", "degree": "bachelor", "speciality": "F3", **said}
    programme |= {"summary_uk": "З файлу", "summary_en": "From the file"}
    (folder / "programmes.jsonl").write_text(json.dumps(programme), encoding="utf-8")
    return seed.write(session, folder, NOW.date(), NOW)


FILES: dict[str, tuple[Import, str, Any, str, Any]] = {
    # What is imported; a field that the officer changes meanwhile; another that only the import changes.
    "offers": (offers_file, "offers.1.price_uah", 47500, "offers.1.licence_volume", 25),
    "institutions": (register_file, "city", "Одеса", "", None),
    "seed": (seed_folder, "summary_uk", "Наша анотація", "summary_en", "From the file"),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_an_edit_made_while_an_import_is_between_reading_and_writing_is_not_lost(
    filled: tuple[Database, str], tmp_path: Path, name: str
) -> None:
    database, listing_id = filled
    bring_in, field, typed, other, brought = FILES[name]
    has_read, may_write = Event(), Event()

    def pause(session: Session, *_: object) -> None:
        if any(isinstance(row, Listing | Offer) for row in session.dirty) and not has_read.is_set():
            has_read.set()
            assert may_write.wait(IN_TURN_SECONDS)

    def run() -> None:
        with database.write() as session:
            event.listen(session, "before_flush", pause)
            bring_in(session, tmp_path)

    def edit() -> None:
        with database.write() as session:
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            wanted: dict[str, Any] = {"fields": {field: typed}}
            if field.startswith("offers."):
                [offer] = representation.shown(listing)["offers"]
                wanted = {"offers": [offer | {field.rpartition(".")[2]: typed}]}
            service.change(session, OFFICER, listing, wanted, NOW)

    with ThreadPoolExecutor(2) as pool:
        importing = pool.submit(run)
        assert has_read.wait(IN_TURN_SECONDS)
        editing = pool.submit(edit)
        # It either gets through, or waits for its turn.
        wait([editing], timeout=0.3)
        may_write.set()
        importing.result(IN_TURN_SECONDS)
        editing.result(IN_TURN_SECONDS)
    said = shown(database, listing_id)
    values = said["fields"] | {f"offers.1.{key}": value for key, value in said["offers"][0].items()}
    assert values[field] == typed
    assert said["confirmed"][field]["origin"] == "institution"
    assert not other or values[other] == brought


def test_an_import_waits_for_the_edit_that_is_under_way_and_leaves_it_standing(
    filled: tuple[Database, str], tmp_path: Path
) -> None:
    database, listing_id = filled

    def run() -> None:
        with database.write() as session:
            seed_folder(session, tmp_path)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            service.change(session, OFFICER, listing, {"fields": {"summary_uk": "Наша анотація"}}, NOW)
            session.flush()
            importing = pool.submit(run)
            assert not wait([importing], timeout=0.3).done
        importing.result(IN_TURN_SECONDS)
    fields = shown(database, listing_id)["fields"]
    assert (fields["summary_uk"], fields["summary_en"]) == ("Наша анотація", "From the file")
