"""Files of competitive offers: EDEBO's own keys, and the listing that the 2025 campaign was re-laid into.

Numbers may come as text, subjects as a list or under their ids, terms with HTML entities.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.importers import contacts
from applicant_portal.importers import offer_records as words
from applicant_portal.importers.offer_records import OfferRecord, SubjectRecord
from applicant_portal.importers.records import speciality_codes
from applicant_portal.importers.values import BadValue, RefusedRow, day, flag, identifier, period, take, text
from applicant_portal.importers.values import whole as whole_number

EDEBO, LISTING = "edebo", "listing"
KNOWN_FORMATS = (
    "JSON із ключами ЄДЕБО (usid, uid, ssc, os…) "
    "і список пропозицій 2025 року (offer_id, university_id, subjects…)"
)
FIRST_YEAR, LAST_YEAR = 2015, 2100


def recognise(headings: tuple[str, ...]) -> str | None:
    """Which of the two formats has these keys, or None."""
    keys = set(headings)
    if "usid" in keys and keys & {"uid", "ssc", "usn", "spn", "os"}:
        return EDEBO
    if "offer_id" in keys and keys & {"university_id", "speciality_code", "university"}:
        return LISTING
    return None


def parse(row: Mapping[str, Any], number: int, shape: str) -> OfferRecord:
    """The record of a row; `number` counts rows from 1. Raises `RefusedRow` naming the field."""
    return _edebo(row, number) if shape == EDEBO else _listing(row, number)


def _required(row: Mapping[str, Any], field: str, parse: Callable[..., Any], what: str, *args: Any) -> Any:
    found = take(row, field, parse, *args)
    if found is None:
        raise RefusedRow(field, f"немає {what}")
    return found


def _edebo(row: Mapping[str, Any], number: int) -> OfferRecord:
    offer_id = _required(row, "usid", identifier, "номера пропозиції")
    study_from, study_to, term = take(row, "etrm", period)
    first_day, last_day, _ = take(row, "rtrm", period)
    start = first_day or last_day or study_from
    if start is None:
        raise RefusedRow(
            "rtrm", "немає ні строку подання заяв (rtrm), ні строку навчання (etrm): рік невідомий"
        )
    year = _campaign_year(start.year, "rtrm" if first_day or last_day else "etrm")
    kind, by_priority = take(row, "ustn", words.offer_type)
    title = take(row, "spn", text, 500) or _required(row, "usn", text, "назви пропозиції", 500)
    places = {"open": "ox", "fixed": "ob"}.get(kind or "")
    values = {
        "name": take(row, "usn", text, 500),
        "form": take(row, "efid", words.numbered, words.FORM_BY_ID)
        or take(row, "efn", words.named, words.FORM_BY_NAME),
        "entry_base": take(row, "ebid", whole_number, 1, 9999)
        or take(row, "ebn", words.named, words.ENTRY_BASE_BY_NAME),
        "offer_type": kind,
        "priority_contract": by_priority,
        "course": take(row, "cid", whole_number, 1, 8),
        "faculty": take(row, "ufn", text, 500),
        "licence_volume": take(row, "ol", words.places),
        "budget_places": take(row, places, words.places) if places else None,
        "contract_places": take(row, "oc", words.places),
        "price_uah": take(row, "price", words.price) or take(row, "xprice", words.price),
        "regional_coefficient": take(row, "rk", words.coefficient),
        "term": term,
        "study_from": study_from,
        "study_to": study_to,
        "applications_from": first_day,
        "applications_to": last_day,
    }
    return OfferRecord(
        row=number,
        offer_id=offer_id,
        year=year,
        institution_id=_required(row, "uid", identifier, "коду закладу"),
        institution_name=take(row, "un", text, 1000),
        title=contacts.quoted(title),
        degree=take(row, "qid", words.numbered, words.DEGREE_BY_ID)
        or take(row, "qn", words.named, words.DEGREE_BY_NAME),
        codes=_required(row, "ssc", _codes, "коду спеціальності"),
        values=values,
        stamp=FactStamp("offer", str(year), "ЄДЕБО, конкурсна пропозиція"),
        subjects=tuple(_subjects(row, "os", "sn", "mv", "ch", "t")),
        results=_statistics(row.get("st"), year),
    )


def _codes(raw: Any) -> Any:
    found = text(raw, 40)
    return speciality_codes(found) if found else None


def _campaign_year(year: int, field: str) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusedRow(field, f"рік {year} поза межами {FIRST_YEAR}–{LAST_YEAR}")
    return year


def _subjects(
    row: Mapping[str, Any], field: str, name: str, least: str, elective: str, test: str
) -> Iterator[SubjectRecord]:
    raw = row.get(field) or []
    items = list(raw.values()) if isinstance(raw, Mapping) else raw
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise RefusedRow(field, "очікується перелік предметів")
    if len(items) > 60:
        raise RefusedRow(field, f"забагато предметів: {len(items)}")
    for item in items:
        key = take(item, name, words.subject, name=f"{field}.{name}")
        if key is None:
            raise RefusedRow(f"{field}.{name}", "немає назви предмета")
        yield SubjectRecord(
            subject=key,
            weight=take(item, "k", words.weight, name=f"{field}.k"),
            minimum=take(item, least, words.minimum, name=f"{field}.{least}"),
            elective=flag(item.get(elective)),
            test=take(item, test, words.test_of, name=f"{field}.{test}"),
        )


_COUNTS = {"t": "applications", "a": "admitted", "r": "recommended"}
_ENROLLED = {"ob": "enrolled_budget", "oc": "enrolled_contract"}
_SCORES = {
    "ka": "avg_score",
    "km": "min_score",
    "kx": "max_score",
    "obm": "min_budget",
    "ocm": "min_contract",
}


def _statistics(raw: Any, year: int) -> dict[int, dict[str, Any]]:
    """EDEBO's `st`: `c` is this year, `p` the one before."""
    if raw in (None, "", [], {}):
        return {}
    if not isinstance(raw, Mapping):
        raise RefusedRow("st", "очікується об’єкт зі статистикою")
    found: dict[int, dict[str, Any]] = {}
    for key, campaign in (("c", year), ("p", year - 1)):
        part = raw.get(key)
        if not isinstance(part, Mapping):
            continue
        result: dict[str, Any] = {
            column: take(part, short, words.places, name=f"st.{key}.{short}")
            for short, column in (_COUNTS | _ENROLLED).items()
        }
        # Nobody recommended and nobody enrolled: the campaign was still going on when the file was made.
        if not any(result[column] for column in ("recommended", *_ENROLLED.values())):
            result |= dict.fromkeys(("recommended", *_ENROLLED.values()))
        result |= {
            column: take(part, short, words.score, name=f"st.{key}.{short}")
            for short, column in _SCORES.items()
        }
        if any(value is not None for value in result.values()):
            found[campaign] = result
    return found


