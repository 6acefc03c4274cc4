"""An officer of an institution in a real browser: from the invitation to a change, and back."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from applicant_portal.accounts import service as accounts_service
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.catalogue.models import Institution
from applicant_portal.kit.db import Database
from applicant_portal.workspace import representation, service
from applicant_portal.workspace.policy import By
from tests.seeded import Templates
from tests.servers import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "чотири слова не підряд"
LONG_AGO = datetime(2025, 9, 1, 12, tzinfo=UTC)
PHONE, NARROW = {"width": 390, "height": 844}, {"width": 360, "height": 780}
_NUMBERS = count(1)


@dataclass
class Office:
    """A portal that may be changed, and an institution of its seed."""

    server: LiveServer
    database: Database
    institution: int

    def invite(self) -> tuple[str, str]:
        """An officer's address, and where the invitation leads."""
        email = f"officer-{next(_NUMBERS)}@example.edu"
        with self.database.write() as session:
            invited = accounts_service.invite(
                session, email, self.institution, "editor", by=COMMAND, now=datetime.now(UTC)
            )
        return email, f"{self.server.url}/ticket/{invited.token}"

    def publish(self, title: str) -> tuple[str, int]:
        """A published programme with an offer of this year; their ids."""
        by = By("person:0", frozenset({self.institution}))
        wanted = {
            "title": title,
            "degree": "bachelor",
            "speciality": "F3",
            "forms": ["full_time"],
            "languages": ["uk"],
            "city": "Харків",
            "summary_uk": "Про все, що діється в приймальній комісії.",
            "official_url": "https://example.edu/programme",
            "price_uah": 41100,
            "price_year": 2026,
        }
        with self.database.write() as session:
            house = session.get_one(Institution, self.institution)
            listing = service.make(session, by, house, "programme", {"fields": wanted}, LONG_AGO)
            assert listing is not None
            offer = {"year": 2026, "form": "full_time", "price_uah": 41100}
            service.change(session, by, listing, {"offers": [offer]}, LONG_AGO)
            service.publish(session, by, listing, LONG_AGO)
            return listing.id, representation.offers_in_order(listing)[0].id


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Office]:
    folder = templates.portal(tmp_path_factory.mktemp("office") / "data")
    with LiveServer(folder) as server:
        database = Database(f"sqlite:///{folder / 'portal.sqlite3'}")
        with database.read() as session:
            institution = session.scalars(select(Institution.id).order_by(Institution.id)).first()
        assert institution is not None
        yield Office(server, database, institution)
        database.dispose()


