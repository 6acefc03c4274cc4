"""O*NET files as they are published, read into arrays. Build time only: needs openpyxl.

In: the folder of an O*NET release (29.3, May 2025, CC BY 4.0, https://www.onetcenter.org/database.html) with
"Skills.xlsx", "Knowledge.xlsx", "Task Statements.xlsx" and "Occupation Data_2026-02.txt". Out: one row per
occupation that has skills, knowledge and tasks; occupations described by title alone are left out.

Units: importance runs from 1 (not important) to 5 (extremely important), the scale O*NET calls IM. The level
scale (LV, 0-7) is not read: it runs almost parallel to importance and would only double it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl

Floats = npt.NDArray[np.float64]

SKILLS = "Skills.xlsx"
KNOWLEDGE = "Knowledge.xlsx"
TASKS = "Task Statements.xlsx"
OCCUPATIONS = "Occupation Data_2026-02.txt"

CODE = "O*NET-SOC Code"
IMPORTANCE = "IM"
LEAST_IMPORTANT = 1.0


class BadOnet(Exception):
    """An O*NET file is missing or not what its name promises; the sentence names the file and the place."""


@dataclass(frozen=True, slots=True)
class Element:
    """One skill or knowledge element of the O*NET content model, such as 2.B.3.e Programming."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Texts:
    """What O*NET says of an occupation in words; `tasks` is all its task statements in one string."""

    title: str
    description: str
    tasks: str


@dataclass(frozen=True, slots=True)
class Occupations:
    """The occupations of a release, in the order of their codes.

    `codes`, `titles`, `descriptions` and `tasks` (all task statements of an occupation in one string) are n
    long; `skills` is n x len(`skill_elements`) and `knowledge` n x len(`knowledge_elements`), both importance
    1 … 5. `statements` are the task statements by their O*NET task id. `unrated` are the occupations that
    have tasks but no importance ratings in this release, by code.
    """

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    skill_elements: tuple[Element, ...]
    knowledge_elements: tuple[Element, ...]
    skills: Floats
    knowledge: Floats
    descriptions: tuple[str, ...]
    tasks: tuple[str, ...]
    statements: Mapping[int, str]
    unrated: Mapping[str, Texts]


def read(folder: Path) -> Occupations:
    """All occupations of the files in `folder`. Raises BadOnet."""
    skill_elements, skills = _importance(folder / SKILLS)
    knowledge_elements, knowledge = _importance(folder / KNOWLEDGE)
    tasks, statements = _tasks(folder / TASKS)
    described = _described(folder / OCCUPATIONS)
    codes = tuple(sorted(skills.keys() & knowledge.keys() & tasks.keys() & described.keys()))
    if not codes:
        raise BadOnet(f"{folder}: no occupation has skills, knowledge, tasks and a title")
    return Occupations(
        codes=codes,
        titles=tuple(described[code][0] for code in codes),
        skill_elements=skill_elements,
        knowledge_elements=knowledge_elements,
        skills=_matrix(codes, skill_elements, skills),
        knowledge=_matrix(codes, knowledge_elements, knowledge),
        descriptions=tuple(described[code][1] for code in codes),
        tasks=tuple(" ".join(tasks[code]) for code in codes),
        statements=statements,
        unrated={
            code: Texts(*described[code], " ".join(tasks[code]))
            for code in sorted(tasks.keys() & described.keys() - set(codes))
        },
    )


def _importance(file: Path) -> tuple[tuple[Element, ...], dict[str, dict[str, float]]]:
    """The elements in the order of their ids, and {code: {element id: importance}}."""
    names: dict[str, str] = {}
    values: dict[str, dict[str, float]] = defaultdict(dict)
    wanted = (CODE, "Element ID", "Element Name", "Scale ID", "Data Value")
    for number, (code, element, name, scale, value) in _rows(file, wanted):
        if scale != IMPORTANCE:
            continue
        try:
            values[str(code)][str(element)] = float(value)
        except (TypeError, ValueError) as error:
            raise BadOnet(f"{file}, row {number}, column Data Value: {value!r} is no number") from error
        names[str(element)] = str(name)
    return tuple(Element(one, names[one]) for one in sorted(names)), dict(values)


def _tasks(file: Path) -> tuple[dict[str, list[str]], dict[int, str]]:
    """{code: its statements} and {task id: statement}."""
    of_occupation: dict[str, list[str]] = defaultdict(list)
    by_id: dict[int, str] = {}
    for number, (code, task_id, task) in _rows(file, (CODE, "Task ID", "Task")):
        try:
            by_id[int(task_id)] = str(task)
        except (TypeError, ValueError) as error:
            raise BadOnet(f"{file}, row {number}, column Task ID: {task_id!r} is no number") from error
        of_occupation[str(code)].append(str(task))
    return dict(of_occupation), by_id


def _described(file: Path) -> dict[str, tuple[str, str]]:
    """{code: (title, description)}."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadOnet(f"{file}: {error}") from error
    cells = [line.split("\t") for line in lines[1:]]
    return {row[0]: (row[1], row[2]) for row in cells if len(row) == 3}


def _rows(file: Path, wanted: Sequence[str]) -> Iterator[tuple[int, list[Any]]]:
    """(number of the row, the wanted cells in the wanted order) of the first sheet."""
    try:
        book = openpyxl.load_workbook(file, read_only=True)
    except Exception as error:
        raise BadOnet(f"{file}: {error}") from error
    rows = book.worksheets[0].iter_rows(values_only=True)
    heading = list(next(rows, ()))
    missing = [name for name in wanted if name not in heading]
    if missing:
        raise BadOnet(f"{file}, row 1: no column {missing[0]}")
    places = [heading.index(name) for name in wanted]
    for number, row in enumerate(rows, 2):
        if row and row[places[0]]:
            yield number, [row[place] for place in places]
    book.close()


def _matrix(codes: Sequence[str], elements: Sequence[Element], values: dict[str, dict[str, float]]) -> Floats:
    """An element O*NET does not rate for an occupation counts as not important."""
    return np.array(
        [[values[code].get(element.id, LEAST_IMPORTANT) for element in elements] for code in codes]
    )
