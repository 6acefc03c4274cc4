"""The models' numbers in the questionnaire's terms: tasks, groups and interests against areas and fields."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from applicant_portal.advisor.candidates import Area, areas
from applicant_portal.advisor.questionnaire import Questionnaire
from recommender.bridge import Bridge
from recommender.direction import Direction
from recommender.features import Floats
from recommender.riasec import SCALES
from recommender.scoring import Knowledge

# What a task is the very work of, told by us; O*NET tells how near the other areas are.
AREA_OF_TASK = {
    "network": "networks",
    "code": "software",
    "data": "data",
    "security": "security",
    "screen": "design",
    "device": "hardware",
    "site": "web",
    "fault": "testing",
    "plan": "analysis",
    "server": "cloud",
}
OWN_SHARE = 0.6
"""How much of a task's affinity is ours; O*NET alone hardly tells a tester's work from a programmer's."""
FIELDS: Sequence[str] = (
    "education",
    "economics",
    "math_stats",
    "electrical_eng",
    "mechanical_industrial_eng",
    "visual_art_design",
    "biology_life",
)
"""Neighbouring fields that listings of the catalogue belong to."""
SAME_FIELD = {
    "roles": {"instructor": "education", "electronics-repair": "electrical_eng"},
    "background": {
        "teaching": "education",
        "economics": "economics",
        "engineering": "mechanical_industrial_eng",
        "electronics": "electrical_eng",
        "design-media": "visual_art_design",
        "medicine": "biology_life",
    },
}
"""Earlier work -> the field it was in."""


@cache
def bridge() -> Bridge:
    """The shipped bridge, read once."""
    return Bridge.read()


@cache
def direction() -> Direction:
    """The shipped direction model for twelve items, read once."""
    return Direction.read(form="short")


def knowledge(questionnaire: Questionnaire) -> Knowledge:
    """All of it for the areas in the order of the file and the fields in the order of `FIELDS`."""
    known, led = bridge(), direction()
    return Knowledge(
        tasks={task: _task(own, known.task_affinity(task)) for task, own in AREA_OF_TASK.items()},
        groups={
            question: {
                choice.value: _by_area(known.affinity([choice.value]))
                for choice in questionnaire.by_id[question].choices
                if known.sources(choice.value)
            }
            for question in ("roles", "background")
        },
        same_field={
            question: {group: FIELDS.index(field) for group, field in pairs.items()}
            for question, pairs in SAME_FIELD.items()
        },
        interests={
            question.id: (SCALES.index(question.scale), float(led.mean[SCALES.index(question.scale)]))
            for question in questionnaire.questions
            if question.scale
        },
        fields=np.array([led.item_weights(field) for field in FIELDS]),
        arts=_arts(),
    )


def scales(questionnaire: Questionnaire, answers: Mapping[str, Sequence[str]]) -> Floats:
    """(1, 6) scale means of the answered interest questions. Each question is half of its scale; one that was
    not answered counts as the mean, and a scale without any answer is NaN."""
    led = direction()
    total = np.full(len(SCALES), np.nan)
    for question in questionnaire.questions:
        if question.scale and question.id in answers:
            column = SCALES.index(question.scale)
            if np.isnan(total[column]):
                total[column] = led.mean[column]
            total[column] += (float(answers[question.id][0]) - led.mean[column]) / 2
    return total.reshape(1, len(SCALES))


def _arts() -> Floats:
    """Artistic interest speaks for design and games, conventional against; nothing else inside IT."""
    found = np.zeros((len(areas()), len(SCALES)))
    design = [area.key for area in areas()].index("design")
    found[design, SCALES.index("artistic")] = 1.0
    found[design, SCALES.index("conventional")] = -1.0
    return found


def _task(own: str, affinity: Mapping[str, float]) -> Floats:
    """Who likes a task is nearer to some areas; that takes them away from none, so nothing is below 0."""
    told = np.maximum(_by_area(affinity), 0.0)
    ours = np.array([1.0 if area.key == own else 0.0 for area in areas()])
    return OWN_SHARE * ours + (1 - OWN_SHARE) * told / (told.max() or 1.0)


def _by_area(of_professions: Mapping[str, float]) -> Floats:
    return np.array([_nearest(area, of_professions) for area in areas()])


def _nearest(area: Area, of_professions: Mapping[str, float]) -> float:
    return max(of_professions[profession] for profession in area.professions)
