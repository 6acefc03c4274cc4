"""A spreadsheet on its way to the site: checked, repaired, published as one batch, undone as one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from applicant_portal.catalogue.models import Institution, Listing, Offer, OutboxEntry
from applicant_portal.kit.db import Database
from applicant_portal.workspace import file_worker, files, making, representation, service, sheets
from applicant_portal.workspace.files import Counts
from applicant_portal.workspace.models import ListingChange, ListingFile
from applicant_portal.workspace.policy import By
from tests.workspace.made_up import (
    NOW,
    OFFICER,
    OWN,
    STAFF,
    STRANGER,
    change,
    counts,
    fill,
    shown,
)

HEADINGS = ("Назва", "Рівень освіти", "Спеціальність", "Рік вступу", "Вступ: форма навчання",
            "Вступ: ціна за рік, грн", "Коротко українською")  # fmt: skip
FULL = ("Форма навчання", "Мова викладання", "Місто", "Офіційна сторінка")
FILLED = ("денна", "українська", "Харків", "https://ua.example.edu/p")


class Desk:
    """One institution's files, every step of them done at once."""

    def __init__(self, database: Database, listing_id: str) -> None:
        self.database = database
        self.listing_id = listing_id

    def bring(
        self, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, by: By = OFFICER
    ) -> str:
        sheet = sheets.read(sheets.as_csv(headings, rows), "x.csv")
        with self.database.write() as session:
            file = files.receive(session, by, session.get_one(Institution, OWN), sheet, "x.csv", NOW)
            assert file is not None
            file_id = file.id
        self.work(file_id)
        return file_id

    def work(self, file_id: str, state: str | None = None) -> None:
        """Ask for a step, and do it."""
        if state is not None:
            with self.database.write() as session:
                files.move(session.get_one(ListingFile, file_id), state, NOW)
        step = {"uploaded": file_worker.check, "publishing": file_worker.publish, "undoing": file_worker.undo}
        step[self.state(file_id)](self.database, file_id, lambda done, total: None)

    def state(self, file_id: str) -> str:
        with self.database.read() as session:
            return session.get_one(ListingFile, file_id).state

    def told(self, file_id: str) -> dict[str, Any]:
        with self.database.read() as session:
            return session.get_one(ListingFile, file_id).told

    def counts(self, file_id: str) -> Counts:
        with self.database.read() as session:
            return files.counts(session, session.get_one(ListingFile, file_id))

    def flaws(self, file_id: str) -> list[tuple[int, str | None]]:
        with self.database.read() as session:
            wrong = files.lines(session, session.get_one(ListingFile, file_id), state="wrong")
            return [(one.number, flaw.column) for one in wrong for flaw in files.flaws_of(one)]

    def repair(self, file_id: str, number: int, **typed: str) -> None:
        with self.database.write() as session:
            file = session.get_one(ListingFile, file_id)
            one = files.line(session, file, number)
            assert one is not None
            files.repair(
                session, file, one, {name.replace("__", "."): said for name, said in typed.items()}, NOW
            )

    def leave_out(self, file_id: str, number: int) -> None:
        with self.database.write() as session:
            file = session.get_one(ListingFile, file_id)
            one = files.line(session, file, number)
            assert one is not None
            files.leave_out(session, file, one, NOW)

    def titles(self) -> list[str]:
        with self.database.read() as session:
            return sorted(session.scalars(select(Listing.title).where(Listing.institution_id == OWN)))

    def everything(self) -> Any:
        """All listings of the institution as the workspace shows them, offers by what they say."""
        with self.database.read() as session:
            ids = session.scalars(select(Listing.id).where(Listing.institution_id == OWN)).all()
            return [representation.shown(one) for one in service.find_all(session, STAFF, ids)]


@pytest.fixture
def desk(empty_catalogue: Database) -> Desk:
    return Desk(empty_catalogue, fill(empty_catalogue))


def row(title: str = "Інформатика", price: str = "", **said: str) -> list[str]:
    values = {"degree": "бакалавр", "code": "F3", "year": "", "form": "", "summary": ""} | said
    return [
        title,
        values["degree"],
        values["code"],
        values["year"] or ("2027" if price else ""),
        values["form"],
        price,
        values["summary"],
    ]


