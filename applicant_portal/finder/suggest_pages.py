"""Suggestions while somebody types, for the search field and for re-users."""

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from applicant_portal.finder import api_examples
from applicant_portal.finder.api import Language
from applicant_portal.finder.api_models import PROBLEM, Told
from applicant_portal.finder.state import portal
from search.suggest import LIMIT, MOST_LETTERS
from search.text import clean

router = APIRouter(tags=["catalogue"])


class SuggestionAnswer(Told):
    """One thing that may be meant, and where it is."""

    kind: Literal["listing", "institution", "profession", "city"]
    label: str
    detail: str
    url: str


class SuggestAnswer(Told):
    """What the typed text may mean, the likeliest first; `query` is the text without control characters."""

    query: str
    suggestions: list[SuggestionAnswer]


@router.get(
    "/api/v1/suggest",
    responses={200: {"model": SuggestAnswer}, 422: PROBLEM},
    openapi_extra=api_examples.SUGGEST,
)
def suggest(
    request: Request,
    q: Annotated[str, Query(description="What is typed so far; nothing is suggested for one letter.")] = "",
    lang: Language = "uk",
    limit: Annotated[int, Query(ge=1, le=20)] = LIMIT,
) -> Response:
    """Titles, institutions, professions and cities that begin so.

    A title that several listings share is suggested once and leads to the search for it.
    """
    found = portal(request).suggestions.of(lang).suggest(q, limit)
    answer = {"query": clean(q)[:MOST_LETTERS], "suggestions": found}
    return Response(orjson.dumps(answer), media_type="application/json")
