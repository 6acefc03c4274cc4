"""The fields that the workspace edits, as data: what they hold, where they stand, what is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from applicant_portal.catalogue.models import DEGREES, FORMATS, FORMS, OFFER_TYPES, STATES
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace.reading import (
    Choice,
    CityName,
    Day,
    FieldType,
    Flag,
    Keys,
    Money,
    Pairs,
    RegionName,
    Several,
    SpecialityCode,
    Text,
    WebAddress,
    Whole,
)
from applicant_portal.workspace.refusals import BadValue, Unfit

Part = Literal["listing", "programme", "course", "track", "offer", "ties"]
Section = Literal["about", "admission", "money", "place", "skills", "contacts"]
Need = Literal["publish", "expected", "optional"]
Group = Literal["record", "price", "place", "offer"]

SECTIONS: Mapping[Section, str] = {
    "about": N_("Про що ця програма"),
    "admission": N_("Вступ за роками"),
    "money": N_("Гроші"),
    "place": N_("Місце й формат"),
    "skills": N_("Навички та професії"),
    "contacts": N_("Посилання й контакти"),
}
LANGUAGES = ("uk", "en", "de", "fr", "pl")
# EDEBO's codes of the education an entrant has.
ENTRY_BASES = (30, 40, 510, 520, 530, 610, 620, 640)
PROVIDER_KINDS = ("open_platform", "company_academy", "university", "ngo", "private_school", "state")
PACES = ("self_paced", "scheduled")
FUNDINGS = ("state", "free")
_YEAR = Whole(2000, 2100)
_PLACES = Whole(0, 100_000)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `part` owns the attribute `name`; `group` is the stamp it shares (catalogue.stamp_groups).
    `need`: "publish" must be known before the public sees the listing, "expected" counts in completeness.
    `nullable` False: it cannot be emptied."""

    name: str
    part: Part
    type: FieldType
    section: Section
    label: str
    need: Need = "optional"
    group: Group = "record"
    nullable: bool = True

    @property
    def needed(self) -> bool:
        return self.need == "publish"


_TITLE = Field("title", "listing", Text(300), "about", N_("Назва"), "publish", nullable=False)
_TITLE_EN = Field("title_en", "listing", Text(300), "about", N_("Назва англійською"), "expected")
_TEXTS = (
    Field("summary_uk", "listing", Text(600), "about", N_("Коротко українською"), "publish"),
    Field("summary_en", "listing", Text(600), "about", N_("Коротко англійською"), "expected"),
    Field(
        "description_uk", "listing", Text(6000, paragraphs=True), "about", N_("Опис українською"), "expected"
    ),
    Field("description_en", "listing", Text(6000, paragraphs=True), "about", N_("Опис англійською")),
)
_DURATION = (
    Field("duration_uk", "listing", Text(200), "about", N_("Тривалість українською"), "expected"),
    Field("duration_en", "listing", Text(200), "about", N_("Тривалість англійською")),
)
_LANGUAGES = Field("languages", "listing", Several(LANGUAGES), "about", N_("Мова викладання"), "publish")
_STATE = Field("state", "listing", Choice(STATES), "admission", N_("Чи відкрито набір"), nullable=False)
_PRICE = (
    Field("price_uah", "listing", Money(), "money", N_("Ціна, грн"), "expected", "price"),
    Field("price_year", "listing", _YEAR, "money", N_("Рік, на який названо ціну"), "expected", "price"),
)
_FORMAT = Field("format", "listing", Choice(FORMATS), "place", N_("Формат"), "expected", "place")
_CITY = Field("city", "listing", CityName(), "place", N_("Місто"), "expected", "place")
_REGION = Field("region", "listing", RegionName(), "place", N_("Область"), "optional", "place")
_URL = Field("official_url", "listing", WebAddress(), "contacts", N_("Офіційна сторінка"), "publish")

SKILLS = Field("skills", "ties", Keys(40), "skills", N_("Навички"), "expected")
PROFESSIONS = Field("professions", "ties", Keys(40), "skills", N_("Професії"), "expected")
TIES = (SKILLS, PROFESSIONS)

