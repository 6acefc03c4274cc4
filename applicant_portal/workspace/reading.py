"""Types of fields: a raw value, of JSON or of a form, as the catalogue keeps it, and back.

`read` takes what a person or a program gave and answers the value, unknown as None (as [] where the field is
a list); it raises `Unfit`. `write` gives the value as JSON. `read(write(x)) == x` for every x that `read`
answered. A formula or a script is text like any other: it is the page's work to show text as text.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from applicant_portal.catalogue import places, specialities
from applicant_portal.catalogue.naming import APOSTROPHES
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace.refusals import Unfit

_SPACES = "\t\n\r\x0b\x0c\xa0"
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_WORD_APOSTROPHE = re.compile(rf"(?<=\w)[{re.escape(APOSTROPHES)}](?=\w)")
_HRYVNIAS = re.compile(r"\s*(?:грн\.?|₴|uah)\s*$", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_WHOLE = re.compile(r"-?\d{1,15}(?:[.,]0+)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1991, 2100
# Platforms of Russian and Belarusian origin are not listed (docs/DECISIONS.md), so nothing leads there.
_NOT_LINKED = (".ru", ".su", ".by", ".рф", ".бел", ".xn--p1ai", ".xn--90ais")


class FieldType(Protocol):
    """What a field can hold. `name` tells a page which control to draw."""

    name: ClassVar[str]
    empty: ClassVar[Any]

    def read(self, raw: Any) -> Any: ...

    def write(self, value: Any) -> Any: ...


class _AsItIs:
    """A value that is JSON as it is kept."""

    __slots__ = ()

    def write(self, value: Any) -> Any:
        return value


def cleaned(raw: Any) -> str:
    """One line of text: control and invisible characters dropped, white space folded, ’ inside words. What
    looks like HTML stays as it was typed."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Unfit(N_("Тут має бути текст"))
    text = unicodedata.normalize("NFC", str(raw))
    text = "".join(" " if char in _SPACES else char for char in text)
    text = "".join(char for char in text if unicodedata.category(char) not in _HIDDEN)
    # What was dropped may have stood between a letter and its accent.
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if "\ufffd" in text:
        raise Unfit(N_("Текст зіпсовано перекодуванням: у ньому є символ �"))
    return _WORD_APOSTROPHE.sub("’", text)


@dataclass(frozen=True, slots=True)
class Text(_AsItIs):
    """Text of at most `longest` characters; with `paragraphs`, an empty line between two stays."""

    name: ClassVar[str] = "text"
    empty: ClassVar[Any] = None
    longest: int
    paragraphs: bool = False

    def read(self, raw: Any) -> str | None:
        if self.paragraphs and isinstance(raw, str):
            found = [cleaned(part) for part in _EMPTY_LINE.split(raw.replace("\r\n", "\n"))]
            text = "\n\n".join(part for part in found if part)
        else:
            text = "" if raw is None else cleaned(raw)
        if len(text) > self.longest:
            raise Unfit(
                N_("Текст задовгий: %(length)d символів, можна %(longest)d"),
                length=len(text),
                longest=self.longest,
            )
        return text or None


@dataclass(frozen=True, slots=True)
class Whole(_AsItIs):
    """A whole number between `low` and `high`; «30 470», "30470.00" and 30470 are the same."""

    name: ClassVar[str] = "whole"
    empty: ClassVar[Any] = None
    low: int
    high: int

    def read(self, raw: Any) -> int | None:
        text = "" if raw is None else cleaned(raw).replace(" ", "").replace("\u202f", "")
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise Unfit(N_("Тут має бути ціле число"))
        value = int(re.split("[.,]", text)[0])
        if not self.low <= value <= self.high:
            raise Unfit(N_("Число має бути від %(low)d до %(high)d"), low=self.low, high=self.high)
        return value


@dataclass(frozen=True, slots=True)
class Money(Whole):
    """Whole hryvnias, with «грн» or ₴ after it or without; 0 is free of charge."""

    name: ClassVar[str] = "money"
    low: int = 0
    high: int = 10_000_000

    def read(self, raw: Any) -> int | None:
        if isinstance(raw, str):
            raw = _HRYVNIAS.sub("", raw)
        return Whole.read(self, raw)


@dataclass(frozen=True, slots=True)
class Choice(_AsItIs):
    """One of `values`, texts or numbers."""

    name: ClassVar[str] = "one"
    empty: ClassVar[Any] = None
    values: Sequence[Any]

    def read(self, raw: Any) -> Any:
        text = "" if raw is None else cleaned(raw)
        if not text:
            return None
        for value in self.values:
            if str(value) == text:
                return value
        raise Unfit(N_("Такого значення немає. Можна: %(values)s"), values=", ".join(map(str, self.values)))


