"""The layer that keeps whole pages: what it keeps, under which key, for how long, within which bounds."""

import asyncio
import gzip
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from applicant_portal.kit import kept_version, observe
from applicant_portal.kit.kept_address import MOST_ADDRESS, Keeping, KeptRoutes, canonical
from applicant_portal.kit.kept_pages import KeptPages
from applicant_portal.kit.kept_store import MOST_BODY, Store, page_of
from applicant_portal.kit.web import wants_block

ROUTES = {"/page": Keeping(), "/short": Keeping(seconds=0.2), "/things/{slug}": Keeping()}
Headers = dict[str, str]


class Pages:
    """An application that counts how often it is asked, and what a test changes about its answers."""

    def __init__(self) -> None:
        self.made = 0
        self.status = 200
        self.headers: Headers = {"content-type": "text/html; charset=utf-8"}
        self.text = "сторінка"
        self.chunks = 1
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        body = f"{self.text} {self.made} {scope['path']}?{scope['query_string'].decode('latin-1')}".encode()
        if self.meanwhile is not None:
            await self.meanwhile()
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        for _ in range(self.chunks - 1):
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": body})


class Portal:
    """The layer around such an application; `version` and `mode` may be changed."""

    def __init__(self, store: Callable[[], Store] = Store, inner: Callable[[ASGIApp], ASGIApp] | None = None):
        self.pages = Pages()
        self.version = "1"
        self.mode = "embedded"
        self.layer = KeptPages(
            inner(self.pages) if inner else self.pages,
            ROUTES,
            lambda: self.version,
            lambda: self.mode,
            store=store,
        )

    def ask(
        self, *addresses: str, method: str = "GET", headers: Headers | None = None
    ) -> list[httpx.Response]:
        return asyncio.run(self._ask(addresses, method, headers or {}))

    async def _ask(self, addresses: Iterable[str], method: str, headers: Headers) -> list[httpx.Response]:
        async with self.client() as client:
            return [await client.request(method, one, headers=headers) for one in addresses]

    def client(self) -> httpx.AsyncClient:
        # httpx asks for compression of its own accord; these tests say themselves what they ask for.
        plain = {"accept-encoding": "identity"}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.layer), base_url="http://portal", headers=plain
        )

    def results(self, *addresses: str, headers: Headers | None = None) -> list[str]:
        return [answer.headers.get("x-kept", "-") for answer in self.ask(*addresses, headers=headers)]


@pytest.fixture
def portal() -> Portal:
    return Portal()


def forget_version() -> None:
    """What the layer knows of the version may be this old."""
    time.sleep(kept_version.FRESH_FOR + 0.02)


def test_a_page_is_made_once_and_the_second_answer_is_the_first_one(portal: Portal) -> None:
    first, second = portal.ask("/page?q=x", "/page?q=x")
    assert portal.pages.made == 1
    assert (first.headers.pop("x-kept"), second.headers.pop("x-kept")) == ("miss", "hit")
    assert first.content == second.content
    assert first.headers == second.headers
    assert second.headers["content-length"] == str(len(second.content))
    assert second.headers["cache-control"] == "no-cache"
    assert "accept-encoding" in second.headers["vary"].lower()


def test_another_version_makes_every_page_anew_also_when_the_first_one_comes_back(portal: Portal) -> None:
    portal.ask("/page")
    for version in ("2", "1"):
        portal.version = version
        forget_version()
        assert portal.results("/page", "/page") == ["miss", "hit"]


def test_another_mode_makes_every_page_anew_at_once(portal: Portal) -> None:
    portal.ask("/page")
    portal.mode = "the spare"
    assert portal.results("/page", "/page") == ["miss", "hit"]


def test_a_page_during_which_the_mode_changed_is_not_kept(portal: Portal) -> None:
    async def fail() -> None:
        portal.mode = "the spare"

    portal.pages.meanwhile = fail
    portal.ask("/page")
    portal.mode, portal.pages.meanwhile = "embedded", None
    assert portal.results("/page") == ["miss"]


def test_a_page_during_which_the_version_changed_is_not_kept_for_the_new_one(portal: Portal) -> None:
    async def edit() -> None:
        portal.version, portal.pages.meanwhile = "2", None
        await asyncio.sleep(kept_version.FRESH_FOR + 0.02)
        async with portal.client() as other:
            await other.get("/things/other")

    portal.pages.meanwhile = edit
    portal.ask("/page")
    assert portal.results("/page", "/things/other") == ["miss", "hit"]


