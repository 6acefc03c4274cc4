"""A listing as the ranker sees it: what the catalogue does not know stays unknown."""

from datetime import date
from typing import Any

import pytest

from applicant_portal.advisor.candidates import ORIENTATION, Row, areas, candidate, main_areas
from applicant_portal.catalogue.facts import FactStamp
from recommender.filters import FULL_TIME_HOURS
from recommender.schema import Candidate

TODAY = date(2026, 11, 26)
EVERY_AREA = {area.key: 1.0 for area in areas()}


def row(kind: str, title: str = "Без назви", **known: Any) -> Row:
    """A listing of which nothing is known but what is given."""
    unknown: dict[str, Any] = {
        "id": "one",
        "title_en": None,
        "title_key": title.lower(),
        "provider": None,
        "institution_id": None,
        "state": "unverified",
        "format": None,
        "city": None,
        "languages": [],
        "price_uah": None,
        "price_year": None,
        "stamps": {},
    }
    return Row(kind=kind, title=title, **{**unknown, **known})


def seen(kind: str, title: str = "Без назви", **known: Any) -> Candidate:
    return candidate(row(kind, title, **known), TODAY)


def of(*values: str) -> frozenset[str]:
    return frozenset(values)


def stamped(as_of: str | None) -> FactStamp:
    return FactStamp("portal", as_of, "Сторінка закладу")


@pytest.mark.parametrize("kind", ["programme", "course", "track"])
def test_what_nobody_told_is_not_known(kind: str) -> None:
    one = seen(kind)
    known = {
        name for name in ("degree", "city", "online", "formats", "own_pace", "least_hours", "price", "funded",
                          "amount", "languages", "routes", "audience", "earlier_education")
        if getattr(one, name) is not None
    }  # fmt: skip
    assert known == set()
    assert (one.areas, one.fields, one.access, one.age) == ({}, {}, {}, "none")
    assert one.starts_in == (279 if kind == "programme" else None)


def test_a_study_year_begins_in_september() -> None:
    programme = row("programme")
    assert candidate(programme, date(2026, 9, 1)).starts_in == 0
    assert candidate(programme, date(2026, 9, 2)).starts_in == 364
    assert candidate(programme, date(2026, 8, 1)).starts_in == 31


def test_who_teaches_goes_by_one_name() -> None:
    assert seen("course", institution_id=7, provider="Кафедра").provider == "7"
    assert seen("course", provider="Академія").provider == "Академія"
    assert seen("course").provider == "one"


@pytest.mark.parametrize(
    ("known", "price"),
    [
        ({"price_uah": 0}, 0),
        ({"price_uah": 9000, "price_year": 2026}, 9000),
        ({"price_uah": 9000, "price_year": 2025}, 9000),
        ({"price_uah": 9000, "price_year": 2024}, None),
        ({"price_uah": 9000}, None),
    ],
)
def test_a_price_that_is_too_old_is_not_known(known: dict[str, Any], price: int | None) -> None:
    assert seen("course", **known).price == price


@pytest.mark.parametrize(
    ("offers", "price", "funded"),
    [
        ([(2026, "contract", None, 40_000), (2026, "contract", None, 30_000)], 30_000, False),
        ([(2026, "contract", None, 40_000), (2025, "open", 20, 10_000)], 40_000, False),
        ([(2026, "open", None, 40_000)], 40_000, True),
        ([(2026, "contract", 5, None)], None, True),
        ([(2026, None, None, 40_000)], 40_000, None),
        ([(2024, "contract", None, 40_000)], None, False),
        ([], None, None),
    ],
)
def test_the_newest_offers_tell_what_a_degree_costs(
    offers: list[tuple[int, str | None, int | None, int | None]], price: int | None, funded: bool | None
) -> None:
    one = seen("programme", offers=offers)
    assert (one.price, one.funded) == (price, funded)


