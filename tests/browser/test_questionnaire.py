"""The questionnaire in a real browser: two journeys, keys, a list that narrows, axe, widths, weight."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.servers import LiveServer

pytestmark = pytest.mark.browser

HOME = "/questionnaire"
FIRST_VISIT = 150 * 1024
NEXT = re.compile("^(Далі|Next)")
SKIP = re.compile("^(Не знаю, пропустити|I do not know, skip)")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        java_script_enabled=request.param, locale="uk-UA", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    said = heard(page)
    yield page
    context.close()
    assert said == []


def heard(page: Page) -> list[str]:
    """What the console and the page's scripts complain of, as it comes. That a form came back with 422 the
    browser notes by itself."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def start(page: Page, server: LiveServer, prefix: str = "") -> None:
    page.goto(f"{server.url}{prefix}{HOME}")
    page.locator(f'form[action="{prefix}{HOME}"] button').click()
    expect(page).to_have_url(f"{server.url}{prefix}{HOME}/1")


def choose(page: Page, *values: str) -> None:
    """Choose answers by what they stand for, and go on."""
    before = page.url
    for value in values:
        page.locator(f'input[name="value"][value="{value}"]').check()
    page.locator('button[name="act"][value="next"]').click()
    expect(page).not_to_have_url(before)


def skip_until(page: Page, done: Callable[[], bool]) -> None:
    for _ in range(33):
        if done():
            return
        before = page.url
        page.locator('button[name="act"][value="skip"]').click()
        expect(page).not_to_have_url(before)
    raise AssertionError("33 questions were not enough")


def asked(page: Page) -> str:
    return page.locator('input[name="asked"]').get_attribute("value") or ""


def at_result(page: Page) -> bool:
    return page.url.endswith(f"{HOME}/result")


# Journeys


def test_a_school_leaver_goes_through_to_paths_changes_an_answer_and_erases(
    visitor: Page, live_server: LiveServer
) -> None:
    visitor.goto(live_server.url)
    visitor.locator(f'a[href="{HOME}"]:visible').first.click()
    visitor.get_by_role("button", name="Почати").click()
    visitor.get_by_role("radio", name=re.compile("Закінчую школу")).check()
    visitor.get_by_role("button", name="Далі").click()
    visitor.get_by_role("button", name="Далі").click()
    summary = visitor.get_by_role("region", name="Ще не збережено")
    expect(summary).to_be_visible()
    expect(summary.get_by_role("link")).to_have_attribute("href", "#choices")
    choose(visitor, "like")
    choose(visitor, "like_can")
    expect(visitor.get_by_text("Запитання 4")).to_be_visible()
    visitor.get_by_role("link", name="Попереднє запитання").click()
    expect(visitor.locator('input[value="like_can"]')).to_be_checked()
    choose(visitor, "like")
    skip_until(visitor, lambda: asked(visitor) == "place")
    expect(visitor.get_by_text("Умова 1 із 9")).to_be_visible()
    choose(visitor, "Харків")
    visitor.get_by_role("link", name="Показати, що виходить").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("із яких варто почати")
    assert 5 <= visitor.locator("article").count() <= 8
    first = visitor.locator("article").first
    expect(first.locator(".why .for").first).to_be_visible()
    visitor.get_by_role("link", name="Змінити відповіді").click()
    visitor.get_by_role("link", name=re.compile("Написати програму")).click()
    visitor.locator('input[value="no"]').check()
    visitor.get_by_role("button", name="Зберегти й показати").click()
    expect(visitor.get_by_role("status").filter(has_text="Змінено: писати програми")).to_be_visible()
    visitor.get_by_role("button", name="Стерти все зараз").click()
    expect(visitor.get_by_text("Відповіді стерто.")).to_be_visible()
    visitor.goto(f"{live_server.url}{HOME}/result")
    expect(visitor).to_have_url(f"{live_server.url}{HOME}")
    assert visitor.context.cookies(f"{live_server.url}{HOME}") == []


