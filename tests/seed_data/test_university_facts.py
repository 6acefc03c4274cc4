"""The seed files about universities: every row has a source and a date, every key resolves, numbers are sane.

Pure file checks, no database. What the fields mean stands in seed_data/README.md.
"""

import csv
import json
import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed_data"

DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
MAILBOX = re.compile(r"[\w.+-]+@[\w.-]+")
# Two names or an initial and a surname before the sign: ivan.petrenko@, i.petrenko@, petrenko_sergey@
PERSONAL_MAILBOX = re.compile(r"^([a-z]{1,2}|[a-z]{4,})[._-][a-z]{4,}@", re.IGNORECASE)
OFFICE_MAILBOXES = {"office.chief@univ.net.ua", "consult_centre@hnpu.edu.ua", "rector.khtu@itstep.org"}
STRAIGHT_APOSTROPHE = re.compile(r"[а-яіїєґА-ЯІЇЄҐ]['`ʼ][а-яіїєґА-ЯІЇЄҐ]")

KHARKIV_INSTITUTIONS = {
    "92",  # ХНУРЕ
    "104",  # НТУ «ХПІ»
    "34",  # ХАІ
    "62",  # Каразінський університет
    "316",  # ХНУМГ
    "227",  # ХНЕУ
    "212",  # ХНАДУ
    "39",  # УкрДУЗТ
    "57",  # ХНПУ
    "145",  # ХНУВС
    "182",  # ХНУПС
    "4167",  # ХТУ «ШАГ»
    "49",  # НУА
}
WEIGHTS_F3_2025 = {
    "ukrainian": ("0.3", False),
    "mathematics": ("0.5", False),
    "history": ("0.2", False),
    "ukrainian_literature": ("0.2", True),
    "foreign_language": ("0.3", True),
    "biology": ("0.2", True),
    "geography": ("0.2", True),
    "physics": ("0.4", True),
    "chemistry": ("0.3", True),
    "motivation_letter": ("0", False),
}
WEIGHTS_NMT_2022 = {"ukrainian": "0.3", "mathematics": "0.5", "history": "0.2"}


def table(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEED / name).read_text(encoding="utf-8").splitlines()]


def folded(title: str) -> str:
    return re.sub(r"[\W_]+", " ", title.lower()).strip()


INSTITUTIONS = table("institutions.csv")
PLACES = table("place_facts.csv")
SPECIALITIES = table("specialities.csv")
OLD_SPECIALITIES = table("specialities_old.csv")
PROGRAMMES = lines("programmes.jsonl")
OFFERS = lines("offers.jsonl")
SOURCED = [*INSTITUTIONS, *PLACES, *PROGRAMMES, *OFFERS]
KEYS = {row["key"] for row in INSTITUTIONS}


def test_every_row_names_its_source_and_its_date() -> None:
    bare = [row for row in SOURCED if not row.get("source_name") or not DATE.match(row.get("as_of") or "")]
    assert bare == []


def test_a_fact_without_an_address_to_check_it_is_not_called_sure() -> None:
    unlinked = [row for row in PROGRAMMES if not row.get("source_url")]
    assert {(row["confidence"], row["state"]) for row in unlinked} <= {("low", "unverified")}
    assert [row for row in [*INSTITUTIONS, *PLACES, *OFFERS] if not row.get("source_url")] == []


def test_no_student_project_is_shown_as_a_source() -> None:
    links = [row.get(field) or "" for row in SOURCED for field in ("source_url", "official_url")]
    assert [link for link in links if re.search(r"github\.(com|io)|t\.me/|telegram", link)] == []


def test_every_link_is_a_web_address() -> None:
    fields = ("source_url", "official_url", "site", "admission_url")
    links = [row[field] for row in SOURCED for field in fields if row.get(field)]
    assert [link for link in links if not re.match(r"^https?://[^\s/]+\.[^\s;,]+$", link)] == []


def test_no_platform_of_russian_or_belarusian_origin_is_linked() -> None:
    fields = ("source_url", "official_url", "site", "admission_url")
    links = [row[field] for row in SOURCED for field in fields if row.get(field)]
    assert [link for link in links if re.match(r"^https?://[^/]+\.(ru|by|su|рф)(/|$)", link)] == []


def test_contacts_are_offices_not_persons() -> None:
    boxes = {
        box
        for row in INSTITUTIONS
        for field in ("email", "admission_email", "note_uk", "note_en")
        for box in MAILBOX.findall(row[field])
    }
    assert {box for box in boxes if PERSONAL_MAILBOX.match(box)} - OFFICE_MAILBOXES == set()


