"""The seed files about courses, tracks, professions, skills and the calendar: sourced, dated, bilingual.

Pure file checks, no database. People decide their lives by these pages: what no source says stays unknown.
"""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed_data"

PARTIAL_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
LATIN_ONLY = re.compile(r"^[^а-яіїєґА-ЯІЇЄҐ]*$")
STRAIGHT_APOSTROPHE = re.compile(r"[а-яіїєґА-ЯІЇЄҐ]['`ʼ][а-яіїєґА-ЯІЇЄҐ]")
ONET_CODE = re.compile(r"^\d{2}-\d{4}\.\d{2}$")

STATES = {"running", "closed", "unverified"}
FORMATS = {"on_site", "online", "blended", None}
PACES = {"self_paced", "live", None}
PROVIDER_KINDS = {"open_platform", "company_academy", "university", "private_school", "ngo", "state"}
AUDIENCES = {
    "combatant", "discharged", "serving", "war_disabled", "disability", "wounded", "released",
    "family", "family_of_fallen", "child", "idp", "age_45", "civilian", "anyone", None,
}  # fmt: skip
# Platforms of Russian and Belarusian origin are not listed (docs/DECISIONS.md).
FORBIDDEN_PLATFORMS = (
    "stepik", "rs.school", "rolling scopes", "yandex", "яндекс", "skillbox", "geekbrains", "netology",
    "нетологія", "hexlet", "htmlacademy", "skyeng", "mail.ru", ".ru/", ".by/", "vk.com",
)  # fmt: skip
# Exams keep their Ukrainian names: an English reader meets these letters in the cabinet.
UKRAINIAN_NAMES_IN_ENGLISH = re.compile(r"ЄВІ|ЄФВВ")

Record = dict[str, Any]


def table(file: str, name: str) -> list[Record]:
    with (SEED / file).open("rb") as handle:
        found: list[Record] = tomllib.load(handle)[name]
    return found


SKILLS = table("skills.toml", "skill")
PROFESSIONS = table("professions.toml", "profession")
TRACKS = table("tracks.toml", "track")
STEPS = table("calendar.toml", "step")
COURSES: list[Record] = [
    json.loads(line) for line in (SEED / "courses.jsonl").read_text(encoding="utf-8").splitlines()
]
SKILL_KEYS = {skill["key"] for skill in SKILLS}
PROFESSION_KEYS = {profession["key"] for profession in PROFESSIONS}


def column(file: str, name: str) -> set[str]:
    with (SEED / file).open(encoding="utf-8", newline="") as handle:
        return {row[name] for row in csv.DictReader(handle)}


def is_date(value: str) -> bool:
    match = PARTIAL_DATE.match(value)
    if match is None:
        return False
    year, month, day = match.groups()
    date(int(year), int(month or 1), int(day or 1))  # raises on a day that does not exist
    return True


def texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record with the name of its field, nested ones too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, key)
    elif isinstance(value, str):
        yield key, value


