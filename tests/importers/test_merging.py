"""Whose word stands, field by field."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.catalogue.facts import FactStamp, Stamps
from applicant_portal.importers.merging import merge

OLD = FactStamp("registry", "2019-08", "ЄДЕБО")
NEW = FactStamp("registry", "2022", "ЄДЕБО")
CONFIRMED = FactStamp("institution", "2018", "Заклад")
FIELDS = ("name", "phone", "site")


def read(state: dict[str, Any], stamps: Stamps, values: dict[str, Any], stamp: FactStamp) -> Stamps:
    changes, after = merge(state, stamps, values, stamp)
    state.update(changes)
    return after


def test_a_newer_source_replaces_and_an_older_one_only_fills_what_is_unknown() -> None:
    state: dict[str, Any] = dict.fromkeys(FIELDS)
    stamps = read(state, {}, {"name": "нова", "phone": None}, NEW)
    stamps = read(state, stamps, {"name": "стара", "phone": "1"}, OLD)
    assert state == {"name": "нова", "phone": "1", "site": None}
    assert stamps == {"record": NEW, "phone": OLD}


def test_an_empty_value_never_erases_a_known_one_and_its_date_stays_with_it() -> None:
    state: dict[str, Any] = dict.fromkeys(FIELDS)
    stamps = read(state, {}, {"name": "а", "phone": "1"}, OLD)
    stamps = read(state, stamps, {"name": "а", "phone": ""}, NEW)
    assert state["phone"] == "1"
    assert stamps == {"record": NEW, "phone": OLD}


def test_what_an_institution_confirmed_is_never_replaced_however_old() -> None:
    state: dict[str, Any] = {"name": "власна", "phone": None, "site": None}
    stamps = read(state, {"record": OLD, "name": CONFIRMED}, {"name": "чужа", "phone": "1"}, NEW)
    assert state["name"] == "власна"
    assert stamps["name"] == CONFIRMED


def test_of_two_words_of_one_day_the_register_stands_before_its_reprint() -> None:
    reprint = FactStamp("offer", "2025", "Вступ.ОСВІТА.UA")
    register = FactStamp("offer", "2025", "ЄДЕБО")
    for first, second in ((reprint, register), (register, reprint)):
        state: dict[str, Any] = dict.fromkeys(FIELDS)
        stamps = read(state, {}, {"name": first.source_name}, first)
        read(state, stamps, {"name": second.source_name}, second)
        assert state["name"] == "ЄДЕБО"


source = st.fixed_dictionaries({field: st.sampled_from([None, "", "а", "б"]) for field in FIELDS})


@given(st.tuples(source, source, source))
def test_any_order_and_any_repetition_end_in_the_same_record(
    sources: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    stamps_of = [FactStamp("registry", year, "ЄДЕБО") for year in ("2019", "2022", "2026")]
    outcomes = []
    for order in permutations(zip(sources, stamps_of, strict=True)):
        state: dict[str, Any] = dict.fromkeys(FIELDS)
        stamps: Stamps = {}
        for values, stamp in order:
            stamps = read(state, stamps, values, stamp)
        for values, stamp in order:
            assert merge(state, stamps, values, stamp) == ({}, stamps)
        outcomes.append(state)
    assert all(outcome == outcomes[0] for outcome in outcomes)