def test_a_file_changes_nothing_before_it_is_published_and_all_of_it_then(desk: Desk) -> None:
    before = desk.everything(), counts(desk.database)
    file_id = desk.bring([row(summary="Нова анотація"), [*row("Нова програма", "50000", summary="Про нове")]])
    assert (desk.state(file_id), desk.counts(file_id)) == ("checked", Counts(created=1, updated=1))
    assert (desk.everything(), counts(desk.database)) == before
    desk.work(file_id, "publishing")
    assert desk.state(file_id) == "published"
    assert shown(desk.database, desk.listing_id)["fields"]["summary_uk"] == "Нова анотація"
    assert desk.titles() == ["Інформатика", "Нова програма"]
    with desk.database.read() as session:
        batches = session.scalars(select(ListingChange.batch).distinct()).all()
        assert list(batches) == [session.get_one(ListingFile, file_id).batch]


def test_a_published_file_is_undone_field_for_field(desk: Desk) -> None:
    change(desk.database, desk.listing_id, {"fields": {"faculty": "Факультет до файлу"}})
    before = desk.everything()
    rows = [
        [*row(price="61000", form="денна", summary="Нова анотація"), *FILLED],
        [*row("Цілком нова", "50000", form="заочна", summary="Про нове"), *FILLED],
        [*row("Цілком нова", "45000", form="вечірня"), *FILLED],
    ]
    file_id = desk.bring(rows, (*HEADINGS, *FULL))
    assert desk.counts(file_id) == Counts(created=1, updated=2)
    desk.work(file_id, "publishing")
    with desk.database.read() as session:
        made = session.scalars(select(Listing).where(Listing.title == "Цілком нова")).one()
        assert made.visibility == "published"
        offers = session.execute(
            select(Offer.year, Offer.form, Offer.price_uah)
            .where(Offer.listing_id == made.id)
            .order_by(Offer.price_uah)
        ).all()
    assert [tuple(one) for one in offers] == [(2027, "evening", 45000), (2027, "part_time", 50000)]
    desk.work(file_id, "undoing")
    assert desk.state(file_id) == "undone"
    assert desk.told(file_id)["stayed"] == 0
    assert desk.everything() == before
    # Undone is not lost: the same file is checked and published again.
    desk.work(file_id, "uploaded")
    assert desk.counts(file_id) == Counts(created=1, updated=2)
    desk.work(file_id, "publishing")
    assert desk.titles() == ["Інформатика", "Цілком нова"]


def test_what_somebody_changed_after_the_file_stays_when_it_is_undone(desk: Desk) -> None:
    file_id = desk.bring([row(summary="З файлу", price="61000")])
    desk.work(file_id, "publishing")
    change(desk.database, desk.listing_id, {"fields": {"summary_uk": "Пізніше руками"}})
    desk.work(file_id, "undoing")
    now = shown(desk.database, desk.listing_id)
    assert now["fields"]["summary_uk"] == "Пізніше руками"
    assert [offer["price_uah"] for offer in now["offers"]] == [None]
    assert desk.told(file_id)["stayed"] == 1


def test_every_touched_listing_stands_in_the_log_once_and_at_the_same_moment(desk: Desk) -> None:
    with desk.database.read() as session:
        before = session.scalar(select(func.count()).select_from(OutboxEntry)) or 0
    rows = [[*row(f"Програма {n}", summary="Про неї"), *FILLED] for n in range(20)]
    file_id = desk.bring(rows, (*HEADINGS, *FULL))
    desk.work(file_id, "publishing")
    with desk.database.read() as session:
        entries = session.scalars(select(OutboxEntry).order_by(OutboxEntry.position)).all()[before:]
    assert len({one.listing_id for one in entries}) == len(entries) == 20


def test_a_file_with_errors_is_repaired_line_by_line(desk: Desk) -> None:
    file_id = desk.bring([
        row(price="дорого"),
        row("Друга", "50000", degree="бакалаврик"),
        row("", "70000"),
        row("Третя", summary="Гаразд"),
    ])  # fmt: skip
    assert desk.flaws(file_id) == [(1, "offer.price_uah"), (2, "degree"), (3, "title")]
    desk.repair(file_id, 1, offer__price_uah="40 000 грн")
    desk.repair(file_id, 2, degree="Магістр")
    assert desk.flaws(file_id) == [(3, "title")]
    desk.leave_out(file_id, 3)
    assert desk.counts(file_id) == Counts(created=2, updated=1, left_out=1)
    desk.work(file_id, "publishing")
    assert set(desk.titles()) == {"Друга", "Третя", "Інформатика"}