def parts(value: object) -> Iterator[Record]:
    """The record and every table inside it."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def by_key(record: Record) -> str:
    """Name of a record in a test report: a skill and a calendar step may share a key with another file."""
    if "level" in record:
        return f"{record['year']}-{record['level']}-{record['key']}"
    return f"skill-{record['key']}" if "name_uk" in record else str(record["key"])


# --- every file ---


@pytest.mark.parametrize(
    "records", [SKILLS, PROFESSIONS, TRACKS, COURSES], ids=("skills", "professions", "tracks", "courses")
)
def test_a_key_is_used_once(records: list[Record]) -> None:
    keys = [record["key"] for record in records]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


@pytest.mark.parametrize("record", [*PROFESSIONS, *TRACKS, *COURSES, *STEPS], ids=by_key)
def test_a_record_names_its_source_and_the_date_of_that_source(record: Record) -> None:
    assert record["source_name"].strip()
    as_of = record.get("as_of")
    if as_of is None:  # the source carries no date: then nobody may call the record running
        assert record["state"] in {"unverified", "closed"}
    else:
        assert is_date(as_of)
        assert as_of < "2026-12"
    for key in ("source_url", "official_url"):
        url = record.get(key)
        assert url is None or re.match(r"https?://[\w.-]+\.\w+(/|$)", url), url


@pytest.mark.parametrize("record", [*SKILLS, *PROFESSIONS, *TRACKS, *COURSES, *STEPS], ids=by_key)
def test_a_text_stands_in_both_languages(record: Record) -> None:
    for part in parts(record):
        for name in part:
            if name != "aliases_uk" and (name == "uk" or name.endswith("_uk")):
                assert bool(part[name]) == bool(part[name.removesuffix("uk") + "en"]), name
    for name, text in texts(record):
        if name == "en" or name.endswith("_en"):
            assert LATIN_ONLY.match(UKRAINIAN_NAMES_IN_ENGLISH.sub("", text)) or name == "title_en", text


@pytest.mark.parametrize("record", [*SKILLS, *PROFESSIONS, *TRACKS, *COURSES, *STEPS], ids=by_key)
def test_ukrainian_text_uses_the_right_apostrophe_and_quotes(record: Record) -> None:
    for name, text in texts(record):
        if name.endswith("_url"):
            continue
        assert not STRAIGHT_APOSTROPHE.search(text), text
        if name == "uk" or name.endswith("_uk"):
            assert not re.search('["“”„]', text), text
            assert not re.search(r"[ыэёъ]", text), text


@pytest.mark.parametrize("record", [*TRACKS, *COURSES], ids=by_key)
def test_no_platform_of_russian_or_belarusian_origin_is_listed(record: Record) -> None:
    named = [text.lower() for name, text in texts(record) if name in {"provider", "title", "official_url"}]
    assert not [text for text in named for bad in FORBIDDEN_PLATFORMS if bad in f"{text}/"]


# --- skills and professions ---


def test_there_are_about_fifty_skills_people_can_type() -> None:
    assert 45 <= len(SKILLS) <= 70
    assert all(skill["name_uk"] and skill["name_en"] and skill["aliases"] for skill in SKILLS)


def test_there_are_at_least_twelve_professions() -> None:
    assert len(PROFESSIONS) >= 12


@pytest.mark.parametrize("profession", PROFESSIONS, ids=by_key)
def test_a_profession_rests_on_onet_and_resolves(profession: Record) -> None:
    assert ONET_CODE.match(profession["onet_code"])
    assert profession["onet_title"]
    assert "O*NET 29.3" in profession["source_name"]
    assert "CC BY 4.0" in profession["source_name"]
    assert len(profession["skills"]) == len(set(profession["skills"])) >= 5
    assert set(profession["skills"]) <= SKILL_KEYS
    assert len(profession["tasks"]) >= 4
    assert profession["specialities"]
    assert set(profession["specialities"]) <= column("specialities.csv", "code")
    assert len(profession["aliases_uk"]) >= 3


def test_people_find_a_profession_by_the_word_they_use() -> None:
    words = {alias.lower() for profession in PROFESSIONS for alias in profession["aliases_uk"]}
    assert {
        "програміст",
        "розробник",
        "тестувальник",
        "сисадмін",
        "дизайнер",
        "кібербезпека",
        "девопс",
    } <= words


# --- tracks ---


def test_there_are_at_least_eight_open_paths_for_veterans() -> None:
    assert len([track for track in TRACKS if track["state"] == "running"]) >= 8


@pytest.mark.parametrize("track", TRACKS, ids=by_key)
def test_a_track_says_who_may_take_it_what_may_stop_and_how_to_begin(track: Record) -> None:
    assert track["state"] in STATES
    assert track["eligibility"]
    assert track["barriers"]
    assert track["steps"]
    assert {group.get("audience") for group in track["eligibility"]} <= AUDIENCES
    assert track["summary_uk"]
    assert track["description_uk"]
    assert track["organiser_uk"]
    assert track["who_pays_uk"]
    assert len(track["facts"]) >= 3
    assert all(is_date(fact["as_of"]) for fact in track["facts"] if "as_of" in fact)


@pytest.mark.parametrize("track", TRACKS, ids=by_key)
def test_the_keys_of_a_track_resolve(track: Record) -> None:
    assert set(track["topics"]) <= SKILL_KEYS
    assert set(track["professions"]) <= PROFESSION_KEYS
    assert set(track["specialities"]) <= column("specialities.csv", "code")
    assert track.get("institution") is None or track["institution"] in column("institutions.csv", "key")
    assert track.get("format") in FORMATS
    assert track.get("funding") in {"state", "free", None}
    assert all(is_date(track[key]) for key in ("valid_from", "valid_to") if key in track)


@pytest.mark.parametrize("track", TRACKS, ids=by_key)
def test_an_amount_carries_its_year_and_an_explanation(track: Record) -> None:
    assert ("amount_uah" in track) == ("amount_year" in track)
    if "amount_uah" in track:
        assert track["amount_year"] >= 2025
        assert track["amount_note_uk"]


def test_the_voucher_of_2026_is_ten_subsistence_minimums_and_the_adaptation_twenty() -> None:
    amounts = {track["key"]: track.get("amount_uah") for track in TRACKS}
    assert amounts["training-voucher"] == 10 * 3328
    assert amounts["professional-adaptation"] == 20 * 3328


def test_an_ended_project_is_never_shown_as_open() -> None:
    states = {track["key"]: track["state"] for track in TRACKS}
    assert states["it-generation"] == states["nupass"] == "closed"


def test_a_running_track_rests_on_a_source_of_the_last_two_years() -> None:
    assert all(track["as_of"] >= "2025" for track in TRACKS if track["state"] == "running")


# --- courses ---


def test_there_are_at_least_sixty_courses_and_most_are_running() -> None:
    assert len(COURSES) >= 60
    assert sum(course["state"] == "running" for course in COURSES) > len(COURSES) / 2


@pytest.mark.parametrize("course", COURSES, ids=by_key)
def test_the_values_and_keys_of_a_course_resolve(course: Record) -> None:
    assert course["state"] in STATES
    assert course["confidence"] in {"high", "medium", "low"}
    assert course["provider_kind"] in PROVIDER_KINDS
    assert course["format"] in FORMATS
    assert course["pace"] in PACES
    assert course["certificate"] in {True, False, None}
    assert course["topics"]
    assert set(course["topics"]) <= SKILL_KEYS
    assert set(course["professions"]) <= PROFESSION_KEYS
    assert course["institution"] is None or course["institution"] in column("institutions.csv", "key")
    assert course["summary_uk"]
    assert course["summary_en"]
    assert course["title"]
    assert course["provider"]


@pytest.mark.parametrize("course", COURSES, ids=by_key)
def test_a_course_costs_nothing_or_its_price_is_unknown(course: Record) -> None:
    # No price in money was read for any school: a number here would be invented.
    assert course["price_uah"] in {0, None}
    assert course["price_year"] is None or course["price_uah"] == 0


RUNNING = [course for course in COURSES if course["state"] == "running"]


@pytest.mark.parametrize("course", RUNNING, ids=by_key)
def test_a_running_course_rests_on_more_than_a_learners_repository(course: Record) -> None:
    assert course["as_of"] >= "2025"
    assert "слухача" not in course["source_name"]


def test_only_courses_whose_source_names_veterans_are_marked_for_them() -> None:
    marked = [course for course in COURSES if course["for_veterans"]]
    assert marked
    assert all(re.search("ветеран|бойових дій", course["audience_uk"]) for course in marked)
