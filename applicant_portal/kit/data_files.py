"""From the bytes of a file to rows: its encoding, whether it is JSON or CSV, and what is wrong with it.

Whatever cannot be read raises `UnreadableFile` with one sentence for the person who brought the file.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from applicant_portal.kit.i18n import N_, Gettext

LARGEST = 256 * 1024 * 1024

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", N_("зображення PNG")),
    (b"\xff\xd8\xff", N_("зображення JPEG")),
    (b"GIF8", N_("зображення GIF")),
    (b"II*\x00", N_("зображення TIFF")),
    (b"MM\x00*", N_("зображення TIFF")),
    (b"RIFF", N_("медіафайл")),
    (b"%PDF", N_("документ PDF")),
    (b"PK\x03\x04", N_("архів ZIP або книга Excel")),
    (b"\xd0\xcf\x11\xe0", N_("документ старого Microsoft Office")),
    (b"\x1f\x8b", N_("архів gzip")),
    (b"7z\xbc\xaf", N_("архів 7-Zip")),
    (b"Rar!", N_("архів RAR")),
    (b"SQLite format 3", N_("база даних SQLite")),
)
_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_NEIGHBOURS = frozenset("ыэъё")  # letters of Russian names that registers still carry
_FREQUENT = frozenset("оаиінвертс")  # nearly two thirds of the letters in any Ukrainian text
_PUNCTUATION = frozenset("«»„“”‘’‚–—…№•·\xa0§°±®©™´`¨")
_WRAPPERS = ("offers", "data", "items", "results", "rows", "universities", "list")


class UnreadableFile(Exception):
    """The file is not what it says; the text is one sentence on what it is and what to do, in Ukrainian for
    the terminal and in the person's language from `said`. Of its parameters `WORDS` are words themselves."""

    WORDS = ("what", "formats")

    def __init__(self, sentence: str, **params: Any) -> None:
        super().__init__(sentence % params if params else sentence)
        self._sentence = sentence
        self._params = params

    def said(self, gettext: Gettext) -> str:
        words = {key: gettext(value) if key in self.WORDS else value for key, value in self._params.items()}
        return gettext(self._sentence) % words if words else gettext(self._sentence)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no record: a line with too many columns, a list element that is not an object."""

    reason: str


Row = Mapping[str, Any] | BadRow


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file under their headings. `kind`: "json" or "csv"."""

    kind: str
    headings: tuple[str, ...]
    rows: Sequence[Row]


