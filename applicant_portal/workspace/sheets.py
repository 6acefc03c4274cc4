"""From the bytes of a spreadsheet, CSV or XLSX, to lines of text; nothing in a cell is ever carried out.

A formula counts as what its sheet showed when it was saved. What cannot be read raises `UnreadableFile` with
one sentence for the person.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from applicant_portal.importers.files import UnreadableFile, csv_lines, decode
from applicant_portal.kit.i18n import N_

# Styles and extensions that openpyxl does not know are nothing that a person at a terminal can mend.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
_LARGEST_UNPACKED = 150 * 1024 * 1024
# A full table of the most rows has nearly two million; one of empty cells alone packs hundreds into a byte.
_MOST_TAGS = 3_000_000
_LONGEST_CELL = 20_000
# What spreadsheet programs take for the beginning of a formula.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SEPARATOR_LINE = re.compile(r"\A\s*sep=[,;\t]\r?\n", re.IGNORECASE)
# Control characters say nothing in a table, and something else to a terminal.
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# How a book spells a control character, and what cannot stand in one.
_CONTROL = re.compile("_x00[01][0-9A-Fa-f]_")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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
        lines = _workbook_lines(data, name)
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


def _workbook_lines(data: bytes, name: str) -> list[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(
                    N_("%(name)s: це архів, але не книга Excel; збережіть таблицю як XLSX або CSV."),
                    name=name,
                )
            if sum(part.file_size for part in parts) > _LARGEST_UNPACKED or _tags(archive) > _MOST_TAGS:
                raise UnreadableFile(
                    N_("%(name)s: книга розпаковується в завеликий файл; збережіть її ще раз або як CSV."),
                    name=name,
                )
        shown = _rows(data, values=True)
        # An empty cell and a formula that nobody has computed read the same; the formulas tell them apart.
        written = _rows(data, values=False)
        lines = []
        for number, (cells, raw) in enumerate(zip(shown, written, strict=False), start=1):
            if number > MOST_ROWS * 4:
                break
            lines.append(Line(number, [_text(*pair) for pair in zip(cells, raw, strict=False)]))
    except UnreadableFile:
        raise
    except (InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise _broken(name) from error
    except Exception as error:
        # Whatever openpyxl stumbles over in a book that somebody made up: KeyError, TypeError, ParseError …
        raise _broken(name) from error
    return [Line(line.number, _without_tail(line.cells)) for line in lines]


def _tags(archive: zipfile.ZipFile) -> int:
    """How many tags there are to read: that, not the size, is what takes time."""
    found = 0
    for part in archive.infolist():
        with archive.open(part) as content:
            while portion := content.read(1 << 20):
                found += portion.count(b"<")
    return found


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile(
        N_("%(name)s: книгу Excel зіпсовано; відкрийте її, збережіть ще раз і завантажте знову."), name=name
    )


def _rows(data: bytes, *, values: bool) -> Iterator[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
    # A book may claim a million columns.
    yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)


def _without_tail(cells: Sequence[str]) -> Sequence[str]:
    last = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:last]


def _text(shown: Any, written: Any) -> str:
    if shown is None:
        return "" if written is None else UNSEEN_FORMULA
    if isinstance(shown, bool):
        return "так" if shown else "ні"
    if isinstance(shown, datetime | date):
        return shown.strftime("%Y-%m-%d")
    if isinstance(shown, float) and shown.is_integer():
        return str(int(shown))
    return _CONTROL.sub("", str(shown))


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table that Excel opens as it is: UTF-8 with its mark, and no text that looks like a formula to it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_inert(heading) for heading in headings])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    return f"'{cell}" if _looks_like_formula(cell) else _told_apart(cell)


def _told_apart(cell: str) -> str:
    """A text that has the look of a guarded one has a guard more."""
    return f"'{cell}" if _is_guarded(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and _looks_like_formula(cell.lstrip("'"))


def _looks_like_formula(cell: str) -> bool:
    return cell.startswith(_BEGINS_FORMULA) and cell != "-"


def without_guard(cell: str) -> str:
    """A cell of `as_csv` or `as_workbook` as it was before."""
    return cell[1:] if _is_guarded(cell) else cell


def as_workbook(
    title: str,
    second_title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    notes: Iterable[Sequence[str]],
) -> bytes:
    """A book with the table, its headings frozen, and a second sheet of explanations; all of it text."""
    book = Workbook(write_only=True)
    for name, head, body in ((title, headings, rows), (second_title, (), notes)):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2" if head else None
        for column in range(1, max(len(head), 4) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 24
        if head:
            sheet.append([_cell(sheet, text, bold=True) for text in head])
        for row in body:
            sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_told_apart(_NOT_XML.sub("", text)))
    # Set after the value: openpyxl takes a text that begins with "=" for a formula.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
