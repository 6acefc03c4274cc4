"""What people come for, in a real browser: once with JavaScript, once without."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.servers import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        java_script_enabled=request.param, locale="uk-UA", viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def test_a_school_leaver_finds_a_programme_in_kharkiv_and_reads_its_weights(
    visitor: Page, live_server: LiveServer
) -> None:
    visitor.goto(live_server.url)
    visitor.get_by_label("Що шукаєте").fill("комп'ютерні науки")
    visitor.get_by_role("button", name="Знайти").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("за запитом «комп’ютерні науки»")
    visitor.get_by_role("link", name=re.compile("Фільтри")).click()
    visitor.get_by_role("checkbox", name=re.compile("^Харків")).check()
    visitor.get_by_role("button", name="Застосувати").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("у Харкові")
    visitor.locator("article h2 a").first.click()
    expect(visitor.get_by_role("heading", name="Предмети й ваги")).to_be_visible()
    assert "/programmes/" in visitor.url


def test_a_veteran_learns_who_pays_and_where_to_start(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(live_server.url)
    visitor.get_by_role("link", name="Повертаюся зі служби").click()
    visitor.get_by_role("link", name="Ваучер на навчання", exact=True).click()
    expect(visitor.get_by_role("heading", name="Що може завадити")).to_be_visible()
    expect(visitor.get_by_role("heading", name="З чого почати")).to_be_visible()


def test_a_button_that_needs_the_script_is_drawn_only_with_it(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(f"{live_server.url}/search?q=ваучер на навчання&kind=track")
    visitor.get_by_role("link", name="Ваучер на навчання", exact=True).click()
    button = visitor.locator("[data-print]")
    waiting_for_script = button.get_attribute("hidden") is not None
    assert button.is_visible() is not waiting_for_script


def test_a_filter_is_removed_by_its_chip_and_back_brings_it_back(
    visitor: Page, live_server: LiveServer
) -> None:
    visitor.goto(f"{live_server.url}/search?kind=programme&city=Львів")
    before = visitor.get_by_role("heading", level=1).inner_text()
    visitor.locator(".chip", has_text="Львів").click()
    assert "city" not in visitor.url
    visitor.go_back()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(before)


def test_a_reader_changes_the_language_and_stays_on_the_page(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(f"{live_server.url}/search?kind=course")
    visitor.get_by_role("link", name=re.compile("EN")).click()
    assert visitor.url == f"{live_server.url}/en/search?kind=course"
    expect(visitor.locator("html")).to_have_attribute("lang", "en")


def test_results_follow_the_typing_and_the_address_keeps_them(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/search")
    page.get_by_role("combobox", name="Що шукаєте").press_sequentially("python", delay=20)
    expect(page.get_by_role("heading", level=1)).to_contain_text("python")
    expect(page).to_have_url(f"{live_server.url}/search?q=python")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("python")


def test_the_browser_reports_nothing_against_our_own_policy(page: Page, live_server: LiveServer) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in ("/", "/search?q=python", "/en/search?kind=track", "/report", "/patterns"):
        page.goto(live_server.url + address)
    assert not said
