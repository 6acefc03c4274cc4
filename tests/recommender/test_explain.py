"""Reasons are the terms a place rests on, and every claim was tried out."""

from collections.abc import Callable

import pytest
from hypothesis import given

from recommender import explain
from recommender.explain import MOST_REASONS, Trial
from recommender.features import Candidates
from recommender.ranking import Ranker, Standing
from recommender.schema import Advice, Answers, Term
from recommender.weights import LEAST_SAID
from tests.recommender.test_scoring import AREAS, CHOICES, FIELDS, KNOWLEDGE, LISTINGS, answers, listing

RANKER = Ranker(Candidates(LISTINGS, AREAS, FIELDS), KNOWLEDGE, lambda said: said)
CHANGES = [(question, (value,)) for question, values in CHOICES.items() for value in values]


def without(said: Answers, question: str | None) -> Answers:
    return {name: values for name, values in said.items() if name != question}


def row(advice: Advice, rank: int) -> int:
    return RANKER.candidates.number[advice.paths[rank - 1].candidate.id]


@given(answers())
def test_a_place_really_rests_on_its_reasons(said: Answers) -> None:
    advice = RANKER.advise(said)
    for path in advice.paths:
        assert len(path.reasons) <= MOST_REASONS
        assert set(path.reasons) <= set(path.terms)
        for reason in path.reasons:
            assert reason.contribution > 0
            if reason.question is not None:
                then = RANKER.standing(without(said, reason.question))
                assert then.scores[row(advice, path.rank)] < path.score
                assert (then.rank(row(advice, path.rank)) or 99) >= path.rank


@given(answers())
def test_no_stronger_term_was_passed_over_that_is_a_reason_as_much(said: Answers) -> None:
    for path in RANKER.advise(said).paths:
        of_answers = [reason.contribution for reason in path.reasons if reason.question is not None]
        assert of_answers == sorted(of_answers, reverse=True)
        facts = [reason for reason in path.reasons if reason.question is None]
        assert list(path.reasons[len(of_answers) :]) == facts  # what the person said comes before facts
        enough = [term for term in path.terms if term.contribution >= LEAST_SAID]
        missing = [term for term in enough if term not in path.reasons]
        if len(path.reasons) < MOST_REASONS:
            assert all(term.question is not None for term in missing)


@given(answers())
def test_what_would_change_a_place_does(said: Answers) -> None:
    changes = [(name, new) for name, new in CHANGES if said.get(name) != new]
    advice = RANKER.advise(said, try_also=[changes])
    for path in advice.paths:
        told = path.counterfactual
        ranks = [
            RANKER.standing({**said, name: new}).rank(row(advice, path.rank))
            for name, new in CHANGES
            if said.get(name) != new
        ]
        if told is None:
            higher = [rank for rank in ranks if rank is not None and rank < path.rank]
            assert not higher if path.rank > 1 else set(ranks) == {1}
        else:
            then = RANKER.standing({**said, told.question: told.answer})
            assert then.rank(row(advice, path.rank)) == told.rank != path.rank
            if path.rank > 1:
                assert told.rank == min(rank for rank in ranks if rank is not None)


@given(answers())
def test_what_speaks_against_a_path_is_its_worst_term(said: Answers) -> None:
    for path in RANKER.advise(said).paths:
        worst = min(term.contribution for term in path.terms)
        if worst > -LEAST_SAID:
            assert path.against is None
        else:
            assert path.against in path.terms
            assert path.against is not None
            assert path.against.contribution == worst


def test_a_path_without_a_term_has_nothing_against_it() -> None:
    assert explain.against(()) is None


def test_nothing_is_said_to_follow_from_an_answer_nobody_gave() -> None:
    """School leavers have no degree yet: that counts, but it is no reason to tell them."""
    rows = (listing("first", "programme", degree="bachelor"), listing("course"))
    implying = Ranker(
        Candidates(rows, AREAS, FIELDS), KNOWLEDGE, lambda said: {"education": ("school_11",), **said}
    )
    path = implying.advise({"write": ("like",)}).paths[0]
    assert path.candidate.id == "first"
    assert "education" in {term.question for term in path.terms}
    assert "education" not in {term.question for term in path.reasons}


def test_an_answer_that_lifts_others_more_is_no_reason() -> None:
    """Who likes to write gains a little for what is partly of it, but without that answer it stood higher."""
    rows = (listing("partly", areas={"code": 1.0, "draw": 2.0}), listing("wholly"))
    one = Ranker(Candidates(rows, AREAS, FIELDS), KNOWLEDGE, lambda said: said)
    first, second = one.advise({"write": ("like",)}).paths
    assert (first.candidate.id, second.candidate.id) == ("wholly", "partly")
    assert [reason.question for reason in first.reasons] == ["write", None]
    assert [term.code for term in second.terms if term.contribution > 0] == ["write", "state"]
    assert [reason.code for reason in second.reasons] == ["state"]


@pytest.fixture
def counted() -> tuple[Callable[[Answers], Standing], list[Answers]]:
    asked: list[Answers] = []

    def standing(said: Answers) -> Standing:
        asked.append(said)
        return RANKER.standing(said)

    return standing, asked


def test_each_change_is_tried_once(counted: tuple[Callable[[Answers], Standing], list[Answers]]) -> None:
    standing, asked = counted
    tried = Trial({"write": ("like",)}, standing)
    assert tried.answered("write") == ("like",)
    assert tried.answered("paint") == ()
    first = tried.with_answer("paint", ("no",))
    assert tried.with_answer("paint", ("no",)) is first
    tried.with_answer("write", ())
    assert asked == [{"write": ("like",), "paint": ("no",)}, {}]


def test_no_more_is_tried_than_the_best_there_is(
    counted: tuple[Callable[[Answers], Standing], list[Answers]],
) -> None:
    standing, asked = counted
    one = RANKER.candidates.number["painting"]
    tried = Trial({"write": ("like",)}, standing)
    changes = [("write", ("no",)), ("paint", ("like_can",)), ("paint", ("like",))]
    found = explain.counterfactual(one, 4, tried, [changes])
    assert found is not None
    assert found.rank == 1
    assert len(asked) < len(changes)


def test_facts_fill_up_what_answers_leave(
    counted: tuple[Callable[[Answers], Standing], list[Answers]],
) -> None:
    standing, asked = counted
    terms = [Term("amount", None, 0.06), Term("state", None, 0.1), Term("age", None, -0.1)]
    assert explain.reasons(terms, 0, 1, Trial({}, standing)) == (terms[1], terms[0])
    assert asked == []


def test_what_hardly_counts_is_not_said(
    counted: tuple[Callable[[Answers], Standing], list[Answers]],
) -> None:
    terms = [Term("free", None, LEAST_SAID / 2), Term("age", None, -LEAST_SAID / 2)]
    assert explain.reasons(terms, 0, 1, Trial({}, counted[0])) == ()
    assert explain.against(terms) is None


def test_the_first_group_that_has_a_change_is_the_one_that_is_said(
    counted: tuple[Callable[[Answers], Standing], list[Answers]],
) -> None:
    """A condition given way is said before a liking, even where the liking would lift the path higher."""
    one = RANKER.candidates.number["painting"]
    tried = Trial({"write": ("like",)}, counted[0])
    smaller, larger = [("write", ("no",))], [("paint", ("like_can",))]
    first = explain.counterfactual(one, 4, tried, [smaller, larger])
    second = explain.counterfactual(one, 4, tried, [larger, smaller])
    assert first is not None
    assert second is not None
    assert (first.question, second.question) == ("write", "paint")
    assert second.rank == 1
