"""What no portal can be faster than: constant bytes, bare and through the framework.

Both apps answer with the files of the folder BENCH_SAMPLES, one answer of ours for each kind of address:
`bare` without any framework, `framework` through FastAPI with the parameter models of our own handlers.
"""

import inspect
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from applicant_portal.finder import api, suggest_pages

KINDS = ("search page", "listing page", "suggest", "JSON search")
PATHS = {"search page": "/search", "suggest": "/api/v1/suggest", "JSON search": "/api/v1/search"}
HTML, JSON = "text/html; charset=utf-8", "application/json"

Message = MutableMapping[str, Any]
ASGI = Callable[[Message, Any, Callable[[Message], Awaitable[None]]], Awaitable[None]]


def sample_file(folder: Path, kind: str) -> Path:
    """Where the answer for this kind of address lies."""
    return folder / kind.replace(" ", "-")


def media_type(kind: str) -> str:
    """The Content-Type of this kind of address."""
    return HTML if kind.endswith("page") else JSON


def bare() -> ASGI:
    """Nothing but the two messages of an answer; any path that is not in PATHS is a listing's."""
    answers: dict[str, tuple[Message, Message]] = {}
    for kind in KINDS:
        body = _sample(kind)
        headers = [
            (b"content-type", media_type(kind).encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        answers[PATHS.get(kind, "")] = (
            {"type": "http.response.start", "status": 200, "headers": headers},
            {"type": "http.response.body", "body": body},
        )
    listing = answers[""]

    async def app(scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        if scope["type"] == "http":
            start, body = answers.get(scope["path"], listing)
            await send(start)
            await send(body)

    return app


def framework() -> FastAPI:
    """Async handlers, the faster kind for a constant: a thread hop would make it easier to come near."""
    app = FastAPI(openapi_url=None)
    app.get("/search")(_constant("search page", api.search))
    app.get("/api/v1/search")(_constant("JSON search", api.search))
    app.get("/api/v1/suggest")(_constant("suggest", suggest_pages.suggest))
    app.get("/{room}/{slug}")(_constant("listing page", _listing))
    return app


def _listing(room: str, slug: str) -> Response:
    raise NotImplementedError


def _constant(kind: str, like: Callable[..., object]) -> Callable[..., Awaitable[Response]]:
    """A handler that reads the parameters `like` reads and answers a constant."""
    body, content_type = _sample(kind), media_type(kind)

    async def handler(**_: object) -> Response:
        return Response(body, media_type=content_type)

    signature = inspect.signature(like).replace(return_annotation=inspect.Signature.empty)
    handler.__signature__ = signature  # type: ignore[attr-defined]
    return handler


def _sample(kind: str) -> bytes:
    return sample_file(Path(os.environ["BENCH_SAMPLES"]), kind).read_bytes()