def test_a_page_that_no_version_knows_of_is_kept_for_its_seconds_only(portal: Portal) -> None:
    assert portal.results("/short", "/short") == ["miss", "hit"]
    time.sleep(0.25)
    assert portal.results("/short") == ["miss"]


@pytest.mark.parametrize("name", ["Cookie", "Authorization"])
def test_who_says_who_they_are_gets_a_page_of_their_own_and_nobody_else_gets_it(
    portal: Portal, name: str
) -> None:
    personal = {name: "session=1"}
    assert portal.results("/page", "/page", headers=personal) == ["-", "-"]
    assert portal.pages.made == 2
    portal.ask("/page")
    (answer,) = portal.ask("/page", headers=personal)
    assert answer.text.startswith("сторінка 4 ")
    (answer,) = portal.ask("/page")
    assert answer.text.startswith("сторінка 3 ")


@pytest.mark.parametrize(
    "headers",
    [
        {"set-cookie": "a=b"},
        {"cache-control": "no-store"},
        {"cache-control": "max-age=5, Private"},
        {"vary": "Cookie"},
        {"vary": "*"},
        {"vary": "HX-Request, Accept-Language"},
        {"content-encoding": "br"},
        {"content-type": "image/png"},
        {"content-type": ""},
    ],
)
def test_an_answer_for_one_person_or_of_another_kind_is_not_kept(portal: Portal, headers: Headers) -> None:
    portal.pages.headers |= headers
    assert portal.results("/page", "/page") == ["-", "-"]
    assert portal.pages.made == 2


@pytest.mark.parametrize("status", [201, 206, 301, 404, 422, 500, 503])
def test_only_what_went_well_is_kept(portal: Portal, status: int) -> None:
    portal.pages.status = status
    assert portal.results("/page", "/page") == ["-", "-"]


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "DELETE"])
def test_other_methods_pass(portal: Portal, method: str) -> None:
    portal.ask("/page")
    portal.ask("/page", method=method)
    assert portal.pages.made == 2


@pytest.mark.parametrize(
    "address",
    ["/", "/other", "/page/", "/things", "/things/", "/things/A", "/things/a/b", "/things/%0aa", "/pa%00ge"],
)
def test_what_is_not_listed_passes(portal: Portal, address: str) -> None:
    assert portal.results(address, address) == ["-", "-"]


def test_languages_blocks_and_codings_do_not_mix() -> None:
    portal = Portal(inner=lambda app: GZipMiddleware(app, minimum_size=10))
    kinds: list[tuple[str, Headers]] = [
        (path, {"accept-encoding": coding, **block})
        for path in ("/page", "/en/page")
        for coding in ("identity", "gzip, br")
        for block in ({}, {"hx-request": "true"})
    ]
    made = [portal.ask(path, headers=headers)[0] for path, headers in kinds]
    again = [portal.ask(path, headers=headers)[0] for path, headers in kinds]
    assert portal.pages.made == len(kinds)
    assert len({answer.headers["etag"] for answer in made}) == len(kinds)
    for (path, headers), first, second in zip(kinds, made, again, strict=True):
        assert second.headers["x-kept"] == "hit"
        assert first.text == second.text
        assert f" {path}?" in second.text
        assert second.headers.get("content-encoding", "identity") in headers["accept-encoding"]


@pytest.mark.parametrize("restore", [None, "true", "false"])
@pytest.mark.parametrize("request_header", [None, "true", "TRUE", "1"])
def test_a_block_is_what_pages_take_for_one(
    portal: Portal, request_header: str | None, restore: str | None
) -> None:
    given = {"hx-request": request_header, "hx-history-restore-request": restore}
    headers = {name: value for name, value in given.items() if value is not None}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    block = wants_block(Request({"type": "http", "headers": raw}))
    portal.ask("/page", headers={"hx-request": "true"} if block else {})
    assert portal.results("/page", headers=headers) == ["hit"]


