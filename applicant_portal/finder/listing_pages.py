"""Pages of programmes, courses and veterans' tracks."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from applicant_portal.catalogue import neighbours, page_queries, queries, specialities
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import jsonld, listing_view, stamps, words
from applicant_portal.finder.state import portal
from applicant_portal.kit.errors import NotFound
from applicant_portal.kit.i18n import lang_of, localized

router = APIRouter(include_in_schema=False)


@router.get("/programmes/{slug}")
def programme(request: Request, slug: str) -> Response:
    return _page(request, "programme", slug)


@router.get("/courses/{slug}")
def course(request: Request, slug: str) -> Response:
    return _page(request, "course", slug)


@router.get("/tracks/{slug}")
def track(request: Request, slug: str) -> Response:
    return _page(request, "track", slug)


def _page(request: Request, kind: str, slug: str) -> Response:
    # Not a dependency: to open and to close one, a request changes threads twice more.
    with portal(request).database.read() as session:
        return _read(request, session, kind, slug)


def _read(request: Request, session: Session, kind: str, slug: str) -> Response:
    here = portal(request)
    lang = lang_of(request.scope)
    found = page_queries.listing_page(session, kind, slug)
    if found is None:
        now = queries.current_slug(session, kind, slug)
        if now is None:
            raise NotFound
        return RedirectResponse(localized(f"/{kind}s/{now}", lang), 301)
    _ = here.pages.gettext(lang)
    today = here.today()
    context: dict[str, Any] = {
        "listing": found,
        "title": found.title_in(lang),
        "title_lang": "uk" if lang == "en" and not found.title_en and kind != "course" else None,
        "stamp": stamps.line(found.stamps.get("record"), today, lang, _),
        "state": words.state(found.state, _),
        "json_ld": jsonld.listing(found, here.settings.base_url, lang),
        "today": today,
    }
    if kind == "programme":
        context |= _programme(request, session, found)
    elif kind == "course":
        context |= _course(request, session, found)
    else:
        context |= _track(session, found)
    return here.pages.render(request, f"pages/{kind}.html", context)


def _programme(request: Request, session: Session, found: Listing) -> dict[str, Any]:
    here = portal(request)
    lang = lang_of(request.scope)
    _ = here.pages.gettext(lang)
    assert found.programme is not None  # noqa: S101 (the query asked for programmes)
    return {
        "kind_line": listing_view.speciality_line(found, lang, _),
        "key_facts": listing_view.key_facts(found, lang, _),
        "offers": listing_view.offers(found, here.today(), lang, _),
        "offer_columns": listing_view.offer_columns(_),
        "doors": listing_view.doors(found, _),
        "place_rows": listing_view.places(found.institution, here.today(), lang, _),
        "about": specialities.texts().get(found.programme.speciality or ""),
        "similar": neighbours.similar_programmes(session, found),
    }


def _course(request: Request, session: Session, found: Listing) -> dict[str, Any]:
    _ = portal(request).pages.gettext(lang_of(request.scope))
    return {
        "languages": [words.language(code, _) for code in found.languages],
        "format": words.format_(found.format, _) if found.format else None,
        "similar": neighbours.similar_by_skills(session, found),
    }


def _track(session: Session, found: Listing) -> dict[str, Any]:
    assert found.track is not None  # noqa: S101 (the query asked for tracks)
    return {
        "others": neighbours.other_tracks(session, found),
        "fitting": neighbours.programmes_of(session, found.track.specialities, "Харків")
        if found.track.specialities
        else [],
    }
