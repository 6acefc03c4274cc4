"""Suggestions under the search field in a real browser: keys, mouse, what is said, and what may fail."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.servers import LiveServer

pytestmark = pytest.mark.browser


def typed(page: Page, address: str, text: str) -> Locator:
    """The field of the page at `address` with `text` typed and the list open."""
    page.goto(address)
    field = page.get_by_role("combobox", name=re.compile("Що шукаєте|What you are looking for"))
    field.press_sequentially(text, delay=10)
    expect(page.get_by_role("listbox")).to_be_visible()
    return field


def test_arrows_and_enter_open_the_second_suggestion(page: Page, live_server: LiveServer) -> None:
    field = typed(page, live_server.url, "харків")
    options = page.get_by_role("option")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "?")
    expect(field).to_be_focused()
    field.press("Enter")
    expect(page).to_have_url(re.compile("/universities/"))


def test_arrows_go_round_and_home_goes_back_to_the_text(page: Page, live_server: LiveServer) -> None:
    field = typed(page, live_server.url, "кіберб")
    options = page.get_by_role("option")
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Home")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    assert field.evaluate("field => field.selectionStart") == 0
    field.press("ArrowDown")
    field.press("End")
    assert field.evaluate("field => field.selectionStart") == len("кіберб")
    assert field.get_attribute("aria-activedescendant") is None


def test_enter_without_a_choice_sends_the_form(page: Page, live_server: LiveServer) -> None:
    typed(page, live_server.url, "кіберб").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("кіберб")


def test_escape_closes_and_keeps_the_text_and_an_arrow_opens_again(
    page: Page, live_server: LiveServer
) -> None:
    field = typed(page, live_server.url, "кіберб")
    field.press("ArrowDown")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("кіберб")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_tab_leaves_the_field_and_closes_the_list(page: Page, live_server: LiveServer) -> None:
    field = typed(page, live_server.url, "кіберб")
    field.press("ArrowDown")
    field.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("button", name="Знайти")).to_be_focused()
    assert page.url.rstrip("/") == live_server.url


def test_a_click_opens_a_suggestion(page: Page, live_server: LiveServer) -> None:
    typed(page, live_server.url, "хнуре")
    page.get_by_role("option", name=re.compile("ХНУРЕ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("радіоелектроніки")


def test_a_tap_opens_a_suggestion(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    typed(page, live_server.url, "хнуре")
    page.get_by_role("option", name=re.compile("ХНУРЕ")).tap()
    expect(page).to_have_url(re.compile("/universities/"))
    context.close()


def test_kinds_are_written_and_the_number_is_said_in_the_language_of_the_page(
    page: Page, live_server: LiveServer
) -> None:
    typed(page, live_server.url, "програм")
    expect(page.get_by_role("group", name="Професії")).to_be_visible()
    expect(page.locator("#find-list").get_by_text("Програми, курси, шляхи")).to_be_visible()
    expect(page.locator("#find-count")).to_have_text("Підказок: 8. Перейти до них — стрілкою вниз.")
    typed(page, f"{live_server.url}/en/search", "kharkiv")
    expect(page.get_by_role("group", name="Cities")).to_be_visible()
    expect(page.locator("#find-count")).to_contain_text("Suggestions: 8")
    # Names without an English one are marked as Ukrainian.
    page.get_by_role("combobox", name="What you are looking for").fill("хнуре")
    hint = page.locator(".suggestion .hint", has_text="ХНУРЕ")
    expect(hint).to_have_attribute("lang", "uk")


def test_one_letter_asks_nothing_and_fast_typing_asks_once(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    page.goto(live_server.url)
    field = page.get_by_role("combobox")
    field.press_sequentially("к")
    page.wait_for_timeout(400)
    assert asked == []
    field.press_sequentially("іберб", delay=10)
    expect(page.get_by_role("listbox")).to_be_visible()
    assert len(asked) == 1
    field.fill("к")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_late_answer_to_an_older_question_is_not_shown(page: Page, live_server: LiveServer) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/api/v1/suggest\?.*q=%D1%85%D0%BD$"), lambda route: held.append(route))
    page.goto(live_server.url)
    field = page.get_by_role("combobox")
    field.press_sequentially("хн", delay=10)
    page.wait_for_timeout(400)
    assert held
    field.press_sequentially("уре", delay=10)
    expect(page.get_by_role("option")).to_have_count(1)


@pytest.mark.parametrize("how", ["away", "broken", "error"])
def test_a_failing_request_shows_nothing_wrong_and_the_form_still_searches(
    page: Page, live_server: LiveServer, how: str
) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))

    def fail(route: Route) -> None:
        if how == "away":
            route.abort()
        else:
            route.fulfill(status=500 if how == "error" else 200, body="{}" if how == "error" else "<html>")

    page.route("**/api/v1/suggest*", fail)
    page.goto(live_server.url)
    field = page.get_by_role("combobox")
    with page.expect_request("**/api/v1/suggest*"):
        field.press_sequentially("кіберб", delay=10)
    page.wait_for_timeout(200)
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("кіберб")
    assert said == []


@pytest.mark.parametrize("address", ["/", "/en/search", "/patterns", "/nothing-here"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_the_list_open(
    browser: Browser, live_server: LiveServer, scheme: str, address: str
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto(live_server.url + address)
    field = page.locator("#q")
    field.fill("")
    field.press_sequentially("програм", delay=10)
    expect(page.get_by_role("listbox")).to_be_visible()
    if "search" in address:  # the results follow the typing, pale until they are there
        expect(page.locator("#found")).to_contain_text("програм")
        expect(page.locator(".htmx-request")).to_have_count(0)
    field.press("ArrowDown")
    result = Axe().run(page)
    assert not result.violations_count, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for box in [option.bounding_box() for option in page.locator(".suggestion").all()]:
        assert box is not None
        assert box["height"] >= 44
    context.close()


def test_in_forced_colours_the_chosen_one_is_outlined(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    typed(page, live_server.url, "кіберб").press("ArrowDown")
    outline = "option => getComputedStyle(option).outlineStyle"
    assert page.get_by_role("option").nth(0).evaluate(outline) == "solid"
    assert page.get_by_role("option").nth(1).evaluate(outline) == "none"
    context.close()


def test_without_javascript_the_field_is_a_field_of_a_form(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    expect(page.locator("[role=listbox]")).to_be_hidden()
    field = page.get_by_role("searchbox")
    field.fill("кіберб")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("кіберб")
    context.close()
