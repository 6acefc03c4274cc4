"""What the staff change in a profession: whose word it stands on, what follows, what outlives the seed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from applicant_portal.catalogue import queries
from applicant_portal.catalogue.documents import document
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import ListingProfession, OutboxEntry, Profession, Skill
from applicant_portal.importers import seed_professions
from applicant_portal.importers.seed_report import SeedReport
from applicant_portal.kit.db import Database
from applicant_portal.workspace import own_history, profession_fields, professions, service
from applicant_portal.workspace.own_history import Undone
from tests.workspace.made_up import NOW, OFFICER, STAFF, fill, shown

SEEDED = FactStamp("portal", "2025-05", "O*NET 29.3")
SURVEY = FactStamp("portal", "2026-11-20", "Опитування роботодавців")
TABLE = """
[[profession]]
key = "analyst"
title_uk = "Аналітик"
title_en = "Analyst"
summary_uk = "{summary}"
summary_en = "Analyses"
tasks = [{{ uk = "Рахує", en = "Counts" }}]
skills = ["{skill}"]
specialities = ["F3"]
source_name = "O*NET 29.3"
as_of = "{as_of}"
"""


@pytest.fixture
def filled(empty_catalogue: Database, tmp_path: Path) -> tuple[Database, str]:
    listing_id = fill(empty_catalogue)
    read_seed(empty_catalogue, tmp_path)
    return empty_catalogue, listing_id


def read_seed(database: Database, folder: Path, **said: str) -> None:
    table = {"summary": "Аналізує", "skill": "python", "as_of": "2025-05"} | said
    (folder / "professions.toml").write_text(TABLE.format(**table), encoding="utf-8")
    with database.write() as session:
        seed_professions.load_professions(session, folder, SeedReport())


def change(
    database: Database, values: dict[str, Any], source: FactStamp | None = None, key: str = "analyst"
) -> str | None:
    with database.write() as session:
        found = professions.find(session, key, to_change=True)
        assert found is not None
        return professions.change(session, STAFF, found, values, source, NOW)


def undo(database: Database, batch: str | None) -> Undone | None:
    with database.write() as session:
        found = professions.find(session, "analyst", to_change=True)
        assert found is not None
        return professions.undo(session, STAFF, found, batch or "", NOW)


def said(database: Database, key: str = "analyst") -> tuple[dict[str, Any], dict[str, FactStamp]]:
    with database.read() as session:
        found = professions.find(session, key)
        assert found is not None
        return professions.content(found), found.stamps


def logged(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(OutboxEntry.listing_id).order_by(OutboxEntry.position)))


def test_what_is_changed_stands_on_its_source_and_the_rest_where_it_stood(
    filled: tuple[Database, str],
) -> None:
    database, _ = filled
    change(database, {"summary_uk": "Ставить питання до даних"}, SURVEY)
    content, stamps = said(database)
    assert content["summary_uk"] == "Ставить питання до даних"
    assert stamps == {"record": SEEDED, "summary_uk": SURVEY}


def test_mended_words_stand_on_the_source_of_before(filled: tuple[Database, str]) -> None:
    database, _ = filled
    change(database, {"summary_uk": "Аналізує дані"})
    assert said(database)[1] == {"record": SEEDED, "summary_uk": SEEDED}


def test_what_was_checked_as_a_whole_stands_on_that_source(filled: tuple[Database, str]) -> None:
    database, _ = filled
    change(database, {"summary_uk": "Аналізує дані"})
    batch = change(database, {}, SURVEY)
    assert said(database)[1] == {"record": SURVEY, "summary_uk": SURVEY}
    undo(database, batch)
    assert said(database)[1] == {"record": SEEDED, "summary_uk": SEEDED}


@pytest.mark.parametrize("as_of", ["2025-05", "2027-01"])
def test_a_later_seed_leaves_what_the_staff_changed_and_brings_the_rest(
    filled: tuple[Database, str], tmp_path: Path, as_of: str
) -> None:
    database, _ = filled
    change(database, {"summary_uk": "Наше", "skills": ["networks", "testing"]})
    read_seed(database, tmp_path, summary="З нового файлу", skill="testing", as_of=as_of)
    with database.write() as session:
        session.get_one(Profession, "analyst").summary_en = None
    read_seed(database, tmp_path, summary="З нового файлу", skill="testing", as_of=as_of)
    content, stamps = said(database)
    assert (content["summary_uk"], content["skills"]) == ("Наше", ["networks", "testing"])
    assert content["summary_en"] == "Analyses"
    assert stamps["record"].as_of == as_of


def test_an_older_seed_changes_nothing_in_what_was_checked_since(
    filled: tuple[Database, str], tmp_path: Path
) -> None:
    database, _ = filled
    change(database, {}, SURVEY)
    before = said(database)
    read_seed(database, tmp_path, summary="З файлу", skill="testing", as_of="2026-01")
    assert said(database) == before


def test_what_was_set_back_is_the_seeds_again(filled: tuple[Database, str], tmp_path: Path) -> None:
    database, _ = filled
    undo(database, change(database, {"summary_uk": "Наше", "skills": ["networks"]}, SURVEY))
    read_seed(database, tmp_path, summary="З файлу", skill="testing")
    content, stamps = said(database)
    assert (content["summary_uk"], content["skills"]) == ("З файлу", ["testing"])
    assert stamps == {"record": SEEDED}


def test_undo_sets_back_what_nobody_changed_since_and_can_be_undone(filled: tuple[Database, str]) -> None:
    database, _ = filled
    first = change(database, {"summary_uk": "Одне", "aliases": ["лічильник"]}, SURVEY)
    change(database, {"summary_uk": "Інше"}, SURVEY)
    undone = undo(database, first)
    assert undone is not None
    assert (undone.done, undone.conflicts) == (["aliases"], ["summary_uk"])
    content, stamps = said(database)
    assert (content["summary_uk"], content["aliases"]) == ("Інше", [])
    assert stamps == {"record": SEEDED, "summary_uk": SURVEY}
    assert undo(database, first) is None
    with database.read() as session:
        newest = own_history.history(session, professions.history_id("analyst"))[0]
    undo(database, newest.batch)
    assert said(database)[0]["aliases"] == ["лічильник"]


def test_words_that_are_searched_put_the_listings_into_the_log_and_others_do_not(
    filled: tuple[Database, str],
) -> None:
    database, listing_id = filled
    before = logged(database)
    change(database, {"summary_uk": "Наше", "tasks": [{"uk": "Питає"}]}, SURVEY)
    assert logged(database) == before
    change(database, {"aliases": ["дослідниця даних"]}, SURVEY)
    assert logged(database) == [*before, listing_id]
    with database.read() as session:
        [listing] = queries.searchable(session, [listing_id])
        assert "дослідниця даних" in document(listing, NOW.date()).skills


def test_the_programmes_of_its_specialities_lead_to_it(filled: tuple[Database, str]) -> None:
    database, listing_id = filled
    before = logged(database)
    batch = change(database, {"specialities": ["F2"]}, SURVEY)
    assert "analyst" not in shown(database, listing_id)["professions"]
    assert logged(database) == [*before, listing_id]
    undo(database, batch)
    assert "analyst" in shown(database, listing_id)["professions"]
    change(database, {"specialities": ["F3"]}, SURVEY, key="designer")
    with database.read() as session:
        tie = session.get_one(ListingProfession, (listing_id, "designer"))
        assert tie.basis == "speciality"


def test_staff_and_officers_who_save_at_once_never_wait_for_each_other_for_ever(
    filled: tuple[Database, str],
) -> None:
    database, listing_id = filled

    def save(number: int) -> None:
        if number % 2:
            change(database, {"specialities": ["F3", "F2"][: 1 + number % 4 // 2], "aliases": [f"я{number}"]})
            return
        with database.write() as session:
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            follow = professions_of(listing_id, session)
            topics = ["designer"] if number % 4 else []
            wanted = {"professions": sorted({*follow, *topics}), "fields": {"faculty": f"ф{number}"}}
            service.change(session, OFFICER, listing, wanted, NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(24)))
    assert said(database)[0]["aliases"]


def professions_of(listing_id: str, session: Any) -> list[str]:
    return list(
        session.scalars(
            select(ListingProfession.profession_key).where(
                ListingProfession.listing_id == listing_id, ListingProfession.basis == "speciality"
            )
        )
    )


KNOWN = profession_fields.skill_names(
    [Skill(key="networks", name_uk="Комп’ютерні мережі", name_en="Computer networks", aliases=["мережі"])]
)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("skills", "МЕРЕЖІ\ncomputer networks", ["networks"]),
        ("specialities", "122, f2  Ф3", ["F3", "F2"]),
        ("aliases", "дата-аналітик\n\nаналітикиня", ["дата-аналітик", "аналітикиня"]),
        ("tasks", [{"uk": "Рахує", "en": "Counts"}, {"uk": "", "en": ""}], [{"uk": "Рахує", "en": "Counts"}]),
        ("onet_code", " 15-2051.00 ", "15-2051.00"),
        ("summary_en", "", None),
    ],
)
def test_a_field_is_read_as_people_write_it(name: str, typed: Any, value: Any) -> None:
    assert profession_fields.read({name: typed}, KNOWN) == ({name: value}, [])


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("skills", "вишивання"),
        ("skills", ""),
        ("specialities", "Z9"),
        ("title_uk", "  "),
        ("tasks", []),
        ("tasks", [{"uk": "", "en": "Counts"}]),
        ("onet_code", "15-2051"),
        ("summary_uk", "я" * 601),
    ],
)
def test_what_cannot_be_is_told_at_its_field(name: str, typed: Any) -> None:
    values, wrong = profession_fields.read({name: typed}, KNOWN)
    assert (values, [one.field for one in wrong]) == ({}, [name])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "basis"),
        ({"basis": "same"}, "basis"),
        ({"basis": "new", "source_name": "O*NET"}, "as_of"),
        ({"basis": "new", "as_of": "2026"}, "source_name"),
        ({"basis": "new", "source_name": "O*NET", "as_of": "27.11.2026"}, "as_of"),
        ({"basis": "new", "source_name": "O*NET", "as_of": "31.02.2026"}, "as_of"),
        (
            {"basis": "new", "source_name": "O*NET", "as_of": "2026", "source_url": "https://a.ru"},
            "source_url",
        ),
    ],
)
def test_no_fact_without_its_source_and_date(typed: dict[str, str], field: str) -> None:
    source, wrong = profession_fields.read_source(typed, date(2026, 11, 26), has_source=False)
    assert (source, [one.field for one in wrong]) == (None, [field])


@pytest.mark.parametrize(
    ("typed", "as_of"),
    [("20.11.2026", "2026-11-20"), ("11.2026", "2026-11"), ("2026-11-20", "2026-11-20"), ("2025", "2025")],
)
def test_a_date_is_read_as_far_as_it_is_known(typed: str, as_of: str) -> None:
    named = {"basis": "new", "source_name": "O*NET", "as_of": typed}
    source, wrong = profession_fields.read_source(named, date(2026, 11, 26), has_source=True)
    assert (source, wrong) == (FactStamp("portal", as_of, "O*NET"), [])
