"""Answers in, paths out: the ranker over the catalogue as it is now."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from applicant_portal.advisor import knowledge, queries
from applicant_portal.advisor.candidates import Row, areas, candidate
from applicant_portal.advisor.questionnaire import Choice, Questionnaire
from applicant_portal.advisor.store import Kept
from applicant_portal.catalogue import outbox, places
from applicant_portal.kit.db import Database
from recommender import explain
from recommender.features import Candidates
from recommender.ranking import Ranker
from recommender.schema import Advice, Answers, Candidate

SETTLED_FROM = 12
"""From so many questions on the rest may be passed over."""
FEW_INTERESTS = 4
"""With fewer answers about interests we name no direction."""
_FIXED = frozenset(("who", "roles", "background", "education", "accessibility", "routes"))
"""What a person is does not change at will: no counterfactual is looked for there."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Where the interests lean. `fields`: three keys, nearest first. `sure`: of people with a list as
    probable as this one, the share whose field was among the three. `it_share`: of people with such
    answers, the share that studies computing, `it_average` of all; `it_band`: low, middle or high.
    `answered`: of the twelve questions."""

    fields: tuple[str, ...]
    sure: float
    it_share: float
    it_average: float
    it_band: str
    answered: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What the advisor answers. `direction` is None with fewer than `FEW_INTERESTS` interests answered."""

    advice: Advice
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class _State:
    version: tuple[int, date]
    questionnaire: Questionnaire
    ranker: Ranker
    rows: Mapping[str, Row]


class Advisor:
    """The questionnaire and the ranker over one database, renewed when the catalogue or the day changes. Safe
    to use from several threads: while one reads the catalogue anew, the others answer from the one before."""

    def __init__(self, database: Database, plain: Questionnaire, today: Callable[[], date]) -> None:
        self._database = database
        self._plain = plain
        self._today = today
        self._state: _State | None = None
        self._lock = Lock()

    @property
    def questionnaire(self) -> Questionnaire:
        """The questions with the catalogue's cities among the answers."""
        return self._now().questionnaire

    @property
    def ranker(self) -> Ranker:
        return self._now().ranker

    def advise(self, answers: Answers, hidden: Collection[str] = ()) -> Answered:
        """The paths and the direction for answers that were read by the questionnaire."""
        here = self._now()
        changes = _changes(here.questionnaire, here.questionnaire.asked(answers))
        return Answered(here.ranker.advise(answers, hidden, changes), _direction(here.questionnaire, answers))

    def open_courses(self, answers: Answers) -> list[Row]:
        """Courses that pass the person's filters, better for them first."""
        here = self._now()
        return [here.rows[one] for one in here.ranker.open_to(answers, "course")]

    def is_settled(self, answers: Answers, hidden: Collection[str] = ()) -> bool:
        """Whether no answer to a single question about likings that is still open would change the first
        three paths."""
        here = self._now()
        first = here.ranker.standing(answers, hidden).rows[:3]
        for question in here.questionnaire.sequence(answers):
            if question.section not in ("task", "interest") or question.id in answers:
                continue
            for choice in question.choices:
                changed = {**answers, question.id: (choice.value,)}
                if here.ranker.standing(changed, hidden).rows[:3] != first:
                    return False
        return True

    def _now(self) -> _State:
        with self._database.read() as session:
            version = (outbox.mark(session), self._today())
        state = self._state
        if state is not None and state.version == version:
            return state
        if not self._lock.acquire(blocking=state is None):
            assert state is not None  # noqa: S101 (else the lock was waited for)
            return state
        try:
            if self._state is None or self._state.version != version:
                self._state = self._read(version)
            return self._state
        finally:
            self._lock.release()

    def _read(self, version: tuple[int, date]) -> _State:
        with self._database.read() as session:
            rows = queries.candidate_rows(session)
        names = sorted({row.city for row in rows if row.city}, key=lambda city: (city != "Харків", city))
        questionnaire = self._plain.with_cities(
            Choice(city, city, places.city_name(city, "en")) for city in names
        )
        candidates = Candidates(
            _interleaved(rows, version[1]), [area.key for area in areas()], knowledge.FIELDS
        )
        ranker = Ranker(candidates, knowledge.knowledge(questionnaire), questionnaire.asked)
        # The first to ask need not wait for what all have in common.
        ranker.advise({})
        return _State(version, questionnaire, ranker, {row.id: row for row in rows})