def test_a_veteran_finds_their_role_and_sees_where_it_leads(visitor: Page, live_server: LiveServer) -> None:
    start(visitor, live_server)
    choose(visitor, "veteran")
    visitor.get_by_role("checkbox", name="Зв’язок і радіо").check()
    visitor.get_by_label("Знайти у списку").fill("мавік")
    if not visitor.locator(".choice[hidden]").count():  # without the script the server looks
        visitor.get_by_role("button", name="Знайти").click()
        assert visitor.url == f"{live_server.url}{HOME}/2"
    expect(visitor.get_by_role("checkbox", name="Піхота")).to_be_hidden()
    expect(visitor.get_by_role("checkbox", name="Зв’язок і радіо")).to_be_checked()
    visitor.get_by_role("checkbox", name=re.compile("Оператор дрона")).check()
    visitor.get_by_role("button", name="Далі").click()
    choose(visitor, "like_can")
    skip_until(visitor, lambda: asked(visitor) == "routes")
    choose(visitor, "combatant", "discharged")
    assert at_result(visitor)
    expect(visitor.get_by_role("heading", name="Що ви вже вмієте")).to_be_visible()
    table = visitor.get_by_role("table", name="Таблиця навичок")
    expect(table).to_be_visible()
    expect(table.get_by_role("link").first).to_be_visible()
    hidden = visitor.locator("article h2").first.inner_text()
    visitor.locator("article").first.get_by_role("button", name=re.compile("Не показувати")).click()
    expect(visitor.locator("article h2").first).not_to_have_text(hidden)
    visitor.get_by_role("button", name="Повернути").click()
    expect(visitor.locator("article h2").first).to_have_text(hidden)
    visitor.get_by_role("button", name="Так, записуйте").click()
    expect(visitor.get_by_text("Дякуємо.")).to_be_visible()
    visitor.locator("article h2 a").first.click()
    assert re.search("/(programmes|courses|tracks)/", visitor.url)
    visitor.go_back()
    visitor.get_by_role("button", name="Більше не записувати і стерти записане").click()
    expect(visitor.get_by_role("button", name="Так, записуйте")).to_be_visible()


def test_a_code_opens_the_answers_in_another_browser(visitor: Page, live_server: LiveServer) -> None:
    start(visitor, live_server)
    choose(visitor, "career")
    choose(visitor, "teaching")
    code = visitor.locator(".code-line b").inner_text()
    visitor.context.clear_cookies()
    visitor.goto(f"{live_server.url}{HOME}")
    visitor.get_by_label("Код", exact=True).fill("kx7m-p2w")
    resume = visitor.locator(f'form[action="{HOME}/resume"] button')
    resume.click()
    expect(visitor.get_by_role("region", name="Не знайдено")).to_be_visible()
    expect(visitor.get_by_label("Код", exact=True)).to_have_value("kx7m-p2w")
    visitor.get_by_label("Код", exact=True).fill(code.upper())
    resume.click()
    expect(visitor).to_have_url(f"{live_server.url}{HOME}/3")
    visitor.get_by_role("link", name="Попереднє запитання").click()
    expect(visitor.locator('input[value="teaching"]')).to_be_checked()


# Keys and the list


def test_one_question_is_answered_with_keys_alone(page: Page, live_server: LiveServer) -> None:
    start(page, live_server)
    radio = page.locator('input[type="radio"]')
    for _ in range(30):
        page.keyboard.press("Tab")
        if radio.first.evaluate("one => one === document.activeElement"):
            break
    expect(radio.first).to_be_focused()
    page.keyboard.press("Space")
    expect(radio.first).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(radio.nth(2)).to_be_checked()
    expect(radio.nth(2)).to_be_focused()
    outline = (
        "one => getComputedStyle(one).outlineStyle + getComputedStyle(one.closest('label')).outlineStyle"
    )
    assert "solid" in radio.nth(2).evaluate(outline)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=NEXT)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=SKIP)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}{HOME}/2")
    assert asked(page) == "roles"


def test_enter_on_a_choice_goes_on_with_it(page: Page, live_server: LiveServer) -> None:
    start(page, live_server)
    page.locator('input[value="student"]').focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}{HOME}/2")
    assert asked(page) == "background"


def test_enter_on_a_tick_of_the_long_list_goes_on_with_it(page: Page, live_server: LiveServer) -> None:
    start(page, live_server)
    choose(page, "veteran")
    page.locator('input[value="infantry"]').focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}{HOME}/3")
    page.get_by_role("link", name="Попереднє запитання").click()
    expect(page.locator('input[value="infantry"]')).to_be_checked()


def test_the_long_list_narrows_while_somebody_types(page: Page, live_server: LiveServer) -> None:
    sent: list[str] = []
    start(page, live_server)
    choose(page, "veteran")
    # The page's own parts first: the browser fetches its icon when it likes.
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: sent.append(request.url))
    shown = page.locator(".choice:visible")
    every = shown.count()
    page.locator('input[value="infantry"]').check()
    field = page.get_by_label("Знайти у списку")
    field.press_sequentially("радист", delay=5)
    expect(page.locator('input[value="signals"]')).to_be_visible()
    # What is ticked stays in sight.
    expect(page.locator('input[value="infantry"]')).to_be_checked()
    expect(page.locator('input[value="infantry"]')).to_be_visible()
    assert 2 <= shown.count() < 6 < every
    field.fill("ЗВ'ЯЗОК")
    expect(page.locator('input[value="signals"]')).to_be_visible()
    page.locator('input[value="infantry"]').uncheck()
    field.fill("щщщ")
    expect(page.get_by_role("status")).to_contain_text("Такого слова у списку немає")
    expect(shown).to_have_count(0)
    field.press("Enter")
    expect(page).to_have_url(f"{live_server.url}{HOME}/2")
    field.fill("")
    expect(shown).to_have_count(every)
    expect(page.get_by_role("status")).to_have_text("")
    assert sent == []


