"""One competitive offer as the catalogue takes it, whatever its file, and EDEBO's own words for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.specialities import Codes
from applicant_portal.importers.values import BadValue, identifier, number, text, whole

DEGREE_BY_ID = {
    "1": "bachelor",
    "2": "master",
    "7": "phd",
    "8": "junior_bachelor",
    "9": "professional_junior_bachelor",
}
DEGREE_BY_NAME = {
    "бакалавр": "bachelor",
    "магістр": "master",
    "доктор філософії": "phd",
    "молодший бакалавр": "junior_bachelor",
    "фаховий молодший бакалавр": "professional_junior_bachelor",
}
FORM_BY_ID = {"1": "full_time", "2": "part_time", "4": "evening", "5": "distance"}
FORM_BY_NAME = {
    "денна": "full_time",
    "очна": "full_time",
    "заочна": "part_time",
    "вечірня": "evening",
    "дистанційна": "distance",
    "дуальна": "dual",
}
TYPE_BY_NAME = {"відкрита": "open", "фіксована": "fixed", "небюджетна": "contract"}
ENTRY_BASE_BY_NAME = {
    "пзсо": 40,
    "повна загальна середня освіта": 40,
    "бсо": 30,
    "базова середня освіта": 30,
    "кваліфікований робітник": 510,
    "молодший спеціаліст": 520,
    "нрк5": 520,
    "фаховий молодший бакалавр": 530,
    "молодший бакалавр": 610,
    "бакалавр": 620,
    "нрк6": 620,
    "магістр": 640,
    "нрк7": 640,
}
SUBJECT_BY_NAME = {
    "українська мова": "ukrainian",
    "українська мова і література": "ukrainian",
    "українська мова та література": "ukrainian",
    "математика": "mathematics",
    "історія україни": "history",
    "українська література": "ukrainian_literature",
    "іноземна мова": "foreign_language",
    "англійська мова": "foreign_language",
    "німецька мова": "foreign_language",
    "французька мова": "foreign_language",
    "іспанська мова": "foreign_language",
    "біологія": "biology",
    "географія": "geography",
    "фізика": "physics",
    "хімія": "chemistry",
    "мотиваційний лист": "motivation_letter",
    "творчий конкурс": "creative",
}


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """A subject of an offer; weight 0…1, minimum 100…200, each None where unknown."""

    subject: str
    weight: Decimal | None
    minimum: Decimal | None
    elective: bool
    test: str | None


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """`row` counts records of the file from 1. `values`: columns of Offer; `results`: campaign year ->
    columns of AdmissionResult. `institution_id` is EDEBO's; the seed names its institution otherwise."""

    row: int
    offer_id: str
    year: int
    institution_id: str | None
    institution_name: str | None
    title: str
    degree: str | None
    codes: Codes
    values: Mapping[str, Any]
    stamp: FactStamp
    subjects: Sequence[SubjectRecord] = ()
    results: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def named(raw: Any, known: Mapping[str, Any]) -> Any:
    """The value that a Ukrainian word stands for; raises `BadValue` for a word that is not in `known`."""
    found = text(raw, 200)
    if found is None:
        return None
    folded = found.casefold()
    if folded not in known:
        raise BadValue(f"невідоме значення «{found[:40]}»")
    return known[folded]


def numbered(raw: Any, known: Mapping[str, str]) -> str | None:
    """The value that a number of EDEBO's dictionaries stands for."""
    found = identifier(raw)
    if found is not None and found not in known:
        raise BadValue(f"невідомий код {found}")
    return known[found] if found else None


def offer_type(raw: Any) -> tuple[str | None, bool]:
    """Type, and whether applications by priority: «Небюджетна (пріор.)»."""
    found = (text(raw, 200) or "").casefold()
    if not found:
        return None, False
    kind = TYPE_BY_NAME.get(found.split("(")[0].strip())
    if kind is None:
        raise BadValue(f"невідомий тип пропозиції «{found[:40]}»")
    return kind, "пріор" in found


def subject(raw: Any) -> str | None:
    """A subject by its Ukrainian name."""
    found = (text(raw, 200) or "").casefold()
    if not found:
        return None
    for name, key in SUBJECT_BY_NAME.items():
        if found == name or found.startswith((f"{name} (", f"{name},")):
            return key
    if "творч" in found:
        return "creative"
    if "іноземна" in found:
        return "foreign_language"
    raise BadValue(f"невідомий предмет «{found[:40]}»")


def test_of(raw: Any) -> str | None:
    """Which certificate: «Сертифікат НМТ» is "nmt", «Сертифікат ЗНО 2019–2021 року» is "zno"."""
    found = (text(raw, 200) or "").casefold()
    if "нмт" in found:
        return "nmt"
    return "zno" if "зно" in found else None


def weight(raw: Any) -> Decimal | None:
    return number(raw, 0, 1, 3)


def minimum(raw: Any) -> Decimal | None:
    """The least score of a subject, 100…200; 0 is "not set"."""
    found = number(raw, 0, 200, 3)
    if not found:
        return None
    if found < 100:
        raise BadValue(f"значення {found:f} поза межами 100–200")
    return found


def score(raw: Any) -> Decimal | None:
    """A competitive score; 0 stands for "nobody" and is unknown."""
    return number(raw, 0, 500, 3) or None


def places(raw: Any) -> int | None:
    return whole(raw, 0, 100_000)


def price(raw: Any) -> int | None:
    """Whole hryvnias a year; 0 is "not set"."""
    found = number(raw, 0, 10_000_000, 2)
    return int(found) or None if found is not None else None


def coefficient(raw: Any) -> Decimal | None:
    """A regional coefficient; 0 is "not set"."""
    return number(raw, 0, 2, 2) or None
