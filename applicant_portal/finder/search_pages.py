"""The home page and the search."""

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse

from applicant_portal.catalogue import calendar, queries, specialities
from applicant_portal.finder import params, search_view, service
from applicant_portal.finder.state import portal, reading
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Lang, lang_of
from applicant_portal.kit.web import wants_block

router = APIRouter(include_in_schema=False)

HOME_STEPS = ("nmt-registration", "nmt-main", "applications", "recommendations", "confirm")


@router.get("/")
def home(request: Request, session: Annotated[Session, Depends(reading)]) -> HTMLResponse:
    here = portal(request)
    return here.pages.render(
        request,
        "pages/home.html",
        {
            "counts": queries.counts(session),
            "specialities": specialities.it_specialities(),
            **_season(here.today(), lang_of(request.scope)),
        },
    )


def _season(today: date, lang: Lang) -> dict[str, Any]:
    """The campaign on the home page: its five dates that everybody needs, each past, now or next."""
    season = calendar.season("bachelor", today)
    steps = [step for step in season.steps if step.key in HOME_STEPS]
    return {
        "season": season,
        "dates": [
            (
                _when(step, lang),
                step.title_en if lang == "en" else step.title_uk,
                "past" if (step.end or step.day) < today else "now" if step.day <= today else "next",
                None,
            )
            for step in steps
        ],
        "date_sources": ", ".join(dict.fromkeys(step.source_name for step in steps)),
    }


def _when(step: calendar.Step, lang: Lang) -> str:
    if step.begin and step.end and step.begin != step.end:
        return f"{typography.short_day(step.begin, lang)} – {typography.short_day(step.end, lang)}"
    return typography.short_day(step.day, lang)


@router.get("/search")
def search(request: Request) -> HTMLResponse:
    here = portal(request)
    lang = lang_of(request.scope)
    known = here.vocabulary()
    asked = params.read(request.query_params.multi_items(), known.cities)
    found = service.search(here.engine, asked, here.lexicon, known.cities)
    draw = partial(
        here.cards.drawn,
        generation=found.result.generation,
        today=here.today(),
        lang=lang,
    )
    view = search_view.view(
        found,
        asked,
        draw(found.result.hits, found.result.terms),
        draw(found.beside, found.result.terms, level=3),
        draw(found.rescue.nearest if found.rescue else (), frozenset(), level=3),
        lang=lang,
        gettext=here.pages.gettext(lang),
        ngettext=here.pages.ngettext(lang),
        institutions=known.institutions,
        all_of=request.query_params.get("all", ""),
        draw_ticks=partial(here.ticks.drawn, generation=known.generation),
    )
    response = here.pages.render(request, "pages/search.html", {"view": view}, block="results")
    if wants_block(request):
        # The form sends its empty fields too; the address shall say only what is asked for.
        response.headers["hx-replace-url"] = asked.address(view.action)
    return response
