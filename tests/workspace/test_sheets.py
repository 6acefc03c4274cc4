"""Spreadsheets as officers really have them, and as somebody hostile makes them up: tables are read, nothing
in them is carried out, and whatever is no table is one sentence."""

import csv
import io
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.workspace import books, sheets

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
HEADINGS = ["Назва", "Ціна, грн"]
MORNING = datetime(2026, 8, 2, 9)  # noqa: DTZ001 (a book knows no time zones)
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>а</t></is></c></row>'
# What a cell of a book can hold; Excel keeps a line feed and a tab, and no other control character.
ANY = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
ODD = (
    "=1+1", "+380", "-5", "-", "—", "@SUM(A1)", "'=1", "''=1", "'", "'слово", '"', '=cmd|" /C calc"!A0',
    "а;б", "а,б", "перший\n\nдругий", "\t=1", "\n=1", "＝1", "так", "0", "#REF!", "<script>",
)  # fmt: skip
TEXTS = st.text(ANY, max_size=12) | st.sampled_from(ODD)
TABLES = st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=4)


def read(data: bytes, name: str = "файл.csv") -> list[list[str]]:
    """Headings and lines, guards taken off."""
    sheet = sheets.read(data, name)
    return [
        [sheets.without_guard(cell) for cell in line]
        for line in (sheet.headings, *(line.cells for line in sheet.lines))
    ]


def refusal(data: bytes, name: str = "файл.xlsx") -> str:
    with pytest.raises(UnreadableFile) as refused:
        sheets.read(data, name)
    sentence = str(refused.value)
    assert sentence.startswith(f"{name}: ")
    assert "\n" not in sentence
    return sentence


def book(*rows: Sequence[Any]) -> bytes:
    """As a spreadsheet program saves it: a text that begins with "=" is a formula that nobody computed."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(part: str, content: str | bytes, data: bytes | None = None) -> bytes:
    """A book with one of its parts made up."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or book(HEADINGS))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), part}:
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def with_rows(rows: str, before: str = "", dimension: str = "") -> bytes:
    """A book whose sheet says this in XML, under the headings «Назва» and «Ціна, грн»."""
    first = '<row r="1">' + "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{heading}</t></is></c>'
        for letter, heading in zip("AB", HEADINGS, strict=True)
    )
    return with_part(
        SHEET,
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{SPREADSHEET}">{dimension}'
        f"<sheetData>{first}</row>{rows}</sheetData></worksheet>",
    )


def kept(table: list[list[str]]) -> list[list[str]]:
    """What reading keeps of a table: cells trimmed, empty lines and empty cells at the end of one gone."""
    trimmed = [[cell.strip() for cell in row] for row in table]
    return [without_tail(row) for row in trimmed if any(row)]


