"""The three shapes in which the state register of institutions was given out, read into one record.

- the table of 2019: Ukrainian headings, the actual and the legal address side by side;
- the API until 2025: English keys, every value a string, CSV (cp1251) or JSON;
- the API of 2026: JSON with Ukrainian headings as keys, the year of foundation as a full date.

Names of directors and other persons are never read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from applicant_portal.catalogue.naming import fold_name
from applicant_portal.importers import contacts
from applicant_portal.importers.values import BadValue, RefusedRow, identifier, take, text, year_in

FIELDS = (
    "parent_edebo_id",
    "edrpou",
    "name",
    "short_name",
    "name_en",
    "category",
    "type_name",
    "ownership",
    "governance",
    "founded_year",
    "city",
    "region",
    "postcode",
    "address",
    "phone",
    "email",
    "site",
)
"""The columns of an institution that a register speaks of."""

_PLACES = ("фактична", "місцезнаходження", "", "юридична")
"""Which of the addresses to take, best first: where the institution is, then where it is registered."""

_UKRAINIAN: Mapping[str, tuple[str, ...]] = {
    "id": ("Код",),
    "name": ("Назва закладу освіти",),
    "parent_edebo_id": ("Код головного закладу",),
    "edrpou": ("Ідентифікаційний код", "Код ЄДРПОУ", "ЄДРПОУ"),
    "short_name": ("Коротка назва", "Скорочена назва"),
    "name_en": ("Назва закладу освіти (англ.)",),
    "category": ("Вид закладу освіти", "Категорія закладу освіти"),
    "type_name": ("Тип закладу освіти",),
    "ownership": ("Форма власності",),
    "governance": (
        "Найменування органу, до сфери управління якого належить заклад освіти",
        "Орган, до сфери управління якого належить заклад освіти",
        "Підпорядкування",
    ),
    "founded_year": ("Рік заснування", "Дата заснування"),
    "postcode": ("Поштовий індекс",),
    "region": ("Регіон", "Область"),
    "city": ("Населений пункт", "Назва населеного пункту"),
    "address": ("Адреса",),
    "phone": ("Телефон / факс", "Телефон"),
    "email": ("Електронна пошта", "E-mail"),
    "site": ("Веб-сайт", "Вебсайт", "Сайт"),
}
_PLACED = ("postcode", "region", "city", "address")
_ENGLISH: Mapping[str, tuple[str, ...]] = {
    "id": ("university_id",),
    "name": ("university_name",),
    "parent_edebo_id": ("university_parent_id",),
    "edrpou": ("university_edrpou",),
    "short_name": ("university_short_name",),
    "name_en": ("university_name_en",),
    "category": ("university_type_name",),
    "type_name": ("education_type_name",),
    "ownership": ("university_financing_type_name",),
    "governance": ("university_governance_type_name",),
    "founded_year": ("registration_year",),
    "postcode": ("post_index", "post_index_u"),
    "region": ("region_name", "region_name_u"),
    "city": ("koatuu_name", "katottg_name", "koatuu_name_u", "katottg_name_u"),
    "address": ("university_address", "university_address_u"),
    "phone": ("university_phone",),
    "email": ("university_email",),
    "site": ("university_site",),
}

KNOWN_FORMATS = (
    "таблиця реєстру 2019 року (заголовки «Код», «Назва закладу освіти»…), "
    "вивантаження API до 2025 року (university_id, university_name…) "
    "та JSON 2026 року з українськими назвами полів"
)


@dataclass(frozen=True, slots=True)
class RegistryFormat:
    """`columns`: field -> headings of this very file that may hold it, best first. `floor`: the year before
    which no file of this shape was made: its date when nobody names a better one."""

    title: str
    floor: str
    columns: Mapping[str, tuple[str, ...]]

    def heading(self, field: str) -> str:
        return self.columns[field][0] if self.columns.get(field) else field


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """One row: the register's number, and the fields of `FIELDS` (None where the row is silent)."""

    edebo_id: str
    values: Mapping[str, Any]


