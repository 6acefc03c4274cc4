"""`portal import listings` as programs and people see it: exit codes, sentences, reports, a dry run, and a
kill in the middle."""

import fcntl
import json
import os
import pty
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import select, text

from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.cli import main
from applicant_portal.kit import i18n
from applicant_portal.kit.db import Base, Database
from applicant_portal.workspace import books, file_template, sheets
from applicant_portal.workspace.models import ListingChange, ListingFile
from tests.seeded import Templates
from tests.workspace.made_up import OFFICER, OWN, counts, fill, shown, undo

PORTAL = [sys.executable, "-c", "from applicant_portal.cli import main; main()"]
HEADINGS = ("Назва", "Рівень освіти", "Спеціальність", "Факультет", "Рік вступу", "Вступ: форма навчання",
            "Вступ: ціна за рік, грн")  # fmt: skip
THERE = ("Інформатика", "бакалавр", "122", "Новий факультет", "2026", "денна", "41000")
NEW = ("Кібербезпека", "бакалавр", "F5", "ФІТ", "2026", "денна", "50000")
SAME = ("Інформатика", "", "", "", "", "", "")
WRONG = ("Право", "бакалавр", "F3", "ФІТ", "2026", "денна", "дорого")
# Nobody reads these, not even the root.
CLOSED = Path("/proc/sys/vm/compact_memory")


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    said: str
    report: Mapping[str, Any]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Created, updated, unchanged, refused."""
        assert set(self.report) == {"rows", "created", "updated", "unchanged", "refused"}
        found = (self.report["created"], self.report["updated"], self.report["unchanged"])
        assert self.report["rows"] == sum(found) + len(self.report["refused"])
        return (*found, len(self.report["refused"]))

    @property
    def refused(self) -> list[tuple[int, str]]:
        for one in self.report["refused"]:
            assert set(one) == {"row", "field", "reason"}
            assert one["reason"]
        return [(one["row"], one["field"]) for one in self.report["refused"]]


class Office:
    """A catalogue, and the command that brings sheets into it."""

    def __init__(self, database: Database, url: str, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.environment = {"PORTAL_DATA_DIR": str(folder), "PORTAL_DATABASE_URL": url}
        self.listing_id = fill(database)

    def file(
        self, *rows: Sequence[str], headings: Sequence[str] = HEADINGS, name: str = "listings.csv"
    ) -> Path:
        path = self.folder / name
        path.write_bytes(sheets.as_csv(headings, rows))
        return path

    def bring(self, path: Path, *more: str, institution: str = "101") -> Done:
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        arguments = [
            "import",
            "listings",
            str(path),
            "--institution",
            institution,
            "--report",
            str(report),
            *more,
        ]
        done = CliRunner().invoke(main, arguments, env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.stdout == ""
        return Done(done.exit_code, done.stderr, json.loads(report.read_text(encoding="utf-8")))

    def dump(self, *, files: bool = True) -> dict[str, list[str]]:
        """All rows of all tables."""
        return dump(self.database, files=files)

    def titles(self) -> list[str]:
        with self.database.read() as session:
            return sorted(session.scalars(select(Listing.title).where(Listing.institution_id == OWN)))

    def listing(self, title: str) -> dict[str, Any]:
        with self.database.read() as session:
            number = session.scalar(select(Listing.id).where(Listing.title == title))
        assert number is not None
        return shown(self.database, number)


def dump(database: Database, *, files: bool = True) -> dict[str, list[str]]:
    left_out = () if files else ("listing_files", "listing_file_lines")
    with database.read() as session:
        return {
            name: sorted(map(repr, session.execute(table.select()).all()))
            for name, table in Base.metadata.tables.items()
            if name not in left_out
        }


@pytest.fixture
def office(empty_catalogue: Database, database_url: str, data_dir: Path) -> Office:
    """On either database."""
    return Office(empty_catalogue, database_url, data_dir)


@pytest.fixture
def small_office(sqlite_url: str, data_dir: Path, templates: Templates) -> Office:
    """On SQLite alone, for what does not hang on the database."""
    templates.schema(sqlite_url)
    return Office(Database(sqlite_url), sqlite_url, data_dir)


def test_a_good_sheet_is_0_goes_live_as_one_batch_and_is_undone_as_one(office: Office) -> None:
    before = shown(office.database, office.listing_id)
    done = office.bring(office.file(THERE, NEW))
    assert (done.code, done.counts, done.refused) == (0, (1, 1, 0, 0), [])
    assert "додано 1, оновлено 1" in done.said
    said = shown(office.database, office.listing_id)
    assert said["fields"] == before["fields"] | {"faculty": "Новий факультет"}
    assert said["offers"][0] == before["offers"][0] | {"price_uah": 41000}
    assert said["confirmed"]["faculty"]["origin"] == "institution"
    made = office.listing("Кібербезпека")
    assert (made["visibility"], made["offers"][0]["price_uah"]) == ("draft", 50000)
    assert "Чернетками лишилося записів: 1" in done.said
    with office.database.read() as session:
        batches = set(session.scalars(select(ListingChange.batch)))
        (file,) = session.scalars(select(ListingFile))
        assert (batches, file.state, file.name) == ({file.batch}, "published", "listings.csv")
    # The public heard of the one that it sees.
    assert counts(office.database)[1] == 2
    undo(office.database, file.batch, OFFICER)
    assert shown(office.database, office.listing_id) == before
    assert office.titles() == ["Інформатика"]


def test_the_second_run_of_a_sheet_changes_nothing(office: Office) -> None:
    path = office.file(THERE, NEW, SAME)
    assert office.bring(path).counts == (1, 1, 1, 0)
    before = office.dump(files=False)
    again = office.bring(path)
    assert (again.code, again.counts) == (0, (0, 0, 3, 0))
    assert office.dump(files=False) == before


def test_what_is_wrong_is_1_and_told_and_the_rest_is_in(office: Office) -> None:
    done = office.bring(office.file(WRONG, THERE, SAME, NEW))
    assert (done.code, done.counts) == (1, (1, 1, 1, 1))
    assert done.refused == [(1, "Вступ: ціна за рік, грн")]
    assert "рядок 1, Вступ: ціна за рік, грн: " in done.said
    assert office.titles() == ["Інформатика", "Кібербезпека"]


def test_a_dry_run_changes_nothing_at_all_and_tells_what_the_real_one_tells(office: Office) -> None:
    leaning = (*NEW[:5], "заочна", "30000")
    broken = (*NEW[:3], "Інший", *NEW[4:])
    path = office.file(
        WRONG, ("Право", "бакалавр", "F3", "ФІТ", "", "", ""), THERE, NEW, broken, leaning, SAME
    )
    before = office.dump()
    files = {
        one: one.read_bytes()
        for one in office.folder.iterdir()
        if one.suffix not in (".json", ".sqlite3-shm")
    }
    tried = office.bring(path, "--dry-run")
    assert office.dump() == before
    assert {one: one.read_bytes() for one in files} == files
    done = office.bring(path)
    assert (tried.code, tried.report) == (done.code, done.report)
    assert done.refused == [(1, "Вступ: ціна за рік, грн"), (5, "Факультет")]
    # What leant on a line that is wrong stands for itself.
    assert done.counts == (2, 2, 1, 2)
    assert office.dump() != before


def test_nothing_right_in_a_sheet_leaves_the_catalogue_as_it_was(small_office: Office) -> None:
    before = small_office.dump(files=False)
    done = small_office.bring(small_office.file(WRONG, (*WRONG[:6], "теж")))
    assert (done.code, done.counts) == (1, (0, 0, 0, 2))
    assert small_office.dump(files=False) == before


def test_a_book_in_english_is_read_and_its_formulas_are_not_carried_out(small_office: Office) -> None:
    made = Workbook()
    made.active.append(
        ["Title", "Level of education", "faculty", "=1+1", "Year of admission", "offer.price_uah"]
    )
    made.active.append(["Інформатика", "BACHELOR’S", "<script>alert(1)</script>", "=1+1", 2026, 42000])
    made.active.append(['=HYPERLINK("http://evil.example")', "bachelor", "ФІТ", None, None, None])
    made.save(small_office.folder / "book.xlsx")
    headings = file_template.headings(i18n.translations("en").gettext)
    assert {"Title", "Level of education"} <= {*headings}, headings
    done = small_office.bring(small_office.folder / "book.xlsx")
    assert (done.code, done.counts) == (1, (0, 1, 0, 1))
    assert done.refused == [(2, "Title")]
    said = shown(small_office.database, small_office.listing_id)
    assert said["fields"]["faculty"] == "<script>alert(1)</script>"
    assert said["offers"][0]["price_uah"] == 42000


def test_two_programmes_swap_their_names_in_one_sheet(office: Office) -> None:
    assert office.bring(office.file(NEW)).code == 0
    other = office.listing("Кібербезпека")["id"]
    rows = [(office.listing_id, "Кібербезпека"), (other, "Інформатика")]
    done = office.bring(office.file(*rows, headings=("Номер запису", "Назва")))
    assert (done.code, done.counts) == (0, (0, 2, 0, 0))
    assert office.listing("Кібербезпека")["id"] == office.listing_id
    assert office.listing("Інформатика")["id"] == other
    assert office.bring(office.file(*rows, headings=("Номер запису", "Назва"))).counts == (0, 0, 2, 0)


def test_a_whole_programme_is_shown_to_the_public_at_once(small_office: Office) -> None:
    headings = ("title", "degree", "speciality", "forms", "languages", "city", "summary_uk", "official_url")
    row = (
        "Кібербезпека",
        "bachelor",
        "F5",
        "full_time",
        "uk",
        "Харків",
        "Про захист",
        "https://example.edu/c",
    )
    done = small_office.bring(small_office.file(row, headings=headings))
    assert (done.code, done.counts) == (0, (1, 0, 0, 0))
    assert "Чернетками" not in done.said
    made = small_office.listing("Кібербезпека")
    assert made["visibility"] == "published"
    assert made["confirmed"]["summary_uk"]["origin"] == "institution"


def test_columns_that_nobody_knows_are_told_in_one_line_without_their_tricks(small_office: Office) -> None:
    headings = ("Назва", "Декан", "\x1b]0;owned\x07\x1b[2J")
    rows = [("Інформатика", "а", "б")] * 9
    for more in ([], ["--dry-run"]):
        done = small_office.bring(small_office.file(*rows, headings=headings), *more)
        assert (done.code, done.counts) == (0, (0, 0, 9, 0))
        assert "Невідомі стовпці не взято: Декан, ]0;owned[2J." in done.said
        assert "\x1b" not in done.said
        assert "\x07" not in done.said


def test_another_institution_is_not_reached(small_office: Office) -> None:
    done = small_office.bring(
        small_office.file((small_office.listing_id, "Чуже"), headings=("Номер запису", "Назва")),
        institution="102",
    )
    assert (done.code, done.refused) == (1, [(1, "Номер запису")])
    assert small_office.titles() == ["Інформатика"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.csv", b"", "порожній"),
        ("x.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "PNG"),
        ("x.xlsx", b"PK\x03\x04" + b"\0" * 64, "книгу Excel зіпсовано"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "старого Microsoft Office"),
        ("x.csv", "Назва;Рік\nІнформатика;2026\n".encode("utf-16"), "UTF-16"),
        ("x.csv", "Назва;Рік\n".encode(), "лише заголовки"),
        ("x.csv", "Факультет;Рік\nФІТ;2026\n".encode(), "немає стовпця «Назва»"),
        ("x.csv", "Назва;Рік;title\nА;2026;Б\n".encode(), "«title» стоїть двічі"),
        ("x.csv", "Назва;Рік\n".encode() + b"\xd0\x86;1\n" * 5001, "5001"),
        ("x.csv", b"x" * (sheets.LARGEST + 1), "10 МБ"),
        ("folder", None, "це тека"),
        ("nothing.csv", None, "Не вдалося відкрити"),
        (str(CLOSED), None, "Не вдалося відкрити"),
        ("/dev/zero", None, "10 МБ"),
        ("x" * 300, None, "Не вдалося відкрити"),
    ],
    ids=["empty", "picture", "broken book", "old book", "UTF-16", "headings", "no title", "twice", "lines",
         "too large", "folder", "missing", "closed", "endless", "long name"],
)  # fmt: skip
def test_what_cannot_be_read_is_2_one_sentence_and_nothing_done(
    small_office: Office, name: str, content: bytes | None, told: str
) -> None:
    path = small_office.folder / name
    if content is not None:
        path.write_bytes(content)
    elif name == "folder":
        path.mkdir()
    before = small_office.dump()
    for more in ([], ["--dry-run"]):
        done = small_office.bring(path, *more)
        assert done.code == 2
        assert told in done.said
        assert len(done.said.strip().splitlines()) == 1
        assert done.report["rows"] == 0
        assert done.report["error"] in done.said
    assert small_office.dump() == before


@pytest.mark.parametrize("edebo", ["999", "", "101 ", "1 OR 1=1", "ю", "9" * 60])
def test_an_institution_that_is_not_there_is_2(office: Office, edebo: str) -> None:
    before = office.dump()
    done = office.bring(office.file(THERE), institution=edebo)
    assert done.code == 2
    assert "немає в каталозі" in done.said
    assert len(done.said.strip().splitlines()) == 1
    assert office.dump() == before


def test_without_an_institution_or_a_place_for_the_report_nothing_is_done(small_office: Office) -> None:
    before, path = small_office.dump(), small_office.file(THERE)
    for arguments in (
        ["import", "listings", str(path)],
        ["import", "listings", "--institution", "101"],
        ["import", "listings", str(path), "--institution", "101", "--report", "/nowhere/at/all.json"],
        ["import", "listings", str(path), "--institution", "101", "--report", str(small_office.folder)],
    ):
        done = CliRunner().invoke(main, arguments, env=small_office.environment)
        assert done.exit_code == 2
        assert "Traceback" not in done.stderr
    assert small_office.dump() == before


def test_the_template_of_an_institution_brought_back_changes_nothing(office: Office) -> None:
    assert office.bring(office.file(THERE, NEW)).code == 0
    gettext = i18n.translations("uk").gettext
    with office.database.read() as session:
        house = session.get_one(Institution, OWN)
        rows = list(file_template.rows(session, OFFICER, house, "uk", gettext))
    headings = file_template.headings(gettext)
    path = office.folder / "template.xlsx"
    path.write_bytes(books.as_workbook("А", "Б", headings, rows, file_template.notes(gettext)))
    before = office.dump(files=False)
    done = office.bring(path)
    assert (done.code, done.counts) == (0, (0, 0, 2, 0))
    assert office.dump(files=False) == before


# As a process of its own.


def many(office: Office, number: int) -> Path:
    rows = [(f"Програма {place}", *NEW[1:6], str(40000 + place)) for place in range(number)]
    return office.file(THERE, *rows, name="many.csv")


def start(office: Office, path: Path, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PORTAL, "import", "listings", str(path), "--institution", "101"],
        env={**os.environ, **office.environment},
        stdout=subprocess.DEVNULL,
        **more,
    )


def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(small_office: Office) -> None:
    path = many(small_office, 20)
    quiet = start(small_office, path, stderr=subprocess.PIPE)
    said = quiet.communicate(timeout=60)[1].decode()
    assert quiet.returncode == 0
    assert "\r" not in said
    assert "Рядків 21: додано 20, оновлено 1" in said
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    running = start(small_office, path, stderr=slave)
    os.close(slave)
    shown_there = b""
    try:
        while part := os.read(master, 4096):
            shown_there += part
    except OSError:  # what a terminal says at its end
        pass
    os.close(master)
    assert running.wait(timeout=60) == 0
    assert "Перевірка: " in shown_there.decode()
    assert "Рядків 21: додано 0, оновлено 0, без змін 21" in shown_there.decode()


def test_a_kill_in_the_middle_leaves_all_or_nothing(small_office: Office) -> None:
    office, path = small_office, many(small_office, 60)
    fresh = office.folder / "fresh.sqlite3"
    with office.database.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    shutil.copyfile(office.folder / "portal.sqlite3", fresh)
    began = time.monotonic()
    assert start(office, path, stderr=subprocess.DEVNULL).wait(timeout=60) == 0
    lasts = time.monotonic() - began
    whole = len(office.titles())
    office.database.dispose()
    for part in (0.6, 0.75, 0.9):
        own = Database(f"sqlite:///{office.folder / f'{part}.sqlite3'}")
        shutil.copyfile(fresh, office.folder / f"{part}.sqlite3")
        before = dump(own)
        office.environment["PORTAL_DATABASE_URL"] = f"sqlite:///{office.folder / f'{part}.sqlite3'}"
        running = start(office, path, stderr=subprocess.DEVNULL)
        time.sleep(lasts * part)
        running.send_signal(signal.SIGKILL)
        running.wait()
        office.database = own
        assert len(office.titles()) == whole or dump(own) == before
    assert office.bring(path).code == 0
    assert len(office.titles()) == whole
    office.database.dispose()


@pytest.mark.slow
def test_many_lines_cost_no_more_than_their_number(small_office: Office) -> None:
    """As many as 5,000 take 30 seconds of one core; here are fewer, for everybody's sake."""
    path = many(small_office, 1499)
    began = time.process_time()
    done = small_office.bring(path)
    assert (done.code, done.counts) == (0, (1499, 1, 0, 0))
    assert time.process_time() - began < 30
    began = time.process_time()
    assert small_office.bring(path, "--dry-run").counts == (0, 0, 1500, 0)
    assert time.process_time() - began < 5
