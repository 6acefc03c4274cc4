"""How a fact ages as the clock moves, and whose word stands."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.catalogue.facts import PRECEDENCE, FactStamp

DATES = st.none() | st.dates(date(2015, 1, 1), date(2026, 12, 31)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", day.isoformat()])
)
STAMPS = st.builds(FactStamp, origin=st.sampled_from(sorted(PRECEDENCE)), as_of=DATES)


@pytest.mark.parametrize(
    ("today", "age"),
    [
        (date(2026, 7, 8), "fresh"),
        (date(2026, 10, 6), "fresh"),
        (date(2026, 10, 7), "aging"),
        (date(2027, 12, 31), "aging"),
        (date(2028, 1, 1), "stale"),
    ],
)
def test_a_confirmed_fact_is_fresh_for_ninety_days_then_last_years_then_stale(today: date, age: str) -> None:
    assert FactStamp("institution", "2026-07-08", "заклад").age(today) == age


def test_a_bare_year_is_never_fresh_and_a_fact_without_source_has_no_age() -> None:
    assert FactStamp("offer", "2026", "ЄДЕБО").age(date(2026, 1, 2)) == "aging"
    assert FactStamp("portal", None, "сайт").age(date(2026, 1, 2)) == "none"
    assert FactStamp("portal", "2026-01-01", None).age(date(2026, 1, 2)) == "none"


@given(STAMPS)
def test_what_an_institution_confirmed_yields_to_the_institution_alone(other: FactStamp) -> None:
    confirmed = FactStamp("institution", "2025-05-01", "заклад")
    assert confirmed.yields_to(other) is (other.origin == "institution")


@given(STAMPS, STAMPS)
def test_of_two_sources_one_always_may_follow_the_other(one: FactStamp, other: FactStamp) -> None:
    assert one.yields_to(other) or other.yields_to(one)


@given(STAMPS)
def test_a_second_import_of_the_same_source_may_write_the_same_again(stamp: FactStamp) -> None:
    assert stamp.yields_to(stamp)
