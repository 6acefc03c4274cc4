"""Excel's books: their first sheet as lines of text, and a table as a book. Apart from `sheets`, because what
reads them weighs more than all else that a serving process holds for files, and few requests need it.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace.sheets import MOST_COLUMNS, MOST_ROWS, UNSEEN_FORMULA, Line, told_apart

# Styles and extensions that openpyxl does not know are nothing that a person at a terminal can mend.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

_LARGEST_UNPACKED = 150 * 1024 * 1024
# A full table of the most rows has nearly two million; one of empty cells alone packs hundreds into a byte.
_MOST_TAGS = 3_000_000
# How a book spells a control character, and what cannot stand in one.
_CONTROL = re.compile("_x00[01][0-9A-Fa-f]_")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lines(data: bytes, name: str) -> list[Line]:
    """The first sheet that can be seen. Raises `UnreadableFile`."""
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
        found = []
        for number, (cells, raw) in enumerate(zip(shown, written, strict=False), start=1):
            if number > MOST_ROWS * 4:
                break
            found.append(Line(number, [_text(*pair) for pair in zip(cells, raw, strict=False)]))
    except UnreadableFile:
        raise
    except (InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise _broken(name) from error
    except Exception as error:
        # Whatever openpyxl stumbles over in a book that somebody made up: KeyError, TypeError, ParseError …
        raise _broken(name) from error
    return [Line(line.number, _without_tail(line.cells)) for line in found]


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
    cell = WriteOnlyCell(sheet, value=told_apart(_NOT_XML.sub("", text)))
    # Set after the value: openpyxl takes a text that begins with "=" for a formula.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
