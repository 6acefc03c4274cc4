"""What a person already has for IT, as a small picture and a table: service or work, skills, professions."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from applicant_portal.advisor import knowledge
from applicant_portal.advisor.questionnaire import Questionnaire
from applicant_portal.kit.i18n import Lang
from applicant_portal.settings import SEED_DATA
from recommender.schema import Answers

NEAR = 0.6
"""From this nearness on a profession is named; less says nothing (half is what any occupation has)."""
MOST_PROFESSIONS = 2
MOST_GROUPS = 3
MOST_HAVE = 4
MOST_MISSING = 2
SHARE_NAMED = 0.15
_WEEKS_A_MONTH = 4.3
_HOURS_A_WEEK = 10


@dataclass(frozen=True, slots=True)
class Lesson:
    """A course that teaches what is missing."""

    title: str
    url: str
    duration: str | None


@dataclass(frozen=True, slots=True)
class Skill:
    """A row of the table. `origins`: (name of the role or work, kind of the link), empty where it is missing;
    `professions`: names of those it leads to."""

    name: str
    origins: tuple[tuple[str, str], ...]
    professions: tuple[str, ...]
    lesson: Lesson | None = None

    @property
    def missing(self) -> bool:
        return not self.origins


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a role's links come from: names of the occupations behind it."""

    name: str
    occupations: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """`groups` and `professions` by name, `skills` in the order in which they are drawn, missing ones
    last."""

    groups: tuple[str, ...]
    professions: tuple[str, ...]
    skills: tuple[Skill, ...]
    origins: tuple[Origin, ...]
    from_service: bool


@cache
def elements(folder: Path = SEED_DATA) -> Mapping[str, Mapping[str, str | list[str]]]:
    """O*NET element id -> its names and the skills (keys) that teach it."""
    with (folder / "advisor_elements.toml").open("rb") as file:
        return {row["id"]: row for row in tomllib.load(file)["element"]}


def bridge(
    questionnaire: Questionnaire,
    answers: Answers,
    lang: Lang,
    titles: Mapping[str, str],
    lesson: "Lessons",
) -> Bridge | None:
    """The bridge from the person's roles or earlier work; None where nothing near is known.

    `titles`: profession -> its name in the page's language.
    """
    question = next((one for one in ("roles", "background") if answers.get(one)), None)
    if question is None:
        return None
    known = knowledge.bridge()
    groups = [group for group in answers[question] if known.sources(group)][:MOST_GROUPS]
    nearness = known.affinity(groups) if groups else {}
    near = sorted(
        (key for key in nearness if nearness[key] >= NEAR and key in titles), key=lambda key: -nearness[key]
    )
    professions = near[:MOST_PROFESSIONS]
    if not professions:
        return None
    name = {choice.value: choice.text(lang) for choice in questionnaire.by_id[question].choices}
    have: dict[str, tuple[tuple[tuple[str, str], ...], list[str]]] = {}
    missing: dict[str, list[str]] = {}
    for profession in professions:
        link = known.link(groups, profession, most_have=MOST_HAVE, most_missing=MOST_MISSING)
        for element in link.have:
            origins = tuple((name[one.group], one.kind) for one in element.origins)
            have.setdefault(element.element, (origins, []))[1].append(titles[profession])
        for gap in link.missing:
            missing.setdefault(gap, []).append(titles[profession])
    skills = [
        Skill(_name(element, lang), origins, tuple(leads)) for element, (origins, leads) in have.items()
    ][: MOST_HAVE + 1]
    skills += [
        Skill(_name(element, lang), (), tuple(leads), lesson.shortest(_topics(element)))
        for element, leads in missing.items()
        if element not in have
    ][:MOST_MISSING]
    return Bridge(
        groups=tuple(name[group] for group in groups),
        professions=tuple(titles[profession] for profession in professions),
        skills=tuple(skills),
        origins=tuple(_origin(group, name[group]) for group in groups),
        from_service=question == "roles",
    )


@dataclass(frozen=True, slots=True)
class Taught:
    """A course that may close a gap."""

    skills: frozenset[str]
    lesson: Lesson
    weeks: float | None


class Lessons:
    """Courses open to the person, those better for them first."""

    def __init__(self, courses: Sequence[Taught]) -> None:
        self._courses = courses

    def shortest(self, topics: Iterable[str]) -> Lesson | None:
        """The shortest course that is about the topics (half of what it teaches at least); where no length is
        known, the best for the person."""
        topics = frozenset(topics)
        fit = [
            course for course in self._courses if 2 * len(course.skills & topics) >= len(course.skills) > 0
        ]
        timed = [course for course in fit if course.weeks is not None]
        if timed:
            return min(timed, key=lambda course: course.weeks or 0.0).lesson
        return fit[0].lesson if fit else None


def weeks(duration: str | None) -> float | None:
    """How long a duration in Ukrainian words is, in weeks; None where it does not say. Hours count ten to a
    week, so that a course in hours and one in months can be put in order; nobody is shown this number."""
    found = re.search(r"(\d+)(?:[–-](\d+))?\s*(годин|тижн|місяц|рок)", duration or "")
    if found is None:
        return None
    most = float(found.group(2) or found.group(1))
    unit = {"годин": 1 / _HOURS_A_WEEK, "тижн": 1.0, "місяц": _WEEKS_A_MONTH, "рок": 52.0}[found.group(3)]
    return most * unit


def _origin(group: str, name: str) -> Origin:
    sources = [source for source in knowledge.bridge().sources(group) if source.share >= SHARE_NAMED]
    kinds = {source.kind for source in sources}
    kind = "exact" if kinds == {"exact"} else "editorial" if kinds == {"editorial"} else "group"
    return Origin(name, tuple(source.title for source in sources[:3]), kind)


def _name(element: str, lang: Lang) -> str:
    return str(elements()[element][f"name_{lang}"])


def _topics(element: str) -> Iterable[str]:
    return elements()[element]["topics"]