_PROGRAMME = (
    _TITLE,
    _TITLE_EN,
    Field("degree", "programme", Choice(DEGREES), "about", N_("Рівень освіти"), "publish"),
    Field("speciality", "programme", SpecialityCode(), "about", N_("Спеціальність"), "publish"),
    Field("forms", "programme", Several(FORMS), "about", N_("Форма навчання"), "publish"),
    Field("faculty", "programme", Text(300), "about", N_("Факультет"), "expected"),
    Field("department", "programme", Text(300), "about", N_("Кафедра")),
    _LANGUAGES,
    *_TEXTS,
    *_DURATION,
    _STATE,
    *_PRICE,
    _FORMAT,
    Field("city", "listing", CityName(), "place", N_("Місто"), "publish", "place"),
    _REGION,
    _URL,
)
_COURSE = (
    _TITLE,
    _TITLE_EN,
    Field("provider", "listing", Text(300), "about", N_("Хто навчає"), "expected"),
    Field("provider_kind", "course", Choice(PROVIDER_KINDS), "about", N_("Що це за організація")),
    _LANGUAGES,
    *_TEXTS,
    Field("audience_uk", "course", Text(600), "about", N_("Для кого, українською"), "expected"),
    Field("audience_en", "course", Text(600), "about", N_("Для кого, англійською")),
    Field("for_veterans", "course", Flag(), "about", N_("Окремо для ветеранів і ветеранок"), nullable=False),
    Field("pace", "course", Choice(PACES), "about", N_("Темп"), "expected"),
    Field("certificate", "course", Flag(), "about", N_("Чи видають сертифікат"), "expected"),
    *_DURATION,
    _STATE,
    *_PRICE,
    Field("format", "listing", Choice(FORMATS), "place", N_("Формат"), "publish", "place"),
    Field("city", "listing", CityName(), "place", N_("Місто"), "optional", "place"),
    _REGION,
    _URL,
)
_TRACK = (
    _TITLE,
    _TITLE_EN,
    Field("organiser_uk", "track", Text(300), "about", N_("Хто проводить"), "publish"),
    Field("organiser_en", "track", Text(300), "about", N_("Хто проводить, англійською"), "expected"),
    Field("languages", "listing", Several(LANGUAGES), "about", N_("Мова викладання")),
    *_TEXTS,
    Field("degree", "track", Choice(DEGREES), "about", N_("Рівень освіти")),
    *_DURATION,
    _STATE,
    Field("valid_from", "track", Day(), "admission", N_("Діє від")),
    Field("valid_to", "track", Day(), "admission", N_("Діє до")),
    Field("eligibility", "track", Pairs(40, 600), "admission", N_("Хто може"), "publish"),
    Field("barriers", "track", Pairs(40, 600), "admission", N_("Що може завадити"), "expected"),
    Field("steps", "track", Pairs(40, 600), "admission", N_("Перші кроки"), "expected"),
    Field("who_pays_uk", "track", Text(600), "money", N_("Хто платить"), "publish"),
    Field("who_pays_en", "track", Text(600), "money", N_("Хто платить, англійською"), "expected"),
    Field("funding", "track", Choice(FUNDINGS), "money", N_("Чи платить держава")),
    Field("amount_uah", "track", Money(0, 100_000_000), "money", N_("Найбільша сума, грн"), "expected"),
    Field("amount_year", "track", _YEAR, "money", N_("Рік, на який названо суму"), "expected"),
    Field("amount_note_uk", "track", Text(600), "money", N_("Примітка до суми")),
    Field("amount_note_en", "track", Text(600), "money", N_("Примітка до суми, англійською")),
    Field("legal_basis_uk", "track", Text(600), "money", N_("Правова підстава"), "expected"),
    Field("legal_basis_en", "track", Text(600), "money", N_("Правова підстава, англійською")),
    Field("example_price_uah", "track", Money(), "money", N_("Ціна для прикладу, грн")),
    *_PRICE,
    _FORMAT,
    Field("city", "listing", CityName(), "place", N_("Місто"), "optional", "place"),
    _REGION,
    _URL,
)
BY_KIND: Mapping[str, tuple[Field, ...]] = {"programme": _PROGRAMME, "course": _COURSE, "track": _TRACK}

OFFER = (
    Field("year", "offer", _YEAR, "admission", N_("Рік вступу"), group="offer", nullable=False),
    Field("form", "offer", Choice(FORMS), "admission", N_("Форма навчання"), group="offer"),
    Field("entry_base", "offer", Choice(ENTRY_BASES), "admission", N_("Основа вступу"), group="offer"),
    Field("offer_type", "offer", Choice(OFFER_TYPES), "admission", N_("Вид конкурсу"), group="offer"),
    Field("licence_volume", "offer", _PLACES, "admission", N_("Місць за ліцензією"), group="offer"),
    Field("budget_places", "offer", _PLACES, "admission", N_("Бюджетних місць, не більше"), group="offer"),
    Field("contract_places", "offer", _PLACES, "admission", N_("Місць на контракт"), group="offer"),
    Field("price_uah", "offer", Money(), "admission", N_("Ціна за рік, грн"), group="offer"),
    Field("study_from", "offer", Day(), "admission", N_("Навчання від"), group="offer"),
    Field("study_to", "offer", Day(), "admission", N_("Навчання до"), group="offer"),
    Field("applications_from", "offer", Day(), "admission", N_("Заяви від"), group="offer"),
    Field("applications_to", "offer", Day(), "admission", N_("Заяви до"), group="offer"),
)
# A period ends on the day it begins, or later.
PERIODS = (
    ("study_from", "study_to"),
    ("applications_from", "applications_to"),
    ("valid_from", "valid_to"),
)


@cache
def of_kind(kind: str) -> Mapping[str, Field]:
    """The fields of a kind by name, in the order of the form."""
    return {field.name: field for field in BY_KIND[kind]}


@cache
def of_offer() -> Mapping[str, Field]:
    return {field.name: field for field in OFFER}


def read(field: Field, raw: Any, name: str | None = None) -> Any:
    """The value that `raw` gives the field; raises `BadValue` naming it (as `name` where that is given)."""
    try:
        value = field.type.read(raw)
    except Unfit as error:
        raise BadValue(name or field.name, error.sentence, error.params) from error
    if value is None and not field.nullable:
        raise BadValue(name or field.name, N_("Це поле не може бути порожнім"))
    return value


def write(field: Field, value: Any) -> Any:
    """The value as JSON; an unknown one is null, an empty list is a list."""
    return field.type.write(value)


def says_the_same(field: Field, raw: Any, present: Any) -> bool:
    """Whether `raw` repeats the present JSON value, as JSON or as a form shows it: then nobody need read it,
    and an old value that would be refused today stands in nobody's way."""
    if raw == present and isinstance(raw, bool) == isinstance(present, bool):
        return True
    if isinstance(field.type, Several) and isinstance(raw, list) and isinstance(present, list):
        return all(isinstance(item, str) for item in raw) and sorted(raw) == sorted(present)
    if isinstance(raw, str):
        return raw == ("" if present is None else str(present))
    return False
