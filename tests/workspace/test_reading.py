"""What a field reads it can write and read again; nonsense is one sentence."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.workspace import fields, reading
from applicant_portal.workspace.refusals import BadValue

EVERY = [*fields.OFFER, *fields.TIES, *{f for kind in fields.BY_KIND.values() for f in kind}]
RAW = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(
        ["uk", "bachelor", "full_time", "122", "Ф3", "30 470", "2026-07-01", "так", "nure.ua", "м. Київ"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["uk", "en", "audience", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(field=st.sampled_from(EVERY), raw=RAW)
def test_what_was_read_is_read_again_the_same(field: fields.Field, raw: Any) -> None:
    try:
        value = fields.read(field, raw)
    except BadValue as error:
        refusal = error
    else:
        assert fields.read(field, fields.write(field, value)) == value
        return
    assert refusal.field == field.name
    assert refusal.sentence % refusal.params if refusal.params else refusal.sentence


@pytest.mark.parametrize(
    ("of", "raw", "value"),
    [
        (reading.Text(20), "=1+1|cmd", "=1+1|cmd"),
        (reading.Text(40), "<script>&amp;</script>", "<script>&amp;</script>"),
        (reading.Text(20), "комп'ютер\u200b", "комп’ютер"),
        (reading.Money(), "30 470,00", 30470),
        (reading.Money(), 0, 0),
        (reading.Choice((30, 40)), "40", 40),
        (reading.Several(("uk", "en")), ["en", "uk", "en"], ["uk", "en"]),
        (reading.Day(), "01.07.2026", date(2026, 7, 1)),
        (reading.SpecialityCode(), "ф3", "F3"),
        (reading.SpecialityCode(), "122", "F3"),
        (reading.WebAddress(), "nure.ua/vstup", "https://nure.ua/vstup"),
        (reading.CityName(), "kharkiv", "Харків"),
        (reading.RegionName(), "харківська", "Харківська область"),
        (reading.Flag(), "ні", False),
    ],
)
def test_words_of_people_are_understood(of: reading.FieldType, raw: Any, value: Any) -> None:
    assert of.read(raw) == value


def test_names_are_told_apart() -> None:
    for kind, known in fields.BY_KIND.items():
        assert len({field.name for field in known}) == len(known), kind
        assert {field.section for field in known} <= set(fields.SECTIONS)
