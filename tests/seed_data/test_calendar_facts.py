"""The admissions calendar: whole days of two campaigns, the irreversible flagged, no third year guessed."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed_data"

Step = dict[str, Any]

with (SEED / "calendar.toml").open("rb") as handle:
    STEPS: list[Step] = tomllib.load(handle)["step"]


def by_campaign(step: Step) -> str:
    return f"{step['year']}-{step['level']}-{step['key']}"


@pytest.mark.parametrize("step", STEPS, ids=by_campaign)
def test_a_step_has_whole_days_of_its_own_year(step: Step) -> None:
    days = [date.fromisoformat(step[key]) for key in ("from", "to") if key in step]
    assert days
    assert days == sorted(days)
    assert all(day.year == step["year"] for day in days)
    assert step["level"] in {"bachelor", "master"}
    assert "time" not in step or re.fullmatch(r"\d{2}:\d{2}", step["time"])
    assert isinstance(step["irreversible"], bool)


def test_a_step_of_a_campaign_stands_once() -> None:
    names = [(step["year"], step["level"], step["key"]) for step in STEPS]
    assert len(names) == len(set(names))


def test_the_calendar_knows_two_campaigns_and_guesses_no_third() -> None:
    assert {(step["year"], step["level"]) for step in STEPS} == {
        (year, level) for year in (2025, 2026) for level in ("bachelor", "master")
    }


@pytest.mark.parametrize("year", [2025, 2026])
def test_what_cannot_be_undone_is_flagged(year: int) -> None:
    flagged = {step["key"] for step in STEPS if step["year"] == year and step["irreversible"]}
    assert {"applications", "category-in-edebo", "confirm"} <= flagged


def test_applications_of_a_school_leaver_close_on_the_first_of_august_at_six() -> None:
    closing = [step for step in STEPS if (step["level"], step["key"]) == ("bachelor", "applications")]
    assert [step["to"] for step in closing] == ["2025-08-01", "2026-08-01"]
    assert {step["time"] for step in closing} == {"18:00"}