def test_a_repaired_line_that_is_still_wrong_keeps_what_was_typed(desk: Desk) -> None:
    file_id = desk.bring([row(price="дорого")])
    desk.repair(file_id, 1, offer__price_uah="дуже дорого")
    assert desk.flaws(file_id) == [(1, "offer.price_uah")]
    with desk.database.read() as session:
        one = files.line(session, session.get_one(ListingFile, file_id), 1)
        assert one is not None
        assert one.cells[5] == "дуже дорого"


def test_a_column_that_the_file_lacks_is_added_where_a_line_needs_it(desk: Desk) -> None:
    change(
        desk.database,
        desk.listing_id,
        {"offers": [*shown(desk.database, desk.listing_id)["offers"], {"year": 2026, "form": "part_time"}]},
    )
    file_id = desk.bring(
        [["Інформатика", "2026", "41000"]], ("Назва", "Рік вступу", "Вступ: ціна за рік, грн")
    )
    assert desk.flaws(file_id) == [(1, "offer.year")]
    desk.repair(file_id, 1, offer__form="заочна")
    assert desk.counts(file_id) == Counts(updated=1)
    desk.work(file_id, "publishing")
    prices = {one["form"]: one["price_uah"] for one in shown(desk.database, desk.listing_id)["offers"]}
    assert prices == {"full_time": None, "part_time": 41000}


def test_two_lines_that_contradict_each_other_are_told_and_neither_wins(desk: Desk) -> None:
    file_id = desk.bring([row(summary="Одне"), row(summary="Інше")])
    assert desk.flaws(file_id) == [(2, "summary_uk")]
    desk.repair(file_id, 2, summary_uk="Одне")
    assert desk.counts(file_id) == Counts(updated=1, unchanged=1)


def test_leaving_out_the_first_line_of_a_new_programme_makes_the_next_one_its_first(desk: Desk) -> None:
    file_id = desk.bring([row("Нова", "50000", form="денна"), row("Нова", "45000", form="заочна")])
    assert desk.counts(file_id) == Counts(created=1, updated=1)
    desk.leave_out(file_id, 1)
    assert desk.counts(file_id) == Counts(created=1, left_out=1)
    desk.work(file_id, "publishing")
    assert desk.titles() == ["Інформатика", "Нова"]


def test_nothing_else_is_published_than_was_shown(desk: Desk) -> None:
    file_id = desk.bring([row(summary="З файлу"), row("Нова", summary="Нове")])
    change(desk.database, desk.listing_id, {"fields": {"summary_uk": "Тим часом руками"}})
    before = desk.everything(), counts(desk.database)
    desk.work(file_id, "publishing")
    # Somebody was faster: nothing is published, the difference is shown anew, and then it can be.
    assert desk.state(file_id) == "checked"
    assert desk.told(file_id)["moved"] == 1
    assert (desk.everything(), counts(desk.database)) == before
    desk.work(file_id, "publishing")
    assert desk.state(file_id) == "published"
    assert shown(desk.database, desk.listing_id)["fields"]["summary_uk"] == "З файлу"


def test_a_change_of_another_field_meanwhile_stands_in_nobodys_way(desk: Desk) -> None:
    file_id = desk.bring([row(summary="З файлу")])
    change(desk.database, desk.listing_id, {"fields": {"faculty": "Інший факультет"}})
    desk.work(file_id, "publishing")
    fields = shown(desk.database, desk.listing_id)["fields"]
    assert (fields["summary_uk"], fields["faculty"]) == ("З файлу", "Інший факультет")


def test_a_programme_made_meanwhile_is_not_made_twice(desk: Desk) -> None:
    file_id = desk.bring([row("Нова", summary="З файлу")])
    with desk.database.write() as session:
        house = session.get_one(Institution, OWN)
        values = {"title": "Нова", "degree": "bachelor", "speciality": "F3"}
        service.make(session, OFFICER, house, "programme", {"fields": values}, NOW)
    desk.work(file_id, "publishing")
    assert desk.state(file_id) == "checked"
    assert desk.counts(file_id) == Counts(updated=1)
    desk.work(file_id, "publishing")
    assert desk.titles() == ["Інформатика", "Нова"]


def test_a_draft_that_lacks_something_stays_a_draft_and_says_what(desk: Desk) -> None:
    file_id = desk.bring([row("Неповна", summary="Про неї")])
    with desk.database.read() as session:
        one = files.line(session, session.get_one(ListingFile, file_id), 1)
        assert one is not None
        assert one.gaps == ["forms", "languages", "city", "official_url"]
    desk.work(file_id, "publishing")
    assert desk.told(file_id)["drafts"] == 1
    with desk.database.read() as session:
        visible = session.scalar(select(Listing.visibility).where(Listing.title == "Неповна"))
    assert visible == "draft"


