"""The JSON API for re-users: search, one listing, institutions. Errors are problem+json.

The search's parameters are declared for the OpenAPI description and its checks; their meaning is read from
the query string by `finder.params`, the same way as for the page.
"""
# ruff: noqa: ARG001

from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from applicant_portal.catalogue import institution_queries, places, queries
from applicant_portal.catalogue.naming import clean, fold_name
from applicant_portal.finder import api_docs, api_examples, api_listing, params, service, words
from applicant_portal.finder.api_models import (
    PROBLEM,
    CourseFacts,
    InstitutionsAnswer,
    ProgrammeFacts,
    SearchAnswer,
    TrackFacts,
)
from applicant_portal.finder.search_view import relaxation_label
from applicant_portal.finder.state import portal, reading
from applicant_portal.kit.errors import NotFound
from applicant_portal.kit.i18n import localized
from search.schema import SORTS

router = APIRouter(tags=["catalogue"])

Several = Annotated[list[str] | None, Query(description="May be repeated: any of these values.")]
Language = Annotated[Literal["uk", "en"], Query(description="Language of names and addresses.")]
Page = Annotated[int, Query(ge=1, le=params.MAX_PAGE)]
PerPage = Annotated[int, Query(ge=1, le=100)]
Sort = Literal["relevance", "title", "price", "score", "fresh"]
assert set(SORTS) == {"relevance", "title", "price", "score", "fresh"}  # noqa: S101 (one list in two places)


@router.get(
    "/api/v1/search",
    responses={200: {"model": SearchAnswer}, 422: PROBLEM},
    openapi_extra=api_examples.SEARCH,
)
def search(
    request: Request,
    q: Annotated[str, Query(description="Words; all of them are required.")] = "",
    kind: Several = None,
    institution: Several = None,
    city: Several = None,
    region: Several = None,
    speciality: Several = None,
    degree: Several = None,
    form: Several = None,
    format: Several = None,  # noqa: A002 (the parameter's name in the contract)
    language: Several = None,
    funding: Several = None,
    status: Several = None,
    shelter: Several = None,
    route: Several = None,
    sort: Sort = "relevance",
    page: Page = 1,
    per_page: PerPage = params.PER_PAGE,
    lang: Language = "uk",
    exact: Annotated[bool, Query(description="No near spellings and no beginnings of words.")] = False,
) -> Response:
    """Search programmes, courses and veterans' tracks."""
    here = portal(request)
    known = here.vocabulary()
    asked = params.read(request.query_params.multi_items(), known.cities)
    found = service.search(here.engine, asked, here.lexicon, known.cities)
    result = found.result
    names = words.Words(lang, here.pages.gettext(lang), known.institutions)
    rescue = found.rescue
    written = partial(here.hits.written, generation=result.generation, lang=lang)
    return _json(
        {
            "total": result.total,
            "page": result.page,
            "per_page": result.per_page,
            "engine": result.engine,
            "hits": written(result.hits, result.terms),
            "beside": written(found.beside, result.terms),
            "facets": result.facets,
            "understood": {
                "query": result.understood.query,
                "changed": result.understood.changed,
                "unknown_words": result.understood.unknown_words,
                "filters": found.read_filters,
                "left_out": found.left_out,
            },
            "rescue": rescue
            and {
                "relaxations": [
                    {
                        "label": relaxation_label(item, names),
                        "total": item.total,
                        "url": item.params.address(localized("/search", lang)),
                    }
                    for item in rescue.relaxations
                ],
                "nearest": written(rescue.nearest, frozenset()),
            },
        }
    )


@router.get(
    "/api/v1/listings/{listing_id}",
    responses={200: {"model": ProgrammeFacts | CourseFacts | TrackFacts}, 404: PROBLEM, 422: PROBLEM},
    openapi_extra=api_examples.LISTING_FACTS,
)
def listing(
    request: Request,
    listing_id: Annotated[str, Path(description="The `id` that a search or the feed of changes told.")],
    session: Annotated[Session, Depends(reading)],
    lang: Language = "uk",
) -> Response:
    """All facts of one listing, each block with its date and source."""
    found = queries.listing(session, clean(listing_id))
    if found is None:
        raise NotFound
    return _json(api_listing.facts(found, lang))


@router.get(
    "/api/v1/institutions",
    responses={200: {"model": InstitutionsAnswer}, 422: PROBLEM},
    openapi_extra=api_examples.INSTITUTIONS,
)
def institutions(
    request: Request,
    session: Annotated[Session, Depends(reading)],
    region: Annotated[str | None, Query(description="«Харківська область», «м. Київ».")] = None,
    city: str | None = None,
    q: Annotated[str | None, Query(description="Part of the name.")] = None,
    page: Page = 1,
    per_page: PerPage = 100,
    lang: Language = "uk",
) -> Response:
    """Institutions of the catalogue in alphabetical order."""
    region = clean(region or "")
    total, rows = institution_queries.institutions(
        session,
        region=(places.region(region) or region) if region else None,
        city=places.city(city, portal(request).vocabulary().cities) if city else None,
        name=fold_name(q) if q else None,
        page=page,
        per_page=per_page,
    )
    return _json(
        {
            "total": total,
            "page": page,
            "per_page": per_page,
            "institutions": [
                {
                    "edebo_id": row.edebo_id,
                    "name": row.name,
                    "short_name": row.short_name,
                    "name_en": row.name_en,
                    "city": row.city,
                    "region": row.region,
                    "site": row.site,
                    "url": localized(f"/universities/{row.slug}", lang),
                }
                for row in rows
            ],
        }
    )


@router.get("/api/docs", include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """The description of this API as a page of our own."""
    api = request.app.openapi()
    return portal(request).pages.render(
        request, "pages/api_docs.html", {"api": api, "operations": api_docs.operations(api), "noindex": True}
    )


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body, default=_plain), media_type="application/json")


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError
