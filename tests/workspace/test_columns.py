"""What a sheet calls its columns and values, in either language and in the words of our API; and that
whatever goes out in a cell comes back as the same value."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applicant_portal.kit import i18n
from applicant_portal.kit.i18n import LANGUAGES, Lang
from applicant_portal.workspace import columns, fields, file_template, sheets
from applicant_portal.workspace.columns import Column, Dictionary, Says
from applicant_portal.workspace.refusals import BadValue
from applicant_portal.workspace.sheets import UNSEEN_FORMULA

SKILLS = {"python": "Python", "c-cpp": "C/C++", "databases-sql": "Бази даних, SQL", "testing": "Тестування"}
PROFESSIONS = {"developer": "Розробник, розробниця ПЗ", "analyst": "Аналітик"}
KNOWN = Dictionary(
    {"python": "python", "c c++": "c-cpp", "бази даних sql": "databases-sql", "тестування": "testing"},
    {"розробник розробниця пз": "developer", "аналітик": "analyst"},
)
ALL = columns.columns()
OF_OFFER = {f"offer_{name}" for name in fields.of_offer()}
WRITTEN = sorted(name for name, column in ALL.items() if column.field is not None)


def says(**cells: str) -> Says:
    """What a line with these cells says; "offer_year" is the column "offer.year"."""
    return read({name.replace("offer_", "offer.", 1): cell for name, cell in cells.items()})


def read(cells: Mapping[str, str]) -> Says:
    return columns.read_line([ALL[name] for name in cells], list(cells.values()), KNOWN)


def told(line: Says, lang: Lang = "uk") -> list[tuple[str | None, str]]:
    return [(flaw.column, flaw.said(i18n.translations(lang).gettext)) for flaw in line.flaws]


def raw(column: Column, line: Says) -> Any:
    assert column.field is not None
    said = line.offer if column.name.startswith(columns.OFFER) else line.values
    return said[column.field.name]


def test_every_heading_of_the_template_means_its_column_in_both_languages() -> None:
    for lang in LANGUAGES:
        gettext = i18n.translations(lang).gettext
        headings = file_template.headings(gettext)
        assert len(set(headings)) == len(headings)
        for variant in (
            str,
            str.upper,
            str.lower,
            lambda one: f"  «{one}» ",
            lambda one: one.replace(" ", "_"),
        ):
            found = [columns.of_heading(variant(heading)) for heading in headings]
            assert [one and one.name for one in found] == list(ALL)


def test_every_field_of_the_api_is_a_heading() -> None:
    for kind in columns.KINDS:
        for name in fields.of_kind(kind):
            assert (columns.of_heading(name) or ALL["id"]).name == name
            assert (columns.of_heading(name.upper()) or ALL["id"]).name == name
    for name in fields.of_offer():
        for heading in (f"offer.{name}", f"offers.{name}", f"offer_{name}"):
            assert (columns.of_heading(heading) or ALL["id"]).name == f"offer.{name}"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("id", "id"),
        ("ID", "id"),
        ("kind", "kind"),
        ("Назва програми", "title"),
        ("НАЗВА ОСВІТНЬОЇ ПРОГРАМИ", "title"),
        ("Нaзвa", "title"),  # with Latin a's
        ("Освітній ступінь", "degree"),
        ("Код спеціальності", "speciality"),
        ("Рік", "offer.year"),
        ("Вартість навчання за рік", "offer.price_uah"),
        ("Ліцензійний обсяг", "offer.licence_volume"),
        ("Форма навчання", "forms"),
        ("Вступ: форма навчання", "offer.form"),
        ("price_uah", "price_uah"),
        ("Ціна, грн", "price_uah"),
        ("Ціна за рік, грн", "offer.price_uah"),
        ("Чи обов’язково", None),
        ("=HYPERLINK()", None),
        ("<script>alert(1)</script>", None),
        ("", None),
        (UNSEEN_FORMULA, None),
        ("eligibility", None),
    ],
)
def test_headings_that_officers_have(heading: str, name: str | None) -> None:
    found = columns.of_heading(heading)
    assert (found and found.name) == name


# Whatever goes out comes back.

CLEAN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), min_size=1, max_size=30)
ODD = st.sampled_from(
    ["-", "—", "–", "'—", "''-", "'=1", "=1+1", "+380", "@а", "#REF!", "'#N/A", "'", "''", "1e5"]
)
TEXTS = st.one_of(CLEAN, ODD, st.lists(CLEAN, min_size=2, max_size=3).map("\n\n".join))


def values_of(column: Column) -> st.SearchStrategy[Any]:
    """Values that the column's field can keep, as its type reads them."""
    one = column.field
    assert one is not None
    kind, own = one.type.name, getattr(one.type, "values", ())
    if kind == "text":
        return TEXTS
    if kind == "one":
        return st.sampled_from(list(own))
    if kind == "several":
        return st.lists(st.sampled_from(list(own)), min_size=1, unique=True)
    if kind == "keys":
        known = SKILLS if one.name == "skills" else PROFESSIONS
        return st.lists(st.sampled_from(sorted(known)), min_size=1, unique=True)
    return {
        "whole": st.integers(getattr(one.type, "low", 0), getattr(one.type, "high", 0)),
        "money": st.integers(0, 10_000_000),
        "date": st.dates(date(1991, 1, 1), date(2100, 12, 31)),
        "flag": st.booleans(),
        "address": st.sampled_from(["https://nure.ua/", "http://example.edu/a?b=1&c=%D1%8F#x", "nure.ua"]),
        "speciality": st.sampled_from(["F3", "121", "122", "F5", "113", "A4.09"]),
        "city": st.sampled_from(["Харків", "Кам’янське", "Івано-Франківськ", "Село"]),
        "region": st.sampled_from(["Харківська область", "м. Київ"]),
    }[kind]