def without_tail(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return cells


@given(TABLES)
@example([["'=1"], ["''-"], ["x", "=1"], ["\n=1"]])
@settings(max_examples=150)
def test_a_table_that_goes_out_as_csv_comes_back_as_it_was(table: list[list[str]]) -> None:
    data = sheets.as_csv(HEADINGS, table)
    if not kept(table):
        assert "лише заголовки" in refusal(data, "а.csv")
        return
    headings, *lines = read(data)
    assert headings == HEADINGS
    assert [without_tail([cell.strip() for cell in line]) for line in lines] == kept(table)


@given(TABLES)
@settings(max_examples=40)
def test_a_table_that_goes_out_as_a_book_comes_back_as_it_was(table: list[list[str]]) -> None:
    data = books.as_workbook("Пропозиції", "Пояснення", HEADINGS, table, [["слово", "=1+1"]])
    if not kept(table):
        assert "лише заголовки" in refusal(data)
        return
    headings, *lines = read(data)
    assert headings == HEADINGS
    assert lines == kept(table)


@given(TABLES)
@settings(max_examples=150)
def test_no_cell_of_a_csv_looks_like_a_formula(table: list[list[str]]) -> None:
    data = sheets.as_csv(["=HYPERLINK()", *HEADINGS], table)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    cells = [cell for row in rows for cell in row]
    assert cells[0] == "'=HYPERLINK()"
    begins = ("=", "+", "-", "@", "\t", "\r", "\n")
    assert not [cell for cell in cells if cell.startswith(begins) and cell != "-"]


@given(st.lists(TEXTS, min_size=1, max_size=6))
@settings(max_examples=30)
def test_a_book_that_goes_out_has_no_formula_in_it(row: list[str]) -> None:
    data = books.as_workbook("А", "Б", ["=1+1"], [row], [row])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(parts) == 2
    assert not [part for part in parts if b"<f>" in part or b"<f " in part]


def test_a_character_that_no_book_can_hold_is_left_out_of_it() -> None:
    data = books.as_workbook("А", "Б", ["Назва"], [["а\x00б\uffffв\x0bг\ud800"]], [["\x07"]])
    assert read(data) == [["Назва"], ["абвг"]]


# What the sheets of officers look like.


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_whatever_separates_its_cells_and_lines(
    delimiter: str, encoding: str, ending: str
) -> None:
    rows = [["Назва", "Факультет"], ["Комп’ютерні науки", "Факультет інформатики і програмної інженерії"]]
    text = ending.join(delimiter.join(row) for row in rows) + ending
    assert read(text.encode(encoding)) == rows


@pytest.mark.parametrize(
    ("first", "headings"),
    [
        ("Назва;Ціна, грн", ["Назва", "Ціна, грн"]),
        ("Назва;Ціна, грн;Вступ: ціна за рік, грн", ["Назва", "Ціна, грн", "Вступ: ціна за рік, грн"]),
        ("Назва\tЦіна, грн", ["Назва", "Ціна, грн"]),
        ('Назва,"Ціна, грн"', ["Назва", "Ціна, грн"]),
        ("title, id", ["title", "id"]),
        ("Назва", ["Назва"]),
        ("sep=;\nНазва;Ціна, грн", ["Назва", "Ціна, грн"]),
        ("SEP=,\r\nНазва,id", ["Назва", "id"]),
    ],
)
def test_a_comma_inside_a_heading_is_not_taken_for_the_separator(first: str, headings: list[str]) -> None:
    assert read(f"{first}\nІнформатика\n".encode()) == [headings, ["Інформатика"]]


def test_lines_have_the_numbers_that_a_spreadsheet_gives_them() -> None:
    text = 'Назва;Опис українською\n\nПерша;"а\nб"\n;\nДруга;в\n'
    for data in (text.encode(), book(["Назва", "Опис"], [], ["Перша", "а\nб"], [None, ""], ["Друга", "в"])):
        sheet = sheets.read(data, "файл")
        assert [(line.number, line.cells[0]) for line in sheet.lines] == [(3, "Перша"), (5, "Друга")]
        assert sheet.lines[0].cells[1] == "а\nб"


def test_cells_of_a_book_are_read_as_the_person_sees_them() -> None:
    cells = [2026, 30470.0, 30470.5, True, False, date(2026, 7, 1), MORNING, " слово ", 0]
    names = [f"с{number}" for number in range(len(cells))]
    seen = ["2026", "30470", "30470.5", "так", "ні", "2026-07-01", "2026-08-02", "слово", "0"]
    assert read(book(names, cells)) == [names, seen]


def test_a_formula_counts_as_what_its_sheet_showed() -> None:
    rows = (
        '<row r="2"><c r="A2" t="str"><f>"Ін"&amp;"форматика"</f><v>Інформатика</v></c>'
        '<c r="B2"><f>40000+1</f><v>40001</v></c></row>'
        '<row r="3"><c r="A3"><f>HYPERLINK("http://evil.example","тисни")</f></c>'
        '<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    assert read(with_rows(rows))[1:] == [["Інформатика", "40001"], [sheets.UNSEEN_FORMULA, "#DIV/0!"]]


@pytest.mark.parametrize(
    "hostile",
    ['=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0", "=1+1", "=WEBSERVICE(A1)"],
)
def test_a_formula_that_no_sheet_computed_is_told_as_one_and_never_computed(hostile: str) -> None:
    assert read(book(HEADINGS, [hostile, "1"]))[1] == [sheets.UNSEEN_FORMULA, "1"]
    # In a CSV there are no formulas, only text.
    assert read(sheets.as_csv(HEADINGS, [[hostile, "1"]]))[1] == [hostile, "1"]
    quoted = hostile.replace('"', '""')
    assert read(f'Назва\tЦіна\n"{quoted}"\t1\n'.encode())[1] == [hostile, "1"]


def test_text_from_another_program_has_no_marks_of_its_control_characters() -> None:
    assert read(book(["Назва"], ["перший_x000D_\nдругий_x0007_"])) == [["Назва"], ["перший\nдругий"]]


def test_shared_and_rich_text_is_text() -> None:
    shared = f'<sst xmlns="{SPREADSHEET}"><si><r><t>Інфор</t></r><r><t>матика</t></r></si></sst>'
    data = with_rows('<row r="2"><c r="A2" t="s"><v>0</v></c></row>')
    types = zipfile.ZipFile(io.BytesIO(data)).read("[Content_Types].xml").decode()
    of_shared = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    if "sharedStrings" not in types:
        data = with_part("[Content_Types].xml", types.replace("</Types>", of_shared), data)
    assert read(with_part("xl/sharedStrings.xml", shared, data))[1] == ["Інформатика"]


def test_the_first_sheet_that_can_be_seen_is_read() -> None:
    made = Workbook()
    made.active.append(["Приховане"])
    made.active.sheet_state = "hidden"
    seen = made.create_sheet("Програми")
    seen.append(["Назва"])
    seen.append(["Інформатика"])
    made.create_sheet("Пояснення").append(["Стовпець", "Що писати"])
    assert read(saved(made)) == [["Назва"], ["Інформатика"]]


def test_a_book_of_nothing_but_charts_or_without_sheets_is_one_sentence() -> None:
    made = Workbook()
    made.create_chartsheet("Графік")
    del made["Sheet"]
    refusal(saved(made))
    refusal(with_part("xl/workbook.xml", f'<workbook xmlns="{SPREADSHEET}"><sheets/></workbook>'))
    refusal(with_part("xl/workbook.xml", "<workbook"))
    refusal(with_part("xl/workbook.xml", b""))


# What is no table, or too much of one.


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "порожній"),
        (b"\xef\xbb\xbf\r\n \r\n", "порожній"),
        (b";;;\n;;\n", "порожній"),
        ("Назва;Ціна\n".encode(), "лише заголовки"),
        ("Назва;Ціна\n;\n".encode(), "лише заголовки"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "PNG"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 64, "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "старого Microsoft Office"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "вебсторінка"),
        (b"\n <html><body>1</body></html>", "вебсторінка"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        ("Назва;Ціна\nІнформатика;1\n".encode("utf-16"), "UTF-16"),
        ("Назва;Ціна\nInformatics;1\n".encode("utf-16-le"), "UTF-16"),
        ("Назва;Ціна\nІнформа\0тика;1\n".encode(), "двійковий"),
        ("Назва;Ціна\n\x01\x02\x03\x04;1\n".encode(), "зіпсовано"),
        ('Назва;Ціна\n"Інформатика;1\n'.encode(), "зіпсований CSV"),
        ('Назва;Ціна\n"Інфор"матика;1\n'.encode(), "зіпсований CSV"),
        ("Назва;Ціна\nІнформатика;1\n".encode("koi8-u"), "кодування"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x00" * 100, "двійковий"),
        ("Назва\n".encode() + b"a" * 140_000, "CSV"),
        (b"PK\x03\x04", "книгу Excel зіпсовано"),
        (b"PK\x03\x04" + b"\0" * 1000, "книгу Excel зіпсовано"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_one_sentence_that_says_what_it_is(data: bytes, told: str) -> None:
    assert told in refusal(data, "файл.csv")


@pytest.mark.parametrize(
    "inside",
    ["word/document.xml", "content.xml", "фото.jpg"],
    ids=["a document of Word", "a table of OpenDocument", "an archive"],
)
def test_an_archive_of_something_else_is_told_to_be_no_book(inside: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(inside, "<x/>")
    assert "не книга Excel" in refusal(out.getvalue())


def test_a_book_cut_short_anywhere_is_one_sentence() -> None:
    whole = book(HEADINGS, *(["Інформатика", number] for number in range(50)))
    for size in range(4, len(whole), len(whole) // 25):
        refusal(whole[:size])


@given(st.integers(4, 4000), st.binary(min_size=1, max_size=40))
@settings(max_examples=60)
def test_a_book_with_garbage_in_it_is_read_or_told_but_never_breaks_the_portal(
    place: int, garbage: bytes
) -> None:
    whole = book(HEADINGS, ["Інформатика", 1])
    place %= len(whole)
    with suppress(UnreadableFile):
        sheets.read(whole[:place] + garbage + whole[place + len(garbage) :], "файл.xlsx")


@pytest.mark.parametrize(
    "part", [SHEET, "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
)
def test_a_book_whose_parts_say_nonsense_is_one_sentence(part: str) -> None:
    refusal(with_part(part, "<worksheet><row r='x'><c r='1A' t='s'><v>99</v></c></row></worksheet>"))


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE x [<!ENTITY a0 'lolololol'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
        + "<!ENTITY x '&a9;'>]>",
        f"<!DOCTYPE x [<!ENTITY x '{'&y;' * 100}'><!ENTITY y '{'l' * 300_000}'>]>",
    ],
    ids=["laughs", "quadratic"],
)
def test_entities_that_grow_are_refused_at_once(before: str) -> None:
    began = time.process_time()
    refusal(with_rows('<row r="2"><c r="A2" t="inlineStr"><is><t>&x;</t></is></c></row>', before))
    assert time.process_time() - began < 5


def test_a_book_never_reads_the_files_of_the_machine() -> None:
    before = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    data = with_rows('<row r="2"><c r="A2" t="inlineStr"><is><t>а&x;</t></is></c></row>', before)
    assert "root" not in refusal(data)


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    bomb = with_part("xl/media/bomb.bin", b"\0" * (151 * 1024 * 1024))
    assert len(bomb) < 200_000
    began = time.process_time()
    assert "розпаковується" in refusal(bomb)
    assert time.process_time() - began < 1


def test_a_book_of_millions_of_empty_cells_is_refused_before_it_is_read() -> None:
    row = "<row>" + "<c/>" * 32_000 + "</row>"
    data = with_rows(row * 100)
    assert len(data) < 100_000
    began = time.process_time()
    assert "розпаковується" in refusal(data)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("row", "dimension"),
    [
        (
            '<row r="2"><c r="A2" t="inlineStr"><is><t>а</t></is></c></row>',
            '<dimension ref="A1:XFD1048576"/>',
        ),
        (f'{ROW}<row r="3"><c r="XFD3" s="0"/></row><row r="1048576"><c r="A1048576" s="0"/></row>', ""),
    ],
    ids=["claimed", "far away"],
)
def test_a_book_that_claims_a_million_lines_or_columns_costs_no_more_than_what_is_in_it(
    row: str, dimension: str
) -> None:
    began = time.process_time()
    assert read(with_rows(row, dimension=dimension)) == [HEADINGS, ["а"]]
    assert time.process_time() - began < 5


def test_the_largest_file_is_ten_megabytes() -> None:
    row = "Інформатика;" + "а" * 6000 + "\n"
    data = ("Назва;Опис українською\n" + row * 10).encode()
    data += b"\n" * (sheets.LARGEST - len(data))
    assert len(sheets.read(data, "а.csv").lines) == 10
    assert "10 МБ" in refusal(data + b"\n", "а.csv")


def test_five_thousand_lines_are_read_and_one_more_is_not() -> None:
    line = "Інформатика;1\n"
    most = ("Назва;Ціна\n" + line * 5000).encode()
    assert len(sheets.read(most, "а.csv").lines) == sheets.MOST_ROWS
    told = refusal(most + line.encode(), "а.csv")
    assert "5001" in told
    assert "5000" in told


def test_too_many_headings_and_endless_cells_are_no_table_of_listings() -> None:
    wide = ";".join(f"с{number}" for number in range(101))
    assert "зразок" in refusal(f"{wide}\nа\n".encode(), "а.csv")
    assert "зразок" in refusal(book([f"с{number}" for number in range(101)], ["а"]))
    assert "зразок" in refusal(f"Назва\n{'а' * 20_001}\n".encode(), "а.csv")


def test_a_line_may_be_shorter_or_longer_than_the_headings() -> None:
    assert read(b"a;b;c\n1\n1;2;3;4\n") == [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]
    assert read(book(["a", "b"], ["1"], ["1", "2", "3"])) == [["a", "b"], ["1"], ["1", "2", "3"]]
