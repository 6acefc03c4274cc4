"""Bounds on what one caller may send."""

import time
from collections import OrderedDict
from threading import Lock

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from applicant_portal.kit.errors import problem

MAX_BODY = 256 * 1024
_REMEMBERED = 10_000


def _too_large(scope: Scope) -> Response:
    said = "The request is too large."
    if scope["path"].startswith(("/api/", "/en/api/")):
        return problem(413, said)
    return PlainTextResponse(said, status_code=413)


class BodyLimit:
    """Refuses request bodies over `MAX_BODY` bytes with 413, announced or not."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self.limit:
            await _too_large(scope)(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            if len(body) > self.limit:
                await _too_large(scope)(scope, receive, send)
                return
            if not message.get("more_body"):
                break
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self.app(scope, replay, send)


class Throttle:
    """At most `times` acts per `seconds` and caller, counted in this process's memory only."""

    def __init__(self, times: int, seconds: float) -> None:
        self.times = times
        self.seconds = seconds
        self._acts: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def is_used_up(self, caller: str) -> bool:
        """Whether the caller has no act left now; notes none."""
        moment = time.monotonic()
        with self._lock:
            return sum(moment - at < self.seconds for at in self._acts.get(caller, ())) >= self.times

    def allows(self, caller: str, now: float | None = None) -> bool:
        """Notes an act and tells whether it is within the bound."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            recent = [at for at in self._acts.pop(caller, []) if moment - at < self.seconds]
            allowed = len(recent) < self.times
            if allowed:
                recent.append(moment)
            self._acts[caller] = recent
            while len(self._acts) > _REMEMBERED:
                self._acts.popitem(last=False)
        return allowed
