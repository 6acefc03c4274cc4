"""Files of listings over HTTP, without a script: who reaches them, and the way to the site and back."""

import csv
import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import openpyxl
import pytest
from fastapi.routing import APIRoute

from applicant_portal.workspace import file_pages, sheets
from applicant_portal.workspace.models import ListingFile
from tests.pages.test_workspace import (
    CYRILLIC,
    INSIDERS,
    NOBODY,
    OUTSIDERS,
    Caller,
    World,
    form,
    within_a_second,
    world,
)

__all__ = ["world"]

FILES = "/workspace/files"
HEADINGS = ("Назва", "Рівень освіти", "Спеціальність", "Коротко українською", "Факультет")
WITHIN = 20.0


def sheet(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    return sheets.as_csv(headings, [(*row, *[""] * (len(headings) - len(row))) for row in rows])


def row(title: str, summary: str = "", faculty: str = "") -> tuple[str, ...]:
    return (title, "бакалавр", "F3", summary, faculty)


def send(
    caller: Caller, data: bytes, name: str = "програми.csv", prefix: str = "", **fields: str
) -> httpx.Response:
    return caller.client.post(
        f"{prefix}{FILES}", files={"file": (name, data)}, data=fields, headers={"origin": caller.origin}
    )


def bring(world: World, who: str, data: bytes) -> str:
    """Upload, wait until it is checked; the address of the file."""
    answer = send(world.callers[who], data, institution=str(world.own))
    assert answer.status_code == 303, answer.text[-2000:]
    return done(world.callers[who], answer.headers["location"])


def done(caller: Caller, path: str) -> str:
    """Wait as a person without a script does: by asking for the page anew."""
    until = time.monotonic() + WITHIN
    while 'id="work"' in caller.get(path).text:
        assert time.monotonic() < until, "the file is still at work"
        time.sleep(0.05)
    return path


# Who reaches what


@dataclass(frozen=True)
class Route:
    """`path` after the file's own; statuses for people of A and for others who are signed in."""

    path: str
    inside: int
    outside: int
    data: Mapping[str, str] | None = None


ROUTES: Mapping[tuple[str, str], Route] = {
    ("GET", FILES): Route(FILES, 200, 200),
    ("POST", FILES): Route(FILES, 303, 422, {"institution": "own"}),
    ("GET", FILES + "/template.{extension}"): Route(FILES + "/template.csv?institution={own}", 200, 404),
    ("GET", FILES + "/{file_id}"): Route("{file}", 200, 404),
    ("GET", FILES + "/{file_id}/lines/{number}"): Route("{file}/lines/1", 200, 404),
    ("POST", FILES + "/{file_id}/lines/{number}"): Route("{file}/lines/1", 303, 404, {"act": "leave"}),
    ("POST", FILES + "/{file_id}/{act}"): Route("{file}/leave-wrong", 303, 404, {}),
}


def test_every_route_of_the_files_is_in_the_matrix() -> None:
    there = {
        (method, one.path)
        for one in file_pages.router.routes
        if isinstance(one, APIRoute)
        for method in one.methods or ()
    }
    assert there == set(ROUTES)


@pytest.fixture(scope="module")
def file_of_a(world: World) -> str:
    return bring(world, "editor of A", sheet(row("Рядок для матриці", "Про матрицю")))


@pytest.mark.parametrize("who", [*INSIDERS, *OUTSIDERS, *NOBODY])
@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_a_file_of_a_is_reached_by_its_people_only(
    world: World, file_of_a: str, method: str, path: str, who: str
) -> None:
    route, caller = ROUTES[method, path], world.callers[who]
    address = route.path.format(file=file_of_a, own=world.own)
    if method == "GET":
        answer = caller.get(address)
    elif path == FILES:
        answer = send(caller, sheet(row("Рядок для матриці")), institution=str(world.own))
    else:
        answer = caller.post(address, route.data or {})
    if who in NOBODY:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    else:
        assert answer.status_code == (route.inside if who in INSIDERS else route.outside)
    if who not in INSIDERS:
        assert "Рядок для матриці" not in answer.text


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_file_of_another_is_told_apart_from_none_by_nothing(world: World, file_of_a: str, who: str) -> None:
    caller = world.callers[who]
    for path in ("", "/lines/1"):
        theirs, none = caller.get(file_of_a + path), caller.get(f"{FILES}/f-000000000000{path}")
        assert theirs.status_code == none.status_code == 404
        assert theirs.text.replace(file_of_a, "") == none.text.replace(f"{FILES}/f-000000000000", "")
    for act in ("publish", "undo", "check", "lines/1"):
        assert caller.post(f"{file_of_a}/{act}", {}).status_code == 404


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_listing_of_another_is_reached_by_its_number_in_a_file(world: World, who: str) -> None:
    theirs = world.untouched
    before = world.state(theirs)
    data = sheet((theirs, "Зламано"), headings=("Номер запису", "Коротко українською"))
    if who == "removed from A":
        assert send(world.callers[who], data).status_code == 422
    else:
        caller = world.callers[who]
        path = done(caller, send(caller, data).headers["location"])
        assert "У вашого закладу немає запису з таким номером" in caller.get(path).text
        assert "Опублікувати все" not in caller.get(path).text
        caller.post(f"{path}/publish", {"drafts": "1"})
        done(caller, path)
    assert world.state(theirs) == before


def test_a_form_from_another_site_is_refused(world: World, file_of_a: str) -> None:
    caller = world.callers["editor of A"]
    for path in (FILES, f"{file_of_a}/publish", f"{file_of_a}/lines/1"):
        assert caller.post(path, {}, origin="https://evil.example").status_code == 403


# From a file to the site, and back


def test_a_file_is_checked_repaired_published_and_undone(world: World) -> None:
    caller = world.callers["editor of A"]
    listing_id = world.published()
    before = world.shown(listing_id)
    data = sheet(
        (listing_id, "Сказано у файлі", "2030 року", "діє"),
        (listing_id.upper(), "Не той номер", "", ""),
        headings=("Номер запису", "Коротко українською", "Рік, на який названо ціну", "Чи відкрито набір"),
    )
    path = bring(world, "editor of A", data)
    page = caller.get(path).text
    assert "Виправте 2 рядки" in page
    assert "Опублікувати все" not in page
    # The first one that is wrong, with what was typed and what to do.
    broken = caller.get(f"{path}/lines/1")
    sent = form(broken, f"{path}/lines/1", price_year="не знаю")
    again = caller.post(f"{path}/lines/1", sent)
    assert again.status_code == 422
    assert "Тут має бути ціле число" in again.text
    assert 'value="не знаю"' in again.text
    answer = caller.post(f"{path}/lines/1", form(again, f"{path}/lines/1", price_year="2027"))
    assert answer.headers["location"] == f"{path}/lines/2"
    answer = caller.post(f"{path}/lines/2", {"act": "leave"})
    assert answer.headers["location"] == path
    page = caller.get(path).text
    assert "Сказано у файлі" in page
    assert "Рядки, яких не беремо" in page
    assert world.shown(listing_id) == before
    done(caller, caller.post(f"{path}/publish", {"drafts": "1"}).headers["location"])
    assert world.shown(listing_id)["fields"]["summary_uk"] == "Сказано у файлі"
    public = Caller(world.server)
    assert within_a_second(lambda: "Сказано у файлі" in public.get(before["url"]).text)
    assert "Опубліковано." in caller.get(path).text
    done(caller, caller.post(f"{path}/undo", {}).headers["location"])
    assert "Скасовано." in caller.get(path).text
    assert world.shown(listing_id) == before
    assert within_a_second(lambda: "Сказано у файлі" not in public.get(before["url"]).text)


def test_a_step_asked_for_twice_is_done_once(world: World) -> None:
    caller = world.callers["editor of A"]
    listing_id = world.published()
    data = sheet((listing_id, "Раз"), headings=("Номер запису", "Коротко українською"))
    path = bring(world, "editor of A", data)
    for act in ("publish", "publish"):
        done(caller, caller.post(f"{path}/{act}", {}).headers["location"])
    with world.database.read() as session:
        file = session.get_one(ListingFile, path.rsplit("/", 1)[1])
        assert file.state == "published"
        batch = file.batch
    assert world.batch(listing_id) == batch
    for act in ("undo", "undo", "publish"):
        done(caller, caller.post(f"{path}/{act}", {}).headers["location"])
    assert world.shown(listing_id)["fields"]["summary_uk"] == "Про захист"


def test_what_is_wrong_in_a_file_can_be_left_out_at_one_stroke(world: World) -> None:
    caller = world.callers["editor of A"]
    path = bring(
        world,
        "editor of A",
        sheet(("", "", "", "Без назви"), ("Добра", "бакалавр", "F3"), ("Погана", "ніякий")),
    )
    done(caller, caller.post(f"{path}/leave-wrong", {}).headers["location"])
    page = caller.get(path).text
    assert "Опублікувати все" in page
    assert page.count("Узяти</") == 2


# What a file must not do


def test_what_is_in_a_cell_is_text_and_nothing_else(world: World) -> None:
    caller = world.callers["editor of A"]
    script, formula = "<script>alert(1)</script>", '=HYPERLINK("http://evil.example";"x")'
    path = bring(world, "editor of A", sheet(row(script, formula, "<img src=x onerror=alert(1)>")))
    for page in (caller.get(path), caller.get(f"{path}/lines/1")):
        assert page.status_code == 200
        assert script not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text
    done(caller, caller.post(f"{path}/publish", {}).headers["location"])
    # The table that is given back begins no formula either.
    table = caller.get(f"{FILES}/template.csv?institution={world.own}").content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(table), delimiter=";") for cell in line]
    assert f"'{formula}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    book = openpyxl.load_workbook(
        io.BytesIO(caller.get(f"{FILES}/template.xlsx?institution={world.own}").content)
    )
    held = [cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value == formula]
    assert [cell.data_type for cell in held] == ["s"]
    done(caller, caller.post(f"{path}/undo", {}).headers["location"])


