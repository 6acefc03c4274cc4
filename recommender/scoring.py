"""The score: one sum, the same for all listings at once and, part by part, for one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender import filters, weights
from recommender.features import Candidates, Fits, Flags, Floats, base_terms
from recommender.schema import Answers, Term

SOFT = tuple(weights.KNOWN_FIT)
HARD = ("place", "format", "hours", "money", "language", "start", "education", "accessibility", "routes")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the models say, as numbers the sum can use. A areas, F fields, in the order of `Candidates`.

    `tasks`: question -> (A,) affinity, -1 to 1. `groups`: question (roles, background) -> value -> (A,)
    nearness, 0 to 1 (0.5 as any occupation). `same_field`: question -> value -> the field's column.
    `interests`: question -> (scale's column, mean answer). `arts` (A, 6): which area a scale speaks for or
    against. `fields` (F, 6): log odds of a
    field against computing for a unit of each scale. `items_per_scale`: how many questions make a scale.
    """

    tasks: Mapping[str, Floats]
    groups: Mapping[str, Mapping[str, Floats]]
    same_field: Mapping[str, Mapping[str, int]]
    interests: Mapping[str, tuple[int, float]]
    fields: Floats
    arts: Floats
    items_per_scale: int = 2


class Scoring:
    """Scores over one set of candidates."""

    def __init__(self, candidates: Candidates, knowledge: Knowledge) -> None:
        self.candidates = candidates
        self.knowledge = knowledge
        # (n, 6): what a unit of each scale does to a listing by the fields beside computing it belongs to.
        self._by_scale: Floats = candidates.field_mix @ knowledge.fields

    def scores(self, answers: Answers) -> Floats:
        """(n,) scores; each is the sum of `terms` of its candidate."""
        here = self.candidates
        areas = np.zeros(len(here.areas))
        scales = np.zeros(self._by_scale.shape[1])
        total = here.base.copy()
        for question, values in answers.items():
            if question in self.knowledge.tasks:
                areas += self._task(question, values[0])
            elif question in self.knowledge.groups:
                areas += self._group(question, values)
                total += weights.SAME_FIELD * self._same_field(question, values)
            elif question in self.knowledge.interests:
                column, step = self._interest(question, values[0])
                scales[column] += weights.INTEREST * step
                areas += weights.ARTS * step * self.knowledge.arts[:, column]
            elif question == "who":
                for level, weight in weights.WHO.get(values[0], {}).items():
                    total += weight * self._level(level)
            elif question == "education":
                total += weights.EDUCATION * self._follows(values[0])
            elif _is_soft(question, values):
                total += self._soft(question, self.fit(question, answers), here.bound)
        return total + here.area_mix @ areas + self._by_scale @ scales

    def terms(self, number: int, answers: Answers) -> tuple[Term, ...]:
        """All parts of one candidate's score that are not zero, in the order of the answers, facts last."""
        here = self.candidates
        found = []
        for question, values in answers.items():
            code, value = question, 0.0
            if question in self.knowledge.tasks:
                value = float(here.area_mix[number] @ self._task(question, values[0]))
            elif question in self.knowledge.groups:
                value = float(here.area_mix[number] @ self._group(question, values))
                value += weights.SAME_FIELD * float(self._same_field(question, values)[number])
            elif question in self.knowledge.interests:
                column, step = self._interest(question, values[0])
                value = weights.INTEREST * step * float(self._by_scale[number, column])
                value += weights.ARTS * step * float(here.area_mix[number] @ self.knowledge.arts[:, column])
            elif question == "who":
                asked = weights.WHO.get(values[0], {})
                value = sum(weight for level, weight in asked.items() if self._level(level)[number])
            elif question == "education":
                value = weights.EDUCATION * float(self._follows(values[0])[number])
            elif _is_soft(question, values):
                sign = int(self.fit(question, answers)[number])
                code = f"{question}:{'known' if sign > 0 else 'unknown'}"
                fits = np.array([sign], dtype=np.int8)
                value = float(self._soft(question, fits, here.bound[number])[0])
            if value:
                found.append(Term(code, question, value))
        facts = base_terms(here.rows[number])
        return (*found, *(Term(code, None, value) for code, value in facts.items()))

    def fit(self, question: str, answers: Answers) -> Fits:
        """How every candidate fits what was said to `question`; 0 everywhere where that bounds nothing."""
        if question == "routes":
            return self.candidates.open_to(answers)
        values = answers.get(question, ())
        if not values or filters.UNBOUNDED.get(question) in values:
            return np.zeros(len(self.candidates.rows), dtype=np.int8)
        fits = [self.candidates.fit(question, value) for value in values]
        # The best of the chosen values counts, or the worst where all are needed.
        join = np.minimum if question in filters.ALL_NEEDED else np.maximum
        joined: Fits = join.reduce(fits)
        return joined

    def _level(self, level: str) -> Flags:
        if level == "support":
            return self.candidates.support
        found = {**self.candidates.kinds, **self.candidates.degrees}
        return found[level]

    def _follows(self, education: str) -> Floats:
        """1 for degrees that come next after `education` and for what asks for it, -1 for degrees that
        the person has already."""
        here = self.candidates
        follows = here.asks & (here.fit("education", education) > 0)
        if education in weights.NEXT_DEGREE:
            follows |= here.degrees[weights.NEXT_DEGREE[education]]
        has = np.zeros_like(follows)
        for degree in weights.HAVE_ALREADY.get(education, ()):
            has |= here.degrees[degree]
        return follows.astype(np.float64) - has

    def liked(self, answers: Answers) -> list[int]:
        """The areas whose own work the person likes, best liked first; where that is equal, the one that more
        of the other answers speak for."""
        own: dict[int, float] = {}
        total = np.zeros(len(self.candidates.areas))
        for question, values in answers.items():
            if question in self.knowledge.tasks:
                total += self._task(question, values[0])
                own[int(np.argmax(self.knowledge.tasks[question]))] = weights.LIKING[values[0]]
            elif question in self.knowledge.interests:
                column, step = self._interest(question, values[0])
                total += weights.ARTS * step * self.knowledge.arts[:, column]
        found = [area for area, liking in own.items() if liking >= weights.LIKED]
        return sorted(found, key=lambda area: (-own[area], -total[area], area))

    def sure(self, answers: Answers) -> Flags:
        """(n,) whether a candidate is known to fit all facts that were asked for and count."""
        sure = np.ones(len(self.candidates.rows), dtype=bool)
        for question, values in answers.items():
            if _is_soft(question, values):
                sure &= self.fit(question, answers) > 0
        return sure

    def _task(self, question: str, value: str) -> Floats:
        return weights.TASK * weights.LIKING[value] * self.knowledge.tasks[question]

    def _group(self, question: str, values: tuple[str, ...]) -> Floats:
        """Several groups are a union: each area takes the nearest of them."""
        known = [self.knowledge.groups[question][value] for value in values if value in
                 self.knowledge.groups[question]]  # fmt: skip
        if not known:
            return np.zeros(len(self.candidates.areas))
        nearness: Floats = np.maximum.reduce(known)
        weight = weights.ROLES if question == "roles" else weights.BACKGROUND
        return weight * np.maximum(nearness - weights.NEAR_FROM, 0.0) / (1 - weights.NEAR_FROM)

    def _same_field(self, question: str, values: tuple[str, ...]) -> Floats:
        columns = {self.knowledge.same_field[question][value] for value in values if value in
                   self.knowledge.same_field[question]}  # fmt: skip
        if not columns:
            return np.zeros(len(self.candidates.rows))
        found: Floats = self.candidates.field_mix[:, sorted(columns)].max(axis=1)
        return found

    def _interest(self, question: str, value: str) -> tuple[int, float]:
        column, mean = self.knowledge.interests[question]
        return column, (float(value) - mean) / self.knowledge.items_per_scale

    @staticmethod
    def _soft(question: str, fits: Fits, bound: Flags | np.bool_) -> Floats:
        weight = weights.KNOWN_FIT[question]
        counts = bound | (question == "money")
        return np.where(counts, np.where(fits > 0, weight, weight * weights.UNKNOWN), 0.0)


def _is_soft(question: str, values: tuple[str, ...]) -> bool:
    """Whether the answer bounds something and a known fit counts. Of places only "from home" does: a city
    filters and moves nothing."""
    if question not in weights.KNOWN_FIT or filters.UNBOUNDED.get(question) in values:
        return False
    return question != "place" or values[0] == "online"
