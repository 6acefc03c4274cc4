"""The best first, but not all alike; what a person needs to see has a place of its own."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender import weights
from recommender.features import Candidates, Floats
from recommender.ranking import Ranker
from recommender.schema import Candidate
from recommender.variety import NEVER, Need, chosen
from tests.recommender.test_scoring import KNOWLEDGE, listing

AREAS = ("code", "draw", "test", "plan")
EVERYBODY, SOME = frozenset(("anyone",)), frozenset(("idp",))


@st.composite
def many(draw: st.DrawFn) -> Candidates:
    rows = []
    for number in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from(("programme", "course", "track")))
        areas = dict.fromkeys(draw(st.sets(st.sampled_from(AREAS), max_size=1)), 1.0)
        provider = f"house-{draw(st.integers(0, 12))}"
        rows.append(listing(str(number), kind, provider=provider, areas=areas, audience=SOME))
    return Candidates(rows, AREAS, ())


def courses(number: int, area: str = "code") -> list[Candidate]:
    return [listing(f"{area}-{one}", areas={area: 1.0}) for one in range(number)]


def falling(here: Candidates) -> Floats:
    """Keys by which the rows come in their own order."""
    return -np.arange(len(here.rows), dtype=np.float64)


def ids(here: Candidates, *needs: Need) -> list[str]:
    return [here.rows[row].id for row in chosen(here, falling(here), needs)]


def only(here: Candidates, *wanted: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([row.id in wanted for row in here.rows])


@given(many(), st.randoms(use_true_random=False))
def test_caps_hold_and_nothing_shut_out_is_taken(here: Candidates, random: np.random.Generator) -> None:
    keys = np.array([random.choice([NEVER, random.random()]) for _ in here.rows])
    taken = chosen(here, keys, [])
    assert len(set(taken)) == len(taken) <= weights.MOST_PATHS
    assert all(keys[row] > NEVER for row in taken)
    assert list(keys[taken]) == sorted(keys[taken], reverse=True)
    of = Counter(here.rows[row].provider for row in taken)
    assert max(of.values(), default=0) <= weights.MOST_OF_PROVIDER
    open_to_all = Counter(row.provider for row, key in zip(here.rows, keys, strict=True) if key > NEVER)
    may_be = sum(min(number, weights.MOST_OF_PROVIDER) for number in open_to_all.values())
    assert len(taken) >= min(weights.FEW, may_be)


@given(many())
def test_a_list_that_had_a_choice_is_varied(here: Candidates) -> None:
    taken = chosen(here, falling(here), [])
    areas = Counter(here.main_area[row] for row in taken)
    alike = Counter((here.rows[row].kind, here.main_area[row]) for row in taken)
    if max(alike.values()) > weights.MOST_ALIKE or max(areas.values()) > weights.MOST_OF_AREA:
        # It gives way only where keeping to it would have left fewer than five.
        assert len(_strictly(here)) < weights.FEW


def _strictly(here: Candidates) -> list[int]:
    """The best first with at most two of a kind and an area, four of an area and two of a provider."""
    taken: list[int] = []
    for row in range(len(here.rows)):
        one, area = here.rows[row], here.main_area[row]
        if (
            sum(here.rows[other].provider == one.provider for other in taken) < weights.MOST_OF_PROVIDER
            and sum(here.main_area[other] == area for other in taken) < weights.MOST_OF_AREA
            and sum((here.rows[other].kind, here.main_area[other]) == (one.kind, area) for other in taken)
            < weights.MOST_ALIKE
        ):
            taken.append(row)
    return taken


def test_the_best_come_first_where_nothing_stands_against_it() -> None:
    rows = [one for area in AREAS for one in courses(2, area)[:1]]
    assert ids(Candidates(rows, AREAS, ())) == ["code-0", "draw-0", "test-0", "plan-0"]


def test_one_kind_may_fill_the_list_where_it_is_all_there_is_but_not_one_area() -> None:
    rows = [*courses(8), *courses(8, "draw"), *courses(1, "test"), *courses(1, "plan")]
    assert ids(Candidates(rows, AREAS, ())) == ["code-0", "code-1", "draw-0", "draw-1", "test-0", "plan-0"]


def test_one_area_may_fill_it_where_nothing_else_is_there() -> None:
    assert len(ids(Candidates(courses(12), AREAS, ()))) == weights.MOST_PATHS
    assert len(ids(Candidates([listing(str(one), provider="one") for one in range(9)], AREAS, ()))) == 2


def test_a_kind_takes_half_of_a_list_that_has_others() -> None:
    rows = [*courses(2), *courses(2, "draw"), *courses(2, "test"), *courses(2, "plan")]
    rows += [listing(f"p-{area}", "programme", areas={area: 1.0}) for area in AREAS]
    kinds = Counter(one.split("-")[0] == "p" for one in ids(Candidates(rows, AREAS, ())))
    assert kinds == {False: weights.MOST_OF_KIND, True: weights.MOST_OF_KIND}


def test_listings_that_lean_to_no_area_do_not_crowd_each_other_out() -> None:
    rows = [listing(str(one), areas={}, kind="course" if one % 2 else "programme") for one in range(8)]
    assert len(ids(Candidates(rows, AREAS, ()))) == weights.MOST_PATHS


def test_what_is_needed_stands_by_its_place_at_the_latest() -> None:
    rows = [*courses(2), *courses(2, "draw"), *courses(2, "test"), *courses(2, "plan")]
    here = Candidates(rows, AREAS, ())
    assert ids(here)[2] == "draw-0"
    assert ids(here, Need(only(here, "plan-1"), by=3))[2] == "plan-1"
    assert ids(here, Need(only(here, "code-1"), by=3))[1] == "code-1"  # it is there in time by itself
    both = [Need(only(here, "plan-0"), by=2), Need(only(here, "plan-1"), by=2)]
    assert ids(here, *both)[:2] == ["plan-0", "plan-1"]
    assert ids(here, Need(only(here, "test-0", "test-1"), by=2, number=2))[:2] == ["test-0", "test-1"]


def test_a_need_that_nothing_meets_takes_no_place() -> None:
    here = Candidates(courses(3), AREAS, ())
    assert ids(here, Need(only(here), by=1)) == ids(here)
    keys = falling(here)
    keys[2] = NEVER
    assert chosen(here, keys, [Need(only(here, "code-2"), by=1)]) == [0, 1]


def test_a_need_whose_listings_are_capped_lets_the_best_come() -> None:
    rows = [listing(str(one), provider="house" if one < 4 else str(one)) for one in range(6)]
    here = Candidates(rows, AREAS, ())
    assert ids(here, Need(only(here, "0", "1", "2", "3"), by=3, number=3)) == ["0", "1", "4", "5"]


@given(many(), st.data())
def test_a_need_is_met_in_time_whatever_else_is_there(here: Candidates, data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(range(len(here.rows))))
    by = data.draw(st.integers(1, 5))
    which = np.arange(len(here.rows)) == wanted
    taken = chosen(here, falling(here), [Need(which, by)])
    if wanted not in taken[:by]:
        # Only a cap stands before a need.
        same = [row for row in taken[:by] if set(here.marks[row]) & set(here.marks[wanted])]
        assert len(same) >= weights.MOST_ALIKE


def ranker(*rows: Candidate) -> Ranker:
    return Ranker(Candidates(rows, ("code", "draw"), ("school",)), KNOWLEDGE, lambda answers: answers)


def shown(one: Ranker, hidden: tuple[str, ...] = (), **answers: str) -> list[str]:
    advice = one.advise({name: (value,) for name, value in answers.items()}, hidden)
    return [path.candidate.id for path in advice.paths]


def test_what_was_put_aside_never_comes_back() -> None:
    one = ranker(*courses(4))
    assert shown(one, ("code-1", "nobody-knows-this")) == ["code-0", "code-2", "code-3"]
    assert shown(one, ("code-0", "code-1", "code-2", "code-3")) == []


def test_an_empty_catalogue_has_nothing_to_suggest() -> None:
    advice = ranker().advise({"write": ("like",), "money": ("0",)})
    assert (advice.paths, advice.eligible, advice.relaxation) == ((), 0, None)


def test_equals_come_in_the_order_of_the_rows() -> None:
    assert shown(ranker(*courses(3)), write="like") == ["code-0", "code-1", "code-2"]


def test_what_is_liked_most_is_among_the_first_though_others_score_more() -> None:
    rows = [*courses(2), listing("both", areas={"code": 3.0, "draw": 2.0}), *courses(1, "draw")]
    assert shown(ranker(*rows), write="like_can", paint="like")[:3].count("draw-0") == 1


def test_each_kind_is_among_the_first_five_where_it_is_open() -> None:
    rows = [*courses(2), *courses(2, "draw"), *(listing(f"none-{one}", areas={}) for one in range(4))]
    rows += [listing("degree", "programme", areas={}, state="unverified")]
    rows += [listing("voucher", "track", areas={}, state="unverified", audience=SOME)]
    found = shown(ranker(*rows), write="like", routes="idp")
    assert {"degree", "voucher"} <= set(found[:5])


def test_where_nothing_passes_the_filters_give_way_in_turn_and_the_list_says_so() -> None:
    one = ranker(
        listing("far", city="Львів", formats=frozenset(("full_time",)), languages=frozenset(("en",)))
    )
    advice = one.advise({"place": ("Харків",), "language": ("uk",)})
    assert advice.beyond == ("place", "language")
    assert [path.candidate.id for path in advice.paths] == ["far"]
    assert advice.relaxation is None
    assert one.advise({"place": ("Харків",)}).beyond == ("place",)


def test_with_few_to_choose_from_the_costliest_answer_is_named() -> None:
    rows = [listing(f"uk-{one}", languages=frozenset(("uk",))) for one in range(3)]
    rows += [listing(f"en-{one}", languages=frozenset(("en",))) for one in range(4)]
    rows += [listing("paid", price=90_000, funded=False, languages=frozenset(("uk",)))]
    advice = ranker(*rows).advise({"language": ("uk",), "money": ("0",)})
    assert advice.eligible == 3
    assert advice.relaxation == ("language", 4)
    assert ranker(*rows).advise({"money": ("0",)}).relaxation is None


def test_an_answer_nobody_gave_is_not_said_to_cost_anything() -> None:
    """What follows from other answers filters too, but cannot be taken back."""
    rows = [listing(f"{one}", "programme", earlier_education=frozenset(("bachelor",))) for one in range(4)]
    rows += [listing("first", "programme", earlier_education=frozenset(("school_11",)))]
    one = Ranker(
        Candidates(rows, ("code", "draw"), ("school",)),
        KNOWLEDGE,
        lambda answers: {"education": ("school_11",), **answers},
    )
    assert one.advise({}).eligible == 1
    assert one.advise({}).relaxation is None
    assert one.advise({"education": ("school_11",)}).relaxation is None