def test_no_kind_of_field_is_forgotten() -> None:
    for name in WRITTEN:
        assert values_of(ALL[name]) is not None


@given(st.data())
@settings(max_examples=400)
def test_a_value_that_goes_out_in_a_cell_comes_back(data: st.DataObject) -> None:
    column = ALL[data.draw(st.sampled_from(WRITTEN))]
    one = column.field
    assert one is not None
    try:
        value = fields.read(one, data.draw(values_of(column)))
    except BadValue:
        return
    if value is None:
        return
    lang = data.draw(st.sampled_from(LANGUAGES))
    present = fields.write(one, value)
    text = columns.cell(column, present, i18n.translations(lang).gettext, SKILLS | PROFESSIONS)
    (there,) = sheets.read(sheets.as_csv(["слово"], [[text]]), "а.csv").lines
    line = columns.read_line([column], there.cells, KNOWN)
    assert not line.flaws
    again = raw(column, line)
    # Either nobody need read it, or it is read as what it was.
    assert fields.says_the_same(one, again, present) or fields.read(one, again) == value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_value_with_a_word_comes_back_from_its_word_its_code_and_in_capitals(lang: Lang) -> None:
    gettext = i18n.translations(lang).gettext
    for name in WRITTEN:
        column = ALL[name]
        own = column.field.type if column.field is not None else None
        for value in getattr(own, "values", ()):
            word = columns.cell(column, value if own and own.name == "one" else [value], gettext, {})
            for text in (word, word.upper(), f" {word} ", str(value), str(value).upper()):
                line = columns.read_line([column], [text], KNOWN)
                assert not line.flaws, (name, text)
                assert raw(column, line) in (str(value), [str(value)]), (name, text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_kinds_are_told_in_words_or_codes(lang: Lang) -> None:
    gettext = i18n.translations(lang).gettext
    for kind in columns.KINDS:
        for text in (columns.cell(ALL["kind"], kind, gettext, {}), kind, kind.upper()):
            assert says(kind=text).kind == kind
    wrong = says(kind="трек", title="Шлях")
    assert wrong.kind is None
    assert [column for column, _ in told(wrong)] == ["kind"]


# Cells as officers fill them.


@pytest.mark.parametrize("dash", ["-", "–", "—", "−", " — "])
def test_a_dash_empties_and_an_empty_cell_says_nothing(dash: str) -> None:
    line = says(faculty=dash, languages=dash, skills=dash, price_uah=dash, offer_price_uah=dash)
    assert not line.flaws
    assert line.values == {"faculty": None, "languages": [], "skills": [], "price_uah": None}
    assert line.offer == {"price_uah": None}
    silent = says(faculty="", languages=" ", skills="\n", price_uah="", offer_price_uah="")
    assert (silent.values, silent.offer, silent.flaws) == ({}, {}, [])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ({"forms": "денна"}, ["full_time"]),
        ({"forms": "Заочна ; ДЕННА"}, ["part_time", "full_time"]),
        ({"forms": "full-time, distance"}, ["full_time", "distance"]),
        ({"offer_offer_type": "open, with funded places"}, "open"),
        ({"languages": "українська, англійська"}, ["uk", "en"]),
        ({"languages": "Українська;English"}, ["uk", "en"]),
        ({"languages": "uk\nen"}, ["uk", "en"]),
        ({"languages": ";uk;"}, ["uk"]),
        ({"languages": "EN"}, ["en"]),
        ({"degree": "Бакалавр"}, "bachelor"),
        ({"degree": "МАГІСТР"}, "master"),
        ({"degree": "Bachelor"}, "bachelor"),
        ({"degree": "бакaлaвр"}, "bachelor"),  # with Latin a's
        ({"speciality": "F3 Комп’ютерні науки"}, "F3"),
        ({"speciality": "122 Комп'ютерні науки"}, "122"),
        ({"speciality": "Ф3"}, "Ф3"),
        ({"skills": "Python; C/C++"}, ["python", "c-cpp"]),
        ({"skills": "Бази даних, SQL; Python"}, ["databases-sql", "python"]),
        ({"skills": "Бази даних, SQL"}, ["databases-sql"]),
        ({"skills": "Python, Тестування"}, ["python", "testing"]),
        ({"skills": "ТЕСТУВАННЯ"}, ["testing"]),
        ({"skills": "чаклунство"}, ["чаклунство"]),
        ({"professions": "Розробник, розробниця ПЗ"}, ["developer"]),
        ({"title": "=HYPERLINK(\"x\")"}, "=HYPERLINK(\"x\")"),
        ({"title": "'=1+1"}, "=1+1"),
        ({"title": "'слово"}, "'слово"),
        ({"title": "<script>alert(1)</script>"}, "<script>alert(1)</script>"),
        ({"price_uah": "40 000 грн"}, "40 000 грн"),
        ({"degree": "Другий (магістерський)"}, "master"),
        ({"forms": "Очна (денна); заочна"}, ["full_time", "part_time"]),
        ({"offer_offer_type": "Небюджетна"}, "contract"),
        ({"offer_entry_base": "ПЗСО"}, "40"),
    ],
)  # fmt: skip
def test_values_that_officers_write(cells: dict[str, str], values: Any) -> None:
    line = says(**cells)
    (name,) = cells
    assert told(line) == []
    assert line.values | line.offer == {name.removeprefix("offer_") if name in OF_OFFER else name: values}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"degree": "бакалаврик"}, "degree"),
        ({"languages": "українська та англійська"}, "languages"),
        ({"forms": "денна; щось"}, "forms"),
        ({"offer_entry_base": "після школи й армії"}, "offer.entry_base"),
        ({"state": "може"}, "state"),
        ({"degree": "'="}, "degree"),
        ({"degree": "<script>"}, "degree"),
        ({"faculty": UNSEEN_FORMULA}, "faculty"),
        ({"offer_price_uah": UNSEEN_FORMULA}, "offer.price_uah"),
        ({"title": "#REF!"}, "title"),
        ({"id": "#N/A"}, "id"),
        ({"price_uah": "#DIV/0!"}, "price_uah"),
    ],
)
def test_what_cannot_be_is_told_at_its_column_in_both_languages(cells: dict[str, str], column: str) -> None:
    line = says(**cells)
    (uk,), (en,) = told(line), told(line, "en")
    assert uk[0] == en[0] == column
    assert "%" not in uk[1] + en[1]
    assert uk[1] != en[1]
    assert not any(letter in en[1].lower() for letter in "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
    assert not line.values
    assert not line.offer


def test_a_line_with_more_cells_than_headings_is_told_and_one_with_fewer_is_read() -> None:
    headings = [ALL["title"], None, ALL["faculty"]]
    short = columns.read_line(headings, ["Інформатика"], KNOWN)
    assert (short.values, short.flaws) == ({"title": "Інформатика"}, [])
    long = columns.read_line(headings, ["Інформатика", "щось", "ФІТ", "", "зайве"], KNOWN)
    assert [flaw.column for flaw in long.flaws] == [None]
    empty = columns.read_line(headings, ["Інформатика", "щось", "ФІТ", "", ""], KNOWN)
    assert (empty.values, empty.flaws) == ({"title": "Інформатика", "faculty": "ФІТ"}, [])


def test_what_stands_under_an_unknown_heading_is_passed_over_whatever_it_is() -> None:
    line = columns.read_line([None, ALL["title"]], [UNSEEN_FORMULA, "Інформатика"], KNOWN)
    assert (line.values, line.flaws) == ({"title": "Інформатика"}, [])


def test_one_column_of_forms_means_the_form_of_the_admission_as_well() -> None:
    gettext = i18n.translations("uk").gettext
    part_time = columns.cell(ALL["offer.form"], "part_time", gettext, {})
    assert says(forms=part_time, offer_year="2026").offer == {"year": "2026", "form": "part_time"}
    assert says(forms=part_time).offer == {}
    both = says(forms="full_time; part_time", offer_year="2026")
    assert both.offer == {"year": "2026"}
    own = says(forms=part_time, offer_year="2026", offer_form="full_time")
    assert own.offer["form"] == "full_time"


@given(st.dictionaries(st.sampled_from(list(ALL)), st.text(max_size=20) | ODD, max_size=6))
@settings(max_examples=200)
def test_no_cell_however_odd_breaks_the_reading(cells: dict[str, str]) -> None:
    line = read(cells)
    for flaw in line.flaws:
        for lang in LANGUAGES:
            assert flaw.said(i18n.translations(lang).gettext)
    for name, value in line.values.items():
        with suppress(BadValue):
            fields.read(ALL[name].field or fields.SKILLS, value)


def test_dates_of_a_sheet_are_dates() -> None:
    day = ALL["offer.applications_to"]
    for text in ("2026-07-01", "01.07.2026", "1.7.2026"):
        line = columns.read_line([day], [text], KNOWN)
        assert fields.read(day.field or fields.SKILLS, raw(day, line)) == date(2026, 7, 1)
