"""Whole pages kept, and answered before anything else looks at the request.

Only what everybody sees alike: a GET without Cookie or Authorization, of a route that is listed, answered
with 200 and without a cookie of ours. What a page is made from is in its key (language, whole page or block
for htmx, coding, address) or in the version, and with another version every page is gone. This layer stands
outside all others, so that what is kept is the answer as sent: compressed, with all headers.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from applicant_portal.kit import i18n, observe
from applicant_portal.kit.kept_address import MOST_ADDRESS, Keeping, KeptRoutes, canonical
from applicant_portal.kit.kept_store import MOST_BODY, KeptPage, RawHeaders, Store, page_of
from applicant_portal.kit.kept_version import Version

_KEPT_TYPES = (b"text/html", b"application/json")
_VARIES = frozenset((b"", b"accept-encoding", b"hx-request"))
_hits = observe.kept_pages.labels("hit")
_misses = observe.kept_pages.labels("miss")
_passed = observe.kept_pages.labels("passed")


class _Asked(NamedTuple):
    """A request for a page that may be kept; the first five together are its key."""

    lang: str
    block: bool
    gzip: bool
    path: str
    query: bytes
    route: str
    how: Keeping
    if_none_match: bytes | None


class KeptPages:
    """Keeps the pages of `routes` and answers with them.

    `version`: what all of them depend on, None while nothing may be kept; it may block and fail, and is asked
    at most each tenth of a second.
    `mode`: the part of it that may change while a page is made; it must be cheap and is asked at each request
    before and after.
    """

    def __init__(
        self,
        app: ASGIApp,
        routes: Mapping[str, Keeping],
        version: Callable[[], str | None],
        mode: Callable[[], str] = str,
        store: Callable[[], Store] = Store,
    ) -> None:
        self.app = app
        self._routes = KeptRoutes(routes)
        self._version = Version(version)
        self._mode = mode
        self._new_store = store
        self._of = ("", "")
        self._store = store()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        asked = self._read(scope)
        version = await self._version.now() if asked is not None else None
        if asked is None or version is None:
            _passed.inc()
            await self.app(scope, receive, send)
            return
        now = time.monotonic()
        store = self._store_of(version)
        page = store.get(asked[:5], now)
        if page is None:
            _misses.inc()
            await self._make(asked, store, now, scope, receive, send)
            return
        _hits.inc()
        await _answer(page, asked, b"hit", send, began)

    def _read(self, scope: Scope) -> _Asked | None:
        if scope["method"] != "GET":
            return None
        lang, path = i18n.without_prefix(scope["path"])
        found = self._routes.of(path)
        query: bytes = scope["query_string"]
        if found is None or len(path) + len(query) > MOST_ADDRESS:
            return None
        # Of a header that comes twice the pages read the first.
        headers = dict(reversed(scope["headers"]))
        if b"cookie" in headers or b"authorization" in headers:
            return None
        route, how = found
        return _Asked(
            lang,
            # As kit.web.wants_block and GZipMiddleware read them.
            headers.get(b"hx-request") == b"true" and headers.get(b"hx-history-restore-request") != b"true",
            b"gzip" in headers.get(b"accept-encoding", b""),
            path,
            canonical(query, empty_is_absent=how.empty_is_absent),
            route,
            how,
            headers.get(b"if-none-match"),
        )

    def _store_of(self, version: str) -> Store:
        """The pages of this version; those of another one are forgotten, also should it come back."""
        of = (self._mode(), version)
        if of != self._of:
            self._of = of
            self._store = self._new_store()
        return self._store

    async def _make(
        self, asked: _Asked, store: Store, now: float, scope: Scope, receive: Receive, send: Send
    ) -> None:
        mode = self._of[0]
        began = time.perf_counter()

        async def finish(headers: RawHeaders, body: bytes) -> None:
            page = page_of(headers, body, now + asked.how.seconds)
            # Whatever changed while this page was made, it may show either state.
            if store is self._store and self._mode() == mode:
                store.put(asked[:5], page)
            await _answer(page, asked, b"miss", send, began)

        # The page is made from the address it is kept under, down to the link to its other language.
        answer = _Answer(send, finish, gzip=asked.gzip)
        await self.app({**scope, "query_string": asked.query}, receive, answer)
        await answer.let_go()


class _Answer:
    """Takes an answer from the application: one that may be kept goes to `finish` when it is whole, any other
    on to the caller as it comes."""

    def __init__(
        self, send: Send, finish: Callable[[RawHeaders, bytes], Awaitable[None]], *, gzip: bool
    ) -> None:
        self._send = send
        self._finish = finish
        self._gzip = gzip
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _may_be_kept(message, gzip=self._gzip):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self.let_go()
            await self._send(message)
            return
        self._body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(self._body) > MOST_BODY:
            await self.let_go(more=more)
        elif not more:
            start, self._start = self._start, None
            await self._finish(list(start["headers"]), bytes(self._body))

    async def let_go(self, *, more: bool = True) -> None:
        """Send what is held back, `more` to come."""
        if self._start is not None:
            start, self._start = self._start, None
            await self._send(start)
            await self._send({"type": "http.response.body", "body": bytes(self._body), "more_body": more})


def _may_be_kept(start: Message, *, gzip: bool) -> bool:
    headers = {name.lower(): value for name, value in start.get("headers", ())}
    caching = headers.get(b"cache-control", b"").lower()
    return (
        start["status"] == 200
        and headers.get(b"content-type", b"").startswith(_KEPT_TYPES)
        and b"set-cookie" not in headers
        and b"no-store" not in caching
        and b"private" not in caching
        # A page that reads another header of the request says so; the key does not hold that one.
        and all(name.strip().lower() in _VARIES for name in headers.get(b"vary", b"").split(b","))
        and headers.get(b"content-encoding", b"gzip" if gzip else b"") in ((b"gzip", b"") if gzip else (b"",))
        and len(headers) == len(start["headers"])
    )


async def _answer(page: KeptPage, asked: _Asked, result: bytes, send: Send, began: float) -> None:
    """`result`: "hit", which is counted here because the request gets no further, or "miss"."""
    unchanged = page.unchanged_for(asked.if_none_match)
    headers = page.headers_alone() if unchanged else page.headers
    status = 304 if unchanged else 200
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"x-kept", result)]})
    await send({"type": "http.response.body", "body": b"" if unchanged else page.body})
    if result == b"hit":
        observe.count(asked.route, status, time.perf_counter() - began)
