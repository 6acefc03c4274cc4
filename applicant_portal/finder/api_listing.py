"""One listing as the API tells it: every block of facts with its date and source. Unknown is null."""

from typing import Any

from applicant_portal.catalogue.facts import FactStamp, Stamps
from applicant_portal.catalogue.models import AdmissionResult, Listing, Offer
from applicant_portal.kit.i18n import Lang, localized


def facts(listing: Listing, lang: Lang) -> dict[str, Any]:
    """All public facts of a listing loaded whole."""
    institution = listing.institution
    out: dict[str, Any] = {
        "id": listing.id,
        "kind": listing.kind,
        "title": listing.title,
        "title_en": listing.title_en,
        "summary": {"uk": listing.summary_uk, "en": listing.summary_en},
        "institution": institution
        and {
            "edebo_id": institution.edebo_id,
            "name": institution.name,
            "short_name": institution.short_name,
            "name_en": institution.name_en,
        },
        "provider": listing.provider,
        "city": listing.city,
        "region": listing.region,
        "languages": listing.languages,
        "format": listing.format,
        "price_uah": listing.price_uah,
        "price_year": listing.price_year,
        "duration": {"uk": listing.duration_uk, "en": listing.duration_en},
        "official_url": listing.official_url,
        "state": listing.state,
        "synthetic": listing.origin == "synthetic",
        "url": localized(listing.path, lang),
        "skills": [item.skill_key for item in listing.skills],
        "professions": [link.profession_key for link in listing.professions],
        "routes": [{"route": r.route, "basis": r.basis, "year": r.year} for r in listing.routes],
        "stamps": _stamps(listing.stamps),
        "updated_at": listing.updated_at.isoformat(),
    }
    for part in (_programme, _course, _track):
        out |= part(listing)
    return out


def _programme(listing: Listing) -> dict[str, Any]:
    programme = listing.programme
    if programme is None:
        return {}
    return {
        "degree": programme.degree,
        "speciality": programme.speciality,
        "old_speciality": programme.old_speciality,
        "forms": programme.forms,
        "faculty": programme.faculty,
        "department": programme.department,
        "record_level": programme.record_level,
        "offers": [_offer(offer) for offer in listing.offers],
        "results": [_result(result) for result in listing.results],
    }


def _course(listing: Listing) -> dict[str, Any]:
    course = listing.course
    if course is None:
        return {}
    return {
        "pace": course.pace,
        "audience": {"uk": course.audience_uk, "en": course.audience_en},
        "for_veterans": course.for_veterans,
        "certificate": course.certificate,
    }


def _track(listing: Listing) -> dict[str, Any]:
    track = listing.track
    if track is None:
        return {}
    return {
        "organiser": {"uk": track.organiser_uk, "en": track.organiser_en},
        "who_pays": {"uk": track.who_pays_uk, "en": track.who_pays_en},
        "amount_uah": track.amount_uah,
        "amount_year": track.amount_year,
        "eligibility": track.eligibility,
        "barriers": track.barriers,
        "steps": track.steps,
        "specialities": track.specialities,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    day = {
        name: value.isoformat() if (value := getattr(offer, name)) else None
        for name in ("study_from", "study_to", "applications_from", "applications_to")
    }
    return {
        "edebo_offer_id": offer.edebo_offer_id,
        "year": offer.year,
        "form": offer.form,
        "entry_base": offer.entry_base,
        "offer_type": offer.offer_type,
        "licence_volume": offer.licence_volume,
        "budget_places": offer.budget_places,
        "contract_places": offer.contract_places,
        "price_uah": offer.price_uah,
        "regional_coefficient": offer.regional_coefficient,
        **day,
        "subjects": [
            {
                "subject": item.subject,
                "weight": item.weight,
                "minimum": item.minimum,
                "elective": item.elective,
                "test": item.test,
            }
            for item in offer.subjects
        ],
        "stamps": _stamps(offer.stamps),
    }


def _result(result: AdmissionResult) -> dict[str, Any]:
    names = (
        "year", "applications", "admitted", "recommended", "enrolled_budget", "enrolled_contract",
        "avg_score", "min_score", "max_score", "avg_budget", "avg_contract", "min_budget", "min_contract",
    )  # fmt: skip
    return {name: getattr(result, name) for name in names} | {"stamps": _stamps(result.stamps)}


def _stamps(stamps: Stamps) -> dict[str, Any]:
    return {name: _stamp(stamp) for name, stamp in stamps.items()}


def _stamp(stamp: FactStamp) -> dict[str, Any]:
    return {
        "as_of": stamp.as_of,
        "origin": stamp.origin,
        "source_name": stamp.source_name,
        "source_url": stamp.source_url,
    }
