"""How good answers are, against judgements of people.

A judgement is a question, the group it belongs to, and all right answers. Measures, per group and overall:
success@1 and @3 (a right answer among the first one or three), nDCG@10 (right answers early, all right ones
equally right), MRR (one over the place of the first right answer) and the share of questions without any
answer.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

Key = tuple[str, str, str]
"""What names a listing in a judgement: kind, title, EDEBO id of the institution ("" where there is none)."""

DEPTH = 10
OVERALL = "overall"


class BadJudgement(Exception):
    """A line of a file of judgements cannot be read; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question and its right answers."""

    query: str
    group: str
    relevant: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Score:
    """Measures over some questions, each 0 … 1."""

    questions: int
    success_1: float
    success_3: float
    ndcg_10: float
    mrr: float
    zero: float

    def as_dict(self) -> dict[str, float]:
        """Under the names of the field."""
        return {
            "queries": self.questions,
            "success@1": round(self.success_1, 4),
            "success@3": round(self.success_3, 4),
            "nDCG@10": round(self.ndcg_10, 4),
            "MRR": round(self.mrr, 4),
            "zero": round(self.zero, 4),
        }


def read(file: Path) -> list[Judgement]:
    """Judgements of a JSONL file. Raises OSError, and BadJudgement with the number of the line."""
    judgements = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line.strip():
            continue
        try:
            judgements.append(judgement(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadJudgement(f"{file}, line {number}: {error!r}") from error
    return judgements


def judgement(row: Mapping[str, Any]) -> Judgement:
    """From the object of one line."""
    return Judgement(str(row["query"]), str(row["group"]), frozenset(key(one) for one in row["relevant"]))


def key(listing: Mapping[str, Any]) -> Key:
    """From an object with kind, title and, for programmes, edebo_id."""
    return str(listing["kind"]), str(listing["title"]), str(listing.get("edebo_id") or "")


def evaluate(
    judgements: Iterable[Judgement],
    answer: Callable[[str], Sequence[Key]],
    progress: Callable[[], None] = lambda: None,
) -> dict[str, Score]:
    """Scores by group, "overall" first. `answer`: a question -> the listings found, best first (ten different
    ones are looked at)."""
    rows: dict[str, list[tuple[float, ...]]] = {OVERALL: []}
    for one in judgements:
        # Listings that a judgement cannot tell apart (bachelor's and master's of one name) are one answer.
        measured = _measured(one.relevant, list(dict.fromkeys(answer(one.query)))[:DEPTH])
        rows[OVERALL].append(measured)
        rows.setdefault(one.group, []).append(measured)
        progress()
    return {group: _mean(measured) for group, measured in rows.items()}


def _measured(relevant: frozenset[Key], found: Sequence[Key]) -> tuple[float, ...]:
    gains = [1.0 if one in relevant else 0.0 for one in found]
    first = next((place for place, gain in enumerate(gains, 1) if gain), None)
    gained = sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))
    best = sum(1 / log2(place + 1) for place in range(1, min(len(relevant), DEPTH) + 1))
    return (
        float(first == 1),
        float(first is not None and first <= 3),
        gained / best if best else 0.0,
        1 / first if first else 0.0,
        float(not found),
    )


def _mean(rows: Sequence[tuple[float, ...]]) -> Score:
    if not rows:
        return Score(0, 0, 0, 0, 0, 0)
    return Score(len(rows), *(sum(column) / len(rows) for column in zip(*rows, strict=True)))
