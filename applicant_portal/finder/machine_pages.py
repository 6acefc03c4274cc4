"""For machines: health, metrics, robots, the site map; and the page of patterns for ourselves."""

import ipaddress
from collections.abc import Callable
from html import escape
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from applicant_portal.catalogue import queries, sitemap
from applicant_portal.finder import index
from applicant_portal.finder.state import portal, reading
from applicant_portal.kit import i18n, observe
from applicant_portal.kit.db import Database
from applicant_portal.kit.errors import NotFound
from applicant_portal.kit.web import static_url
from search.engine import SearchError

router = APIRouter(include_in_schema=False)

STATIC_PAGES = (
    "/",
    "/search",
    "/questionnaire",
    "/universities",
    "/professions",
    "/about-data",
    "/accessibility",
    "/privacy",
)


def synthetic_notice(database: Database) -> Callable[[], bool]:
    """Whether the catalogue is made up, asked once: a demo folder never becomes a real one."""
    known: list[bool] = []

    def synthetic() -> bool:
        if not known:
            with database.read() as session:
                known.append(queries.is_synthetic(session))
        return known[0]

    return synthetic


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers: asked of its loop, not of the few threads that searches wait for."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """200 when the database and the engine of the settings have answered; which engine answers now.

    While another engine stands in, pages are whole and this is 503: for people who look after the portal,
    not for a proxy that chooses where to send visitors (that is /healthz).
    """
    here = portal(request)
    state = {"database": "ok", "engine": here.engine.name, "search": "ok"}
    try:
        with here.database.read() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        state["database"] = "away"
    try:
        state["documents"] = str(here.engine.count())
        state["engine"] = here.engine.name
    except SearchError:
        state["search"] = "away"
    state["configured"] = here.indexes[0].engine.name
    ready = state["database"] == state["search"] == "ok" and state["engine"] == state["configured"]
    return Response(orjson.dumps(state), 200 if ready else 503, media_type="application/json")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus' text format, for this machine only."""
    client = request.client.host if request.client else ""
    try:
        local = ipaddress.ip_address(client).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NotFound
    here = portal(request)
    for one in index.standings(here.database, here.indexes):
        observe.index_up.labels(one.engine).set(one.answers)
        observe.index_answering.labels(one.engine).set(one.engine == here.engine.name)
        observe.poison.labels(one.engine).set(len(one.set_aside))
        if one.position is not None:
            observe.index_position.labels(one.engine).set(one.position)
            observe.index_lag.labels(one.engine).set(max(one.newest - one.position, 0))
    for engine in (opened.engine for opened in here.indexes):
        observe.kept_answers.labels(engine.name, "asked").set(engine.answers.asked)
        observe.kept_answers.labels(engine.name, "found").set(engine.answers.found)
    return Response(observe.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


NOT_FOR_ROBOTS = ("/report", "/questionnaire/", "/workspace", "/account", "/sign-in", "/ticket/", "/password")


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    base = portal(request).settings.base_url
    lines = (
        "User-agent: *",
        "Disallow: /api/",
        *(f"Disallow: {prefix}{path}" for path in NOT_FOR_ROBOTS for prefix in ("", "/en")),
        f"Sitemap: {base}/sitemap.xml",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/sitemap.xml")
def site_map(request: Request, session: Annotated[Session, Depends(reading)]) -> Response:
    base = portal(request).settings.base_url
    pages = [(path, "") for path in STATIC_PAGES] + list(sitemap.page_addresses(session))
    entries = "\n".join(_entry(base, path, changed) for path, changed in pages)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{entries}\n</urlset>\n'
    )
    return Response(body, media_type="application/xml")


def _entry(base: str, path: str, changed: str) -> str:
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(base + i18n.localized(path, lang))}"/>'
        for lang in i18n.LANGUAGES
    )
    modified = f"<lastmod>{changed}</lastmod>" if changed else ""
    return "".join(
        f"<url><loc>{escape(base + i18n.localized(path, lang))}</loc>{modified}{alternates}</url>"
        for lang in i18n.LANGUAGES
    )


@router.get("/favicon.ico")
def favicon() -> Response:
    return RedirectResponse(static_url("favicon.svg"), 301)


@router.get("/patterns")
def patterns(request: Request) -> HTMLResponse:
    return portal(request).pages.render(request, "pages/patterns.html", {})
