"""The files of `seed_data/` as rows, and the readings they share. Formats: seed_data/README.md."""

import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.naming import clean
from applicant_portal.importers.values import BadValue, partial_date, text
from applicant_portal.kit.data_files import UnreadableFile

Row = Mapping[str, Any]
NumberedRow = tuple[int, Row]

_UNITS = {r"(\d+)\s+(?:рік|роки|років)\b": "year", r"(\d+)\s+(?:місяць|місяці|місяців)\b": "month"}
_DURATION_WORDS = {"або": "or", "денна": "full-time", "заочна": "part-time", "вечірня": "evening"}


def table(path: Path) -> Iterator[NumberedRow]:
    """Rows of a CSV file with their numbers, from 1."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from enumerate(csv.DictReader(file, strict=True), start=1)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"seed_data/{path.name}: {error}") from error


def lines(path: Path) -> Iterator[NumberedRow]:
    """Objects of a file with one JSON object a line, with their numbers, from 1."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"seed_data/{path.name}: {error}") from error
    for number, line in enumerate(filter(str.strip, content.splitlines()), start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UnreadableFile(f"seed_data/{path.name}, рядок {number}: {error}") from error
        if not isinstance(row, dict):
            raise UnreadableFile(f"seed_data/{path.name}, рядок {number}: не об’єкт")
        yield number, row


def tables(path: Path, name: str) -> Iterator[NumberedRow]:
    """The `[[name]]` tables of a TOML file with their numbers, from 1."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFile(f"seed_data/{path.name}: {error}") from error
    yield from enumerate(found.get(name, []), start=1)


def stamp(row: Row) -> FactStamp:
    """Who says so and when, from `source_name`, `source_url`, `as_of`."""
    return FactStamp(
        origin="portal",
        as_of=partial_date(row.get("as_of")),
        source_name=text(row.get("source_name")),
        source_url=text(row.get("source_url")),
    )


def price_stamp(row: Row, read: FactStamp) -> FactStamp:
    """A price named for an earlier year than the reading holds for that year."""
    year = row.get("price_year")
    if not year or (read.year is not None and int(year) >= read.year):
        return read
    return FactStamp(read.origin, str(int(year)), read.source_name, read.source_url)


def texts(row: Row, *fields: str) -> dict[str, str | None]:
    """Cleaned texts of these fields."""
    return {field: text(row.get(field), 20_000) for field in fields}


def chosen(row: Row, field: str, known: tuple[str, ...]) -> str | None:
    """A value out of `known`. Raises `BadValue` for any other."""
    found = text(row.get(field))
    if found is not None and found not in known:
        raise BadValue(f"{field}: «{found}» не з переліку {', '.join(known)}")
    return found


def strings(row: Row, field: str) -> list[str]:
    """A list of texts, or a text divided by semicolons."""
    raw = row.get(field) or []
    items = raw.split(";") if isinstance(raw, str) else raw
    return [found for item in items if (found := text(item))]


def pairs(row: Row, field: str) -> list[dict[str, Any]]:
    """A list of tables with their texts cleaned and dates as ISO text."""
    return [
        {
            key: clean(value)
            if isinstance(value, str)
            else (value.isoformat() if isinstance(value, date) else value)
            for key, value in item.items()
        }
        for item in row.get(field) or []
    ]


def first_day(raw: Any) -> date | None:
    """The first day that a partial date can mean."""
    found = partial_date(raw)
    if found is None:
        return None
    year, month, day = [*(int(part) for part in found.split("-")), 1, 1][:3]
    return date(year, month, day)


def last_day(raw: Any) -> date | None:
    """The last day that a partial date can mean."""
    found = partial_date(raw)
    if found is None:
        return None
    parts = [int(part) for part in found.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def duration_en(uk: str | None) -> str | None:
    """«1 рік 4 місяці» in English; None when words are left that are not of a length of study."""
    if not uk:
        return None
    found = uk
    for pattern, unit in _UNITS.items():
        found = re.sub(pattern, rf"\1 {unit}s", found)
    found = re.sub(r"\b1 (year|month)s", r"1 \1", found)
    found = re.sub(r"\w+", lambda word: _DURATION_WORDS.get(word[0], word[0]), found)
    return None if re.search("[а-яіїєґ]", found, re.IGNORECASE) else found