def test_every_kharkiv_institution_that_teaches_it_is_there() -> None:
    ids = {row["edebo_id"] for row in INSTITUTIONS if row["city"] == "Харків"}
    assert KHARKIV_INSTITUTIONS - ids == set()
    assert "ДБТУ" in {row["short_name"] for row in INSTITUTIONS}


def test_an_institution_that_was_joined_to_another_is_found_by_its_former_id() -> None:
    by_former = {
        former: row["key"] for row in INSTITUTIONS for former in row["former_ids"].split(";") if former
    }
    assert by_former["107"] == "karazin"
    assert by_former["183"] == "kai"
    assert by_former["203"] == "op"
    assert set(by_former).isdisjoint({row["edebo_id"] for row in INSTITUTIONS})


def test_institution_keys_and_ids_are_unique() -> None:
    ids = [row["edebo_id"] for row in INSTITUTIONS if row["edebo_id"]]
    assert len(KEYS) == len(INSTITUTIONS)
    assert len(set(ids)) == len(ids)
    assert all(re.match(r"^[a-z][a-z0-9-]*$", key) for key in KEYS)
    assert {row["ownership"] for row in INSTITUTIONS} <= {"state", "municipal", "private", ""}


def test_every_institution_key_resolves() -> None:
    assert {row["institution"] for row in [*PLACES, *PROGRAMMES, *OFFERS]} - KEYS == set()


def test_place_facts_answer_once_per_topic() -> None:
    assert {row["topic"] for row in PLACES} <= {"dormitory", "shelter", "accessibility", "backup_power"}
    assert {row["answer"] for row in PLACES} <= {"yes", "no", "partly"}
    counts = Counter((row["institution"], row["topic"]) for row in PLACES)
    assert [pair for pair, count in counts.items() if count > 1] == []


def test_every_speciality_code_resolves() -> None:
    new = {row["code"] for row in SPECIALITIES}
    old = {row["code"] for row in OLD_SPECIALITIES}
    assert {row["speciality"] for row in [*PROGRAMMES, *OFFERS] if row["speciality"]} - new == set()
    assert {row["speciality_old"] for row in PROGRAMMES if row.get("speciality_old")} - old == set()
    assert {row["new_code"] for row in OLD_SPECIALITIES if row["new_code"]} - new == set()
    assert {code for row in SPECIALITIES for code in row["old_codes"].split(";") if code} - old == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("113", "F1"),
        ("121", "F2"),
        ("122", "F3"),
        ("124", "F4"),
        ("125", "F5"),
        ("126", "F6"),
        ("123", "F7"),
        ("151", "G7"),
        ("174", "G7"),
        ("152", "G6"),
        ("175", "G6"),
        ("171", "G5"),
        ("172", "G5"),
        ("163", "G22"),
        ("186", "G20"),
        ("051", "C1"),
        ("014.09", "A4.09"),
        ("015.39", "A5.39"),
    ],
)
def test_an_old_code_finds_the_new_speciality(old: str, new: str) -> None:
    assert {row["code"]: row["new_code"] for row in OLD_SPECIALITIES}[old] == new
    assert old in {row["code"]: row["old_codes"].split(";") for row in SPECIALITIES}[new]


def test_all_old_codes_keep_their_leading_zero() -> None:
    assert len(OLD_SPECIALITIES) >= 121
    assert {"011", "022", "051", "061", "091"} <= {row["code"] for row in OLD_SPECIALITIES}


def test_new_codes_are_latin() -> None:
    assert [
        row["code"] for row in SPECIALITIES if not re.match(r"^[A-K]\d{1,2}(\.\d{2})?$", row["code"])
    ] == []


def test_every_it_or_near_speciality_says_what_one_studies_and_where_one_works() -> None:
    texts = tomllib.loads((SEED / "speciality_texts.toml").read_text(encoding="utf-8"))
    assert set(texts) == {row["code"] for row in SPECIALITIES if row["is_it"] != "no"}
    for code, text in texts.items():
        assert set(text) == {"study_uk", "study_en", "work_uk", "work_en"}, code
        assert not re.search(r"\d", "".join(text.values())), code


def test_there_are_at_least_150_programmes_and_each_is_one() -> None:
    assert len(PROGRAMMES) >= 150
    names = Counter((r["institution"], r["degree"], r["speciality"], folded(r["title"])) for r in PROGRAMMES)
    assert [name for name, count in names.items() if count > 1] == []