def test_a_course_is_without_money_when_its_price_says_so_and_a_track_when_somebody_pays() -> None:
    assert seen("course", price_uah=0).funded is True
    assert seen("course", price_uah=500, price_year=2026).funded is False
    assert [seen("track", funding=one).funded for one in ("state", "free", "loan", None)] == [
        True, True, None, None,
    ]  # fmt: skip
    assert seen("track", funding="state", amount_uah=30_000).amount == 30_000


def test_a_self_paced_course_fits_every_hour_and_can_begin_now() -> None:
    one = seen("course", format="online", pace="self_paced")
    assert (one.own_pace, one.least_hours, one.starts_in) == (True, 0, 0)
    assert one.formats == of("online", "evening")
    live = seen("course", format="online", pace="live")
    assert (live.own_pace, live.least_hours, live.starts_in, live.formats) == (None, None, None, of("online"))


@pytest.mark.parametrize(
    ("forms", "formats", "hours"),
    [
        (["full_time"], of("full_time"), FULL_TIME_HOURS),
        (["full_time", "part_time"], of("full_time", "evening"), None),
        (["distance"], of("online"), None),
        (["dual"], of("evening"), None),
        (["by-correspondence-from-mars"], None, None),
        ([], None, None),
    ],
)
def test_a_degree_needs_the_week_where_full_time_is_its_only_form(
    forms: list[str], formats: frozenset[str] | None, hours: int | None
) -> None:
    one = seen("programme", forms=forms)
    assert (one.formats, one.least_hours) == (formats, hours)


@pytest.mark.parametrize(
    ("kind", "known", "online"),
    [
        ("course", {"format": "online"}, True),
        ("course", {"format": "online", "city": "Харків"}, False),
        ("course", {"format": "on_site"}, False),
        ("course", {}, None),
        ("programme", {"forms": ["full_time"]}, False),
        ("programme", {"forms": ["full_time", "distance"]}, None),
        ("programme", {}, None),
    ],
)
def test_only_what_has_no_place_is_wholly_online(
    kind: str, known: dict[str, Any], online: bool | None
) -> None:
    assert seen(kind, **known).online is online


def test_a_degree_says_which_education_may_enter() -> None:
    after_school = of("school_11", "college", "bachelor", "master")
    assert seen("programme", degree="bachelor").earlier_education == after_school
    after_nine = seen("programme", degree="professional_junior_bachelor").earlier_education
    assert after_nine == after_school | {"school_9"}
    assert seen("programme", degree="master").earlier_education == of("bachelor", "master")
    assert seen("track", degree="phd").earlier_education == of("master")
    assert seen("programme", degree="doctor-of-magic").earlier_education is None


def test_a_track_that_bars_by_education_is_for_those_all_its_barriers_let_in() -> None:
    barriers = [
        {"uk": "Потрібна освіта", "education": ["college", "bachelor", "master"]},
        {"uk": "Не для магістрів", "education": ["school_11", "college", "bachelor"]},
        {"uk": "Треба прийти особисто"},
    ]
    assert seen("track", barriers=barriers).earlier_education == of("college", "bachelor")
    assert seen("track", barriers=barriers[2:]).earlier_education is None


def test_a_track_is_for_the_audiences_of_its_conditions_and_a_programme_has_doors() -> None:
    conditions = [{"audience": "idp"}, {"audience": "age_45"}, {"uk": "Вигадана умова"}]
    assert seen("track", eligibility=conditions).audience == of("idp", "age_45")
    assert seen("track", eligibility=conditions[2:]).audience is None
    assert seen("course", eligibility=conditions).audience is None
    assert seen("programme", routes=["nmt", "quota_2"]).routes == of("nmt", "quota_2")
    assert seen("course", routes=["nmt"]).routes is None


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Кібербезпека", {"security"}),
        ("Веб для початківців", {"web"}),
        ("QA для початківців", {"testing"}),
        ("Квартири й будинки", set()),
        ("Основи штучного інтелекту", {"data"}),
        ("Linux для адміністраторів", {"cloud"}),
        ("Системний аналіз", {"analysis"}),
        ("Системний підхід", set()),
    ],
)
def test_a_title_tells_the_area_by_beginnings_of_words(title: str, found: set[str]) -> None:
    assert seen("course", title).areas.keys() == found