def read_text(path: Path) -> str:
    """The text of a UTF-8 (with or without BOM) or cp1251 file. Raises `UnreadableFile`."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableFile(N_("%(name)s — це тека; вкажіть файл."), name=path)
        if size > LARGEST:
            raise UnreadableFile(
                N_("%(name)s: файл завеликий (%(size)d Б); найбільший дозволений — %(largest)d Б."),
                name=path,
                size=size,
                largest=LARGEST,
            )
        return decode(path.read_bytes(), path.name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(
            N_("Не вдалося відкрити %(name)s: %(reason)s. Перевірте шлях і права."), name=path, reason=reason
        ) from error


def decode(data: bytes, name: str, formats: str = N_("CSV чи JSON")) -> str:
    """Text of the bytes: strict UTF-8 first, then cp1251 when the outcome reads like Ukrainian."""
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise UnreadableFile(N_("%(name)s: файл порожній; завантажте його ще раз."), name=name)
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(
                N_("%(name)s: це %(what)s, а не %(formats)s; збережіть дані як %(formats)s."),
                name=name,
                what=what,
                formats=formats,
            )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _half_empty(data):
        raise UnreadableFile(N_("%(name)s: файл у кодуванні UTF-16; збережіть його в UTF-8."), name=name)
    if b"\x00" in data:
        raise UnreadableFile(
            N_("%(name)s: це двійковий файл; потрібен %(formats)s, текст — у UTF-8."),
            name=name,
            formats=formats,
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_cp1251(data, name)
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise UnreadableFile(
            N_("%(name)s: це вебсторінка або XML, а не %(formats)s; завантажте самі дані."),
            name=name,
            formats=formats,
        )
    if _share(text, lambda char: char == "\ufffd" or (char < " " and char not in "\t\r\n\x0b\x0c")) > 0.02:
        raise UnreadableFile(
            N_("%(name)s: текст зіпсовано перекодуванням; візьміть файл із джерела ще раз."), name=name
        )
    return text


def _half_empty(data: bytes) -> bool:
    """UTF-16 without a mark: every second byte of ASCII text is NUL."""
    head = data[:2000]
    return len(head) > 3 and max(head[::2].count(0), head[1::2].count(0)) > len(head) // 5


def _share(text: str, wanted: Any) -> float:
    return sum(1 for char in text if wanted(char)) / max(len(text), 1)


def _decode_cp1251(data: bytes, name: str) -> str:
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError:
        text = ""
    if not reads_like_ukrainian(text):
        raise UnreadableFile(
            N_(
                "%(name)s: кодування не UTF-8 і не Windows-1251 з українським текстом; "
                "збережіть файл у UTF-8."
            ),
            name=name,
        )
    return text


def reads_like_ukrainian(text: str) -> bool:
    """Whether text with letters outside ASCII could be Ukrainian, and not another encoding read wrongly."""
    foreign = [char for char in text.casefold() if char > "\x7f" and char not in _PUNCTUATION]
    if not text or not foreign:
        return bool(text)
    ours = [char for char in foreign if char in _UKRAINIAN or char in _NEIGHBOURS]
    if len(ours) < 0.97 * len(foreign):
        return False
    words = re.findall(r"[^\W\d_]+", text)
    cyrillic = [word for word in words if any(char > "\x7f" for char in word)]
    mixed = sum(1 for word in cyrillic if re.search("[A-Za-z]", word))
    if mixed > 0.2 * len(cyrillic) + 1:
        return False
    if len(ours) < 40:
        return True
    # The Mac's Cyrillic differs from cp1251 in the capitals and in «я», which then reads as a capital.
    humped = sum(1 for word in cyrillic if re.search("[а-яіїєґ][А-ЯІЇЄҐ]", word))
    if humped > 0.05 * len(cyrillic) + 1:
        return False
    return sum(char in _FREQUENT for char in ours) > 0.45 * len(ours)


def read_table(path: Path) -> Table:
    """Rows of a JSON or CSV file, whichever the text is. Raises `UnreadableFile`."""
    text = read_text(path)
    if text.lstrip()[:1] in ("{", "["):
        return json_table(text, path.name)
    return csv_table(text, path.name)


def json_table(text: str, name: str) -> Table:
    """Records of a JSON text: a list, one object, an object around a list, or one object a line."""
    rows = list(_records(_parse(text, name)))
    if not rows:
        raise UnreadableFile(N_("%(name)s: у файлі немає жодного запису."), name=name)
    headings = dict.fromkeys(key for row in rows[:50] if isinstance(row, Mapping) for key in row)
    return Table("json", tuple(headings), rows)


def _parse(text: str, name: str) -> Any:
    try:
        return loads(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if error.msg == "Extra data" and len(lines) > 1:
            return [_parse_line(line, number, name) for number, line in enumerate(lines, 1)]
        raise UnreadableFile(
            N_(
                "%(name)s: зіпсований JSON у рядку %(line)d, позиція %(column)d "
                "(файл обірвано або змінено); завантажте його ще раз."
            ),
            name=name,
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(N_("%(name)s: зіпсований JSON, прочитати його не можна."), name=name) from error


def _parse_line(line: str, number: int, name: str) -> Any:
    try:
        return loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            N_("%(name)s: зіпсований JSON у рядку %(line)d, позиція %(column)d; завантажте файл ще раз."),
            name=name,
            line=number,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            N_("%(name)s: зіпсований JSON у рядку %(line)d."), name=name, line=number
        ) from error


def loads(text: str) -> Any:
    """JSON with exact decimals; NaN and Infinity are no JSON. Raises ValueError, RecursionError."""
    return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _records(found: Any) -> Iterator[Row]:
    if isinstance(found, Mapping):
        inner = next((found[key] for key in _WRAPPERS if isinstance(found.get(key), list)), None)
        if inner is not None:
            found = inner
        elif found and all(isinstance(value, Mapping) for value in found.values()):
            found = list(found.values())
        else:
            found = [found] if found else []
    elif not isinstance(found, list):
        found = []
    for item in found:
        yield item if isinstance(item, Mapping) else BadRow("запис не є об’єктом JSON")


def csv_table(text: str, name: str) -> Table:
    """Records of a CSV text with a heading line; commas or semicolons, quotes doubled inside quotes."""
    (_, first), *lines = csv_lines(text, name)
    headings = tuple(heading.strip() for heading in first)
    return Table("csv", headings, [_csv_row(headings, line) for _, line in lines])


def csv_lines(text: str, name: str) -> list[tuple[int, list[str]]]:
    """The headings and at least one record, each with its number among all records, empty ones included, as a
    spreadsheet counts its rows."""
    heading_line = text.lstrip().split("\n", 1)[0]
    # «Назва;Ціна, грн;Рік, на який…»: a mark before a blank stands inside a heading as likely as not.
    delimiter = max("\t;,", key=lambda one: 2 * heading_line.count(one) - heading_line.count(f"{one} "))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [(number, line) for number, line in enumerate(reader, start=1) if line]
    except csv.Error as error:
        raise UnreadableFile(
            N_(
                "%(name)s: зіпсований CSV біля рядка %(line)d (лапки або кінець файлу); "
                "завантажте файл ще раз."
            ),
            name=name,
            line=reader.line_num,
        ) from error
    if not lines:
        raise UnreadableFile(N_("%(name)s: файл порожній; завантажте його ще раз."), name=name)
    if len(lines) == 1:
        raise UnreadableFile(N_("%(name)s: у файлі є лише заголовки, жодного запису."), name=name)
    return lines


def _csv_row(headings: tuple[str, ...], line: list[str]) -> Row:
    if len(line) != len(headings):
        return BadRow(f"стовпців {len(line)}, а заголовків {len(headings)}")
    return dict(zip(headings, line, strict=True))
