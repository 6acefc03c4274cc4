"""Answers in, ranked paths with reasons out: filters first, then the sum, then variety."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from recommender import explain, variety, weights
from recommender.features import Candidates, Flags, Floats
from recommender.filters import RELAXED_FIRST
from recommender.schema import Advice, Answers, Path, Relaxation
from recommender.scoring import Knowledge, Scoring
from recommender.variety import Need


@dataclass(frozen=True, slots=True)
class Standing:
    """The list for one set of answers: row numbers from the first on, every row's score, how many rows pass
    all filters, and which filters had to be left out."""

    rows: tuple[int, ...]
    scores: Floats
    eligible: int
    beyond: tuple[str, ...]

    def rank(self, row: int) -> int | None:
        """The row's place from 1, None when it is not on the list."""
        return self.rows.index(row) + 1 if row in self.rows else None


class Ranker:
    """Ranks one set of candidates.

    `asked` drops answers to questions that would not have been asked with the others (who is no veteran has
    no service roles), and adds what follows from them; it is applied to every set of answers that is tried.
    """

    def __init__(
        self, candidates: Candidates, knowledge: Knowledge, asked: Callable[[Answers], Answers]
    ) -> None:
        self.candidates = candidates
        self.scoring = Scoring(candidates, knowledge)
        self._asked = asked

    def advise(
        self, answers: Answers, hidden: Collection[str] = (), try_also: explain.Changes = ()
    ) -> Advice:
        """The paths for `answers`, each with reasons. Listings in `hidden` (ids) are left out.

        `try_also`: changes among which each path's counterfactual is looked for (`explain.Changes`).
        """
        standing = self.standing(answers, hidden)
        tried = explain.Trial(answers, lambda changed: self.standing(changed, hidden))
        given = self._asked(answers)
        paths = []
        for rank, row in enumerate(standing.rows, 1):
            terms = self.scoring.terms(row, given)
            reasons = explain.reasons(terms, row, rank, tried)
            paths.append(
                Path(
                    candidate=self.candidates.rows[row],
                    rank=rank,
                    score=sum(term.contribution for term in terms),
                    terms=terms,
                    reasons=reasons,
                    against=explain.against(terms),
                    counterfactual=explain.counterfactual(row, rank, tried, try_also),
                )
            )
        return Advice(
            tuple(paths), standing.eligible, self._relaxation(answers, hidden, standing), standing.beyond
        )

    def standing(self, answers: Answers, hidden: Collection[str] = ()) -> Standing:
        """The list without its reasons."""
        answers = self._asked(answers)
        beyond: list[str] = []
        passing = self._passing(answers, hidden)
        for question in RELAXED_FIRST:
            if passing.any():
                break
            if question in answers:
                beyond.append(question)
                passing = self._passing(_without(answers, beyond), hidden)
        if not passing.any():
            passing = self._visible(hidden)
        scores = self.scoring.scores(answers)
        keys = np.where(passing, scores - self.candidates.tie_break, variety.NEVER)
        chosen = variety.chosen(self.candidates, keys, self._needs(answers, keys, passing))
        return Standing(tuple(chosen), scores, int(np.count_nonzero(passing)), tuple(beyond))

    def _passing(self, answers: Answers, hidden: Collection[str]) -> Flags:
        passing = self._visible(hidden)
        for question in ("routes", *(name for name in answers if name in RELAXED_FIRST and name != "routes")):
            passing &= self.scoring.fit(question, answers) >= 0
        return passing

    def _visible(self, hidden: Collection[str]) -> Flags:
        visible = np.ones(len(self.candidates.rows), dtype=bool)
        for one in hidden:
            if one in self.candidates.number:
                visible[self.candidates.number[one]] = False
        return visible

    def _relaxation(self, answers: Answers, hidden: Collection[str], standing: Standing) -> Relaxation | None:
        if standing.eligible >= weights.FEW or standing.beyond:
            return None
        found = None
        for question in RELAXED_FIRST:
            if question in answers:
                without = self._asked(_without(answers, (question,)))
                adds = int(np.count_nonzero(self._passing(without, hidden))) - standing.eligible
                if adds > (found.adds if found else 0):
                    found = Relaxation(question, adds)
        return found

    def open_to(self, answers: Answers, kind: str) -> list[str]:
        """Ids of the listings of a kind that pass every filter, best first."""
        answers = self._asked(answers)
        rows = np.flatnonzero(self._passing(answers, ()) & self.candidates.kinds[kind])
        scores = self.scoring.scores(answers)[rows]
        return [self.candidates.rows[row].id for row in rows[np.argsort(-scores, kind="stable")]]

    def _needs(self, answers: Answers, keys: Floats, passing: Flags) -> list[Need]:
        """What the list must show of this person's, whatever scores best: see `recommender.weights`."""
        here = self.candidates
        near = keys >= keys.max(initial=variety.NEVER) - weights.LIKED_WITHIN
        needs = [Need(self.scoring.sure(answers), weights.SURE_BY)]
        needs += [
            Need(here.is_about[:, area] & near, by)
            for area, by in zip(self.scoring.liked(answers), weights.LIKED_BY, strict=False)
        ]
        for kind, by in weights.KINDS_BY.items():
            which = here.support if kind == "support" else here.kinds[kind]
            # Who has asked for a price sees a degree that is known to keep to it, where there is one.
            paid = which & (self.scoring.fit("money", answers) > 0)
            needs.append(Need(paid if (paid & passing).any() else which, by))
        veteran = "veteran" in answers.get("who", ())
        most = weights.SUPPORT_FOR_VETERANS if veteran else weights.SUPPORT
        return [*needs, Need(here.support, weights.MOST_PATHS, most)]


def _without(answers: Answers, questions: Collection[str]) -> Answers:
    return {name: values for name, values in answers.items() if name not in questions}