def test_enter_in_the_field_looks_through_the_list_without_a_script(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="uk-UA")
    page = context.new_page()
    start(page, live_server)
    choose(page, "veteran")
    page.locator('input[value="infantry"]').check()
    page.get_by_label("Знайти у списку").fill("радист")
    page.get_by_label("Знайти у списку").press("Enter")
    expect(page.locator('input[value="signals"]')).to_be_visible()
    expect(page.locator('input[value="infantry"]')).to_be_checked()
    expect(page.locator('input[value="cook"]')).to_have_count(0)
    context.close()


# How it looks


class Places:
    """Opens the pages that need answers: each is driven to as somebody would come there."""

    def __init__(self, page: Page, server: LiveServer, prefix: str) -> None:
        self.page = page
        self.url = server.url + prefix + HOME
        self._server = server
        self._prefix = prefix

    def __iter__(self) -> Iterator[str]:
        page = self.page
        page.goto(self.url)
        yield "start"
        start(page, self._server, self._prefix)
        yield "first question"
        choose(page, "veteran")
        yield "roles"
        page.locator('button[name="act"][value="next"]').click()
        yield "roles, nothing chosen"
        choose(page, "signals", "drone-pilot")
        yield "task"
        choose(page, "like_can")
        page.goto(self.url)
        yield "start, begun"
        page.goto(f"{self.url}/answers")
        yield "answers"
        page.goto(f"{self.url}/result")
        expect(page.locator("#bridge")).to_be_visible()
        yield "result"
        page.goto(f"{self.url}/3?change=1")
        choose(page, "no")
        page.locator("article button").first.click()
        page.locator("#consent button").click()
        expect(page.locator('#consent button[value="no"]')).to_be_visible()
        yield "result, changed"
        page.goto(f"{self.url}/1")
        page.locator(".code-line button").click()
        yield "erased"
        page.locator('input[name="code"]').fill("nothing")
        page.locator(f'form[action$="{HOME}/resume"] button').click()
        yield "wrong code"


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, scheme: str, prefix: str) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    axe = Axe()
    found = {}
    for place in Places(page, live_server, prefix):
        page.wait_for_load_state()
        result = axe.run(page)
        if result.violations_count:
            found[place] = result.generate_report()
    context.close()
    assert not found, "\n".join(f"{place}: {report}" for place, report in found.items())


@pytest.mark.parametrize(("prefix", "width"), [("", 320), ("/en", 320), ("", 1280)])
def test_no_page_scrolls_sideways_and_what_is_pressed_is_large_enough(
    browser: Browser, live_server: LiveServer, width: int, prefix: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    said = heard(page)
    wide, small = [], []
    for place in Places(page, live_server, prefix):
        # A click ends when the next page begins, which may be before it has anything to measure.
        page.wait_for_load_state()
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(place)
        for one in page.locator("main .button:visible, main label.choice:visible").all():
            box = one.bounding_box()
            if box is not None and box["height"] < 44:
                small.append((place, one.inner_text(), box["height"]))
    context.close()
    assert not wide
    assert not small
    assert said == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_first_visit_to_a_result_stays_under_150_kilobytes(
    browser: Browser, live_server: LiveServer, prefix: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    start(page, live_server, prefix)
    choose(page, "veteran")
    choose(page, "signals", "drone-pilot")
    choose(page, "like_can")
    cookies = context.cookies(f"{live_server.url}{prefix}{HOME}")
    context.close()

    fresh = browser.new_context(viewport={"width": 390, "height": 844})
    fresh.add_cookies(
        [
            {"name": one["name"], "value": one["value"], "domain": one["domain"], "path": one["path"]}
            for one in cookies
        ]
    )
    page = fresh.new_page()
    weights: dict[str, int] = {}
    page.on(
        "requestfinished",
        lambda request: weights.update({request.url: request.sizes()["responseBodySize"]}),
    )
    page.goto(f"{live_server.url}{prefix}{HOME}/result", wait_until="networkidle")
    expect(page.locator("#bridge")).to_be_visible()
    fresh.close()
    assert len(weights) > 3
    assert sum(weights.values()) < FIRST_VISIT, weights
