"""An officer with a spreadsheet in a real browser: two hundred rows, fifteen of them wrong, and back."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from applicant_portal.catalogue.models import Listing
from applicant_portal.workspace import books, file_template, sheets
from applicant_portal.workspace.columns import columns
from tests.browser.test_workspace_journey import NARROW, PHONE, Office, come_in, office, seen

__all__ = ["office"]

pytestmark = pytest.mark.browser

ROWS, WRONG = 200, 15
# What is wrong -> what an officer types instead.
MISTAKES = (
    ("offer.price_uah", "сорок тисяч", "40 000 грн"),
    ("offer.applications_to", "31.06.2027", "30.06.2027"),
    ("degree", "бакалаврик", "бакалавр"),
    ("official_url", "сайт", "https://example.edu/vstup"),
    ("offer.budget_places", "-5", "5"),
)


def book(stem: str) -> bytes:
    """The template's own headings, with rows of an officer's own."""
    names = list(columns())
    headings = file_template.headings(lambda sentence: sentence)
    rows = []
    for number in range(1, ROWS + 1):
        said = {
            "kind": "Програма",
            "title": f"{stem} {number:03}",
            "degree": "бакалавр",
            "speciality": "F3",
            "forms": "денна",
            "languages": "українська",
            "city": "Харків",
            "summary_uk": f"Про програму {stem} {number:03}.",
            "official_url": f"https://example.edu/{number}",
            "offer.year": "2027",
            "offer.form": "денна",
            "offer.price_uah": str(30000 + number),
        }
        if number % 13 == 0 and number <= 13 * WRONG:
            name, wrong, _ = MISTAKES[number // 13 % len(MISTAKES)]
            said[name] = wrong
        rows.append([said.get(name, "") for name in names])
    return books.as_workbook("Пропозиції", "Пояснення", headings, rows, [])


def repair(page: Page, column: str) -> None:
    right = next(right for name, _, right in MISTAKES if name == column)
    page.locator(f'[name="{column}"]').fill(right)
    page.get_by_role("button", name="Зберегти рядок").click()


def test_a_file_with_errors_is_repaired_published_and_undone(
    browser: Browser, office: Office, tmp_path: Path
) -> None:
    stem = "Файлова справа"
    (tmp_path / "програми.xlsx").write_bytes(book(stem))
    here = browser.new_context(locale="uk-UA", viewport=PHONE)  # type: ignore[arg-type]
    away = browser.new_context(locale="uk-UA", viewport=PHONE)  # type: ignore[arg-type]
    page, applicant = here.new_page(), away.new_page()
    come_in(page, office)
    page.goto(f"{office.server.url}/workspace")
    page.get_by_role("link", name="Завантажити файлом").click()
    page.get_by_label("Файл CSV або XLSX").set_input_files(tmp_path / "програми.xlsx")
    page.get_by_role("button", name="Перевірити файл").click()
    arrived(page)

    expect(page.get_by_role("heading", name=f"Виправте {WRONG} рядків")).to_be_visible()
    expect(page.get_by_role("button", name="Опублікувати все")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Виправити")).first.click()
    expect(page.get_by_role("heading", name="Рядок 14")).to_be_visible()
    # A repair that is none comes back as it was typed.
    column = page.locator(".wrong .input").first.get_attribute("name")
    page.locator(".wrong .input").first.fill("?!")
    page.get_by_role("button", name="Зберегти рядок").click()
    expect(page.locator(".wrong .input").first).to_have_value("?!")
    for _ in range(WRONG):
        column = page.locator(".wrong .input").first.get_attribute("name")
        repair(page, column or "")
    expect(page.get_by_role("heading", name="Що зміниться")).to_be_visible()
    expect(page.locator("dl.passport").first).to_contain_text(re.compile(rf"Нових\s*{ROWS}"))
    with office.database.read() as session:
        assert not session.scalar(select(func.count()).where(Listing.title.startswith(stem)))

    page.get_by_role("button", name="Опублікувати все").click()
    arrived(page)
    expect(page.get_by_role("status")).to_contain_text("Опубліковано.")
    found, price = f"{office.server.url}/search?q={stem} 014", "30\u00a0014"
    seen(applicant, found, lambda read: f"{stem} 014" in read and price in read, seconds=10)
    with office.database.read() as session:
        public = session.scalar(
            select(func.count()).where(Listing.title.startswith(stem), Listing.visibility == "published")
        )
    assert public == ROWS

    page.get_by_role("button", name="Скасувати").click()
    arrived(page)
    expect(page.get_by_role("status")).to_contain_text("Скасовано.")
    with office.database.read() as session:
        assert not session.scalar(select(func.count()).where(Listing.title.startswith(stem)))
    applicant.goto(found)
    expect(applicant.locator("main")).not_to_contain_text(f"{stem} 014", timeout=10_000)
    here.close()
    away.close()


def arrived(page: Page) -> None:
    """The portal is done with the file, and the page has noticed."""
    expect(page.locator("dl.passport").first).to_be_visible(timeout=30_000)
    expect(page.locator("#work")).to_have_count(0)


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/en", "dark")])
def test_axe_finds_nothing_on_the_pages_of_a_file(
    browser: Browser, office: Office, tmp_path: Path, prefix: str, scheme: str
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale="uk-UA",
        viewport=NARROW,  # type: ignore[arg-type]
    )
    page, axe = context.new_page(), Axe()
    come_in(page, office)
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "x.csv").write_bytes(
        sheets.as_csv(
            ("Назва", "Рівень освіти", "Коротко українською"),
            [("Гарна програма", "бакалавр", "Про неї"), ("Погана програма", "ніякий", "")],
        )
    )
    home = f"{office.server.url}{prefix}/workspace/files"

    def sound(place: str) -> None:
        page.wait_for_load_state()
        result = axe.run(page)
        assert not result.violations_count, f"{place}: {result.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], place

    page.goto(home)
    sound("uploads")
    page.locator("#file").set_input_files(tmp_path / "x.png")
    page.locator('form[enctype="multipart/form-data"] button').click()
    expect(page.locator("section.summary")).to_be_visible()
    sound("a wrong file")
    page.locator("#file").set_input_files(tmp_path / "x.csv")
    page.locator('form[enctype="multipart/form-data"] button').click()
    arrived(page)
    sound("lines that are wrong")
    page.locator('a[href$="/lines/2"]').click()
    sound("a line")
    page.locator('button[value="leave"]').click()
    expect(page.locator('form[action$="/publish"]')).to_be_visible()
    sound("the difference")
    page.locator('form[action$="/publish"] button').click()
    arrived(page)
    expect(page.get_by_role("status")).to_be_visible()
    sound("published")
    page.locator('form[action$="/undo"] button').click()
    arrived(page)
    expect(page.locator('form[action$="/check"]')).to_be_visible()
    sound("undone")
    context.close()
