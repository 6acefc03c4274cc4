"""What the public page of a profession shows, as fields that the staff edit: text of a form in, JSON out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Skill
from applicant_portal.catalogue.naming import clean
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace.reading import Pairs, SpecialityCode, Text, WebAddress
from applicant_portal.workspace.refusals import BadValue, Unfit

_MOST_LINES, _MOST_TASKS = 40, 12
_PARTIAL_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_DOTTED_DAY = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})", re.ASCII)
_FIRST_YEAR = 1991


class _Reads(Protocol):
    def read(self, raw: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of texts, one on each line."""

    longest: int

    def read(self, raw: Any) -> list[str]:
        text = Text(self.longest)
        found = [line for line in dict.fromkeys(text.read(one) for one in str(raw).splitlines()) if line]
        if len(found) > _MOST_LINES:
            raise Unfit(N_("Забагато рядків: можна %(most)d"), most=_MOST_LINES)
        return found


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of specialities of the list in force, the nearest first, divided by commas or spaces."""

    def read(self, raw: Any) -> list[str]:
        found: dict[str, None] = {}
        for one in filter(None, re.split(r"[\s,;]+", str(raw))):
            code = SpecialityCode().read(one) or ""
            if specialities.find(code) is None:
                raise Unfit(N_("Спеціальності «%(code)s» у новому переліку немає"), code=one)
            found[code] = None
        return list(found)


@dataclass(frozen=True, slots=True)
class OnetCode:
    """The number of an occupation in O*NET: 15-1252.00."""

    def read(self, raw: Any) -> str | None:
        text = Text(12).read(raw)
        if text is not None and not re.fullmatch(r"\d{2}-\d{4}\.\d{2}", text, re.ASCII):
            raise Unfit(N_("Напишіть код O*NET на зразок 15-1252.00"))
        return text


@dataclass(frozen=True, slots=True)
class SkillNames:
    """Skills by a name or another word for them, one on each line, the most needed first."""

    MOST: ClassVar[int] = 30
    keys: Mapping[str, str]

    def read(self, raw: Any) -> list[str]:
        found = []
        for line in Lines(120).read(raw):
            key = self.keys.get(line.casefold())
            if key is None:
                raise Unfit(N_("Навички «%(name)s» немає. Візьміть назву зі списку"), name=line)
            found.append(key)
        if len(found) > self.MOST:
            raise Unfit(N_("Забагато рядків: можна %(most)d"), most=self.MOST)
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class ProfessionField:
    """One field. `kind`: text, long, lines, pairs. `type` is None for skills, which need the list of them.
    `needed`: the page cannot do without it."""

    name: str
    kind: str
    label: str
    type: _Reads | None
    needed: bool = False
    hint: str = ""


FIELDS: Mapping[str, ProfessionField] = {
    field.name: field
    for field in (
        ProfessionField("title_uk", "text", N_("Назва українською"), Text(160), needed=True),
        ProfessionField("title_en", "text", N_("Назва англійською"), Text(160), needed=True),
        ProfessionField("summary_uk", "long", N_("Коротко українською"), Text(600), needed=True),
        ProfessionField("summary_en", "long", N_("Коротко англійською"), Text(600)),
        ProfessionField(
            "tasks", "pairs", N_("Що роблять щодня"), Pairs(_MOST_TASKS, 300, beside=()), needed=True
        ),
        ProfessionField(
            "skills",
            "lines",
            N_("Що треба вміти"),
            None,
            needed=True,
            hint=N_("Одна навичка в рядку, найпотрібніша перша."),
        ),
        ProfessionField(
            "specialities",
            "text",
            N_("Спеціальності, що сюди ведуть"),
            Codes(),
            hint=N_("Коди через кому, найближча перша: за нею програми знаходять за назвою професії."),
        ),
        ProfessionField(
            "aliases",
            "lines",
            N_("Як це ще називають"),
            Lines(80),
            hint=N_("Одна назва в рядку. За цими словами професію знаходять у пошуку."),
        ),
        ProfessionField("onet_code", "text", N_("Код в O*NET"), OnetCode()),
        ProfessionField("onet_title", "text", N_("Назва в O*NET"), Text(160)),
    )
}
"""In the order of the screen."""

SEARCHED = ("title_uk", "title_en", "aliases", "specialities")
"""What stands in the search documents of listings that lead to the profession."""


def skill_names(skills: Iterable[Skill]) -> dict[str, str]:
    """What people call a skill, in any letters -> its key."""
    known: dict[str, str] = {}
    for skill in skills:
        for name in (skill.key, skill.name_uk, skill.name_en, *skill.aliases):
            known.setdefault(clean(name).casefold(), skill.key)
    return known


def read(typed: Mapping[str, Any], names: Mapping[str, str]) -> tuple[dict[str, Any], list[BadValue]]:
    """What can be read of the form, and what is wrong with the rest."""
    values: dict[str, Any] = {}
    wrong: list[BadValue] = []
    for name, field in FIELDS.items():
        if name not in typed:
            continue
        kind: _Reads = field.type or SkillNames(names)
        try:
            value = kind.read(typed[name])
            if field.needed and not value:
                raise Unfit(N_("Це поле не може бути порожнім"))
        except Unfit as error:
            wrong.append(BadValue(name, error.sentence, error.params))
        else:
            values[name] = value
    return values, wrong


def read_source(
    typed: Mapping[str, str], today: date, *, has_source: bool
) -> tuple[FactStamp | None, list[BadValue]]:
    """Where what is changed is known from: a new word, or None for "as before". `has_source`: whether there
    is a word to stand on as before."""
    basis = typed.get("basis")
    if basis == "same":
        if has_source:
            return None, []
        return None, [BadValue("basis", N_("Досі джерела не було: вкажіть його нижче"))]
    if basis != "new":
        return None, [BadValue("basis", N_("Оберіть один із двох варіантів"))]
    wrong: list[BadValue] = []
    found: dict[str, Any] = {}
    for name, kind in (("source_name", Text(300)), ("source_url", WebAddress()), ("as_of", _AsOf(today))):
        try:
            found[name] = kind.read(typed.get(name, ""))
            if found[name] is None and name != "source_url":
                raise Unfit(N_("Без джерела й дати портал нічого не показує: заповніть це поле"))
        except Unfit as error:
            wrong.append(BadValue(name, error.sentence, error.params))
    return (None if wrong else FactStamp("portal", **found)), wrong


@dataclass(frozen=True, slots=True)
class _AsOf:
    """A day, a month or a year that has begun: 2026-11-20, 20.11.2026, 2026-11, 2026."""

    today: date

    def read(self, raw: Any) -> str | None:
        text = Text(20).read(raw)
        if text is None:
            return None
        if dotted := _DOTTED_DAY.fullmatch(text):
            day, month, year = dotted.groups()
            text = "-".join(part.zfill(2) for part in (year, month, day) if part)
        if not _PARTIAL_DAY.fullmatch(text):
            raise Unfit(N_("Напишіть дату на зразок 20.11.2026, 11.2026 або 2026"))
        try:
            first = FactStamp("portal", text).earliest
        except ValueError:
            raise Unfit(N_("Такого дня в календарі немає")) from None
        if first is None or first.year < _FIRST_YEAR or first > self.today:
            raise Unfit(N_("Дата джерела не може бути пізнішою за сьогодні або давнішою за 1991 рік"))
        return text


def missing(content: Mapping[str, Any], record: FactStamp | None) -> Sequence[str]:
    """What the page still lacks, in words to be translated."""
    gaps = [field.label for name, field in FIELDS.items() if not content[name] and name != "aliases"]
    if any(not task.get("en") for task in content["tasks"]):
        gaps.append(N_("Що роблять щодня, англійською"))
    if record is None or not record.source_name:
        gaps.append(N_("Джерело"))
    if record is None or not record.as_of:
        gaps.append(N_("Дата перевірки"))
    return gaps
