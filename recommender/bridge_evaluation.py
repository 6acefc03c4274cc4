"""How well nearness of occupations agrees with O*NET's own list of related occupations.

In: rows of O*NET's Related Occupations table. Only the primary tiers count ("Primary-Short", "Primary-Long":
the ten nearest of each occupation), the supplemental ones do not. Candidates are all
occupations with a vector except the asked one, nearest first.

Measures, each the mean over the asked occupations that have a vector and a primary related one that has:
recall@10 = (primary ones among the ten nearest) / min(10, all primary ones listed), so one without a vector
counts as missed; MRR = 1 / place of the first primary one.

O*NET makes its list partly from tasks and titles, which are part of the vectors: the figure is flattered.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.occupation_vectors import Vectors

DEPTH = 10
CODE = "O*NET-SOC Code"
RELATED = "Related O*NET-SOC Code"
TIER = "Relatedness Tier"
COLUMNS = (CODE, RELATED, TIER)
PRIMARY = "Primary"


@dataclass(frozen=True, slots=True)
class Relation:
    """O*NET says that `related` is near to `code`, in `tier`."""

    code: str
    related: str
    tier: str


class BadRelations(Exception):
    """A table cannot be used. `row` counts from the heading as 1 and is 0 where the whole file is meant,
    `column` is "" where the whole row is; `reason` is one of the constants below or what the reader says."""

    NO_FILE = "no file"
    NOT_TEXT = "not UTF-8"
    NO_COLUMN = "no column"
    EMPTY = "empty"
    NO_PRIMARY = "no primary"

    def __init__(self, row: int, column: str, reason: str) -> None:
        super().__init__(f"row {row}, column {column or '-'}: {reason}")
        self.row = row
        self.column = column
        self.reason = reason


def read(file: Path) -> list[Relation]:
    """The rows of a CSV file (UTF-8) with at least COLUMNS. Raises BadRelations."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return _relations(csv.reader(opened, strict=True))
    except FileNotFoundError as error:
        raise BadRelations(0, "", BadRelations.NO_FILE) from error
    except UnicodeDecodeError as error:
        raise BadRelations(0, "", BadRelations.NOT_TEXT) from error
    except OSError as error:
        raise BadRelations(0, "", error.strerror or str(error)) from error


def _relations(rows: Iterable[list[str]]) -> list[Relation]:
    places: list[int] = []
    found = []
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            if number == 1:
                places = _places(row)
            elif row:
                found.append(_relation(row, places, number))
    except csv.Error as error:
        raise BadRelations(number + 1, "", str(error)) from error
    if not places:
        raise BadRelations(1, CODE, BadRelations.NO_COLUMN)
    if not any(one.tier.startswith(PRIMARY) for one in found):
        raise BadRelations(2, TIER, BadRelations.NO_PRIMARY)
    return found


def _places(heading: list[str]) -> list[int]:
    for column in COLUMNS:
        if column not in heading:
            raise BadRelations(1, column, BadRelations.NO_COLUMN)
    return [heading.index(column) for column in COLUMNS]


def _relation(row: list[str], places: list[int], number: int) -> Relation:
    cells = [row[place].strip() if place < len(row) else "" for place in places]
    for column, cell in zip(COLUMNS, cells, strict=True):
        if not cell:
            raise BadRelations(number, column, BadRelations.EMPTY)
    return Relation(*cells)


def evaluate(rows: Iterable[Relation], vectors: Vectors) -> dict[str, float | int]:
    """{"recall10", "mrr", "occupations"}; zeros where no row can be judged."""
    primary: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.tier.startswith(PRIMARY):
            primary[row.code].add(row.related)
    place = {code: number for number, code in enumerate(vectors.codes)}
    similarity = vectors.similarity()
    np.fill_diagonal(similarity, -np.inf)
    recalls, firsts = [], []
    for code, related in primary.items():
        wanted = {place[one] for one in related if one in place}
        if code not in place or not wanted:
            continue
        nearest = np.argsort(-similarity[place[code]], kind="stable").tolist()
        recalls.append(len(wanted.intersection(nearest[:DEPTH])) / min(DEPTH, len(related)))
        firsts.append(1 / next(rank for rank, one in enumerate(nearest, 1) if one in wanted))
    if not recalls:
        return {"recall10": 0.0, "mrr": 0.0, "occupations": 0}
    return {
        "recall10": round(sum(recalls) / len(recalls), 4),
        "mrr": round(sum(firsts) / len(firsts), 4),
        "occupations": len(recalls),
    }
