"""The admissions calendar: dates of the campaigns that are known, and where today stands among them."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from applicant_portal.settings import SEED_DATA


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a campaign. Only `end`: no later than; `time` ("18:00") belongs to the end."""

    year: int
    level: str
    key: str
    title_uk: str
    title_en: str
    begin: date | None
    end: date | None
    time: str | None
    irreversible: bool
    source_name: str
    source_url: str | None

    @property
    def day(self) -> date:
        """The day that orders the step among the others."""
        return self.begin or self.end or date.max


@dataclass(frozen=True, slots=True)
class Season:
    """The newest campaign with known dates. `over`: all have passed, and the next year's are unknown."""

    year: int
    steps: tuple[Step, ...]
    over: bool


def _step(row: dict[str, Any]) -> Step:
    return Step(
        year=row["year"],
        level=row["level"],
        key=row["key"],
        title_uk=row["title_uk"],
        title_en=row["title_en"],
        begin=_day(row.get("from")),
        end=_day(row.get("to")),
        time=row.get("time") or None,
        irreversible=bool(row.get("irreversible")),
        source_name=row["source_name"],
        source_url=row.get("source_url") or None,
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


@cache
def steps() -> tuple[Step, ...]:
    """Every known step, in order."""
    with (SEED_DATA / "calendar.toml").open("rb") as file:
        return tuple(sorted((_step(row) for row in tomllib.load(file)["step"]), key=lambda step: step.day))


def season(level: str, today: date) -> Season:
    """The campaign to show on `today`: the newest one whose dates are known for `level`."""
    year = max(step.year for step in steps() if step.level == level)
    found = tuple(step for step in steps() if step.level == level and step.year == year)
    last = max((step.end or step.day) for step in found)
    return Season(year, found, last < today)