def come_in(page: Page, office: Office) -> None:
    """Open the invitation, set a password, sign in."""
    email, ticket = office.invite()
    page.goto(ticket)
    page.get_by_label("Новий пароль").fill(PASSWORD)
    page.get_by_role("button", name="Зберегти пароль").click()
    page.get_by_label("Пошта").fill(email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Увійти").click()
    expect(page).to_have_url(re.compile("/(workspace|account)$"))


def seen(page: Page, address: str, is_so: Callable[[str], bool], seconds: float = 1) -> None:
    """What an applicant reads at the address, at the latest so long from now."""
    until = time.monotonic() + seconds
    while True:
        page.goto(address)
        # The first card, or the facts of the programme's own page.
        read = page.locator("main article, main .facts").first.inner_text()
        if is_so(read):
            return
        assert time.monotonic() < until, read
        page.wait_for_timeout(30)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_officer_comes_changes_a_price_and_dates_and_takes_it_back(
    browser: Browser, office: Office, script: bool
) -> None:
    title = f"Приймальна справа {next(_NUMBERS)}"
    listing_id, offer = office.publish(title)
    search = f"{office.server.url}/search?q={title}"
    here = browser.new_context(java_script_enabled=script, locale="uk-UA", viewport=PHONE)  # type: ignore[arg-type]
    away = browser.new_context(java_script_enabled=script, locale="uk-UA", viewport=PHONE)  # type: ignore[arg-type]
    page, applicant = here.new_page(), away.new_page()
    # Another process has published it: of this the portal's own indexer is not told at once.
    seen(applicant, search, lambda read: title in read and "41\u00a0100" in read, seconds=20)
    listing_page = applicant.get_by_role("link", name=title).first.get_attribute("href")
    come_in(page, office)
    page.goto(f"{office.server.url}/workspace?q={title}")
    page.get_by_role("link", name=title, exact=True).click()

    page.get_by_role("link", name=re.compile("^Вступ за роками")).click()
    page.locator(f'[name="offers.{offer}.price_uah"]').fill("52 300 грн")
    page.locator(f'[name="offers.{offer}.applications_from"]').fill("01.07.2026")
    page.locator(f'[name="offers.{offer}.applications_to"]').fill("липень")
    page.get_by_role("button", name="Переглянути зміни").click()
    expect(page.get_by_role("region", name="Не збережено")).to_be_visible()
    expect(page.locator(f'[name="offers.{offer}.price_uah"]')).to_have_value("52 300 грн")
    page.locator(f'[name="offers.{offer}.applications_to"]').fill("25.07.2026")
    page.get_by_role("button", name="Переглянути зміни").click()
    expect(page.get_by_role("heading", name="Перевірте зміни")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="52\u00a0300")).to_be_visible()
    expect(page.get_by_text("2026: Заяви від")).to_be_visible()
    seen(applicant, search, lambda read: "41\u00a0100" in read)
    page.get_by_role("button", name="Опублікувати зміни").click()
    seen(applicant, search, lambda read: "52\u00a0300" in read and "41\u00a0100" not in read)
    expect(page.get_by_role("status")).to_contain_text("Це вже на сайті.")
    expect(page.locator(f'[name="offers.{offer}.applications_to"]')).to_have_value("25.07.2026")
    seen(applicant, office.server.url + (listing_page or ""), lambda r: "52\u00a0300" in r)

    page.get_by_role("link", name="Історія й скасування").click()
    newest = page.locator("article.card").first
    expect(newest).to_contain_text("ви")
    expect(newest).to_contain_text("52\u00a0300")
    newest.get_by_role("button", name="Скасувати це").click()
    seen(applicant, search, lambda read: "41\u00a0100" in read and "52\u00a0300" not in read)
    expect(page.get_by_role("status")).to_contain_text("Готово.")
    expect(page.get_by_text("скасовано", exact=True)).to_be_visible()
    page.goto(f"{office.server.url}/workspace/listings/{listing_id}/admission")
    expect(page.locator(f'[name="offers.{offer}.applications_to"]')).to_have_value("")
    here.close()
    away.close()


def places(page: Page, office: Office, prefix: str) -> Iterator[str]:
    """Every kind of page of the workspace, as somebody would come there."""
    listing_id, offer = office.publish(f"Приймальна справа {next(_NUMBERS)}")
    home = f"{office.server.url}{prefix}/workspace"
    here = f"{home}/listings/{listing_id}"
    page.goto(home)
    yield "list"
    for section in ("about", "admission", "admission?add=1", "money", "place", "contacts"):
        page.goto(f"{here}/{section}")
        yield section
    save = page.locator(f'form[action$="/listings/{listing_id}/admission"] button').first
    page.goto(f"{here}/admission")
    page.locator(f'[name="offers.{offer}.applications_to"]').fill("?")
    save.click()
    expect(page.locator("section.summary")).to_be_visible()
    yield "wrong"
    page.goto(f"{here}/admission")
    page.locator(f'[name="offers.{offer}.price_uah"]').fill("52300")
    page.locator(f'[name="offers.{offer}.applications_to"]').fill("25.07.2026")
    save.click()
    expect(page.locator('input[name="seen"]')).to_have_count(1)
    yield "review"
    save.click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "saved"
    page.goto(f"{here}/history")
    yield "history"
    page.locator('button[name="batch"]').first.click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "history, set back"
    page.goto(f"{home}/new")
    yield "new"
    page.locator('form[action$="/workspace/new"] [name="title"]').fill(f"Draft {next(_NUMBERS)}")
    page.locator('form[action$="/workspace/new"] button').click()
    expect(page.locator("nav.tabs")).to_be_visible()
    page.locator('form[action$="/publish-now"] button').click()
    expect(page.locator("section.summary")).to_be_visible()
    yield "gaps"


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, office: Office, prefix: str, scheme: str
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale="uk-UA",
        viewport=NARROW,  # type: ignore[arg-type]
    )
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    come_in(page, office)
    axe, found, wide = Axe(), {}, []
    for place in places(page, office, prefix):
        page.wait_for_load_state()
        result = axe.run(page)
        if result.violations_count:
            found[place] = result.generate_report()
        if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
            wide.append(place)
    context.close()
    assert not found, "\n".join(f"{place}: {report}" for place, report in found.items())
    assert not wide
    assert said == []