def test_drafts_are_left_in_peace_where_the_person_wants_it(desk: Desk) -> None:
    file_id = desk.bring([[*row("Повна", summary="Про неї"), *FILLED]], (*HEADINGS, *FULL))
    with desk.database.write() as session:
        session.get_one(ListingFile, file_id).publish_drafts = False
    desk.work(file_id, "publishing")
    with desk.database.read() as session:
        assert session.scalar(select(Listing.visibility).where(Listing.title == "Повна")) == "draft"


def test_a_withdrawn_listing_is_changed_and_stays_withdrawn(desk: Desk) -> None:
    with desk.database.write() as session:
        listing = service.find(session, OFFICER, desk.listing_id, to_change=True)
        assert listing is not None
        service.withdraw(session, OFFICER, listing, NOW)
    file_id = desk.bring([row(summary="З файлу")])
    desk.work(file_id, "publishing")
    now = shown(desk.database, desk.listing_id)
    assert (now["visibility"], now["fields"]["summary_uk"]) == ("withdrawn", "З файлу")


def test_what_the_file_says_stands_on_the_institutions_word(desk: Desk) -> None:
    file_id = desk.bring([row(price="61000", form="денна", summary="З файлу")])
    desk.work(file_id, "publishing")
    now = shown(desk.database, desk.listing_id)
    (offer,) = [one for one in now["offers"] if one["year"] == 2027]
    words = {name: one["origin"] for name, one in now["confirmed"].items()}
    assert words["summary_uk"] == words[f"offers.{offer['id']}.price_uah"] == "institution"
    assert words["faculty"] == "registry"


def test_a_file_of_another_institution_is_none(desk: Desk) -> None:
    file_id = desk.bring([row(summary="З файлу")])
    with desk.database.write() as session:
        assert files.find(session, STRANGER, file_id) is None
        assert files.find(session, STRANGER, "f-\0") is None
        assert files.recent(session, STRANGER) == []
        assert files.find(session, STAFF, file_id) is not None
        house = session.get_one(Institution, OWN)
        sheet = sheets.read(sheets.as_csv(HEADINGS, [row()]), "x.csv")
        assert files.receive(session, STRANGER, house, sheet, "x.csv", NOW) is None


def test_a_step_that_breaks_gives_the_file_back_and_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = desk.bring([row(summary="З файлу"), row("Нова", summary="Нове")])
    before = desk.everything(), counts(desk.database)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("made up")

    # What nobody foresees cannot be brought about by a file, so it is put in here.
    monkeypatch.setattr(making, "make", broken)
    with desk.database.write() as session:
        files.move(session.get_one(ListingFile, file_id), "publishing", NOW)
    with pytest.raises(RuntimeError):
        file_worker.publish(desk.database, file_id, lambda done, total: None)
    assert desk.state(file_id) == "publishing"
    file_worker.give_back(desk.database, file_id)
    assert desk.state(file_id) == "checked"
    assert desk.told(file_id)["failed"]
    assert (desk.everything(), counts(desk.database)) == before


def test_a_file_is_forgotten_after_a_while_and_what_it_published_is_not(desk: Desk) -> None:
    published, waiting = desk.bring([row(summary="З файлу")]), desk.bring([row(summary="Інше")])
    desk.work(published, "publishing")
    with desk.database.write() as session:
        files.move(session.get_one(ListingFile, waiting), "publishing", NOW)
    with desk.database.write() as session:
        files.forget_old(session, NOW + timedelta(days=89))
        assert len(files.recent(session, STAFF)) == 2
        files.forget_old(session, NOW + timedelta(days=91))
        assert [one.id for one in files.recent(session, STAFF)] == [waiting]
    assert shown(desk.database, desk.listing_id)["fields"]["summary_uk"] == "З файлу"


def test_progress_is_told_from_the_first_listing_to_the_last(desk: Desk) -> None:
    rows = [row(f"Програма {n}") for n in range(7)]
    file_id = desk.bring(rows)
    with desk.database.write() as session:
        files.move(session.get_one(ListingFile, file_id), "publishing", NOW)
    heard: list[tuple[int, int]] = []
    file_worker.publish(desk.database, file_id, lambda done, total: heard.append((done, total)))
    assert heard == [(n, 7) for n in range(1, 8)]