@dataclass(frozen=True, slots=True)
class Several:
    """Some of `values`, in their order."""

    name: ClassVar[str] = "several"
    empty: ClassVar[Any] = ()
    values: Sequence[str]

    def read(self, raw: Any) -> list[str]:
        chosen = _list(raw)
        known = Choice(self.values)
        found = {known.read(item) for item in chosen}
        return [value for value in self.values if value in found]

    def write(self, value: Any) -> Any:
        return list(value or ())


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of skills or professions, each once, in the order given. Whether there are such is for the
    catalogue to say."""

    name: ClassVar[str] = "keys"
    empty: ClassVar[Any] = ()
    most: int

    def read(self, raw: Any) -> list[str]:
        keys = [key for key in dict.fromkeys(Text(48).read(item) for item in _list(raw)) if key]
        if len(keys) > self.most:
            raise Unfit(N_("Забагато значень: можна %(most)d"), most=self.most)
        return keys

    def write(self, value: Any) -> Any:
        return list(value or ())


@dataclass(frozen=True, slots=True)
class Day:
    """A day, as 2026-07-01 or 01.07.2026; JSON has the former."""

    name: ClassVar[str] = "date"
    empty: ClassVar[Any] = None

    def read(self, raw: Any) -> date | None:
        text = "" if raw is None else cleaned(raw)
        if not text:
            return None
        iso, dotted = _ISO_DAY.fullmatch(text), _DOTTED_DAY.fullmatch(text)
        if iso:
            year, month, day = map(int, iso.groups())
        elif dotted:
            day, month, year = map(int, dotted.groups())
        else:
            raise Unfit(N_("Напишіть дату на зразок 01.07.2026"))
        try:
            found = date(year, month, day)
        except ValueError:
            raise Unfit(N_("Такого дня в календарі немає")) from None
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise Unfit(N_("Рік має бути від %(low)d до %(high)d"), low=_FIRST_YEAR, high=_LAST_YEAR)
        return found

    def write(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Flag(_AsItIs):
    """Yes, no, or unknown."""

    name: ClassVar[str] = "flag"
    empty: ClassVar[Any] = None

    def read(self, raw: Any) -> bool | None:
        if raw is None or isinstance(raw, bool):
            return raw
        text = cleaned(raw).casefold()
        if text in ("1", "true", "yes", "так"):
            return True
        if text in ("0", "false", "no", "ні"):
            return False
        if not text:
            return None
        raise Unfit(N_("Тут можна відповісти «так» або «ні»"))


@dataclass(frozen=True, slots=True)
class WebAddress(_AsItIs):
    """A public http(s) address; without its scheme it is taken for https."""

    name: ClassVar[str] = "address"
    empty: ClassVar[Any] = None
    longest: int = 500

    def read(self, raw: Any) -> str | None:
        text = Text(self.longest).read(raw)
        if text is None:
            return None
        if "://" not in text and ":" not in text.split("/")[0]:
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            host = ""
        wrong = " " in text or not host or "." not in host.strip(".") or len(text) > self.longest
        if wrong or parts.scheme not in ("http", "https") or parts.username is not None:
            raise Unfit(N_("Напишіть адресу сторінки на зразок https://nure.ua/vstup"))
        if host.endswith(_NOT_LINKED):
            raise Unfit(N_("На сайти російського й білоруського походження портал не посилається"))
        return text


@dataclass(frozen=True, slots=True)
class SpecialityCode(_AsItIs):
    """A speciality by its new or old code in any spelling; the new one where there is one."""

    name: ClassVar[str] = "speciality"
    empty: ClassVar[Any] = None

    def read(self, raw: Any) -> str | None:
        text = Text(40).read(raw)
        try:
            return specialities.codes(text).key
        except specialities.UnknownCode:
            raise Unfit(
                N_("Спеціальності «%(code)s» немає ні в новому, ні в старому переліку"), code=text
            ) from None


@dataclass(frozen=True, slots=True)
class CityName(_AsItIs):
    """A city in the Ukrainian nominative; capitals and the English name are understood where it is known."""

    name: ClassVar[str] = "city"
    empty: ClassVar[Any] = None

    def read(self, raw: Any) -> str | None:
        text = Text(120).read(raw)
        return None if text is None else Text(120).read(places.city(text, places.cities()))


@dataclass(frozen=True, slots=True)
class RegionName(_AsItIs):
    """A region of Ukraine in its one spelling."""

    name: ClassVar[str] = "region"
    empty: ClassVar[Any] = None

    def read(self, raw: Any) -> str | None:
        text = Text(120).read(raw)
        if text is None:
            return None
        found = places.region(text)
        if found is None:
            raise Unfit(N_("Такої області в Україні немає"))
        return found


@dataclass(frozen=True, slots=True)
class Pairs:
    """A list of sentences in two languages, {"uk", "en"}; what else a row says (`beside`) is kept."""

    name: ClassVar[str] = "pairs"
    empty: ClassVar[Any] = ()
    most: int
    longest: int
    beside: Sequence[str] = ("audience", "education")

    def read(self, raw: Any) -> list[dict[str, Any]]:
        rows = _list(raw)
        if len(rows) > self.most:
            raise Unfit(N_("Забагато рядків: можна %(most)d"), most=self.most)
        return [row for row in map(self._row, rows) if row]

    def _row(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, Mapping) or set(raw) - {"uk", "en", *self.beside}:
            raise Unfit(N_("Кожен рядок має текст українською та англійською"))
        text = Text(self.longest)
        row: dict[str, Any] = {}
        for key, value in raw.items():
            read = (
                Keys(20).read(value) if isinstance(value, list) and key in self.beside else text.read(value)
            )
            if read:
                row[key] = read
        if row and "uk" not in row:
            raise Unfit(N_("Кожен рядок має текст українською та англійською"))
        return row

    def write(self, value: Any) -> Any:
        return [dict(row) for row in value or ()]


def _list(raw: Any) -> list[Any]:
    """A list as it came; one text is a list of one, nothing is an empty one."""
    if raw is None or raw == "":
        return []
    if isinstance(raw, str):
        return [raw]
    if not isinstance(raw, list | tuple):
        raise Unfit(N_("Тут має бути список"))
    return [item for item in raw if item not in (None, "")]
