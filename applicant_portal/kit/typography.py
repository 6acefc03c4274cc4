"""How numbers, dates and lines of text are set on a page, in both languages."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date

NBSP = "\xa0"

# A word of one or two letters, a dash or a number never ends a line.
_SHORT_WORD = re.compile(r"(?<![\w’])([A-Za-zА-Яа-яІіЇїЄєҐґ]{1,2}) (?=\S)")
_BEFORE_DASH = re.compile(r" (?=[—·])")
_NUMBER_UNIT = re.compile(r"(?<=\d) (?=(?:грн|UAH|год|міс|балів|%|°|км|hours?|months?)\b|%)")
_NUMERO = re.compile(r"№ (?=\S)")


def set_spaces(text: str) -> str:
    """No-break spaces where a line must not break."""
    kind = type(text)  # what is marked as safe markup stays so
    spaced = _SHORT_WORD.sub(rf"\1{NBSP}", text)
    spaced = _BEFORE_DASH.sub(NBSP, spaced)
    spaced = _NUMERO.sub("№" + NBSP, spaced)
    return kind(_NUMBER_UNIT.sub(NBSP, spaced))


def capital(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def number(value: int, lang: str) -> str:
    """33 280 in Ukrainian, 33,280 in English."""
    grouped = f"{value:,}"
    if lang == "en":
        return grouped
    return grouped.replace(",", NBSP).replace("-", "−")


def money(value: int, lang: str) -> str:
    """Whole hryvnias."""
    return f"{number(value, lang)}{NBSP}{'UAH' if lang == 'en' else 'грн'}"


def decimal(value: Decimal, lang: str, places: int | None = None) -> str:
    """A decimal number; `places` None keeps what is there without trailing zeros."""
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        text = f"{value:f}"
    else:
        text = f"{value:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return text if lang == "en" else text.replace(".", ",")


def day(value: date, lang: str) -> str:
    """19 липня 2025 / 19 July 2025."""
    return format_date(value, "d MMMM y", locale="en_GB" if lang == "en" else "uk").replace(" ", NBSP, 1)


def short_day(value: date, lang: str) -> str:
    """19 липня / 19 July: where the year is said beside it."""
    return format_date(value, "d MMMM", locale="en_GB" if lang == "en" else "uk").replace(" ", NBSP)


def partial_day(as_of: str, lang: str) -> str:
    """A date known to the year, the month or the day, in words: "2025", "серпень 2019", "4 лютого 2026"."""
    parts = [int(part) for part in as_of.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    locale = "en_GB" if lang == "en" else "uk"
    if len(parts) == 2:
        return format_date(date(parts[0], parts[1], 1), "LLLL y", locale=locale)
    return day(date(parts[0], parts[1], parts[2]), lang)
