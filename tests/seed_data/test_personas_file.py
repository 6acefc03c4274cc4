"""The reference personas of the questionnaire: well-formed, in its own words, about all it is made for.

Pure file checks. Whether the suggestions meet the personas is another test's question.

A predicate holds for a path that meets all its keys. `within` in "expected": one of the first n paths must
match; in "forbidden": none of the first n may (without it, none of the whole list). `form` is the only known
form of study, `funding` is nothing to pay or a place paid by the state.
"""

import csv
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed_data"

Record = dict[str, Any]


def words(text: str) -> set[str]:
    return set(text.split())


FIELDS = {"key", "groups", "who_uk", "why_uk", "answers", "facts", "expected", "forbidden"}
GROUPS = words(
    "veteran serving hearing sight mobility signals drone_pilot medic driver infantry sapper staff "
    "vehicle_repair ew rural mother family idp age_45 master economics teacher informatics designer "
    "accountant trade school_leaver security data games design robotics networks testing web software "
    "cloud analysis english_only start_now contradictory dislikes few_answers skips_all pair"
)
AT_LEAST = {"hearing": 2, "sight": 2, "mobility": 2, "rural": 3, "mother": 3, "serving": 2, "few_answers": 3}
KINDS = {"programme", "course", "track"}
CLOSED_LISTS = {
    "kind": KINDS,
    "degree": {"junior_bachelor", "bachelor", "master", "phd"},
    "format": {"online", "on_site", "blended"},
    "form": {"full_time", "part_time", "evening", "distance", "dual"},
    "funding": {"free"},
    "state": {"running", "unverified", "closed"},
}
PAIRS = 4


def table(file: str, name: str) -> list[Record]:
    with (SEED / file).open("rb") as handle:
        found: list[Record] = tomllib.load(handle)[name]
    return found


def column(file: str, name: str) -> set[str]:
    with (SEED / file).open(encoding="utf-8", newline="") as handle:
        return {row[name] for row in csv.DictReader(handle)}


PERSONAS: list[Record] = [
    json.loads(line) for line in (SEED / "advisor_personas.jsonl").read_text(encoding="utf-8").splitlines()
]
QUESTIONS = {question["id"]: question for question in table("advisor_questionnaire.toml", "question")}
CITIES = column("cities.csv", "name")
ANSWERS_FROM = {
    "roles": {role["key"] for role in table("advisor_roles.toml", "role")},
    "backgrounds": {one["key"] for one in table("advisor_backgrounds.toml", "background")},
    "cities": CITIES,
}
KNOWN = CLOSED_LISTS | {
    "area": {area["key"] for area in table("advisor_areas.toml", "area")},
    "track_key": {track["key"] for track in table("tracks.toml", "track")},
    "speciality": column("specialities.csv", "code"),
    "city": CITIES,
}


def by_key(persona: Record) -> str:
    return str(persona["key"])


every_persona = pytest.mark.parametrize("persona", PERSONAS, ids=by_key)


def test_there_are_enough_and_each_has_its_own_key() -> None:
    keys = [persona["key"] for persona in PERSONAS]
    assert len(keys) >= 44
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


def test_everybody_the_portal_is_for_is_among_them() -> None:
    held = Counter(group for persona in PERSONAS for group in set(persona["groups"]))
    assert held.keys() >= GROUPS
    assert {group: held[group] for group, least in AT_LEAST.items() if held[group] < least} == {}


def test_veterans_with_a_loss_are_of_different_roles() -> None:
    for loss in ("hearing", "sight", "mobility"):
        roles = {
            tuple(one["answers"]["roles"]) for one in PERSONAS if {loss, "veteran"} <= set(one["groups"])
        }
        assert len(roles) >= 2, loss


def test_pairs_differ_in_place_or_in_accessibility_alone() -> None:
    found: dict[str, list[Record]] = {}
    for persona in PERSONAS:
        if "pair" in persona["groups"]:
            # Who is who of a pair tells the same life: the explanation is one text.
            found.setdefault(persona["why_uk"], []).append(persona)
    assert len(found) >= PAIRS
    for members in found.values():
        assert len(members) >= 2
        first, *others = members
        for other in others:
            assert other["answers"] == first["answers"]
            facts = first["facts"].keys() | other["facts"].keys()
            differ = {fact for fact in facts if first["facts"].get(fact) != other["facts"].get(fact)}
            assert differ in ({"place"}, {"accessibility"})
            if differ == {"accessibility"}:  # it only filters: one and the same list is right for both
                assert (other["expected"], other["forbidden"]) == (first["expected"], first["forbidden"])


@every_persona
def test_a_persona_tells_who_it_is_and_what_is_right_for_it(persona: Record) -> None:
    assert persona.keys() == FIELDS
    assert persona["groups"]
    assert len(persona["groups"]) == len(set(persona["groups"]))
    for field in ("who_uk", "why_uk"):
        assert re.search(r"[а-яіїєґ]{3}.*[.!?]$", persona[field]), field
        assert not re.search(r"[а-яіїєґА-ЯІЇЄҐ]['`ʼ][а-яіїєґА-ЯІЇЄҐ]", persona[field]), field
    assert persona["expected"]
    assert persona["forbidden"]


@every_persona
def test_its_answers_are_answers_of_the_questionnaire(persona: Record) -> None:
    assert {QUESTIONS[question]["section"] for question in persona["answers"]} <= {
        "person",
        "task",
        "interest",
    }
    assert {QUESTIONS[question]["section"] for question in persona["facts"]} <= {"fact"}
    for name, value in (persona["answers"] | persona["facts"]).items():
        question = QUESTIONS[name]
        allowed = {answer["value"] for answer in question.get("answers", ())}
        allowed |= ANSWERS_FROM.get(question.get("answers_from", ""), set())
        assert isinstance(value, list) == (question["kind"] == "many"), name
        given = value if isinstance(value, list) else [value]
        assert given, name
        assert len(given) == len(set(given)), name
        assert set(given) <= allowed, name


@every_persona
def test_it_answers_nothing_it_would_not_be_asked(persona: Record) -> None:
    for name in persona["answers"]:
        for before, values in QUESTIONS[name].get("asked_when", {}).items():
            assert persona["answers"].get(before, "") in values, name


@every_persona
def test_its_predicates_can_be_decided(persona: Record) -> None:
    for predicate in persona["expected"] + persona["forbidden"]:
        conditions = {name: value for name, value in predicate.items() if name != "within"}
        assert conditions
        for name, value in conditions.items():
            if name == "price_over":
                assert type(value) is int
                assert value >= 0
            elif name == "title_has":
                assert value
                assert value == value.lower()
            else:
                assert isinstance(value, list) == (name == "speciality")
                assert set(value if isinstance(value, list) else [value]) <= KNOWN[name]
    assert {predicate.get("within") for predicate in persona["expected"]} <= {1, 3, 5, 8}
    assert {predicate.get("within") for predicate in persona["forbidden"]} <= {None, 1, 3, 5, 8}


@every_persona
def test_what_it_expects_it_does_not_forbid(persona: Record) -> None:
    for wanted in persona["expected"]:
        for banned in persona["forbidden"]:
            reach = banned.get("within", 8)
            covers = {
                name: value for name, value in banned.items() if name != "within"
            }.items() <= wanted.items()
            assert not (covers and reach >= wanted["within"]), (wanted, banned)


@every_persona
def test_nobody_is_shown_what_has_ended(persona: Record) -> None:
    assert {"state": "closed"} in persona["forbidden"]
