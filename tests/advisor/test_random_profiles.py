"""What holds of the advice for anybody: a thousand people who answer at random."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from applicant_portal.advisor.service import Advisor
from recommender import filters, weights
from recommender.features import Flags
from recommender.filters import RELAXED_FIRST
from recommender.ranking import Ranker
from recommender.schema import Advice, Answers, Candidate, Path
from tests.advisor.conftest import random_answers

PEOPLE = 1000
OF_FEW = 400
ASKED_AGAIN = 60
Told = list[tuple[Answers, Advice]]
ToldOfFew = list[tuple[Answers, frozenset[str], Advice]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(advisor: Advisor) -> Told:
    """Everybody's answers and what they are told."""
    random = Random(20_261_126)
    asking = advisor.questionnaire
    people = [random_answers(asking, random) for _ in range(PEOPLE)]
    return [(answers, advisor.advise(answers).advice) for answers in people]


@pytest.fixture(scope="module")
def told_of_few(advisor: Advisor) -> ToldOfFew:
    """The same for people who have put aside all listings but a few: what they are told depends on filters
    that shut out nearly all of the rest. Answers, hidden listings, advice."""
    random = Random(11)
    every = [one.id for one in advisor.ranker.candidates.rows]
    found = []
    for _ in range(OF_FEW):
        answers = random_answers(advisor.questionnaire, random)
        hidden = frozenset(every).difference(random.sample(every, random.randint(1, 20)))
        found.append((answers, hidden, advisor.advise(answers, hidden).advice))
    return found


@pytest.fixture
def ranker(advisor: Advisor) -> Ranker:
    return advisor.ranker


def every_path(told: Told) -> Iterator[tuple[Answers, Path]]:
    return ((answers, path) for answers, advice in told for path in advice.paths)


def changed(answers: Answers, question: str, values: tuple[str, ...] = ()) -> Answers:
    rest = {name: said for name, said in answers.items() if name != question}
    return {**rest, question: values} if values else rest


def passing(advisor: Advisor, answers: Answers, advice: Advice) -> Flags:
    """Which listings the list was chosen from."""
    asked = advisor.questionnaire.asked(answers)
    kept = {name: said for name, said in asked.items() if name not in advice.beyond}
    return advisor.ranker._passing(kept, ())


def may_enter(one: Candidate, question: str, answers: Answers) -> bool:
    """Whether it is not known that an answer shuts the listing out, by the rules themselves."""
    if question == "routes":
        return filters.open_to(one, answers) is not False
    values = answers[question]
    if filters.UNBOUNDED.get(question) in values:
        return True
    fits = [filters.RULES[question](one, value) is not False for value in values]
    return all(fits) if question in filters.ALL_NEEDED else any(fits)


def test_people_differ(told: Told) -> None:
    sizes = Counter(len(answers) for answers, _ in told)
    assert min(sizes) <= 2
    assert max(sizes) >= 30
    assert sum(path.counterfactual is not None for _, path in every_path(told)) > PEOPLE
    assert len({path.candidate.id for _, path in every_path(told)}) > 100


def test_nobody_is_left_without_a_path(told: Told, told_of_few: ToldOfFew) -> None:
    found = [advice for _, advice in told] + [advice for _, _, advice in told_of_few]
    assert all(1 <= len(advice.paths) <= weights.MOST_PATHS for advice in found)


def test_five_are_shown_where_five_may_be(advisor: Advisor, told: Told) -> None:
    rows = advisor.ranker.candidates.rows
    for answers, advice in told:
        which = passing(advisor, answers, advice)
        assert which.sum() == advice.eligible
        of = Counter(row.provider for row, passes in zip(rows, which, strict=True) if passes)
        may_be = sum(min(number, weights.MOST_OF_PROVIDER) for number in of.values())
        assert len(advice.paths) >= min(weights.FEW, may_be)


def test_ranks_count_from_one_and_nothing_comes_twice(told: Told) -> None:
    for _, advice in told:
        assert [path.rank for path in advice.paths] == list(range(1, len(advice.paths) + 1))
        assert len({path.candidate.id for path in advice.paths}) == len(advice.paths)


def test_the_terms_are_the_score(ranker: Ranker, told: Told) -> None:
    for answers, advice in told:
        scores = ranker.standing(answers).scores
        for path in advice.paths:
            assert sum(term.contribution for term in path.terms) == pytest.approx(path.score, abs=1e-6)
            row = ranker.candidates.number[path.candidate.id]
            assert float(scores[row]) == pytest.approx(path.score, abs=1e-6)


def test_reasons_are_at_most_three_terms_that_speak_for_the_path(told: Told) -> None:
    for answers, path in every_path(told):
        assert len(path.reasons) <= 3
        assert all(reason in path.terms and reason.contribution > 0 for reason in path.reasons)
        assert len(set(path.reasons)) == len(path.reasons)
        assert {reason.question for reason in path.reasons} <= {None, *answers}
        if path.against is not None:
            assert path.against in path.terms
            assert path.against.contribution == min(term.contribution for term in path.terms) < 0


