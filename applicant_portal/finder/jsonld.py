"""schema.org descriptions of pages. Only what the page itself shows; nothing unknown."""

from typing import Any

import orjson
from markupsafe import Markup

from applicant_portal.catalogue.documents import known_price, main_offer
from applicant_portal.catalogue.models import Listing
from applicant_portal.kit.i18n import Lang, localized


def listing(found: Listing, base_url: str, lang: Lang) -> Markup:
    """`EducationalOccupationalProgram` for programmes and tracks, `Course` for courses: a script's text."""
    summary = (found.summary_en if lang == "en" else None) or found.summary_uk
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course" if found.kind == "course" else "EducationalOccupationalProgram",
        "name": found.title_in(lang),
        "url": base_url + localized(found.path, lang),
        "description": summary,
        "provider": _provider(found),
        "sameAs": found.official_url,
        "inLanguage": found.languages or None,
    }
    offer = main_offer(found.offers)
    if found.programme is not None:
        if offer is not None:
            body["startDate"] = offer.study_from.isoformat() if offer.study_from else None
            body["endDate"] = offer.study_to.isoformat() if offer.study_to else None
        body["educationalCredentialAwarded"] = found.programme.degree
    price = known_price(found, offer)
    if price is not None:
        body["offers"] = {"@type": "Offer", "price": price[0], "priceCurrency": "UAH", "category": "tuition"}
    return script({key: value for key, value in body.items() if value is not None})


def _provider(found: Listing) -> dict[str, Any] | None:
    if found.institution is not None:
        provider = {"@type": "CollegeOrUniversity", "name": found.institution.name}
        if found.institution.site:
            provider["url"] = found.institution.site
        return provider
    name = found.track.organiser_uk if found.track is not None else found.provider
    return {"@type": "Organization", "name": name} if name else None


def script(body: dict[str, Any]) -> Markup:
    """JSON that cannot end the script it stands in."""
    text = orjson.dumps(body).decode()
    for char, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(char, code)
    return Markup(text)  # noqa: S704 (everything that could close the element was replaced above)
