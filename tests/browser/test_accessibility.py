"""axe on every kind of page, in Ukrainian by day and in English by night: words and colours do not meet.
No sideways scrolling on the narrowest phone."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from tests.servers import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def addresses(live_server: LiveServer) -> list[str]:
    """One page of each kind, among them those with the most parts."""
    with httpx.Client(base_url=live_server.url, timeout=60) as client:

        def first(**params: str) -> str:
            found: str = client.get("/api/v1/search", params=params).json()["hits"][0]["url"]
            return found

        return [
            "/",
            "/search",
            "/search?q=кибербезпека&city=Харків&degree=bachelor",
            "/search?q=розробка+ігор&city=Харків",
            "/search?kind=track",
            first(q="Інформатика", institution="92"),
            first(q="ваучер на навчання", kind="track"),
            first(kind="track", status="closed"),
            first(kind="course"),
            "/universities",
            client.get("/api/v1/institutions", params={"q": "радіоелектроніки"}).json()["institutions"][0][
                "url"
            ],
            "/professions",
            "/professions/software-developer",
            "/about-data",
            "/accessibility",
            "/privacy",
            "/report?about=/search",
            "/nothing-here",
            "/api/docs",
            "/patterns",
        ]


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
def test_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, addresses: list[str], scheme: str, prefix: str
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    axe = Axe()
    found = {}
    for address in addresses:
        page.goto(
            live_server.url + (prefix + address).removesuffix("/") if prefix else live_server.url + address
        )
        result = axe.run(page)
        if result.violations_count:
            found[address] = result.generate_report()
    context.close()
    assert not found, "\n".join(f"{address}: {report}" for address, report in found.items())


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(
    browser: Browser, live_server: LiveServer, addresses: list[str], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    wide = []
    for address in [*addresses, *(f"/en{address}" for address in addresses if address != "/")]:
        page.goto(live_server.url + address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    context.close()
    assert not wide