def test_programmes_use_the_known_values() -> None:
    for row in PROGRAMMES:
        assert row["degree"] in {"bachelor", "master", "phd", "junior_bachelor", None}
        assert set(row["forms"]) <= {"full_time", "part_time", "evening", "distance", "dual"}
        assert row["state"] in {"running", "closed", "unverified"}
        assert row["confidence"] in {"high", "medium", "low"}
        assert row["record_level"] in {"programme", "speciality"}


def test_a_programme_runs_only_if_a_source_of_2025_or_later_says_so() -> None:
    running = [row for row in PROGRAMMES if row["state"] == "running"]
    assert [row["title"] for row in running if row["as_of"] < "2025" or row["confidence"] == "low"] == []


def test_a_price_always_has_its_year() -> None:
    priced = [row for row in PROGRAMMES if row.get("price_uah") is not None]
    assert [row["title"] for row in priced if not 2015 <= (row.get("price_year") or 0) <= 2026] == []


def test_a_summary_comes_in_both_languages() -> None:
    assert [
        row["title"] for row in PROGRAMMES if bool(row.get("summary_uk")) != bool(row.get("summary_en"))
    ] == []


def test_titles_are_typeset() -> None:
    for row in PROGRAMMES:
        assert not STRAIGHT_APOSTROPHE.search(row["title"]), row["title"]
        assert '"' not in row["title"]
        assert row["title"] == row["title"].strip()
        assert not (len(row["title"]) > 12 and row["title"].isupper())


def test_every_offer_belongs_to_a_programme() -> None:
    names = {(row["institution"], row["degree"], row["speciality"], row["title"]) for row in PROGRAMMES}
    stray = [
        row["offer_id"]
        for row in OFFERS
        if (row["institution"], row["degree"], row["speciality"], row["programme"]) not in names
    ]
    assert stray == []


def test_offer_numbers_are_unique_and_their_values_known() -> None:
    assert len({row["offer_id"] for row in OFFERS}) == len(OFFERS)
    for row in OFFERS:
        assert row["offer_type"] in {"open", "fixed", "contract", None}
        assert row["form"] in {"full_time", "part_time", "evening", "distance", None}
        assert 2020 <= row["year"] <= 2026
        licence, budget = row.get("licence_volume"), row.get("budget_places")
        assert licence is None or budget is None or budget <= licence
        for field in ("study_from", "study_to", "applications_from", "applications_to"):
            assert row.get(field) is None or re.match(r"^\d{4}-\d{2}-\d{2}$", row[field])


def test_the_50_offers_of_the_2025_listing_carry_the_known_weights() -> None:
    offers = [
        row for row in OFFERS if row["speciality"] == "F3" and row["year"] == 2025 and row.get("subjects")
    ]
    assert len(offers) == 50
    for offer in offers:
        weights = {s["subject"]: (s["weight"], s["elective"]) for s in offer["subjects"]}
        assert weights == WEIGHTS_F3_2025, offer["offer_id"]
        minima = {s["minimum"] for s in offer["subjects"] if s["minimum"] is not None}
        assert minima <= {100, 140}


def test_the_registry_offer_of_2022_keeps_both_sets_of_subjects_and_its_coefficient() -> None:
    (offer,) = [row for row in OFFERS if row["offer_id"] == "1069080"]
    nmt = {s["subject"]: s["weight"] for s in offer["subjects"] if s["test"] == "nmt"}
    assert nmt == WEIGHTS_NMT_2022
    assert len([s for s in offer["subjects"] if s["test"] == "zno"]) == 8
    assert offer["regional_coefficient"] == "1.07"
    assert (offer["licence_volume"], offer["budget_places"], offer["contract_places"]) == (75, 25, 50)


def test_the_regional_coefficient_stands_only_where_the_source_gave_it() -> None:
    assert [row["offer_id"] for row in OFFERS if row.get("regional_coefficient")] == ["1069080"]


def test_scores_lie_on_the_scale() -> None:
    scores = [
        Decimal(result[field])
        for row in [*PROGRAMMES, *OFFERS]
        for result in (row["results"] if isinstance(row["results"], list) else [row["results"] or {}])
        for field in result
        if field.startswith(("avg_", "min_", "max_"))
    ]
    assert scores
    assert [score for score in scores if not 100 <= score <= 200] == []
