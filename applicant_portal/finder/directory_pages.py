"""Universities and professions: lists and pages."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from applicant_portal.catalogue import institution_queries, profession_queries, queries, specialities
from applicant_portal.finder import listing_view, stamps, words
from applicant_portal.finder.state import portal, reading
from applicant_portal.kit.errors import NotFound
from applicant_portal.kit.i18n import lang_of, localized

router = APIRouter(include_in_schema=False)

Reading = Annotated[Session, Depends(reading)]
HOME_REGION = "Харківська область"
LISTED = 12


@router.get("/universities")
def universities(request: Request, session: Reading) -> Response:
    """Institutions by region, Kharkiv's first."""
    rows = institution_queries.institutions_with_listings(session)
    rows.sort(key=lambda row: (row.institution.region != HOME_REGION, row.institution.region or "яяя"))
    regions = [
        (region, list(group)) for region, group in groupby(rows, key=lambda row: row.institution.region)
    ]
    return portal(request).pages.render(request, "pages/universities.html", {"regions": regions})


@router.get("/universities/{slug}")
def university(request: Request, slug: str, session: Reading) -> Response:
    here = portal(request)
    lang = lang_of(request.scope)
    found = institution_queries.institution_page(session, slug)
    if found is None:
        now = queries.current_slug(session, "university", slug)
        if now is None:
            raise NotFound
        return RedirectResponse(localized(f"/universities/{now}", lang), 301)
    _ = here.pages.gettext(lang)
    today = here.today()
    listings = institution_queries.listings_of_institution(session, found.id)
    programmes = [
        (
            listing.programme.speciality if listing.programme else None,
            "building" if listing.programme else "clock",
            listing.title_in(lang),
            " · ".join(
                filter(
                    None,
                    (
                        words.degree(listing.programme.degree, _) if listing.programme else None,
                        None if listing.state == "running" else words.state(listing.state, _),
                    ),
                )
            ),
            localized(listing.path, lang),
        )
        for listing in listings
    ]
    return here.pages.render(
        request,
        "pages/university.html",
        {
            "institution": found,
            "rows": programmes,
            "place_rows": listing_view.places(found, today, lang, _),
            "stamp": stamps.line(found.record_stamp, today, lang, _),
        },
    )


@router.get("/professions")
def professions(request: Request, session: Reading) -> Response:
    return portal(request).pages.render(
        request, "pages/professions.html", {"professions": profession_queries.professions(session)}
    )


@router.get("/professions/{key}")
def profession(request: Request, key: str, session: Reading) -> Response:
    here = portal(request)
    lang = lang_of(request.scope)
    found = profession_queries.profession(session, key)
    if found is None:
        raise NotFound
    _ = here.pages.gettext(lang)
    ways = {
        kind: profession_queries.listings_of_profession(session, key, kind, LISTED)
        for kind in ("programme", "course", "track")
    }
    totals = {kind: profession_queries.count_of_profession(session, key, kind) for kind in ways}
    return here.pages.render(
        request,
        "pages/profession.html",
        {
            "profession": found,
            "ways": ways,
            "totals": totals,
            "specialities": [s for code in found.specialities if (s := specialities.find(code)) is not None],
            "stamp": stamps.line(found.stamps.get("record"), here.today(), lang, _),
            "own_stamps": {
                name: stamps.line(found.stamps[name], here.today(), lang, _)
                for name in (f"summary_{lang}", "tasks", "skills")
                if name in found.stamps and found.stamps[name] != found.stamps.get("record")
            },
        },
    )