WRONG: Mapping[str, tuple[str, bytes, str]] = {
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "зображення PNG"),
    "a document": ("a.xlsx", b"%PDF-1.7 ...", "документ PDF"),
    "an archive": ("a.xlsx", b"PK\x03\x04" + b"\0" * 60, "книгу Excel зіпсовано"),
    "an old book": ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 60, "документ старого Microsoft Office"),
    "a page": ("a.csv", b"<!doctype html><title>x</title>", "вебсторінка"),
    "nothing": ("a.csv", b"", "файл порожній"),
    "headings": ("a.csv", "Назва,Місто\r\n".encode(), "лише заголовки"),
    "another table": ("a.csv", b"one,two\r\n1,2\r\n", "немає стовпця"),
    "columns twice": ("a.csv", "Назва,Назва\r\nа,б\r\n".encode(), "стоїть двічі"),
    "too long": ("a.csv", sheet(*[("x",)] * 5001), "5001 рядків, можна 5000"),
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_wrong_file_is_one_sentence_at_the_field(world: World, what: str, prefix: str) -> None:
    name, data, said = WRONG[what]
    caller = world.callers["editor of A"]
    answer = send(caller, data, name, prefix)
    assert answer.status_code == 422
    errors = re.findall(r'<p class="error" id="file-error">.*?</p>', answer.text)
    assert len(errors) == 1
    if prefix:
        assert not CYRILLIC.search(re.sub(r"<[^>]+>", "", errors[0]).replace("Назва", ""))
    else:
        assert said in errors[0]
    assert "На сайті нічого не змінилося." in answer.text or prefix


