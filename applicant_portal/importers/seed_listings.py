"""Programmes, offers, courses and tracks of the seed, row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import (
    DEGREES,
    FORMATS,
    FORMS,
    OFFER_TYPES,
    STATES,
    SUBJECTS,
    AdmissionResult,
    Institution,
    Listing,
)
from applicant_portal.importers import offer_records as words
from applicant_portal.importers.merging import apply
from applicant_portal.importers.offer_records import OfferRecord, SubjectRecord
from applicant_portal.importers.offer_store import RESULT_FIELDS
from applicant_portal.importers.records import Record, speciality_codes
from applicant_portal.importers.seed_files import (
    Row,
    chosen,
    duration_en,
    first_day,
    last_day,
    pairs,
    price_stamp,
    stamp,
    strings,
    texts,
)
from applicant_portal.importers.values import BadValue, identifier, take, text, whole


def programme(row: Row, institution: Institution) -> Record:
    """A line of `programmes.jsonl`."""
    read = stamp(row)
    duration = text(row.get("duration"))
    values: dict[str, Any] = texts(
        row, "title_en", "summary_uk", "summary_en", "official_url", "confidence", "faculty", "department"
    )
    values |= {
        "languages": strings(row, "languages"),
        "duration_uk": duration,
        "duration_en": duration_en(duration),
        "state": chosen(row, "state", STATES),
        "degree": chosen(row, "degree", DEGREES),
        "record_level": chosen(row, "record_level", ("programme", "speciality")),
        "edebo_programme_id": take(row, "edebo_programme_id", identifier),
    }
    return Record(
        kind="programme",
        institution=institution,
        title=_title(row),
        stamp=read,
        values=values,
        codes=speciality_codes(text(row.get("speciality")) or text(row.get("speciality_old"))),
        forms=_forms(row),
        price=_price(row),
        price_stamp=price_stamp(row, read),
        place={"city": institution.city, "region": institution.region},
    )


def course(row: Row, institution: Institution | None, region: str | None) -> Record:
    """A line of `courses.jsonl`; `region` is that of its city."""
    read = stamp(row)
    values: dict[str, Any] = texts(
        row,
        "title_en",
        "provider",
        "summary_uk",
        "summary_en",
        "duration_uk",
        "duration_en",
        "official_url",
        "confidence",
        "provider_kind",
        "pace",
        "audience_uk",
        "audience_en",
    )
    values |= {
        "languages": strings(row, "languages"),
        "state": chosen(row, "state", STATES),
        "for_veterans": row.get("for_veterans"),
        "certificate": row.get("certificate"),
    }
    return Record(
        kind="course",
        institution=institution,
        title=_title(row),
        stamp=read,
        values=values,
        key=row["key"],
        price=_price(row),
        price_stamp=price_stamp(row, read),
        place={"city": text(row.get("city")), "region": region, "format": chosen(row, "format", FORMATS)},
    )


def track(row: Row, institution: Institution | None, region: str | None) -> Record:
    """A table of `tracks.toml`; `region` is that of its city."""
    values: dict[str, Any] = texts(
        row,
        "title_en",
        "summary_uk",
        "summary_en",
        "description_uk",
        "description_en",
        "duration_uk",
        "duration_en",
        "official_url",
        "confidence",
        "organiser_uk",
        "organiser_en",
        "who_pays_uk",
        "who_pays_en",
        "funding",
        "amount_note_uk",
        "amount_note_en",
        "legal_basis_uk",
        "legal_basis_en",
    )
    values |= {
        "provider": values["organiser_uk"],
        "languages": strings(row, "languages"),
        "state": chosen(row, "state", STATES),
        "amount_uah": take(row, "amount_uah", whole, 0, 100_000_000),
        "amount_year": take(row, "amount_year", whole, 2000, 2100),
        "degree": chosen(row, "degree", DEGREES),
        "example_price_uah": take(row.get("example") or {}, "price", whole, 0, 100_000_000),
        "valid_from": first_day(row.get("valid_from")),
        "valid_to": last_day(row.get("valid_to")),
        "eligibility": pairs(row, "eligibility"),
        "barriers": pairs(row, "barriers"),
        "steps": pairs(row, "steps"),
        "key_facts": pairs(row, "facts"),
        "specialities": [code for raw in strings(row, "specialities") if (code := speciality_codes(raw).new)],
    }
    return Record(
        kind="track",
        institution=institution,
        title=_title(row),
        stamp=stamp(row),
        values=values,
        key=row["key"],
        place={"city": text(row.get("city")), "region": region, "format": chosen(row, "format", FORMATS)},
    )


def offer(row: Row, number: int) -> OfferRecord:
    """A line of `offers.jsonl`."""
    offer_id = take(row, "offer_id", identifier)
    year = take(row, "year", whole, 2015, 2100)
    if offer_id is None or year is None:
        raise BadValue("немає offer_id або year")
    values: dict[str, Any] = {
        "name": text(row["programme"]),
        "form": chosen(row, "form", FORMS),
        "entry_base": take(row, "entry_base", whole, 1, 9999),
        "offer_type": chosen(row, "offer_type", OFFER_TYPES),
        "priority_contract": row.get("priority_contract"),
        "course": take(row, "course", whole, 1, 8),
        "faculty": text(row.get("faculty")),
        "licence_volume": take(row, "licence_volume", words.places),
        "budget_places": take(row, "budget_places", words.places),
        "contract_places": take(row, "contract_places", words.places),
        "price_uah": take(row, "price_uah", words.price),
        "regional_coefficient": take(row, "regional_coefficient", words.coefficient),
        "term": text(row.get("term")),
        "study_from": first_day(row.get("study_from")),
        "study_to": first_day(row.get("study_to")),
        "applications_from": first_day(row.get("applications_from")),
        "applications_to": first_day(row.get("applications_to")),
    }
    results = _result(row.get("results") or {})
    return OfferRecord(
        row=number,
        offer_id=offer_id,
        year=year,
        institution_id=None,
        institution_name=None,
        title=_title(row, "programme"),
        degree=chosen(row, "degree", DEGREES),
        codes=speciality_codes(text(row.get("speciality"))),
        values=values,
        stamp=stamp(row),
        subjects=[_subject(item) for item in row.get("subjects") or []],
        results={year: results} if results else {},
    )


def load_results(session: Session, wanted: Sequence[tuple[Listing, Row]]) -> list[Listing]:
    """Results that a source names for a programme as a whole; the listings that changed."""
    present = {
        (result.listing_id, result.year): result
        for result in session.scalars(select(AdmissionResult).where(AdmissionResult.offer_id.is_(None)))
    }
    changed: list[Listing] = []
    for listing, row in wanted:
        for item in row.get("results") or []:
            year, values = int(item["year"]), _result(item)
            result = present.get((listing.id, year))
            if result is None:
                result = AdmissionResult(listing_id=listing.id, year=year, stamps={})
                session.add(result)
                present[listing.id, year] = result
            if apply(result, RESULT_FIELDS, values, stamp(row)):
                changed.append(listing)
    return changed


def _title(row: Row, field: str = "title") -> str:
    found = text(row.get(field), 1000)
    if found is None:
        raise BadValue(f"{field}: немає назви")
    return found


def _forms(row: Row) -> list[str]:
    found = strings(row, "forms")
    for form in found:
        chosen({"forms": form}, "forms", FORMS)
    return found


def _price(row: Row) -> dict[str, Any]:
    price = take(row, "price_uah", whole, 0, 10_000_000)
    year = take(row, "price_year", whole, 2000, 2100)
    return {"price_uah": price, "price_year": year if price is not None else None}


def _subject(item: Mapping[str, Any]) -> SubjectRecord:
    return SubjectRecord(
        subject=chosen(item, "subject", SUBJECTS) or "",
        weight=take(item, "weight", words.weight),
        minimum=take(item, "minimum", words.minimum),
        elective=bool(item.get("elective")),
        test=chosen(item, "test", ("nmt", "zno")),
    )


def _result(item: Mapping[str, Any]) -> dict[str, Any]:
    counts = ("applications", "admitted", "recommended", "enrolled_budget", "enrolled_contract")
    values: dict[str, Any] = {
        field: take(item, field, words.places if field in counts else words.score)
        for field in RESULT_FIELDS
        if field != "note"
    }
    values["note"] = text(item.get("note"))
    return values if any(value is not None for value in values.values()) else {}