def _listing(row: Mapping[str, Any], number: int) -> OfferRecord:
    offer_id = _required(row, "offer_id", identifier, "номера пропозиції")
    year = _campaign_year(
        _required(row, "year", whole_number, "року кампанії", FIRST_YEAR, LAST_YEAR), "year"
    )
    kind, by_priority = take(row, "offer_type", words.offer_type)
    volume = take(row, "licence_volume", words.places)
    values = {
        "name": take(row, "programme", text, 500),
        "form": take(row, "form", words.named, words.FORM_BY_NAME),
        "entry_base": take(row, "entry_base", words.named, words.ENTRY_BASE_BY_NAME),
        "offer_type": kind,
        "priority_contract": by_priority,
        "course": take(row, "course", _course),
        "faculty": take(row, "faculty", text, 500),
        "licence_volume": volume,
        "study_from": take(row, "study_from", day),
        "study_to": take(row, "study_to", day),
        "price_uah": take(row, "price", words.price),
    }
    result = {
        "applications": take(row, "applications", words.places),
        "avg_budget": take(row, f"avg_budget_{year}", words.score),
        "avg_contract": take(row, f"avg_contract_{year}", words.score),
    }
    return OfferRecord(
        row=number,
        offer_id=offer_id,
        year=year,
        institution_id=_required(row, "university_id", identifier, "коду закладу"),
        institution_name=take(row, "university", text, 1000),
        title=contacts.quoted(_required(row, "programme", text, "назви програми", 500)),
        degree=take(row, "degree", words.named, words.DEGREE_BY_NAME),
        codes=_required(row, "speciality_code", _codes, "коду спеціальності"),
        values=values,
        stamp=FactStamp("offer", str(year), f"Вступ.ОСВІТА.UA, кампанія {year}", _web(row.get("source"))),
        subjects=tuple(_subjects(row, "subjects", "subject", "min", "elective", "test")),
        results={year: result} if any(value is not None for value in result.values()) else {},
    )


def _course(raw: Any) -> int | None:
    """«з 1-го курсу» is 1."""
    found = text(raw, 100)
    digits = [char for char in found or "" if char.isdecimal()]
    return int(digits[0]) if digits and 1 <= int(digits[0]) <= 8 else None


def _web(raw: Any) -> str | None:
    try:
        found = text(raw, 500)
    except BadValue:
        return None
    return found if found and found.startswith(("https://", "http://")) and " " not in found else None
