"""Listing -> search document: what people may type for it, what filters it, and what its card shows."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import AdmissionResult, Listing, Offer, Profession
from applicant_portal.catalogue.naming import sort_key
from search.schema import Document

UNKNOWN = ("unknown",)
RANK = {"running": 2, "unverified": 1, "closed": 0}
# Words people add to say what they look for; they stand in no title.
KIND_WORDS = {
    "programme": "програма програми спеціальність programme degree",
    "course": "курс курси course",
    "track": "ветеран ветерани ветеранам ветеранка перенавчання перекваліфікація veteran veterans retraining",
}
DEGREE_WORDS = {
    "bachelor": "бакалавр бакалаврат bachelor",
    "master": "магістр магістратура master",
    "phd": "аспірантура доктор філософії phd",
    "junior_bachelor": "молодший бакалавр junior bachelor",
    "professional_junior_bachelor": "фаховий молодший бакалавр коледж professional junior bachelor",
}


def document(listing: Listing, today: date) -> Document:
    """The search document of a listing loaded whole. `today` decides which facts are too old to filter by."""
    offer = main_offer(listing.offers)
    return Document(
        id=listing.id,
        kind=listing.kind,
        title=listing.title,
        title_en=listing.title_en,
        names=tuple(_names(listing)),
        skills=tuple(_skills(listing)),
        summary=_joined(listing.summary_uk, listing.summary_en, *_part_summary(listing)),
        description=_joined(listing.description_uk, listing.description_en, *_part_description(listing)),
        facets=_facets(listing, today),
        rank=RANK[listing.state],
        freshness=_freshness(listing),
        price=_price(listing, offer, today),
        score=_score(listing),
        title_key=sort_key(listing.title),
        payload=_payload(listing, offer),
    )


def main_offer(offers: Iterable[Offer]) -> Offer | None:
    """The offer that speaks for a programme: of the newest year, after school, with state places, largest."""
    offers = list(offers)
    newest = max((offer.year for offer in offers), default=0)
    current = [offer for offer in offers if offer.year == newest]
    return max(
        current,
        key=lambda offer: (
            offer.entry_base in (None, 40),
            offer.offer_type in ("open", "fixed"),
            offer.licence_volume or 0,
            -offer.id,
        ),
        default=None,
    )


def newest_result(results: Iterable[AdmissionResult], field: str) -> AdmissionResult | None:
    """The newest campaign whose `field` is known."""
    known = [result for result in results if getattr(result, field) is not None]
    return max(known, key=lambda result: (result.year, result.id), default=None)


def record_stamp(listing: Listing) -> FactStamp | None:
    """The newest word about the listing as a whole: of its record or of its newest offer."""
    stamps = [stamp for stamp in listing.stamps.values() if stamp.as_of]
    offer = main_offer(listing.offers)
    if offer is not None and "offer" in offer.stamps:
        stamps.append(offer.stamps["offer"])
    return max(stamps, key=lambda stamp: stamp.as_of or "", default=listing.stamps.get("record"))


def _names(listing: Listing) -> Iterable[str]:
    yield KIND_WORDS[listing.kind]
    if listing.institution is not None:
        institution = listing.institution
        yield from filter(None, (institution.short_name, institution.name, institution.name_en))
        yield from (alias.alias for alias in institution.aliases)
    yield from filter(None, (listing.provider, listing.city))
    programme = listing.programme
    if programme is not None:
        if programme.degree:
            yield DEGREE_WORDS[programme.degree]
        yield from filter(None, (programme.speciality, programme.old_speciality, programme.faculty))
        found = specialities.find(programme.speciality) if programme.speciality else None
        if found is not None:
            yield found.name_uk
            yield from filter(None, (found.name_en, *found.old_codes))
    if listing.track is not None:
        yield from filter(None, (listing.track.organiser_uk, listing.track.organiser_en))
        yield from listing.track.specialities


def _skills(listing: Listing) -> Iterable[str]:
    for item in listing.skills:
        yield from (item.skill.name_uk, item.skill.name_en, *item.skill.aliases)
    for link in listing.professions:
        profession = link.profession
        # A programme leads to many professions; by name it is found for those nearest to its speciality.
        if link.basis == "topic" or _nearest(listing, profession):
            yield from (profession.title_uk, profession.title_en, *profession.aliases)


def _nearest(listing: Listing, profession: Profession) -> bool:
    programme = listing.programme
    return programme is not None and profession.specialities[:1] == [programme.speciality]


def _part_summary(listing: Listing) -> Iterable[str | None]:
    if listing.course is not None:
        yield from (listing.course.audience_uk, listing.course.audience_en)
    if listing.track is not None:
        yield from (listing.track.who_pays_uk, listing.track.who_pays_en)


def _part_description(listing: Listing) -> Iterable[str | None]:
    if listing.programme is not None:
        # What the speciality is about in general stays out: it names its neighbours, and every programme
        # of one would be found by the name of the other.
        yield listing.programme.department
    if listing.track is not None:
        for row in (*listing.track.eligibility, *listing.track.steps):
            yield from (row.get("uk"), row.get("en"))


def _facets(listing: Listing, today: date) -> dict[str, tuple[str, ...]]:
    """Values of every filter. A filter that does not apply to the kind gets no value; unknown is a value."""
    facets: dict[str, tuple[str, ...]] = {
        "kind": (listing.kind,),
        "status": (listing.state,),
        "language": tuple(listing.languages) or UNKNOWN,
        "format": (listing.format,) if listing.format else UNKNOWN,
        "funding": _funding(listing),
    }
    place_stamp = listing.stamps.get("place") or listing.stamps.get("record")
    place_known = place_stamp is None or listing.programme is not None or place_stamp.age(today) != "stale"
    online = listing.format == "online" and not listing.city
    if listing.city and place_known:
        facets["city"] = (listing.city,)
        facets["region"] = (listing.region or "unknown",)
    elif not online:
        facets["city"] = facets["region"] = UNKNOWN
    if listing.institution is not None and listing.institution.edebo_id:
        facets["institution"] = (listing.institution.edebo_id,)
    if listing.programme is not None:
        programme = listing.programme
        facets["degree"] = (programme.degree,) if programme.degree else UNKNOWN
        facets["form"] = tuple(programme.forms) or UNKNOWN
        facets["speciality"] = (programme.speciality,) if programme.speciality else UNKNOWN
        facets["route"] = tuple(route.route for route in listing.routes) or UNKNOWN
        facets["shelter"] = _shelter(listing)
    if listing.track is not None and listing.track.specialities:
        facets["speciality"] = tuple(listing.track.specialities)
    return facets


def _shelter(listing: Listing) -> tuple[str, ...]:
    facts = listing.institution.place_facts if listing.institution is not None else []
    return tuple(fact.answer for fact in facts if fact.topic == "shelter") or UNKNOWN


def _funding(listing: Listing) -> tuple[str, ...]:
    if listing.track is not None:
        return (listing.track.funding,) if listing.track.funding else UNKNOWN
    if listing.course is not None:
        if listing.price_uah is None:
            return UNKNOWN
        return ("free",) if listing.price_uah == 0 else ("paid",)
    newest = max((offer.year for offer in listing.offers), default=None)
    types = {offer.offer_type for offer in listing.offers if offer.year == newest}
    found: list[str] = []
    if types & {"open", "fixed"}:
        found.append("budget")
    if "budget" not in found and any(offer.budget_places for offer in listing.offers if offer.year == newest):
        found.append("budget")
    if "contract" in types or any(offer.contract_places for offer in listing.offers if offer.year == newest):
        found.append("contract")
    return tuple(found) or UNKNOWN


def _freshness(listing: Listing) -> int:
    """Days since 1970 of the newest word about the listing; 0 when no date is known."""
    stamp = record_stamp(listing)
    day = stamp.earliest if stamp is not None else None
    return (day - date(1970, 1, 1)).days if day is not None else 0


def known_price(listing: Listing, offer: Offer | None) -> tuple[int, int | None] | None:
    """(whole hryvnias a year or a course, the year it was named for), or None when no price is known."""
    if offer is not None and offer.price_uah is not None:
        return offer.price_uah, offer.year
    if listing.price_uah is not None:
        return listing.price_uah, listing.price_year
    return None


def _price(listing: Listing, offer: Offer | None, today: date) -> int | None:
    """The price to sort by: a stale one does not count."""
    price = known_price(listing, offer)
    if price is None or (price[1] is not None and price[1] < today.year - 1):
        return None
    return price[0]


def _score(listing: Listing) -> float | None:
    result = newest_result(listing.results, "avg_budget")
    return float(result.avg_budget) if result is not None and result.avg_budget is not None else None


def _payload(listing: Listing, offer: Offer | None) -> dict[str, Any]:
    """What the card and the API say of a hit, so that a search needs no SQL."""
    institution = listing.institution
    stamp = record_stamp(listing)
    payload: dict[str, Any] = {
        "id": listing.id,
        "kind": listing.kind,
        "path": listing.path,
        "title": listing.title,
        "title_en": listing.title_en,
        "city": listing.city,
        "state": listing.state,
        "format": listing.format,
        "languages": listing.languages,
        "provider": listing.provider,
        "summary_uk": listing.summary_uk,
        "summary_en": listing.summary_en,
        "duration_uk": listing.duration_uk,
        "duration_en": listing.duration_en,
        "price": known_price(listing, offer),
        "institution": institution
        and {
            "edebo_id": institution.edebo_id,
            "name": institution.name,
            "name_en": institution.name_en,
            "short_name": institution.short_name,
            "slug": institution.slug,
        },
        "stamp": stamp
        and {
            "origin": stamp.origin,
            "as_of": stamp.as_of,
            "source_name": stamp.source_name,
            "source_url": stamp.source_url,
        },
    }
    if listing.programme is not None:
        payload |= _programme_payload(listing, offer)
    if listing.course is not None:
        course = listing.course
        payload |= {"pace": course.pace, "for_veterans": course.for_veterans}
    if listing.track is not None:
        track = listing.track
        payload |= {
            "organiser_uk": track.organiser_uk,
            "organiser_en": track.organiser_en,
            "who_pays_uk": track.who_pays_uk,
            "who_pays_en": track.who_pays_en,
            "amount_uah": track.amount_uah,
            "amount_year": track.amount_year,
            "who_can": [{"uk": row.get("uk"), "en": row.get("en")} for row in track.eligibility[:2]],
        }
    return payload


def _programme_payload(listing: Listing, offer: Offer | None) -> dict[str, Any]:
    programme = listing.programme
    assert programme is not None  # noqa: S101 (the caller asked for a programme)
    found = specialities.find(programme.speciality) if programme.speciality else None
    result = newest_result(listing.results, "avg_budget")
    return {
        "degree": programme.degree,
        "forms": programme.forms,
        "speciality": found
        and {
            "code": found.code,
            "old_code": programme.old_speciality or found.old_code,
            "name": found.name_uk,
            "name_en": found.name_en,
        },
        "routes": [route.route for route in listing.routes],
        "offer_year": offer.year if offer else None,
        "licence_volume": offer.licence_volume if offer else None,
        "avg_budget": _text(result.avg_budget) if result else None,
        "avg_budget_year": result.year if result else None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value.normalize())


def _joined(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)
