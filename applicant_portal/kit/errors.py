"""What a person or a program reads when something is wrong: a page, or problem+json under /api."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from applicant_portal.kit.web import Pages

log = logging.getLogger(__name__)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class NotFound(HTTPException):
    """The thing asked for is not there (or not this person's to see)."""

    def __init__(self) -> None:
        super().__init__(404)


def problem(
    status: int, detail: str | None = None, errors: Sequence[dict[str, Any]] | None = None, **more: Any
) -> JSONResponse:
    """An `application/problem+json` answer (RFC 9457); `more` are members of its own."""
    return JSONResponse(
        told_problem(status, detail, errors, **more), status, media_type="application/problem+json"
    )


def told_problem(
    status: int, detail: str | None = None, errors: Sequence[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    """What `problem` answers."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = list(errors)
    return body | more


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """Every method that the address has: the router names those of its first route only."""
    scope = dict(request.scope)
    found = [
        method
        for method in _METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in app.router.routes)
    ]
    return ["GET", "HEAD", *found[1:]] if found[:1] == ["GET"] else found


def install(app: FastAPI, pages: Pages, unavailable: Sequence[type[Exception]] = ()) -> None:
    """Make `app` answer every error in the form its caller reads. The exceptions in `unavailable` mean that
    a part the portal needs is away: 503, try again."""

    def answer(request: Request, status: int, detail: str | None = None) -> Response:
        if request.url.path.startswith("/api/"):
            return problem(status, detail)
        return pages.render(request, "pages/error.html", {"status": status}, status=status)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 (registered for this type alone)
        if error.status_code in (304, 204):
            return Response(status_code=error.status_code)
        response = answer(request, error.status_code, str(error.detail) if error.detail else None)
        response.headers.update(error.headers or {})
        if error.status_code == 405:
            response.headers["allow"] = ", ".join(_allowed(app, request))
        return response

    @app.exception_handler(RequestValidationError)
    def wrong_input(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        if request.url.path.startswith("/api/"):
            fields = [
                {"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]}
                for item in error.errors()
            ]
            return problem(422, "Some parameters cannot be read.", fields)
        return answer(request, 400)

    def away(request: Request, error: Exception) -> Response:
        log.error("a part of the portal is away: %s: %s", type(error).__name__, error)
        response = answer(request, 503)
        response.headers["retry-after"] = "5"
        return response

    for kind in unavailable:
        app.add_exception_handler(kind, away)

    @app.exception_handler(Exception)
    def failure(request: Request, _error: Exception) -> Response:
        return answer(request, 500)
