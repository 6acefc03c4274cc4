"""Single values: text, numbers, days, periods, places, contacts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.catalogue.specialities import Codes
from applicant_portal.importers import contacts, offer_records, values
from applicant_portal.importers.records import speciality_codes
from applicant_portal.importers.seed_files import duration_en, last_day
from applicant_portal.importers.values import BadValue

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.text(max_size=60),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(anything)
def test_a_parser_answers_or_says_what_is_wrong(raw: object) -> None:
    parsers = (
        values.text,
        values.identifier,
        values.day,
        values.period,
        values.partial_date,
        offer_records.weight,
        offer_records.minimum,
        offer_records.price,
        offer_records.score,
        offer_records.places,
        offer_records.offer_type,
        offer_records.subject,
    )
    for parse in parsers:
        try:
            parse(raw)
        except BadValue as error:
            assert str(error)  # noqa: PT017 (either it is read, or it is refused with a sentence)


@given(st.text(max_size=80))
def test_contacts_never_fail_on_a_text(raw: str) -> None:
    for clean_up in (contacts.site, contacts.email, contacts.phone, contacts.address, contacts.town):
        clean_up(raw)
    contacts.region(raw)
    contacts.quoted(raw)
    values.date_in_name(raw)
    values.term_words(raw)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_reads_in_both_spellings(day: date) -> None:
    assert values.day(f"{day:%d.%m.%Y}") == values.day(day.isoformat()) == day


@given(st.decimals(0, 1, places=3))
def test_a_weight_reads_with_point_and_comma(weight: Decimal) -> None:
    plain = f"{weight:f}"
    assert offer_records.weight(plain) == offer_records.weight(plain.replace(".", ",")) == weight


def test_a_term_with_entities_gives_dates_and_length() -> None:
    found = values.period("12.09.2022 &ndash; 30.06.2026 (3р 10м)")
    assert found == (date(2022, 9, 12), date(2026, 6, 30), "3р 10м")
    assert values.term_words("3р 10м") == ("3 роки 10 місяців", "3 years 10 months")
    assert values.term_words("1р 4м") == ("1 рік 4 місяці", "1 year 4 months")
    assert values.term_words("скоро") is None


@pytest.mark.parametrize("raw", ["31.02.2022 – 01.03.2022", "30.06.2026 – 12.09.2022", "колись"])
def test_an_impossible_period_is_refused(raw: str) -> None:
    with pytest.raises(BadValue):
        values.period(raw)


def test_ids_are_one_as_number_and_as_text() -> None:
    assert values.identifier(104) == values.identifier("104") == values.identifier(" 0104 ") == "104"
    assert values.identifier("") is values.identifier(None) is values.identifier(0) is None
    for wrong in ("10a", "-5", "1 2", True, [1]):
        with pytest.raises(BadValue):
            values.identifier(wrong)


@pytest.mark.parametrize("raw", ["64", 64, "-0.1", "1.001"], ids=repr)
def test_a_weight_outside_zero_to_one_is_refused(raw: object) -> None:
    with pytest.raises(BadValue, match="поза межами 0–1"):
        offer_records.weight(raw)


def test_zero_is_unknown_for_a_minimum_and_a_price_but_not_for_a_weight() -> None:
    assert offer_records.minimum(0) is None
    assert offer_records.price("0") is None
    assert offer_records.weight(0) == 0


def test_prices_read_with_blanks_and_pennies() -> None:
    assert (
        offer_records.price("30 470")
        == offer_records.price("30470.00")
        == offer_records.price(30470)
        == 30470
    )


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("edebo_register_2019-08.csv", "2019-08"),
        ("registry-2026-11-03.json", "2026-11-03"),
        ("api_2022.csv", "2022"),
        ("universities_20260105.json", "2026-01-05"),
        ("файл.csv", None),
    ],
)
def test_the_date_of_a_file_is_read_from_its_name(name: str, stamp: str | None) -> None:
    assert values.date_in_name(name) == stamp


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        ("КИЇВ", "м. Київ"),
        ("м.Київ", "м. Київ"),
        ("Київська", "Київська область"),
        ("ХАРКІВСЬКА", "Харківська область"),
        ("Харківська обл.", "Харківська область"),
        ("Івано-Франківська область", "Івано-Франківська область"),
        ("АР Крим", "Автономна Республіка Крим"),
        ("Невідомий регіон", None),
        ("", None),
    ],
)
def test_a_region_has_one_spelling(raw: str, region: str | None) -> None:
    assert contacts.region(raw) == region


def test_a_town_is_named_without_its_kind_and_not_in_capitals_only() -> None:
    assert contacts.town("м. Харків") == contacts.town("м.Харків") == contacts.town("ХАРКІВ") == "Харків"
    assert contacts.town("КАМ'ЯНЕЦЬ-ПОДІЛЬСЬКИЙ") == "Кам’янець-Подільський"
    assert contacts.town("Миргород") == "Миргород"
    assert contacts.town("смт Чемерівці") == "Чемерівці"
    assert contacts.town("-") is None


@pytest.mark.parametrize(
    ("raw", "site"),
    [
        ("http://www. nau.example.ua", "http://www.nau.example.ua"),
        ("nure.example.ua", "http://nure.example.ua"),
        ("https://khai.example.edu/ua/", "https://khai.example.edu/ua"),
        ("http:/ www.uniep.km.uа", "http://www.uniep.km.ua"),
        ("http://a.example.ua, http://b.example.ua", "http://a.example.ua"),
        ("website: www.b.example.ua.", "http://www.b.example.ua"),
        ("someone@ukr.example", None),
        ("немає", None),
        ("javascript:alert(1)", None),
        ("-", None),
    ],
)
def test_a_site_is_mended_or_unknown(raw: str, site: str | None) -> None:
    assert contacts.site(raw) == site


def test_straight_quotes_become_ukrainian_ones_and_are_closed() -> None:
    assert contacts.quoted('Університет "Зоряна "Академія"') == "Університет «Зоряна «Академія»»"
    assert contacts.quoted("Об`єднання “А”") == "Об’єднання «А»"


def test_an_old_code_finds_the_new_speciality_in_any_spelling() -> None:
    assert speciality_codes("125") == speciality_codes(" 125 ") == Codes("F5", "125")
    assert speciality_codes("Ф5") == speciality_codes("f5") == Codes("F5", "125")
    with pytest.raises(BadValue, match="переліку"):
        speciality_codes("Z99")


def test_a_partial_end_date_lasts_to_its_last_day() -> None:
    assert last_day("2026") == date(2026, 12, 31)
    assert last_day("2024-02") == date(2024, 2, 29)


def test_lengths_of_study_are_told_in_english_only_where_every_word_is_known() -> None:
    assert duration_en("1 рік 4 місяці або 1 рік 9 місяців") == "1 year 4 months or 1 year 9 months"
    assert duration_en("3 роки 10 місяців (денна)") == "3 years 10 months (full-time)"
    assert duration_en("три семестри") is None