def recognise(headings: tuple[str, ...], kind: str) -> RegistryFormat | None:
    """Which register the headings belong to, or None. `kind`: "json" or "csv"."""
    if {"university_id", "university_name"} <= set(headings):
        columns = {field: tuple(key for key in keys if key in headings) for field, keys in _ENGLISH.items()}
        return RegistryFormat("API до 2025 року", "2020", columns)
    by_folded = {fold_name(heading): heading for heading in headings}
    columns = {field: _ukrainian_columns(field, names, by_folded) for field, names in _UKRAINIAN.items()}
    if not columns["id"] or not columns["name"]:
        return None
    placed = any("фактична" in folded or "юридична" in folded for folded in by_folded)
    if placed or (kind == "csv" and not any("місцезнаходження" in folded for folded in by_folded)):
        return RegistryFormat("таблиця реєстру 2019 року", "2019", columns)
    return RegistryFormat("API 2026 року", "2026", columns)


def _ukrainian_columns(field: str, names: tuple[str, ...], by_folded: Mapping[str, str]) -> tuple[str, ...]:
    places_of = _PLACES if field in _PLACED else ("",)
    wanted = [fold_name(f"{name} {place}") for place in places_of for name in names]
    return tuple(by_folded[folded] for folded in wanted if folded in by_folded)


def parse(row: Mapping[str, Any], shape: RegistryFormat) -> RegistryRecord:
    """The record of a row. Raises `RefusedRow` naming the field as the file does."""
    edebo_id = take(row, shape.heading("id"), identifier)
    if edebo_id is None:
        raise RefusedRow(shape.heading("id"), "немає коду закладу в ЄДЕБО")
    values = {field: _value(row, field, shape) for field in FIELDS}
    if values["name"] is None:
        raise RefusedRow(shape.heading("name"), "немає назви закладу")
    if values["parent_edebo_id"] == edebo_id:
        values["parent_edebo_id"] = None
    return RegistryRecord(edebo_id, values)


def _value(row: Mapping[str, Any], field: str, shape: RegistryFormat) -> Any:
    for heading in shape.columns.get(field, ()):
        found = take(row, heading, _PARSERS[field])
        if found is not None:
            return found
    return None


def _name(raw: Any, limit: int = 1000) -> str | None:
    found = text(raw, limit)
    return contacts.quoted(found) if found and any(char.isalnum() for char in found) else None


def _name_en(raw: Any) -> str | None:
    found = text(raw, 1000)
    return found if found and any(char.isalpha() for char in found) else None


def _ownership(raw: Any) -> str | None:
    found = text(raw)
    if found is None:
        return None
    known = contacts.OWNERSHIPS.get(found.casefold())
    if known is None:
        raise BadValue(f"невідома форма власності «{found[:40]}»; відомі: Державна, Комунальна, Приватна")
    return known


def _through(clean_up: Callable[[str | None], str | None], limit: int) -> Callable[[Any], str | None]:
    def parsed(raw: Any) -> str | None:
        return clean_up(text(raw, limit))

    return parsed


_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "parent_edebo_id": identifier,
    "edrpou": _through(contacts.edrpou, 100),
    "name": _name,
    "short_name": partial(_name, limit=200),
    "name_en": _name_en,
    "category": partial(text, limit=120),
    "type_name": partial(text, limit=120),
    "ownership": _ownership,
    "governance": partial(text, limit=1000),
    "founded_year": partial(year_in, low=900),
    "city": _through(contacts.town, 120),
    "region": _through(contacts.region, 120),
    "postcode": _through(contacts.postcode, 100),
    "address": _through(contacts.address, 1000),
    "phone": _through(contacts.phone, 500),
    "email": _through(contacts.email, 500),
    "site": _through(contacts.site, 1000),
}
