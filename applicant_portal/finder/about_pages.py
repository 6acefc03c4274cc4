"""Where the data come from, accessibility, privacy."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from applicant_portal.catalogue import queries
from applicant_portal.finder.state import portal, reading

router = APIRouter(include_in_schema=False)


@router.get("/about-data")
def about_data(request: Request, session: Annotated[Session, Depends(reading)]) -> Response:
    return portal(request).pages.render(request, "pages/about_data.html", {"counts": queries.counts(session)})


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    return portal(request).pages.render(request, "pages/accessibility.html", {})


@router.get("/privacy")
def privacy(request: Request) -> Response:
    return portal(request).pages.render(request, "pages/privacy.html", {})
