"""Bounds on what one caller may send."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from applicant_portal.kit.errors import problem
from applicant_portal.kit.i18n import without_prefix

MAX_BODY = 256 * 1024
_REMEMBERED = 10_000
_TOO_LARGE = "The request is too large."


def _too_large(scope: Scope) -> Response:
    if without_prefix(scope["path"])[1].startswith("/api/"):
        return problem(413, _TOO_LARGE)
    return PlainTextResponse(_TOO_LARGE, status_code=413)


class BodyLimit:
    """Refuses request bodies over `MAX_BODY` bytes with 413, announced or not.

    `larger`: beginnings of paths (as routed, so in both languages) that take more, and how many bytes; of
    several that fit, the longest counts. There the body is counted as the app reads it and not gathered here:
    whoever is turned away before it is read has cost no memory.
    """

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.larger = sorted((larger or {}).items(), key=lambda one: len(one[0]), reverse=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        path = without_prefix(scope["path"])[1]
        own = next((limit for prefix, limit in self.larger if path.startswith(prefix)), None)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > (own or self.limit):
            await _too_large(scope)(scope, receive, send)
            return
        if own is not None:
            await self.app(scope, _counted(receive, own), send)
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


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive` that refuses to go on over the limit. The app answers the exception as any other refusal."""
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return counting


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