def test_the_order_of_parameters_and_empty_ones_make_no_new_page(portal: Portal) -> None:
    first, *others = portal.ask(
        "/page?a=1&b=2&b=3", "/page?b=2&b=3&a=1", "/page?b=2&a=1&b=3", "/page?a=1&&b=2&c=&b=3&d"
    )
    assert portal.pages.made == 1
    assert {answer.text for answer in others} == {first.text}
    assert first.text.endswith("/page?a=1&b=2&b=3")


def test_what_may_mean_something_else_is_another_page(portal: Portal) -> None:
    addresses = (
        "/page?q=a",
        "/page?q=a&q=",
        "/page?q=a&q=b",
        "/page?q=b&q=a",
        "/page?q=a&%71=b",
        "/page?%71=b&q=a",
    )
    portal.ask(*addresses)
    assert portal.pages.made == len(addresses)


NAMES = st.sampled_from(["q", "city", "sort", "%71", "c+y", "", "я"])
VALUES = st.sampled_from(["", "a", "b", "%D1%8F", "%ff", "+", "%", "a=b"])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.booleans())
def test_a_canonical_query_means_what_was_asked(pairs: list[tuple[str, str]], empty_is_absent: bool) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs).encode()
    short = canonical(query, empty_is_absent=empty_is_absent)
    assert canonical(short, empty_is_absent=empty_is_absent) == short
    assert len(short) <= len(query)
    assert _meaning(short, empty_is_absent) == _meaning(query, empty_is_absent)


