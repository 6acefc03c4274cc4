"""The sum: the same for all listings at once and, part by part, for one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import weights
from recommender.features import Candidates
from recommender.schema import Answers, Candidate
from recommender.scoring import Knowledge, Scoring

AREAS, FIELDS = ("code", "draw"), ("school",)
KNOWLEDGE = Knowledge(
    tasks={"write": np.array([1.0, 0.25]), "paint": np.array([0.0, 1.0])},
    groups={
        "roles": {"radio": np.array([1.0, 0.5]), "driver": np.array([0.2, 0.3])},
        "background": {"teacher": np.array([0.55, 0.775]), "printer": np.array([0.4, 1.0])},
    },
    same_field={"roles": {}, "background": {"teacher": 0}},
    interests={"s1": (3, 3.0), "a1": (2, 2.0), "c1": (5, 2.5)},
    fields=np.array([[0.0, 0.0, 0.0, 0.5, 0.0, -0.25]]),
    arts=np.array([[0.0] * 6, [0.0, 0.0, 1.0, 0.0, 0.0, -1.0]]),
)
CHOICES: dict[str, Sequence[str]] = {
    **dict.fromkeys(("write", "paint"), tuple(weights.LIKING)),
    **dict.fromkeys(("s1", "a1", "c1"), ("1", "2", "3", "4", "5")),
    "who": tuple(weights.WHO),
    "place": ("online", "anywhere", "Харків"),
    "hours": ("5", "10", "20", "full"),
    "money": ("0", "20000", "50000", "any"),
    "start": ("now", "half_year", "any"),
    "education": ("school_9", "school_11", "college", "bachelor", "master"),
}
SEVERAL: dict[str, Sequence[str]] = {
    "roles": ("radio", "driver", "cook"),
    "background": ("teacher", "printer", "cook"),
    "format": ("full_time", "evening", "online"),
    "language": ("uk", "en"),
    "accessibility": ("step_free", "from_home", "hearing"),
    "routes": ("nmt", "contract", "idp"),
}


def listing(one: str, kind: str = "course", **known: Any) -> Candidate:
    """A listing of which nothing is known but what is given; each is taught by somebody else."""
    given = {"provider": one, "areas": {"code": 1.0}, "state": "running", **known}
    return Candidate(id=one, kind=kind, **given)


LISTINGS = (
    listing("free-online", online=True, price=0, formats=frozenset(("online",)), own_pace=True, starts_in=0),
    listing("painting", areas={"draw": 2.0}, languages=frozenset(("uk",)), age="stale"),
    listing("of-both", areas={"code": 1.0, "draw": 1.0}, state="unverified"),
    listing("nothing-known", areas={}),
    listing(
        "to-teach", "programme", degree="bachelor", fields={"school": 0.8}, least_hours=35, starts_in=279
    ),
    listing("master", "programme", degree="master", price=60_000, funded=False, city="Харків"),
    listing("for-idps", "track", audience=frozenset(("idp",)), funded=True, amount=40_000),
    listing("for-all", "track", audience=frozenset(("anyone",)), earlier_education=frozenset(("college",))),
)


def scoring(*listings: Candidate) -> Scoring:
    return Scoring(Candidates(listings or LISTINGS, AREAS, FIELDS), KNOWLEDGE)


ONE = scoring()


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    said: dict[str, tuple[str, ...]] = {}
    for name in draw(st.sets(st.sampled_from([*CHOICES, *SEVERAL]))):
        if name in CHOICES:
            said[name] = (draw(st.sampled_from(CHOICES[name])),)
        else:
            chosen = draw(st.sets(st.sampled_from(SEVERAL[name]), min_size=1))
            said[name] = tuple(value for value in SEVERAL[name] if value in chosen)
    return said


def score(one: str, said: Answers, among: Scoring = ONE) -> float:
    return float(among.scores(said)[among.candidates.number[one]])


@given(answers())
def test_a_score_is_the_sum_of_its_terms(said: Answers) -> None:
    scores = ONE.scores(said)
    for number in range(len(LISTINGS)):
        terms = ONE.terms(number, said)
        assert sum(term.contribution for term in terms) == pytest.approx(scores[number], abs=1e-9)
        assert all(term.contribution for term in terms)
        assert {term.question for term in terms} <= {None, *said}
        assert len({term.code for term in terms}) == len(terms)


@given(answers())
def test_without_an_answer_exactly_its_term_is_gone(said: Answers) -> None:
    for question in said:
        rest = {name: values for name, values in said.items() if name != question}
        for number in range(len(LISTINGS)):
            of_it = [term for term in ONE.terms(number, said) if term.question == question]
            others = [term for term in ONE.terms(number, said) if term.question != question]
            assert len(of_it) <= 1
            assert list(ONE.terms(number, rest)) == others


@given(answers())
def test_an_answer_one_would_expect_of_anybody_moves_nothing(said: Answers) -> None:
    """The mean of an interest: not to answer is not to dislike."""
    rest = {name: values for name, values in said.items() if name != "s1"}
    assert ONE.scores({**rest, "s1": ("3",)}) == pytest.approx(ONE.scores(rest), abs=1e-12)


@given(answers(), st.sampled_from(("Харків", "Львів", "anywhere")))
def test_neither_the_city_nor_a_need_moves_a_score(said: Answers, city: str) -> None:
    rest = {name: values for name, values in said.items() if name not in ("place", "accessibility", "routes")}
    moved = {**rest, "place": (city,), "accessibility": ("hearing",), "routes": ("idp",)}
    assert (ONE.scores(moved) == ONE.scores(rest)).all()


def test_who_answers_nothing_gets_the_facts_alone() -> None:
    assert [term.code for term in ONE.terms(0, {})] == ["state", "age", "free"]
    assert {term.question for number in range(len(LISTINGS)) for term in ONE.terms(number, {})} == {None}
    assert score("of-both", {}) < score("nothing-known", {}) < score("free-online", {})


def test_a_liked_task_speaks_for_its_area_and_the_more_the_purer_a_listing_is() -> None:
    said = {"write": ("like",)}
    gained = {one.id: score(one.id, said) - score(one.id, {}) for one in LISTINGS}
    assert gained["free-online"] == pytest.approx(weights.TASK * weights.LIKING["like"])
    assert gained["free-online"] > gained["of-both"] > gained["painting"] > gained["nothing-known"] == 0
    assert score("free-online", {"write": ("no",)}) < score("free-online", {})


def test_a_listing_that_leans_to_no_area_matches_each_as_little() -> None:
    even = scoring(listing("even", areas={"code": 1.0, "draw": 1.0}), listing("pure"))
    gains = [score("even", {task: ("like",)}, even) - score("even", {}, even) for task in ("write", "paint")]
    assert gains[0] == pytest.approx(weights.TASK * weights.LIKING["like"] * (1 + 0.25) / 2)
    assert gains[1] == pytest.approx(weights.TASK * weights.LIKING["like"] / 2)
    assert not even.candidates.is_about[0].any()
    assert even.candidates.main_area == [-1, 0]


def test_several_roles_are_a_union_and_what_is_as_far_as_anything_adds_nothing() -> None:
    radio, both = {"roles": ("radio",)}, {"roles": ("radio", "driver", "cook")}
    assert score("free-online", radio) == score("free-online", both)
    assert score("free-online", radio) - score("free-online", {}) == pytest.approx(weights.ROLES)
    assert (ONE.scores({"roles": ("driver", "cook")}) == ONE.scores({})).all()


def test_earlier_work_speaks_for_its_own_field() -> None:
    said = {"background": ("teacher",)}
    assert score("to-teach", said) - score("to-teach", {}) == pytest.approx(weights.SAME_FIELD * 0.8)
    assert score("painting", said) - score("painting", {}) == pytest.approx(weights.BACKGROUND / 2)


def test_interests_move_listings_of_a_neighbouring_field_and_design() -> None:
    assert score("to-teach", {"s1": ("5",)}) - score("to-teach", {}) == pytest.approx(0.8 * 0.5)
    assert score("painting", {"a1": ("4",)}) - score("painting", {}) == pytest.approx(weights.ARTS)
    assert score("painting", {"c1": ("4",)}) < score("painting", {})
    assert score("free-online", {"a1": ("5",), "c1": ("1",), "s1": ("1",)}) == score("free-online", {})


def test_the_next_degree_gains_and_the_one_a_person_has_loses() -> None:
    has_one = {"education": ("bachelor",)}
    assert score("master", has_one) - score("master", {}) == pytest.approx(weights.EDUCATION)
    assert score("to-teach", has_one) - score("to-teach", {}) == pytest.approx(-weights.EDUCATION)
    assert score("for-all", {"education": ("college",)}) > score("for-all", {})
    assert score("for-all", {"education": ("school_9",)}) == score("for-all", {})


def test_a_known_fit_gains_and_an_unknown_one_loses_half() -> None:
    said = {"money": ("20000",)}
    known, unknown = (score(one, said) - score(one, {}) for one in ("free-online", "painting"))
    assert known == pytest.approx(weights.KNOWN_FIT["money"])
    assert unknown == pytest.approx(weights.UNKNOWN * known)
    codes = {term.code for number in (0, 1) for term in ONE.terms(number, said) if term.question == "money"}
    assert codes == {"money:known", "money:unknown"}


def test_a_way_to_pay_has_no_form_and_no_hours_but_it_has_money() -> None:
    said = {"hours": ("10",), "format": ("evening",), "language": ("uk",), "start": ("now",)}
    assert score("for-idps", said) == score("for-idps", {})
    assert score("for-idps", {"money": ("0",)}) > score("for-idps", {})


def test_who_asks_decides_what_usually_comes_next() -> None:
    assert score("to-teach", {"who": ("school_leaver",)}) > score("to-teach", {})
    assert score("for-idps", {"who": ("veteran",)}) - score("for-idps", {}) == 1.0
    assert score("for-all", {"who": ("veteran",)}) == score("for-all", {})  # it is for anybody


def test_of_several_values_the_best_counts_and_of_needs_the_worst() -> None:
    number = ONE.candidates.number["painting"]
    assert ONE.fit("language", {"language": ("uk", "en")})[number] == 1
    assert ONE.fit("language", {"language": ("en",)})[number] == -1
    deaf = scoring(listing("loud", online=True, access={"hearing": "no"}))
    assert deaf.fit("accessibility", {"accessibility": ("step_free",)})[0] == 1
    assert deaf.fit("accessibility", {"accessibility": ("step_free", "hearing")})[0] == -1


@given(answers(), st.sampled_from(sorted(set(SEVERAL) - {"accessibility", "routes", "roles", "background"})))
def test_to_accept_more_shuts_out_no_more(said: Answers, question: str) -> None:
    for more in SEVERAL[question]:
        fewer, wider = said.get(question, (more,)), (*said.get(question, ()), more)
        assert (ONE.fit(question, {question: wider}) >= ONE.fit(question, {question: fewer})).all()


@given(answers(), st.sampled_from(SEVERAL["accessibility"]))
def test_to_need_more_lets_in_no_more(said: Answers, more: str) -> None:
    fewer = said.get("accessibility", (more,))
    wider = {"accessibility": (*fewer, more)}
    assert (ONE.fit("accessibility", wider) <= ONE.fit("accessibility", {"accessibility": fewer})).all()


def test_an_answer_that_bounds_nothing_fits_all_and_adds_nothing() -> None:
    for question, value in (("money", "any"), ("hours", "full"), ("start", "any"), ("place", "anywhere")):
        said = {question: (value,)}
        assert not ONE.fit(question, said).any()
        assert (ONE.scores(said) == ONE.scores({})).all()
        assert ONE.sure(said).all()


def test_only_who_is_known_to_fit_all_is_sure() -> None:
    sure = ONE.sure({"money": ("0",), "place": ("online",)})
    assert [one.id for one, fits in zip(LISTINGS, sure, strict=True) if fits] == ["free-online"]


def test_areas_are_liked_by_how_much_then_by_what_else_speaks_for_them() -> None:
    assert ONE.liked({"write": ("like",), "paint": ("like_can",)}) == [1, 0]
    assert ONE.liked({"write": ("like",), "paint": ("like",)}) == [1, 0]  # writing speaks a little for it too
    assert ONE.liked({"write": ("like",), "paint": ("like",), "c1": ("5",)}) == [0, 1]
    assert ONE.liked({"write": ("can",), "paint": ("no",)}) == []


@given(answers())
def test_what_was_worked_out_before_changes_nothing(said: Answers) -> None:
    assert (scoring().scores(said) == ONE.scores(said)).all()
