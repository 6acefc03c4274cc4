"""A listing of the catalogue as the ranker sees it. What is not known stays None."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from applicant_portal.catalogue.facts import FactStamp, Stamps
from applicant_portal.catalogue.naming import fold_name
from applicant_portal.settings import SEED_DATA
from recommender.filters import FULL_TIME_HOURS
from recommender.schema import Candidate

_FORMAT_OF_FORM = {
    "full_time": "full_time",
    "part_time": "evening",
    "evening": "evening",
    "distance": "online",
    "dual": "evening",
}
_AFTER = {
    "bachelor": frozenset(("school_11", "college", "bachelor", "master")),
    "junior_bachelor": frozenset(("school_11", "college", "bachelor", "master")),
    "professional_junior_bachelor": frozenset(("school_9", "school_11", "college", "bachelor", "master")),
    "master": frozenset(("bachelor", "master")),
    "phd": frozenset(("master",)),
}
# Neighbouring fields of study that specialities belong to, beside computing: speciality -> field -> share.
FIELDS: Mapping[str, Mapping[str, float]] = {
    "A4": {"education": 1.0},
    "A5": {"education": 0.8},
    "C1": {"economics": 0.8},
    "F1": {"math_stats": 0.7},
    "G5": {"electrical_eng": 0.8},
    "G6": {"electrical_eng": 0.6},
    "G7": {"electrical_eng": 0.4, "mechanical_industrial_eng": 0.3},
    "G20": {"visual_art_design": 0.3},
    "G22": {"biology_life": 0.3, "electrical_eng": 0.3},
}
ORIENTATION = "it-orientation"
BEGINNERS = re.compile(
    r"\b(основи|знайомство|початк|beginner|introduction|intro to|fundamentals|essentials|basics)"
)
_YEAR_BEGINS = (9, 1)


@dataclass(slots=True)
class Row:
    """One published listing, as `queries.candidate_rows` reads it."""

    id: str
    kind: str
    title: str
    title_en: str | None
    title_key: str
    provider: str | None
    institution_id: int | None
    state: str
    format: str | None
    city: str | None
    languages: Sequence[str]
    price_uah: int | None
    price_year: int | None
    stamps: Stamps
    slug: str = ""
    duration_uk: str | None = None
    duration_en: str | None = None
    degree: str | None = None
    speciality: str | None = None
    forms: Sequence[str] = ()
    pace: str | None = None
    for_veterans: bool = False
    funding: str | None = None
    amount_uah: int | None = None
    eligibility: Sequence[Mapping[str, Any]] = ()
    barriers: Sequence[Mapping[str, Any]] = ()
    specialities: Sequence[str] = ()
    offers: list[tuple[int, str | None, int | None, int | None]] = field(default_factory=list)
    """(year, offer type, budget places, yearly price)."""
    offer_stamp: FactStamp | None = None
    routes: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    professions: list[tuple[str, str]] = field(default_factory=list)
    """(profession, basis)."""
    access: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Area:
    """An area inside IT: what makes a listing belong to it (seed_data/advisor_areas.toml)."""

    key: str
    name_uk: str
    name_en: str
    professions: tuple[str, ...]
    specialities: Mapping[str, float]
    words: tuple[str, ...]
    skills: frozenset[str]


@cache
def areas(folder: Path = SEED_DATA) -> tuple[Area, ...]:
    """All areas, in the order of the file."""
    with (folder / "advisor_areas.toml").open("rb") as file:
        rows = tomllib.load(file)["area"]
    return tuple(
        Area(
            row["key"],
            row["name_uk"],
            row["name_en"],
            tuple(row["professions"]),
            row["specialities"],
            tuple(fold_name(word) for word in row["words"]),
            frozenset(row["skills"]),
        )
        for row in rows
    )


def candidate(row: Row, today: date) -> Candidate:
    """`today` decides which facts are too old to count and when the next study year begins."""
    newest = max((offer[0] for offer in row.offers), default=None)
    offers = [offer for offer in row.offers if offer[0] == newest]
    programme = row.kind == "programme"
    track = row.kind == "track"
    own_pace = True if row.pace == "self_paced" else None
    formats = _formats(row)
    online = row.format == "online" and not row.city if row.format else None
    if programme and formats is not None and online is None:
        online = None if "online" in formats else False
    return Candidate(
        id=row.id,
        kind=row.kind,
        provider=str(row.institution_id or row.provider or row.id),
        areas=area_weights(row),
        fields=_fields(row),
        state=row.state,
        age=_age(row, today),
        degree=row.degree,
        city=row.city,
        online=online,
        formats=formats,
        own_pace=own_pace,
        beginner=True if row.kind == "course" and BEGINNERS.search(fold_name(row.title)) else None,
        least_hours=_least_hours(row, programme=programme, own_pace=bool(own_pace)),
        starts_in=_starts_in(today) if programme else 0 if own_pace else None,
        price=_price(row, offers, newest, today),
        funded=_funded(row, offers),
        amount=row.amount_uah,
        languages=frozenset(row.languages) or None,
        routes=frozenset(row.routes) or None if programme else None,
        audience=frozenset(one["audience"] for one in row.eligibility if one.get("audience")) or None
        if track
        else None,
        earlier_education=_earlier_education(row),
        access=row.access,
    )


def area_weights(row: Row) -> dict[str, float]:
    """How much a listing belongs to each area. What its title says comes before what it teaches, and that
    before what its speciality leads to in general."""
    # What a track is called tells who runs it, not what is taught.
    titled = set() if row.kind == "track" else _titled(row.title, row.title_en)
    taught = set(row.skills)
    named = {profession for profession, basis in row.professions if basis == "topic"}
    found: dict[str, float] = {}
    for area in areas():
        weight = 2.0 if area.key in titled else 0.0
        if taught:
            weight += len(taught & area.skills) / len(taught)
        if named:
            weight += len(named.intersection(area.professions)) / len(named)
        if row.speciality and row.kind == "programme":
            weight += area.specialities.get(row.speciality.split(".")[0], 0.0)
        if weight:
            found[area.key] = weight
    to_any = row.kind == "track" and (row.funding == "state" or len(row.specialities) > 1)
    if to_any or (ORIENTATION in taught and not titled):
        # A way to pay for any IT speciality, to enter one or to look round leans to none of them.
        return {area.key: 1.0 for area in areas()}
    return found


def main_areas(one: Candidate) -> tuple[str, ...]:
    """The one or two areas a listing is about, nearest first; none where it leans to none."""
    if len(one.areas) == len(areas()):
        return ()
    nearest = sorted(one.areas, key=lambda area: -one.areas[area])[:2]
    return tuple(area for area in nearest if one.areas[area] >= one.areas[nearest[0]] / 2)


def _titled(title: str, title_en: str | None) -> set[str]:
    folded = [fold_name(one) for one in (title, title_en) if one]
    words = [word for one in folded for word in re.split(r"[^\w#+./-]+", one)]
    return {
        area.key
        for area in areas()
        if any(
            any(mark in one for one in folded) if " " in mark else any(_begins(word, mark) for word in words)
            for mark in area.words
        )
    }


def _begins(word: str, mark: str) -> bool:
    # Two letters (qa, ai, ml) are a word of their own, longer marks the beginning of one.
    return word == mark if len(mark) <= 2 else word.startswith(mark)


def _fields(row: Row) -> Mapping[str, float]:
    if row.kind != "programme" or not row.speciality:
        return {}
    return FIELDS.get(row.speciality.split(".")[0], {})


def _formats(row: Row) -> frozenset[str] | None:
    if row.kind == "programme":
        return frozenset(_FORMAT_OF_FORM[form] for form in row.forms if form in _FORMAT_OF_FORM) or None
    if row.format == "online":
        return frozenset(("online", "evening")) if row.pace == "self_paced" else frozenset(("online",))
    return None


def _least_hours(row: Row, *, programme: bool, own_pace: bool) -> int | None:
    if own_pace:
        return 0
    if not programme:
        return None
    return FULL_TIME_HOURS if set(row.forms) == {"full_time"} else None


def _starts_in(today: date) -> int:
    begins = date(today.year, *_YEAR_BEGINS)
    if begins < today:
        begins = date(today.year + 1, *_YEAR_BEGINS)
    return (begins - today).days


def _price(row: Row, offers: Iterable[tuple[int, str | None, int | None, int | None]],
           year: int | None, today: date) -> int | None:  # fmt: skip
    known = [offer[3] for offer in offers if offer[3] is not None]
    if known and year is not None and year >= today.year - 1:
        return min(known)
    if row.price_uah is not None and (row.price_uah == 0 or (row.price_year or 0) >= today.year - 1):
        return row.price_uah
    return None


def _funded(row: Row, offers: Sequence[tuple[int, str | None, int | None, int | None]]) -> bool | None:
    """Whether there is a way without money of one's own; for a course its price alone tells."""
    if row.kind == "track":
        return True if row.funding in ("state", "free") else None
    if row.kind == "course":
        return row.price_uah == 0 if row.price_uah is not None else None
    types = {kind for _, kind, _, _ in offers}
    if types & {"open", "fixed"} or any(places for _, _, places, _ in offers):
        return True
    return False if types == {"contract"} else None


def _earlier_education(row: Row) -> frozenset[str] | None:
    if row.degree or row.kind == "programme":
        return _AFTER.get(row.degree or "")
    needed = [set(barrier["education"]) for barrier in row.barriers if barrier.get("education")]
    return frozenset(set.intersection(*needed)) if needed else None


def _age(row: Row, today: date) -> str:
    stamps = [stamp for stamp in (*row.stamps.values(), row.offer_stamp) if stamp and stamp.as_of]
    newest = max(stamps, key=lambda stamp: stamp.as_of or "", default=None)
    return newest.age(today) if newest is not None else "none"