def test_no_file_and_no_institution_are_told_at_their_fields(world: World) -> None:
    caller = world.callers["editor of A"]
    answer = caller.client.post(FILES, data={"institution": ""}, headers={"origin": caller.origin})
    assert (answer.status_code, "Оберіть файл CSV або XLSX" in answer.text) == (422, True)
    staff = world.callers["staff"]
    answer = send(staff, sheet(row("Щось")), edebo="999999999")
    assert (answer.status_code, "Закладу з таким кодом немає" in answer.text) == (422, True)


def test_a_file_over_the_limit_is_refused(world: World) -> None:
    answer = send(world.callers["editor of A"], b"x" * (11 * 1024 * 1024))
    assert answer.status_code == 413


def test_lines_and_acts_that_there_are_not_are_not_found(world: World, file_of_a: str) -> None:
    caller = world.callers["editor of A"]
    for path in ("/lines/0", "/lines/99", "/lines/99999999999999999999", "/lines/x", "/nothing"):
        assert caller.get(file_of_a + path).status_code in (400, 404, 405)
    assert caller.post(f"{file_of_a}/nothing", {}).status_code == 404
    assert caller.get(f"{FILES}/template.exe?institution={world.own}").status_code == 404
    assert caller.get(f"{FILES}/f-%00").status_code == 404


def test_every_page_of_a_file_is_one_persons_and_in_one_language(world: World) -> None:
    caller = world.callers["editor of A"]
    path = bring(world, "editor of A", sheet(("Only Latin", "bachelor's", "F3"), ("Bad one", "nothing")))
    pages = [FILES, path, f"{path}/lines/2"]
    for page in pages:
        answer = caller.get(f"/en{page}")
        assert answer.headers["cache-control"] == "no-store"
        text = re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1].split("</main>")[0])
        for name in (*world.names.values(), "програми.csv", *_file_names(world)):
            text = text.replace(name, "")
        assert not CYRILLIC.search(text), CYRILLIC.findall(text)


def _file_names(world: World) -> list[str]:
    with world.database.read() as session:
        return [one.name for one in session.query(ListingFile).all()]


def test_the_table_taken_and_brought_back_changes_nothing(world: World) -> None:
    caller = world.callers["editor of A"]
    for extension in ("csv", "xlsx"):
        table = caller.get(f"{FILES}/template.{extension}?institution={world.own}")
        assert table.headers["content-disposition"].startswith("attachment")
        answer = send(caller, table.content, f"t.{extension}", institution=str(world.own))
        path = done(caller, answer.headers["location"])
        page = caller.get(path).text
        assert "Нічого не зміниться" in page, page[-3000:]


def test_pages_of_work_are_blocks_for_the_script_and_end_by_leading_on(world: World, file_of_a: str) -> None:
    answer: Any = world.callers["editor of A"].client.get(file_of_a, headers={"hx-request": "true"})
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == file_of_a