def _meaning(query: bytes, empty_is_absent: bool) -> dict[str, list[str]]:
    """Values by name, in their order; a name with one empty value is none where that means the same."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if not (empty_is_absent and values == [""])}


def test_only_the_last_part_of_a_path_is_free() -> None:
    routes = KeptRoutes(ROUTES)
    assert routes.of("/things/one-2") == ("/things/{slug}", ROUTES["/things/{slug}"])
    assert routes.of("/page/one") is None
    assert routes.of("/things/" + "a" * 201) is None
    assert routes.of("/things/one\n") is None


def test_an_address_that_is_too_long_passes(portal: Portal) -> None:
    longest = "/page?q=" + "a" * (MOST_ADDRESS - len("/pageq="))
    assert portal.results(longest, longest) == ["miss", "hit"]
    assert portal.results(longest + "a", "/page?" + "a=b&" * 5000) == ["-", "-"]


def test_a_body_that_is_too_large_goes_through_whole(portal: Portal) -> None:
    portal.pages.text = "я" * (MOST_BODY // 6)
    portal.pages.chunks = 5
    first, second = portal.ask("/page", "/page")
    assert portal.pages.made == 2
    assert "x-kept" not in second.headers
    assert len(first.content) == len(second.content) > MOST_BODY


def test_an_answer_in_pieces_is_kept_as_one(portal: Portal) -> None:
    portal.pages.chunks = 3
    first, second = portal.ask("/page", "/page")
    assert portal.pages.made == 1
    assert first.content == second.content
    assert first.text.count("/page?") == 3


def test_who_has_the_page_is_told_so_without_a_body(portal: Portal) -> None:
    (first,) = portal.ask("/page")
    for tag in (first.headers["etag"], f'"x", {first.headers["etag"]}', first.headers["etag"][2:], "*"):
        (answer,) = portal.ask("/page", headers={"if-none-match": tag})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == first.headers["etag"]
        assert "content-length" not in answer.headers
    for tag in ('"x"', first.headers["etag"][:-2], ""):
        (answer,) = portal.ask("/page", headers={"if-none-match": tag})
        assert answer.status_code == 200
        assert answer.content == first.content


def test_the_tag_is_of_the_text_so_a_page_made_anew_without_a_change_is_still_theirs(portal: Portal) -> None:
    portal.pages.made = 0
    (first,) = portal.ask("/page")
    portal.version, portal.pages.made = "2", 0
    forget_version()
    (answer,) = portal.ask("/page", headers={"if-none-match": first.headers["etag"]})
    assert (answer.status_code, answer.headers["x-kept"]) == (304, "miss")
    portal.pages.text, portal.version = "інша", "3"
    forget_version()
    (answer,) = portal.ask("/page", headers={"if-none-match": first.headers["etag"]})
    assert answer.status_code == 200


def test_a_compressed_page_has_one_tag_whenever_it_was_compressed() -> None:
    tags = [
        page_of([(b"content-encoding", b"gzip")], gzip.compress(b"page", mtime=moment)).tag
        for moment in (1, 2)
    ]
    assert tags[0] == tags[1]


def test_what_the_page_says_of_caching_stays(portal: Portal) -> None:
    portal.pages.headers |= {"cache-control": "public, max-age=60"}
    assert portal.ask("/page", "/page")[1].headers["cache-control"] == "public, max-age=60"


def test_memory_is_bounded_in_pages_and_in_bytes() -> None:
    store = Store(most_pages=10, most_bytes=100_000)
    for number in range(1000):
        store.put(number, page_of([], b"x" * (number * 37 % 20_000)))
        store.get(0, 0.0)
        assert len(store) <= 10
        assert store.bytes <= 100_000
    few = Store(most_pages=2)
    pages = [page_of([], text) for text in (b"a", b"b", b"c")]
    few.put("a", pages[0])
    few.put("b", pages[1])
    few.put("b", pages[1])
    few.get("a", 0.0)
    few.put("c", pages[2])
    assert [few.get(key, 0.0) is not None for key in "abc"] == [True, False, True]
    assert few.bytes == pages[0].size + pages[2].size


def test_a_store_in_many_threads_keeps_its_count() -> None:
    store = Store(most_pages=50)
    page = page_of([], b"x")

    def work(start: int) -> None:
        for number in range(3000):
            store.put((start + number) % 120, page)
            store.get(number % 120, 0.0)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store) == 50
    assert store.bytes == 50 * page.size


def test_where_the_version_cannot_be_told_every_page_is_made_anew(portal: Portal) -> None:
    def fail() -> str:
        raise RuntimeError("no index")

    portal.ask("/page")
    portal.layer = KeptPages(portal.pages, ROUTES, fail)
    assert portal.results("/page", "/page") == ["-", "-"]


def test_nobody_waits_long_for_a_version_that_does_not_come(portal: Portal) -> None:
    asked = threading.Event()
    portal.layer = KeptPages(portal.pages, ROUTES, lambda: str(asked.wait(3)))

    async def visits() -> list[float]:
        took = []
        async with portal.client() as client:
            for _ in range(5):
                began = time.monotonic()
                assert (await client.get("/page")).status_code == 200
                took.append(time.monotonic() - began)
        asked.set()
        return took

    took = asyncio.run(visits())
    assert took[0] < 1
    assert sum(took[1:]) < 0.5


def test_the_version_is_asked_once_for_many_at_once(portal: Portal) -> None:
    asked: list[float] = []

    def slow() -> str:
        asked.append(time.monotonic())
        time.sleep(0.05)
        return "1"

    portal.layer = KeptPages(portal.pages, ROUTES, slow)

    async def crowd() -> list[httpx.Response]:
        async with portal.client() as client:
            return await asyncio.gather(
                *(client.get(f"/page?q={n % 4}") for n in range(20) for _ in range(10))
            )

    answers = asyncio.run(crowd())
    assert all(answer.status_code == 200 for answer in answers)
    assert len(asked) <= 1 + (time.monotonic() - asked[0]) / kept_version.FRESH_FOR
    for number in range(4):
        (text,) = {answer.text.split(" ", 2)[2] for answer in answers if answer.url.query == b"q=%d" % number}
        assert text == f"/page?q={number}"


def test_hits_misses_and_the_rest_are_counted_and_a_hit_counts_as_a_request(portal: Portal) -> None:
    def counted() -> list[float]:
        return [
            *(_value(observe.kept_pages, result=result) for result in ("hit", "miss", "passed")),
            _value(observe.requests, route="/things/{slug}", status="200"),
            _value(observe.requests, route="/things/{slug}", status="304"),
        ]

    before = counted()
    first, _ = portal.ask("/things/a", "/things/a")
    portal.ask("/things/a", headers={"if-none-match": first.headers["etag"]})
    portal.ask("/other")
    assert [after - was for after, was in zip(counted(), before, strict=True)] == [2, 1, 1, 1, 1]


def _value(counter: Any, **labels: str) -> float:
    return float(counter.labels(**labels)._value.get())


def test_what_is_not_http_passes(portal: Portal) -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    portal.layer = KeptPages(app, ROUTES, lambda: "1")

    async def never(*_: Any) -> Any:
        raise AssertionError

    asyncio.run(portal.layer({"type": "lifespan"}, never, never))
    assert seen == ["lifespan"]
