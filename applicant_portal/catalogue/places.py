"""Cities and regions: one spelling in the catalogue, many in a request."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from applicant_portal.catalogue.naming import clean, fold_name
from applicant_portal.settings import SEED_DATA

_OBLASTS = (
    "Вінницька", "Волинська", "Дніпропетровська", "Донецька", "Житомирська", "Закарпатська", "Запорізька",
    "Івано-Франківська", "Київська", "Кіровоградська", "Луганська", "Львівська", "Миколаївська", "Одеська",
    "Полтавська", "Рівненська", "Сумська", "Тернопільська", "Харківська", "Херсонська", "Хмельницька",
    "Черкаська", "Чернівецька", "Чернігівська",
)  # fmt: skip
REGIONS = (
    *(f"{name} область" for name in _OBLASTS),
    "Автономна Республіка Крим",
    "м. Київ",
    "м. Севастополь",
)

_REGIONS_EN = {
    "Автономна Республіка Крим": "Autonomous Republic of Crimea",
    "м. Київ": "Kyiv city",
    "м. Севастополь": "Sevastopol city",
} | dict(
    zip(
        (f"{name} область" for name in _OBLASTS),
        (
            f"{name} region"
            for name in (
                "Vinnytsia", "Volyn", "Dnipropetrovsk", "Donetsk", "Zhytomyr", "Zakarpattia", "Zaporizhzhia",
                "Ivano-Frankivsk", "Kyiv", "Kirovohrad", "Luhansk", "Lviv", "Mykolaiv", "Odesa", "Poltava",
                "Rivne", "Sumy", "Ternopil", "Kharkiv", "Kherson", "Khmelnytskyi", "Cherkasy", "Chernivtsi",
                "Chernihiv",
            )
        ),
        strict=True,
    )
)  # fmt: skip

_WORDS_LEFT_OUT = re.compile(r"\b(область|області|обл|region|oblast|м|місто|city)\b\.?")


@dataclass(frozen=True, slots=True)
class City:
    """A city with its English name and how one says "in it" in Ukrainian."""

    name: str
    name_en: str
    locative: str


@cache
def cities() -> dict[str, City]:
    """Ukrainian nominative -> city, for those we can inflect."""
    with (SEED_DATA / "cities.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: City(row["name"], row["name_en"], row["locative_uk"]) for row in csv.DictReader(file)
        }


def city_name(name: str, lang: str) -> str:
    """A city in the page's language; one whose English name is not known keeps its Ukrainian one."""
    found = cities().get(name)
    return found.name_en if lang == "en" and found is not None else name


def region_name(name: str, lang: str) -> str:
    """A region in the page's language."""
    return _REGIONS_EN.get(name, name) if lang == "en" else name


def in_city(name: str, lang: str) -> str:
    """«у Харкові» / "in Kharkiv"; a city we cannot inflect is named after its noun."""
    found = cities().get(name)
    if lang == "en":
        return f"in {found.name_en if found else name}"
    return found.locative if found else f"у місті {name}"


@cache
def _folded_regions() -> dict[str, str]:
    return {_stem(region): region for region in REGIONS}


def _stem(text: str) -> str:
    folded = _WORDS_LEFT_OUT.sub(" ", clean(text).casefold())
    return re.sub(r"(а|ої|ій|у)$", "", fold_name(folded))


def region(text: str) -> str | None:
    """The region in its one spelling: «Харківська область», «м. Київ». None when it is none of Ukraine's.

    The words «область» and «м.», capitals and case endings may be left out or differ.
    """
    return _folded_regions().get(_stem(text))


def city(text: str, known: Iterable[str]) -> str:
    """The city of the catalogue that is meant, in any capitals, apostrophe or language; else as given."""
    folded = re.sub(r"^(м|місто|city of) ", "", fold_name(text))
    for name in known:
        if folded == fold_name(name) or folded == fold_name(city_name(name, "en")):
            return name
    return clean(text)
