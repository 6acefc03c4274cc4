"""Notes the searches and choices that pass by: a pure ASGI layer over everything, also over pages kept whole.

Which listing was chosen from a list, and at what place, is known without marking its link and without any
script: the browser says in `Referer`, on this site alone, which search page it comes from. Host and path of
it are compared here and only its query string goes on, into memory; the thread of the search log finds the
place of the listing in the answer to that search. No Referer, another order, filters: then the place is not
known, and nothing is counted.
"""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from applicant_portal.finder.search_log import SearchLog

SEARCH = "/search"
LISTINGS = ("/programmes/", "/courses/", "/tracks/")


class CountSearches:
    """Tells the log of search pages and listings that a person opened."""

    def __init__(self, app: ASGIApp, log: SearchLog) -> None:
        self.app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            path: str = scope["path"].removeprefix("/en")
            if path == SEARCH or path.startswith(LISTINGS):
                self._note(path, scope["query_string"], dict(scope["headers"]))
        await self.app(scope, receive, send)

    def _note(self, path: str, query_string: bytes, headers: Mapping[bytes, bytes]) -> None:
        if _is_no_visit(headers):
            return
        if path == SEARCH:
            if b"q=" in query_string:
                self._log.asked(query_string)
        elif asked := _search_before(headers):
            self._log.chosen(asked, path)


def _is_no_visit(headers: Mapping[bytes, bytes]) -> bool:
    """Whether htmx asks while somebody types, or the browser asks for the same again or ahead of a visit."""
    again = headers.get(b"cache-control", b"")
    return (
        b"hx-request" in headers or b"sec-purpose" in headers or b"max-age=0" in again or b"no-cache" in again
    )


def _search_before(headers: Mapping[bytes, bytes]) -> bytes:
    """The query string of this site's search page that led here; empty where none did."""
    page, _, query_string = headers.get(b"referer", b"").partition(b"?")
    host = headers.get(b"host", b"")
    came_from = page.partition(b"://")[2]
    return query_string if came_from in (host + b"/search", host + b"/en/search") else b""
