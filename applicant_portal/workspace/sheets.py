"""From the bytes of a spreadsheet, CSV or XLSX, to lines of text; nothing in a cell is ever carried out.

A formula counts as what its sheet showed when it was saved. What cannot be read raises `UnreadableFile` with
one sentence for the person.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from applicant_portal.kit.data_files import UnreadableFile, csv_lines, decode
from applicant_portal.kit.i18n import N_

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
_LONGEST_CELL = 20_000
# What spreadsheet programs take for the beginning of a formula.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SEPARATOR_LINE = re.compile(r"\A\s*sep=[,;\t]\r?\n", re.IGNORECASE)
# Control characters say nothing in a table, and something else to a terminal.
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
UNSEEN_FORMULA = "\ufffc"
"""Stands where a formula stood that its sheet showed nothing for; no person types it."""


@dataclass(frozen=True, slots=True)
class Line:
    """Cells of a row as text, and its number in the sheet, where the headings usually have 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    headings: Sequence[str]
    lines: Sequence[Line]


def read(data: bytes, name: str) -> Sheet:
    """The first sheet of the file: headings in its first line, then at most `MOST_ROWS` lines. Lines without
    a word are left out; a line may be shorter than the headings, or longer."""
    if len(data) > LARGEST:
        raise UnreadableFile(
            N_("%(name)s: файл завеликий; найбільший дозволений — %(most)d МБ. Розділіть його на кілька."),
            name=name,
            most=LARGEST // 1024 // 1024,
        )
    if data.startswith(b"PK\x03\x04"):
        from applicant_portal.workspace import books

        lines = books.lines(data, name)
    else:
        # Excel says the separator so, in a line that it does not show.
        text = _SEPARATOR_LINE.sub("", decode(data, name, N_("CSV чи XLSX")), count=1)
        lines = [Line(number, cells) for number, cells in csv_lines(text, name)]
    lines = [Line(line.number, [_HIDDEN.sub("", cell).strip() for cell in line.cells]) for line in lines]
    lines = [line for line in lines if any(line.cells)]
    if not lines:
        raise UnreadableFile(N_("%(name)s: файл порожній; завантажте його ще раз."), name=name)
    headings, rows = lines[0].cells, lines[1:]
    if not rows:
        raise UnreadableFile(N_("%(name)s: у файлі є лише заголовки, жодного запису."), name=name)
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(
            N_("%(name)s: у файлі %(rows)d рядків, можна %(most)d. Розділіть його на кілька."),
            name=name,
            rows=len(rows),
            most=MOST_ROWS,
        )
    if len(headings) > MOST_COLUMNS or any(len(cell) > _LONGEST_CELL for row in rows for cell in row.cells):
        raise UnreadableFile(
            N_("%(name)s: це не таблиця пропозицій; завантажте зразок і заповніть його."), name=name
        )
    return Sheet(headings, rows)


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table that Excel opens as it is: UTF-8 with its mark, and no text that looks like a formula to it."""
    out = io.StringIO(newline="")
    # Excel in Ukraine opens no other mark by itself.
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_inert(heading) for heading in headings])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    return f"'{cell}" if _looks_like_formula(cell) else told_apart(cell)


def told_apart(cell: str) -> str:
    """A text that has the look of a guarded one has a guard more."""
    return f"'{cell}" if _is_guarded(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and _looks_like_formula(cell.lstrip("'"))


def _looks_like_formula(cell: str) -> bool:
    return cell.startswith(_BEGINS_FORMULA) and cell != "-"


def without_guard(cell: str) -> str:
    """A cell of `as_csv` or `as_workbook` as it was before."""
    return cell[1:] if _is_guarded(cell) else cell
