"""What no portal can be faster than: bytes that are there already, bare and through the framework.

Both apps answer with the files of the folder BENCH_SAMPLES, our own answers to each kind of address: `bare`
to each address with the very bytes that we answer, without any framework; `framework` with one of middle size
to all, through FastAPI with the parameter models of our own handlers.
"""

import inspect
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.responses import Response

from applicant_portal.finder import api, suggest_pages

KINDS = ("search page", "listing page", "suggest", "JSON search")
PATHS = {"search page": "/search", "suggest": "/api/v1/suggest", "JSON search": "/api/v1/search"}
HTML, JSON = "text/html; charset=utf-8", "application/json"

Message = MutableMapping[str, Any]
ASGI = Callable[[Message, Any, Callable[[Message], Awaitable[None]]], Awaitable[None]]


def write_samples(folder: Path, kind: str, bodies: Mapping[str, bytes]) -> None:
    """Keep the answers to this kind of address: address -> body."""
    text = {address: body.decode() for address, body in bodies.items()}
    _file(folder, kind).write_bytes(orjson.dumps(text))


def _samples(kind: str) -> dict[str, bytes]:
    """At least one."""
    read: dict[str, str] = orjson.loads(_file(Path(os.environ["BENCH_SAMPLES"]), kind).read_bytes())
    return {address: body.encode() for address, body in read.items()}


def _file(folder: Path, kind: str) -> Path:
    return folder / f"{kind.replace(' ', '-')}.json"


def media_type(kind: str) -> str:
    """The Content-Type of this kind of address."""
    return HTML if kind.endswith("page") else JSON


def bare() -> ASGI:
    """Nothing but the two messages of an answer. What was no sample gets the first of its path."""
    answers: dict[bytes, tuple[Message, Message]] = {}
    for kind in KINDS:
        for address, body in _samples(kind).items():
            headers = [
                (b"content-type", media_type(kind).encode()),
                (b"content-length", str(len(body)).encode()),
            ]
            messages: tuple[Message, Message] = (
                {"type": "http.response.start", "status": 200, "headers": headers},
                {"type": "http.response.body", "body": body},
            )
            answers[address.encode()] = messages
            answers.setdefault(address.partition("?")[0].encode(), messages)

    async def app(scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        if scope["type"] == "http":
            path, query = scope["raw_path"], scope["query_string"]
            start, body = answers.get(b"%b?%b" % (path, query) if query else path) or answers[path]
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
    bodies = sorted(_samples(kind).values(), key=len)
    body, content_type = bodies[len(bodies) // 2], media_type(kind)

    async def handler(**_: object) -> Response:
        return Response(body, media_type=content_type)

    signature = inspect.signature(like).replace(return_annotation=inspect.Signature.empty)
    handler.__signature__ = signature  # type: ignore[attr-defined]
    return handler
