"""The questions, their answers, and which of them a person is asked. The texts are seed data."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from applicant_portal.kit.i18n import Lang
from applicant_portal.settings import SEED_DATA
from recommender.filters import implied
from recommender.schema import Answers

Section = Literal["person", "task", "interest", "fact"]
QUESTIONS = ("person", "task", "interest")
"""The sections that ask what suits a person; `fact` asks what is possible."""
USEFUL_FROM = 12
"""From this question on the page offers what it has so far."""
SECONDS = {"person": 12, "task": 8, "interest": 6, "fact": 9}
"""About how long a question of a section takes to read and answer."""


class Choice(NamedTuple):
    """One answer. `words`: more words it is found by, where there are many."""

    value: str
    uk: str
    en: str
    words: tuple[str, ...] = ()

    def text(self, lang: Lang) -> str:
        return self.en if lang == "en" else self.uk


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `asked_when`: question -> values ("" is "not answered") under which it is asked."""

    id: str
    section: Section
    kind: Literal["one", "many"]
    text_uk: str
    text_en: str
    short_uk: str
    short_en: str
    choices: tuple[Choice, ...]
    example_uk: str | None = None
    example_en: str | None = None
    scale: str | None = None
    asked_when: Mapping[str, frozenset[str]] | None = None
    answers_from: str | None = None

    def text(self, lang: Lang) -> str:
        return self.text_en if lang == "en" else self.text_uk

    def example(self, lang: Lang) -> str | None:
        return self.example_en if lang == "en" else self.example_uk

    def short(self, lang: Lang) -> str:
        return self.short_en if lang == "en" else self.short_uk

    def choice(self, value: str) -> Choice | None:
        return next((one for one in self.choices if one.value == value), None)

    def said(self, values: Iterable[str], lang: Lang) -> str:
        """The chosen answers in words."""
        chosen = (self.choice(value) for value in values)
        return ", ".join(one.text(lang) for one in chosen if one is not None)

    def is_asked(self, answers: Answers) -> bool:
        return all(
            bool(values.intersection(answers.get(question) or ("",)))
            for question, values in (self.asked_when or {}).items()
        )

    def read(self, values: Sequence[str]) -> tuple[str, ...]:
        """The values, each once and in the order of the choices. Raises `BadAnswer`."""
        known = [one.value for one in self.choices]
        if not set(values) <= set(known):
            raise BadAnswer(self.id, "value")
        chosen = tuple(value for value in known if value in values)
        if self.kind == "one" and len(chosen) > 1:
            raise BadAnswer(self.id, "one")
        return chosen


class BadAnswer(Exception):
    """`question` cannot be answered so. `trouble`: unknown (no such question), section (it belongs under the
    other key), value (no such answer), one (only one answer)."""

    def __init__(self, question: str, trouble: Literal["unknown", "section", "value", "one"]) -> None:
        super().__init__(f"{question}: {trouble}")
        self.question = question
        self.trouble = trouble


class Questionnaire:
    """All questions in the order of asking. `cities`: what can be answered to `place` beside its own two."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self.by_id = {question.id: question for question in questions}

    def with_cities(self, cities: Iterable[Choice]) -> "Questionnaire":
        """The same, with the catalogue's cities among the answers."""
        cities = tuple(cities)
        return Questionnaire(
            [
                replace(question, choices=(*question.choices, *cities))
                if question.answers_from == "cities"
                else question
                for question in self.questions
            ]
        )

    def sequence(self, answers: Answers) -> list[Question]:
        """The questions this person is asked, in order."""
        return [question for question in self.questions if question.is_asked(answers)]

    def asked(self, answers: Answers) -> Answers:
        """The answers to questions that are asked, in the order of asking, with what follows from them."""
        answers = implied(answers)
        return {
            question.id: answers[question.id]
            for question in self.questions
            if question.id in answers and question.is_asked(answers)
        }

    def read(
        self, answers: Mapping[str, str | Sequence[str]], facts: Mapping[str, str | Sequence[str]]
    ) -> Answers:
        """Answers as programs send them: under `answers` what suits, under `facts` what is possible.
        Raises `BadAnswer`."""
        found: dict[str, tuple[str, ...]] = {}
        for given, sections in ((answers, QUESTIONS), (facts, ("fact",))):
            for name, value in given.items():
                question = self.by_id.get(name)
                if question is None:
                    raise BadAnswer(name, "unknown")
                if question.section not in sections:
                    raise BadAnswer(name, "section")
                chosen = question.read([value] if isinstance(value, str) else value)
                if chosen:
                    found[name] = chosen
        return found


def load(folder: Path = SEED_DATA) -> Questionnaire:
    """The questionnaire without cities."""
    with (folder / "advisor_questionnaire.toml").open("rb") as file:
        rows = tomllib.load(file)["question"]
    lists = {
        "roles": _listed(folder, "roles", "role"),
        "backgrounds": _listed(folder, "backgrounds", "background"),
    }
    return Questionnaire([_question(row, lists) for row in rows])


def _listed(folder: Path, name: str, table: str) -> tuple[Choice, ...]:
    with (folder / f"advisor_{name}.toml").open("rb") as file:
        rows = tomllib.load(file)[table]
    return tuple(
        Choice(row["key"], row["name_uk"], row["name_en"], tuple(row.get("words", ()))) for row in rows
    )


def _question(row: Mapping[str, Any], lists: Mapping[str, tuple[Choice, ...]]) -> Question:
    own = tuple(Choice(one["value"], one["uk"], one["en"]) for one in row.get("answers", ()))
    when = row.get("asked_when")
    return Question(
        id=row["id"],
        section=row["section"],
        kind=row["kind"],
        text_uk=row["text_uk"],
        text_en=row["text_en"],
        short_uk=row["short_uk"],
        short_en=row["short_en"],
        choices=own + lists.get(row.get("answers_from", ""), ()),
        example_uk=row.get("example_uk"),
        example_en=row.get("example_en"),
        scale=row.get("scale"),
        asked_when=when and {name: frozenset(values) for name, values in when.items()},
        answers_from=row.get("answers_from"),
    )
