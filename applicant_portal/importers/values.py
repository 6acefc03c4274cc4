"""One value of a file as the catalogue wants it. Empty is None, nonsense raises `BadValue`."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from applicant_portal.catalogue.naming import clean

T = TypeVar("T")

_EMPTY = frozenset({"", "-", "–", "—", ".", "null", "none", "nan", "n/a"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_TERM = re.compile(
    r"(?:([0-9]{1,2})\s*р(?:ок\w*|ік|\.)?)?\s*(?:([0-9]{1,2})\s*м(?:іс\w*|\.)*)?", re.IGNORECASE
)


class BadValue(ValueError):
    """A value that cannot be what its field says; the text is the reason, in Ukrainian."""


class RefusedRow(Exception):
    """A row that must not go in, with the field at fault as the file names it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def take(row: Mapping[str, Any], field: str, parse: Callable[..., T], *args: Any, name: str = "") -> T:
    """`parse(row[field], *args)`; a `BadValue` becomes a `RefusedRow` naming the field (or `name`)."""
    try:
        return parse(row.get(field), *args)
    except BadValue as error:
        raise RefusedRow(name or field, str(error)) from error


def text(raw: Any, limit: int = 4000) -> str | None:
    """Cleaned text, at most `limit` characters."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise BadValue("очікується текст")
    if isinstance(raw, str) and "\ufffd" in raw:
        raise BadValue("текст зіпсовано перекодуванням (символ �)")
    found = clean(str(raw))
    if found.casefold() in _EMPTY:
        return None
    if len(found) > limit:
        raise BadValue(f"задовгий текст: {len(found)} символів, дозволено {limit}")
    return found


def identifier(raw: Any) -> str | None:
    """A register's number, given as a number or as text, without leading zeros; 0 is no number."""
    found = text(raw)
    if found is None:
        return None
    digits = re.fullmatch(r"0*(\d{1,12})(?:\.0+)?", found, re.ASCII)
    if not digits:
        raise BadValue(f"«{_short(found)}» не є номером")
    return None if int(digits[1]) == 0 else str(int(digits[1]))


def number(raw: Any, low: Decimal | int, high: Decimal | int, places: int = 3) -> Decimal | None:
    """A decimal between `low` and `high`, with a point or a comma, rounded to `places`."""
    found = text(raw)
    if found is None:
        return None
    plain = found.replace(" ", "").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise BadValue(f"«{_short(found)}» не є числом")
    value = Decimal(plain)
    if not low <= value <= high:
        raise BadValue(f"значення {_short(found)} поза межами {low}–{high}")
    return value.quantize(Decimal(1).scaleb(-places))


def whole(raw: Any, low: int, high: int) -> int | None:
    """A whole number between `low` and `high`; «30 470», "30470.00" and 30470 are the same."""
    value = number(raw, low, high)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise BadValue(f"«{_short(str(raw))}» не є цілим числом")
    return int(value)


def flag(raw: Any) -> bool:
    """1, true, «так» are yes; everything empty or else is no."""
    return raw is True or str(raw).strip().casefold() in ("1", "true", "так", "yes")


def day(raw: Any) -> date | None:
    """A day as 12.09.2022 or 2022-09-12, or a date already."""
    if isinstance(raw, date):
        return raw
    found = text(raw)
    if found is None:
        return None
    match = _DAY.match(found)
    if not match:
        raise BadValue(f"«{_short(found)}» не є датою")
    return _date_of(match)


def _date_of(match: re.Match[str]) -> date:
    try:
        if match[3]:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date(int(match[4]), int(match[5]), int(match[6]))
    except ValueError as error:
        raise BadValue(f"«{match[0]}» — такого дня немає") from error


def period(raw: Any) -> tuple[date | None, date | None, str | None]:
    """First day, last day and term of «12.09.2022 &ndash; 30.06.2026 (3р 10м)»; each may be missing."""
    found = text(html.unescape(raw) if isinstance(raw, str) else raw)
    if found is None:
        return None, None, None
    days = [_date_of(match) for match in _DAY.finditer(found)]
    inside = re.search(r"\(([^()]*)\)", found)
    term = clean(inside[1]) if inside and re.search(r"\d", inside[1]) else None
    if not days and term is None:
        raise BadValue(f"«{_short(found)}» не є періодом")
    if len(days) > 1 and days[1] < days[0]:
        raise BadValue(f"період «{_short(found)}» закінчується раніше, ніж починається")
    return (days[0] if days else None), (days[1] if len(days) > 1 else None), term


def term_words(term: str | None) -> tuple[str, str] | None:
    """«3р 10м» as («3 роки 10 місяців», "3 years 10 months"); None when it is not such a term."""
    match = _TERM.fullmatch(clean(term or ""))
    if not match or not (int(match[1] or 0) or int(match[2] or 0)):
        return None
    years, months = int(match[1] or 0), int(match[2] or 0)
    parts = [
        (f"{amount} {_plural(amount, forms)}", f"{amount} {unit}{'' if amount == 1 else 's'}")
        for amount, forms, unit in (
            (years, ("рік", "роки", "років"), "year"),
            (months, ("місяць", "місяці", "місяців"), "month"),
        )
        if amount
    ]
    return " ".join(uk for uk, _ in parts), " ".join(en for _, en in parts)


def _plural(amount: int, forms: tuple[str, str, str]) -> str:
    if amount % 10 == 1 and amount % 100 != 11:
        return forms[0]
    return forms[1] if 2 <= amount % 10 <= 4 and not 12 <= amount % 100 <= 14 else forms[2]


def year_in(raw: Any, low: int = 1000, high: int = 2100) -> int | None:
    """The year inside a year or a full date of either order; None when there is none."""
    for found in re.findall(r"(?<!\d)\d{4}(?!\d)", text(raw) or ""):
        if low <= int(found) <= high:
            return int(found)
    return None


def date_in_name(name: str) -> str | None:
    """The partial ISO date in a file's name: `register_2019-08.csv` has "2019-08"."""
    match = re.search(
        r"(?<!\d)(20\d{2})(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)", name
    )
    return "-".join(part for part in match.groups() if part) if match else None


def partial_date(raw: Any) -> str | None:
    """An ISO date that may lack its day or month: 2025, 2025-08, 2025-08-19."""
    if isinstance(raw, date):
        return raw.isoformat()
    found = text(raw)
    if found is None:
        return None
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", found, re.ASCII):
        raise BadValue(f"«{_short(found)}» не є датою на зразок 2025, 2025-08 чи 2025-08-19")
    if len(found) == 10:
        day(found)
    return found


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"
