"""Who may enter what. Only what is known not to fit shuts a listing out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import filters
from recommender.filters import ALL_NEEDED, AUDIENCES, DOORS, RELAXED_FIRST, RULES, UNBOUNDED, open_to
from recommender.schema import Answers, Candidate

VALUES: dict[str, tuple[str, ...]] = {
    "place": ("online", "Харків", "Львів"),
    "format": ("full_time", "evening", "online"),
    "hours": ("5", "10", "20", "full"),
    "money": ("0", "20000", "50000"),
    "language": ("uk", "en"),
    "start": ("now", "half_year"),
    "education": ("school_9", "school_11", "college", "bachelor", "master"),
    "accessibility": ("step_free", "from_home", "hearing", "sight", "own_pace"),
}
FORMATS = st.sets(st.sampled_from(VALUES["format"]), min_size=1).map(frozenset)
ONE_FACT = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]))
)


def listing(kind: str = "course", **known: Any) -> Candidate:
    """A listing of which nothing is known but what is given."""
    return Candidate(id="one", kind=kind, provider="house", areas={}, state="running", **known)


@st.composite
def listings(draw: st.DrawFn) -> Candidate:
    maybe = {
        "city": st.sampled_from(VALUES["place"][1:]),
        "online": st.booleans(),
        "formats": FORMATS,
        "own_pace": st.just(True),
        "least_hours": st.integers(0, 60),
        "starts_in": st.integers(0, 400),
        "price": st.integers(0, 100_000),
        "funded": st.booleans(),
        "languages": st.sets(st.sampled_from(VALUES["language"])).map(frozenset),
        "earlier_education": st.sets(st.sampled_from(VALUES["education"])).map(frozenset),
    }
    known = {name: draw(st.none() | values) for name, values in maybe.items()}
    told = st.dictionaries(st.sampled_from(VALUES["accessibility"]), st.sampled_from(("yes", "no", "partly")))
    return listing(draw(st.sampled_from(("programme", "course", "track"))), access=draw(told), **known)


@given(ONE_FACT, st.sampled_from(("course", "track")))
def test_of_whom_nothing_is_known_nobody_is_shut_out(fact: tuple[str, str], kind: str) -> None:
    question, value = fact
    assert RULES[question](listing(kind), value) is None


def test_a_degree_is_not_studied_in_an_hour_a_day_and_nothing_else_is_known_of_it() -> None:
    shut_out = {
        (question, value)
        for question, values in VALUES.items()
        for value in values
        if RULES[question](listing("programme"), value) is not None
    }
    assert shut_out == {("hours", "5")}
    assert filters.hours(listing("programme"), "5") is False


@given(listings(), st.sampled_from(("hours", "money", "start")))
def test_more_hours_money_or_time_shut_out_no_more(one: Candidate, question: str) -> None:
    may_enter = [RULES[question](one, value) is not False for value in VALUES[question]]
    assert may_enter == sorted(may_enter)


@pytest.mark.parametrize(
    ("question", "value", "known", "fits"),
    [
        ("place", "online", {"online": True}, True),
        ("place", "Харків", {"online": True}, True),
        ("place", "Харків", {"city": "Харків"}, True),
        ("place", "Харків", {"city": "Львів"}, False),
        ("place", "Харків", {"city": "Львів", "formats": frozenset(("online",))}, True),
        ("place", "online", {"city": "Харків", "formats": frozenset(("full_time",))}, False),
        ("place", "online", {"city": "Харків"}, None),
        ("place", "online", {"online": False}, False),
        ("format", "evening", {"formats": frozenset(("full_time",))}, False),
        ("format", "online", {"online": False}, False),
        ("hours", "10", {"least_hours": 10}, True),
        ("hours", "20", {"least_hours": 35}, False),
        ("hours", "full", {"least_hours": 35}, True),
        ("money", "0", {"price": 0}, True),
        ("money", "0", {"price": 90_000, "funded": True}, True),
        ("money", "20000", {"price": 90_000}, None),
        ("money", "20000", {"price": 90_000, "funded": False}, False),
        ("money", "0", {"funded": False}, False),
        ("money", "20000", {"funded": False}, None),
        ("language", "en", {"languages": frozenset(("uk",))}, False),
        ("start", "now", {"starts_in": 279}, False),
        ("start", "half_year", {"starts_in": 183}, True),
        ("education", "school_11", {"earlier_education": frozenset(("bachelor",))}, False),
        ("accessibility", "step_free", {"online": True}, True),
        ("accessibility", "step_free", {"access": {"step_free": "no"}}, False),
        ("accessibility", "step_free", {"access": {"step_free": "partly"}}, None),
        ("accessibility", "hearing", {"online": True}, None),
        ("accessibility", "from_home", {"city": "Харків", "formats": frozenset(("evening",))}, False),
        ("accessibility", "own_pace", {"own_pace": True}, True),
    ],
)
def test_what_is_known_decides(question: str, value: str, known: dict[str, Any], fits: bool | None) -> None:
    assert RULES[question](listing(**known), value) is fits


@pytest.mark.parametrize(
    ("said", "routes", "open_"),
    [
        ({}, {"nmt"}, None),
        ({"routes": ("none",)}, {"nmt"}, None),
        ({"routes": ("nmt",)}, {"nmt", "contract"}, True),
        ({"routes": ("nmt",)}, {"interview"}, False),
        ({"routes": ("contract",)}, {"nmt"}, True),
        ({"routes": ("war_disability",)}, {"nmt"}, False),
        ({"routes": ("nmt",), "education": ("college",)}, {"earlier_degree"}, True),
        ({"routes": ("nmt",), "education": ("school_11",)}, {"earlier_degree"}, False),
        ({"routes": ("idp",)}, {"nmt"}, None),
    ],
)
def test_a_programme_is_open_by_one_of_its_doors(said: Answers, routes: set[str], open_: bool | None) -> None:
    assert open_to(listing("programme", routes=frozenset(routes)), said) is open_
    assert open_to(listing("programme"), said) is None
    assert open_to(listing("course", routes=frozenset(routes)), said) is None


@pytest.mark.parametrize(
    ("said", "audience", "open_"),
    [
        ({}, {"anyone"}, True),
        ({}, {"combatant"}, False),
        ({"who": ("veteran",)}, {"combatant"}, True),
        ({"who": ("veteran",), "routes": ("none",)}, {"combatant"}, False),
        ({"who": ("veteran",)}, {"idp"}, False),
        ({"routes": ("discharged",)}, {"wounded"}, True),
        ({"routes": ("idp", "age_45")}, {"age_45"}, True),
        ({"routes": ("family",)}, {"child"}, False),
        ({"routes": ("family_child",)}, {"child"}, True),
    ],
)
def test_a_track_is_open_to_those_it_is_for(said: Answers, audience: set[str], open_: bool | None) -> None:
    assert open_to(listing("track", audience=frozenset(audience)), said) is open_


@given(
    st.sets(st.sampled_from([*AUDIENCES, *DOORS]), min_size=1),
    st.sampled_from([*AUDIENCES, *DOORS]),
    st.sampled_from(("nmt", "contract", "interview", "quota_1", "quota_2", "earlier_degree")),
)
def test_one_more_door_closes_none(said: set[str], more: str, route: str) -> None:
    one = listing("programme", routes=frozenset((route,)))
    if open_to(one, {"routes": tuple(said)}) is True:
        assert open_to(one, {"routes": (*said, more)}) is True


def test_a_track_whose_audience_nobody_told_is_open_to_all() -> None:
    assert open_to(listing("track"), {"routes": ("idp",)}) is None


def test_who_finishes_school_has_no_degree_unless_told_otherwise() -> None:
    assert filters.implied({"who": ("school_leaver",)})["education"] == ("school_11",)
    said = {"who": ("school_leaver",), "education": ("college",)}
    assert filters.implied(said) == said
    assert "education" not in filters.implied({"who": ("student",)})


def test_every_filter_gives_way_some_time() -> None:
    assert set(RELAXED_FIRST) == {*RULES, "routes"}
    assert RELAXED_FIRST[-1] == "education"  # what nobody can change comes last
    assert RULES.keys() >= {*UNBOUNDED, *ALL_NEEDED}