def test_without_the_strongest_reason_a_path_has_less_and_stands_no_higher(
    ranker: Ranker, told: Told
) -> None:
    for answers, path in every_path(told):
        strongest = next((one.question for one in path.reasons if one.question is not None), None)
        if strongest is not None:
            row = ranker.candidates.number[path.candidate.id]
            then = ranker.standing(changed(answers, strongest))
            assert float(then.scores[row]) < path.score
            assert (then.rank(row) or weights.MOST_PATHS + 1) >= path.rank


def test_what_would_move_a_path_really_moves_it_there(ranker: Ranker, told: Told) -> None:
    for answers, path in every_path(told):
        if (other := path.counterfactual) is not None:
            assert answers.get(other.question) != other.answer
            then = ranker.standing(changed(answers, other.question, other.answer))
            rank = then.rank(ranker.candidates.number[path.candidate.id])
            assert rank == other.rank
            # The first can only be moved down, every other is told how it comes up.
            assert rank != 1 if path.rank == 1 else rank is not None and rank < path.rank


def test_asking_again_says_the_same_as_trying_out(advisor: Advisor, told: Told) -> None:
    """What is claimed of a path was tried out on lists without reasons; the page will be asked for advice."""
    for answers, advice in Random(1).sample(told, ASKED_AGAIN):
        path = Random(len(answers)).choice(advice.paths)
        strongest = next((one.question for one in path.reasons if one.question is not None), None)
        if strongest is not None:
            then = by_id(advisor.advise(changed(answers, strongest)).advice).get(path.candidate.id)
            assert then is None or (then.rank >= path.rank and then.score < path.score)
        if (other := path.counterfactual) is not None:
            again = advisor.advise(changed(answers, other.question, other.answer)).advice
            moved = by_id(again).get(path.candidate.id)
            assert (moved and moved.rank) == other.rank


def by_id(advice: Advice) -> dict[str, Path]:
    return {path.candidate.id: path for path in advice.paths}


def test_nobody_teaches_more_than_two_of_them(told: Told) -> None:
    for _, advice in told:
        of = Counter(path.candidate.provider for path in advice.paths)
        assert max(of.values()) <= weights.MOST_OF_PROVIDER


def test_the_first_five_are_of_two_areas_at_least(advisor: Advisor, told: Told) -> None:
    here = advisor.ranker.candidates
    for answers, advice in told:
        if len(advice.paths) >= weights.FEW:
            which = passing(advisor, answers, advice)
            possible = {area for area, passes in zip(here.main_area, which, strict=True) if passes}
            shown = {here.main_area[here.number[path.candidate.id]] for path in advice.paths[: weights.FEW]}
            assert len(shown) >= min(2, len(possible)), answers


def test_nothing_has_ended(told: Told) -> None:
    assert {path.candidate.state for _, path in every_path(told)} <= {"running", "unverified"}


def test_what_is_shown_is_open_to_the_person_or_the_list_says_beyond_what_it_goes(
    advisor: Advisor, told: Told, told_of_few: ToldOfFew
) -> None:
    assert sum(bool(advice.beyond) for _, _, advice in told_of_few) > OF_FEW / 10
    for answers, advice in [*told, *((answers, advice) for answers, _, advice in told_of_few)]:
        asked = advisor.questionnaire.asked(answers)
        kept = {name: said for name, said in asked.items() if name not in advice.beyond}
        stated = {"routes", *kept} & set(RELAXED_FIRST)
        for path in advice.paths:
            assert all(may_enter(path.candidate, question, kept) for question in stated), answers
        assert set(advice.beyond) <= asked.keys()


def test_what_was_put_aside_is_not_shown(told_of_few: ToldOfFew) -> None:
    for _, hidden, advice in told_of_few:
        assert hidden.isdisjoint(by_id(advice))


def test_an_answer_that_gives_way_adds_what_is_said(ranker: Ranker, told_of_few: ToldOfFew) -> None:
    assert sum(advice.relaxation is not None for _, _, advice in told_of_few) > OF_FEW / 10
    for answers, hidden, advice in told_of_few:
        if advice.beyond or advice.eligible >= weights.FEW:
            assert advice.relaxation is None
            continue
        added = {}
        for question in answers.keys() & set(RELAXED_FIRST):
            then = ranker.standing(changed(answers, question), hidden)
            added[question] = (0 if then.beyond else then.eligible) - advice.eligible
        if advice.relaxation is None:
            assert max(added.values(), default=0) <= 0, answers
        else:
            assert advice.relaxation.adds == added[advice.relaxation.question] == max(added.values()), answers