def answered(
    here: Advisor, kept: Kept, asked: str, chosen: tuple[str, ...], *, changing: bool
) -> tuple[Kept, str]:
    """What is kept after an answer (empty: passed over), and the step that comes next: a number, or "result".

    Who changes an answer comes back to the result and is told what moved. Who goes on is spared the rest of
    the questions about likings once no answer to any of them would change the first three paths.
    """
    answers = {name: values for name, values in kept.answers.items() if name != asked}
    if chosen:
        answers[asked] = chosen
    # What is no longer asked is not kept: a veteran's roles go when somebody turns out to be none.
    asked_now = here.questionnaire.sequence(answers)
    answers = {one.id: answers[one.id] for one in asked_now if one.id in answers}
    passed = kept.passed - {asked} if chosen else kept.passed | {asked}
    if changing:
        ranker = here.ranker
        rows = ranker.standing(kept.answers, kept.hidden).rows
        before = [ranker.candidates.rows[row].id for row in rows]
        now = replace(kept, answers=answers, passed=passed, moved={"question": asked, "before": before})
        return now, "result"
    now = replace(kept, answers=answers, passed=passed, moved={})
    sequence = here.questionnaire.sequence(answers)
    number = next((place for place, one in enumerate(sequence, 1) if one.id == asked), 0) + 1
    rest = sequence[number - 1 :]
    if number > SETTLED_FROM and rest and rest[0].section != "fact" and here.is_settled(answers, kept.hidden):
        facts = next(place for place, one in enumerate(sequence, 1) if one.section == "fact")
        return replace(now, moved={"stopped": True}), str(facts)
    return now, str(number) if rest else "result"


def next_step(here: Advisor, kept: Kept) -> str:
    """The first question that was neither answered nor passed over: its number, or "result"."""
    sequence = here.questionnaire.sequence(kept.answers)
    done = kept.answers.keys() | kept.passed
    last = max((place for place, one in enumerate(sequence, 1) if one.id in done), default=0)
    return str(last + 1) if last < len(sequence) else "result"


def _interleaved(rows: Sequence[Row], today: date) -> list[Candidate]:
    """The order in which equals are shown: kinds by turns; within a kind what is known to run first, a track
    for few before one for many, what is taught in Ukrainian before the rest, then by title."""
    places: Counter[str] = Counter()
    ordered = []
    for row in sorted(rows, key=lambda row: (row.state, len(row.eligibility), "uk" not in row.languages)):
        ordered.append((places[row.kind], row.kind != "programme", row))
        places[row.kind] += 1
    return [candidate(row, today) for _, _, row in sorted(ordered, key=lambda one: one[:2])]


def _changes(questionnaire: Questionnaire, answers: Answers) -> explain.Changes:
    """Changes a person could make, by groups: a stated condition gives way, a task is liked and learned, and
    last a task is not liked after all. Conditions that were not stated bound nothing."""
    looser: list[tuple[str, tuple[str, ...]]] = []
    liked: list[tuple[str, tuple[str, ...]]] = []
    disliked: list[tuple[str, tuple[str, ...]]] = []
    for question in questionnaire.sequence(answers):
        said = answers.get(question.id, ())
        values = [choice.value for choice in question.choices]
        if question.section == "task":
            liked += [(question.id, ("like_can",))] if said != ("like_can",) else []
            disliked += [(question.id, ("no",))] if said in (("like_can",), ("like",)) else []
        elif question.section == "fact" and said and question.id not in _FIXED:
            if question.id == "place":
                looser += [("place", ("anywhere",))] if said != ("anywhere",) else []
            elif question.kind == "many":
                looser += [
                    (question.id, tuple(one for one in values if one in said or one == more))
                    for more in values
                    if more not in said
                ]
            else:
                looser += [(question.id, (value,)) for value in values[values.index(said[0]) + 1 :]]
    return looser, liked, disliked


def _direction(questionnaire: Questionnaire, answers: Answers) -> Direction | None:
    answered = sum(1 for question in questionnaire.questions if question.scale and question.id in answers)
    if answered < FEW_INTERESTS:
        return None
    led = knowledge.direction()
    scales = knowledge.scales(questionnaire, answers)
    fit = led.it_fit(scales)
    return Direction(
        fields=tuple(led.fields[int(one)] for one in led.listed(scales)[0]),
        sure=float(led.sureness(scales)[0]),
        it_share=float(fit.observed[0]),
        it_average=float(fit.average),
        it_band=fit.band[0],
        answered=answered,
    )