def test_short_marks_are_words_of_their_own() -> None:
    assert "data" in seen("course", "AI у роботі").areas
    assert "data" not in seen("course", "Aikido").areas


def test_an_english_title_counts_too() -> None:
    assert seen("course", "Без назви", title_en="Cybersecurity basics").areas.keys() == {"security"}


def test_what_a_title_says_outweighs_what_is_taught_and_that_what_a_speciality_leads_to() -> None:
    titled = seen("course", "Тестування програм", skills=["python", "linux"]).areas
    assert titled["testing"] == 2.0
    assert titled["software"] == 2.0 + 0.5
    taught = seen("course", skills=["linux", "containers"]).areas
    assert taught == {"networks": 0.5, "cloud": 1.0}
    led = seen("programme", speciality="F5").areas
    assert led == {"security": 1.0, "networks": 0.4}
    assert seen("programme", speciality="F5.01").areas == led
    assert seen("course", speciality="F5").areas == {}


def test_professions_count_where_the_topic_names_them() -> None:
    assert seen("course", professions=[("qa-tester", "topic")]).areas == {"testing": 1.0}
    assert seen("course", professions=[("qa-tester", "speciality")]).areas == {}


def test_who_runs_a_track_does_not_tell_what_is_taught() -> None:
    assert seen("track", "Школа програмування дронів").areas == {}
    assert seen("track", "Школа дронів", skills=["uav"]).areas == {"hardware": 1.0}


@pytest.mark.parametrize(
    "known",
    [
        {"kind": "track", "funding": "state"},
        {"kind": "track", "specialities": ["F2", "F3"]},
        {"kind": "course", "skills": [ORIENTATION]},
    ],
)
def test_what_opens_any_of_it_leans_to_no_area(known: dict[str, Any]) -> None:
    one = seen(**known)
    assert one.areas == EVERY_AREA
    assert main_areas(one) == ()


def test_an_orientation_that_is_called_after_an_area_is_of_that_area() -> None:
    assert seen("course", "Тестування: з чого почати", skills=[ORIENTATION]).areas == {"testing": 2.0}


def test_the_main_areas_are_the_nearest_and_the_next_where_it_comes_close() -> None:
    assert main_areas(seen("programme", speciality="F5")) == ("security",)
    assert main_areas(seen("course", "Тестування програм")) == ("software", "testing")
    assert main_areas(seen("course")) == ()


def test_a_degree_belongs_to_a_neighbouring_field_by_its_speciality() -> None:
    assert seen("programme", speciality="A4.09").fields == {"education": 1.0}
    assert seen("programme", speciality="F3").fields == {}
    assert seen("course", speciality="A4").fields == {}


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (["2026-11-01", "2023"], "fresh"),
        (["2026-02-01"], "aging"),
        (["2023-02-01", None], "stale"),
        ([None], "none"),
        ([], "none"),
    ],
)
def test_the_newest_word_tells_how_old_all_of_it_is(days: list[str | None], age: str) -> None:
    assert seen("course", stamps={str(number): stamped(day) for number, day in enumerate(days)}).age == age


def test_an_offer_is_a_word_too() -> None:
    assert (
        seen("programme", stamps={"record": stamped("2023")}, offer_stamp=stamped("2026-11-20")).age
        == "fresh"
    )


def test_languages_and_access_are_as_told() -> None:
    one = seen("course", languages=["uk", "en"], access={"step_free": "partly"})
    assert one.languages == of("uk", "en")
    assert one.access == {"step_free": "partly"}
