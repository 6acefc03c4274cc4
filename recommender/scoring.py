"""The score: one sum, the same for all listings at once and, part by part, for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from recommender import filters, weights
from recommender.features import Candidates, Fits, Flags, Floats, Kept, base_terms
from recommender.riasec import SCALES
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
        # What answers are multiplied with: how much a listing is of each area, and what a unit of each scale
        # does to it by the fields beside computing it belongs to.
        self._mix: Floats = np.hstack([candidates.area_mix, candidates.field_mix @ knowledge.fields])
        self._main_area = {task: int(np.argmax(affinity)) for task, affinity in knowledge.tasks.items()}
        self._kept = Kept()

    def scores(self, answers: Answers) -> Floats:
        """(n,) scores; each is the sum of `terms` of its candidate."""
        total = self.candidates.base.copy()
        if "language" not in answers:
            total += self.candidates.foreign
        leaning = np.zeros(self._mix.shape[1])
        for question, values in answers.items():
            if (leans := self._leaning(question, values)) is not None:
                leaning += leans
            if (own := self._own(question, values)) is not None:
                total += own
        total += self._mix @ leaning
        return total

    def terms(self, number: int, answers: Answers) -> tuple[Term, ...]:
        """All parts of one candidate's score that are not zero, in the order of the answers, facts last."""
        found = []
        for question, values in answers.items():
            code, value = question, 0.0
            if (leans := self._leaning(question, values)) is not None:
                value += float(self._mix[number] @ leans)
            if (own := self._own(question, values)) is not None:
                value += float(own[number])
            if _is_soft(question, values):
                code += ":known" if self.fit(question, answers)[number] > 0 else ":unknown"
            if value:
                found.append(Term(code, question, value))
        facts = base_terms(self.candidates.rows[number])
        if "language" not in answers and self.candidates.foreign[number]:
            facts["foreign"] = float(self.candidates.foreign[number])
        return (*found, *(Term(code, None, value) for code, value in facts.items()))

    def fit(self, question: str, answers: Answers) -> Fits:
        """How every candidate fits what was said to `question`; 0 everywhere where that bounds nothing."""
        if question == "routes":
            return self.candidates.open_to(answers)
        values = answers.get(question, ())
        if not values or filters.UNBOUNDED.get(question) in values:
            return np.zeros(len(self.candidates.rows), dtype=np.int8)
        # The best of the chosen values counts, or the worst where all are needed.
        join = np.minimum if question in filters.ALL_NEEDED else np.maximum
        return self._kept.get(
            ("fit", question, *values),
            lambda: join.reduce([self.candidates.fit(question, value) for value in values]),
        )

    def liked(self, answers: Answers) -> list[int]:
        """The areas whose own work the person likes, best liked first; where that is equal, the one that more
        of the other answers speak for."""
        own: dict[int, float] = {}
        total = np.zeros(self._mix.shape[1])
        for question, values in answers.items():
            if (leans := self._leaning(question, values)) is not None:
                total += leans
            if question in self._main_area:
                own[self._main_area[question]] = weights.LIKING[values[0]]
        found = [area for area, liking in own.items() if liking >= weights.LIKED]
        return sorted(found, key=lambda area: (-own[area], -total[area], area))

    def sure(self, answers: Answers) -> Flags:
        """(n,) whether a candidate is known to fit all facts that were asked for and count."""
        sure = np.ones(len(self.candidates.rows), dtype=bool)
        for question, values in answers.items():
            if _is_soft(question, values):
                sure &= self.fit(question, answers) > 0
        return sure

    def _leaning(self, question: str, values: tuple[str, ...]) -> Floats | None:
        """What an answer adds for a whole listing of each area, then for a unit of what each scale does;
        None where it says nothing of either."""
        told = self.knowledge
        if question in told.groups:
            return self._group(question, values)
        if question in told.tasks or question in told.interests:
            return self._leaning_of_one(question, values)
        return None

    def _leaning_of_one(self, question: str, values: tuple[str, ...]) -> Floats:
        """The same for a task or an interest."""
        work = self._task if question in self.knowledge.tasks else self._interest
        return self._kept.get(("leaning", question, *values), partial(work, question, values))

    def _task(self, question: str, values: tuple[str, ...]) -> Floats:
        """Who likes a task is near to all areas like it; who does not is further from its own alone."""
        liking, affinity = weights.LIKING[values[0]], self.knowledge.tasks[question]
        if liking < 0:
            affinity = np.where(np.arange(len(affinity)) == self._main_area[question], affinity, 0.0)
        areas = weights.TASK * liking * affinity
        return np.concatenate([areas, np.zeros(len(SCALES))])

    def _group(self, question: str, values: tuple[str, ...]) -> Floats:
        """Several groups are a union: each area takes the nearest of them."""
        groups = self.knowledge.groups[question]
        found = np.zeros(self._mix.shape[1])
        areas = found[: len(self.candidates.areas)]
        for value in values:
            if value in groups:
                np.maximum(areas, groups[value], out=areas)
        weight = weights.ROLES if question == "roles" else weights.BACKGROUND
        areas[:] = weight * np.maximum(areas - weights.NEAR_FROM, 0.0) / (1 - weights.NEAR_FROM)
        return found

    def _interest(self, question: str, values: tuple[str, ...]) -> Floats:
        column, mean = self.knowledge.interests[question]
        step = (float(values[0]) - mean) / self.knowledge.items_per_scale
        scales = np.zeros(len(SCALES))
        scales[column] = weights.INTEREST * step
        return np.concatenate([weights.ARTS * step * self.knowledge.arts[:, column], scales])

    def _own(self, question: str, values: tuple[str, ...]) -> Floats | None:
        """(n,) what an answer adds to each listing whatever its area; None where it adds nothing to any."""
        work: Callable[[str, tuple[str, ...]], Floats]
        if question in self.knowledge.same_field:
            work = self._same_field
            values = tuple(value for value in values if value in self.knowledge.same_field[question])
        elif question == "who":
            work = self._usual
        elif question == "education":
            work = self._follows
        elif _is_soft(question, values):
            work = self._soft
        else:
            return None
        if not values:
            return None
        return self._kept.get(("own", question, *values), partial(work, question, values))

    def _same_field(self, question: str, values: tuple[str, ...]) -> Floats:
        columns = [self.knowledge.same_field[question][value] for value in values]
        found: Floats = weights.SAME_FIELD * self.candidates.field_mix[:, columns].max(axis=1)
        return found

    def _usual(self, _: str, values: tuple[str, ...]) -> Floats:
        """For what usually comes next for them."""
        here = self.candidates
        levels = {**here.kinds, **here.degrees, "support": here.support}
        found = np.zeros(len(here.rows))
        for level, weight in weights.WHO.get(values[0], {}).items():
            found += weight * levels[level]
        return found

    def _follows(self, question: str, values: tuple[str, ...]) -> Floats:
        """For degrees that come next after this education and what asks for it; against degrees that the
        person has already."""
        here, (has_now, *_) = self.candidates, values
        follows = here.asks & (here.fit(question, has_now) > 0)
        if has_now in weights.NEXT_DEGREE:
            follows |= here.degrees[weights.NEXT_DEGREE[has_now]]
        has = np.zeros_like(follows)
        for degree in weights.HAVE_ALREADY.get(has_now, ()):
            has |= here.degrees[degree]
        return weights.EDUCATION * (follows.astype(np.float64) - has)

    def _soft(self, question: str, values: tuple[str, ...]) -> Floats:
        weight = weights.KNOWN_FIT[question]
        counts = self.candidates.bound | (question == "money")
        known = self.fit(question, {question: values}) > 0
        return np.where(counts, np.where(known, weight, weight * weights.UNKNOWN), 0.0)


def _is_soft(question: str, values: tuple[str, ...]) -> bool:
    """Whether the answer bounds something and a known fit counts. Of places only "from home" does: a city
    filters and moves nothing."""
    if question not in weights.KNOWN_FIT or filters.UNBOUNDED.get(question) in values:
        return False
    return question != "place" or values[0] == "online"
