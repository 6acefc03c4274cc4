"""What people answered and what they studied: the names of both, and the rows of a CSV file.

A row holds six RIASEC scale means (1 … 5), five TIPI traits, a field of study and, inside computing, a part
of it. Only the scales and the field are learned from; the rest helps to tell one person's row from another's.
"""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SCALES = ("realistic", "investigative", "artistic", "social", "enterprising", "conventional")
"""In the order of Holland's hexagon: neighbours here are neighbours there, so are the last and the first."""

TRAITS = ("extraversion", "agreeableness", "conscientiousness", "emotional_stability", "openness")

LOWEST, HIGHEST = 1.0, 5.0
"""What an item, and so the mean of a scale, can be."""

IT = "computing_it"

FIELDS = (
    "accounting_finance",
    "agri_animal",
    "allied_health",
    "architecture_planning",
    "biology_life",
    "business_management",
    "chemistry",
    "civil_construction",
    "communication_media",
    "computing_it",
    "criminal_justice_forensics",
    "economics",
    "education",
    "electrical_eng",
    "english_literature",
    "environment_geo",
    "history_archaeology",
    "hospitality_culinary",
    "human_resources",
    "languages_linguistics",
    "law_legal",
    "marketing_pr",
    "math_stats",
    "mechanical_industrial_eng",
    "medicine",
    "nursing",
    "other_eng",
    "performing_arts_film",
    "philosophy_religion",
    "physics_astro",
    "politics_ir_public",
    "psychology_counseling",
    "social_sciences",
    "social_work_services",
    "sport_kinesiology",
    "visual_art_design",
)
"""The 36 fields of study; everywhere a field is a number, it is a place in here."""

SALT = "portal recommender, held out, 1"
PARTS = 5
"""One part of so many is held out."""

_PLACES = {field: place for place, field in enumerate(FIELDS)}
_NEEDED = (*SCALES, "field")
_COLUMNS = (*SCALES, *TRAITS, "field", "sub")


class BadRow(Exception):
    """A file cannot be read as rows; the sentence names the file, the row, the column and what to do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """People: `scales` (n, 6), `field` (n,) places in FIELDS, `content` n digests of the whole rows."""

    scales: Floats
    field: Integers
    content: tuple[str, ...]
    complete: bool
    """Whether the file had every column, so that the digests are those of whole rows."""

    def __len__(self) -> int:
        return len(self.content)

    @property
    def held_out(self) -> Flags:
        """Whether training must not see the row, (n,)."""
        return np.array([is_held_out(one) for one in self.content], dtype=np.bool_)

    def kept(self, which: Flags) -> Self:
        """Only those rows, in the same order. `which`: (n,)."""
        content = tuple(one for one, stays in zip(self.content, which, strict=True) if stays)
        return type(self)(self.scales[which], self.field[which], content, self.complete)


def is_held_out(content: str) -> bool:
    """From the digest of a row. Equal rows have one digest, so none is held out and learned from at once."""
    return int(content, 16) % PARTS == 0


def digest(values: list[str]) -> str:
    """SHA-1 of a row's content, salted: the values of all columns, in their order.

    Numbers are written in one way first: a file saved anew by another program is divided as before.
    """
    text = "\n".join((SALT, *(_one_way(value) for value in values)))
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def read(file: Path) -> Rows:
    """All rows of a CSV file. Without the columns of the traits or `sub` the rows are not `complete`.

    Raises OSError, and BadRow for the first row that cannot be read or when there is none.
    """
    scales: list[list[float]] = []
    field: list[int] = []
    content: list[str] = []
    with file.open(newline="", encoding="utf-8-sig") as opened:
        lines = csv.reader(opened)
        try:
            header = [name.strip() for name in next(lines, [])]
            places = _places(file, header)
            for row in lines:
                if not row:
                    continue
                number = lines.line_num
                if len(row) != len(header):
                    raise BadRow(
                        f"{file}, рядок {number}: стовпців {len(row)}, а в заголовку {len(header)}; "
                        f"виправте або вилучіть цей рядок."
                    )
                values = [row[place].strip() if place is not None else "" for place in places.values()]
                said = dict(zip(places, values, strict=True))
                scales.append([_mean(file, number, name, said[name]) for name in SCALES])
                field.append(_field(file, number, said["field"]))
                content.append(digest(values))
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadRow(
                f"{file}, після рядка {lines.line_num}: це не CSV у UTF-8 ({error}); збережіть файл наново."
            ) from error
    if not content:
        raise BadRow(f"{file}: після заголовка немає жодного рядка; дайте файл із відповідями.")
    return Rows(
        np.array(scales, dtype=np.float64),
        np.array(field, dtype=np.int64),
        tuple(content),
        None not in places.values(),
    )


def _places(file: Path, header: list[str]) -> dict[str, int | None]:
    for name in _NEEDED:
        if name not in header:
            raise BadRow(
                f"{file}, рядок 1: у заголовку немає стовпця «{name}»; потрібні {', '.join(_COLUMNS)}."
            )
    return {name: header.index(name) if name in header else None for name in _COLUMNS}


def _mean(file: Path, number: int, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not LOWEST <= value <= HIGHEST:
        raise BadRow(
            f"{file}, рядок {number}, стовпець «{name}»: «{text}» не є числом від 1 до 5; "
            f"виправте значення або вилучіть рядок."
        )
    return value


def _field(file: Path, number: int, text: str) -> int:
    if text not in _PLACES:
        raise BadRow(
            f"{file}, рядок {number}, стовпець «field»: «{text}» не належить до 36 напрямів; "
            f"перелік напрямів у seed_data/advisor_fields.toml."
        )
    return _PLACES[text]


def _one_way(text: str) -> str:
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text
