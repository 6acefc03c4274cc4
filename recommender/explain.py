"""Why a path stands where it stands: the score's own terms, each tried out.

A term is a reason only where the place really rests on it: without that answer the path has less and stands
no higher. Whatever is claimed here was computed with the changed answers, by the ranker itself.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from recommender import weights
from recommender.schema import Answers, Counterfactual, Term

if TYPE_CHECKING:
    from recommender.ranking import Standing

Changes = Sequence[Sequence[tuple[str, tuple[str, ...]]]]
"""Groups of changes of one answer, (question, new values); what comes first is said first."""
MOST_REASONS = 3
_LESS = 1e-9


class Trial:
    """Standings with one answer changed, each worked out once."""

    def __init__(self, answers: Answers, standing: "Callable[[Answers], Standing]") -> None:
        self._answers = answers
        self._standing = standing
        self._known: dict[tuple[str, tuple[str, ...]], Standing] = {}

    def with_answer(self, question: str, values: tuple[str, ...]) -> "Standing":
        """The list when `question` is answered by `values`; empty: not answered."""
        key = question, values
        if key not in self._known:
            changed = {name: said for name, said in self._answers.items() if name != question}
            if values:
                changed[question] = values
            self._known[key] = self._standing(changed)
        return self._known[key]

    def answered(self, question: str) -> tuple[str, ...]:
        return self._answers.get(question, ())


def reasons(terms: Sequence[Term], row: int, rank: int, tried: Trial) -> tuple[Term, ...]:
    """The terms for a path, three at most: those that rest on an answer, strongest first, then facts."""
    score = sum(term.contribution for term in terms)
    found: list[Term] = []
    for term in sorted(terms, key=lambda term: (term.question is None, -term.contribution)):
        if (
            term.contribution >= weights.LEAST_SAID
            and len(found) < MOST_REASONS
            and _rests_on(term, score, row, rank, tried)
        ):
            found.append(term)
    return tuple(found)


def _rests_on(term: Term, score: float, row: int, rank: int, tried: Trial) -> bool:
    if term.question is None:
        return True
    if not tried.answered(term.question):
        return False
    without = tried.with_answer(term.question, ())
    then = without.rank(row)
    return float(without.scores[row]) < score - _LESS and (then is None or then >= rank)


def against(terms: Sequence[Term]) -> Term | None:
    """The strongest term that speaks against the path."""
    worst = min(terms, key=lambda term: term.contribution, default=None)
    return worst if worst is not None and worst.contribution <= -weights.LEAST_SAID else None


def counterfactual(row: int, rank: int, tried: Trial, changes: Changes) -> Counterfactual | None:
    """The change that lifts the path highest, of the first group that has one; for the first path, one that
    takes its place away."""
    for group in changes:
        best: Counterfactual | None = None
        for question, values in group:
            then = tried.with_answer(question, values).rank(row)
            if rank == 1 and then != 1:
                return Counterfactual(question, values, then)
            if rank > 1 and then is not None and then < (rank if best is None else best.rank or rank):
                best = Counterfactual(question, values, then)
            if best is not None and best.rank == 1:
                break
        if best is not None:
            return best
    return None
