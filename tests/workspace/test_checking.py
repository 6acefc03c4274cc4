"""What lines of a sheet would change: which listing a line means, what is wrong with it, what it makes of the
catalogue; and that looking changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.kit import i18n
from applicant_portal.kit.db import Database
from applicant_portal.kit.i18n import LANGUAGES, Lang
from applicant_portal.workspace import (
    books,
    checking,
    columns,
    file_publishing,
    file_template,
    files,
    representation,
    service,
    sheets,
)
from applicant_portal.workspace.plans import Checked
from applicant_portal.workspace.policy import By
from tests.seeded import Templates
from tests.workspace.made_up import NOW, OFFICER, OWN, RIVAL, STAFF, STRANGER, fill

Row = Mapping[str, str]
BACKWARDS = {"offer.study_from": "2026-09-01", "offer.study_to": "2026-08-01"}
ENDS = ({"offer.year": "2026", "offer.study_to": day} for day in ("2027-06-30", "30.06.2027"))
CYBER = {"speciality": "F5", "forms": ["full_time"], "languages": ["uk"], "city": "Харків"}
CYBER |= {"summary_uk": "Про захист", "official_url": "https://example.edu/cyber"}


@dataclass(slots=True)
class Desk:
    """An officer's sheets are read here, line by line."""

    database: Database
    ids: dict[str, str]

    def check(self, *rows: Row, by: By = OFFICER, institution: int = OWN) -> "Seen":
        """Rows by the names of their columns, as they would stand in a file."""
        with self.database.read() as session:
            return self.seen(session, rows, by, institution)

    def seen(self, session: Session, rows: Sequence[Row], by: By = OFFICER, institution: int = OWN) -> "Seen":
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines = {number: [row.get(name, "") for name in names] for number, row in enumerate(rows, start=1)}
        headings = [columns.of_heading(name) for name in names]
        assert None not in headings
        house = session.get_one(Institution, institution)
        found = checking.check(session, by, house, headings, lines, NOW)
        assert not session.new
        assert not session.dirty
        return Seen(found)


@dataclass(slots=True)
class Seen:
    found: Checked

    @property
    def outcomes(self) -> list[str | None]:
        """Of every line: what it would do, or "wrong"."""
        return ["wrong" if one.flaws else one.outcome for _, one in sorted(self.found.verdicts.items())]

    @property
    def flaws(self) -> list[tuple[int, str | None]]:
        """Lines and the columns in which something is wrong."""
        verdicts = sorted(self.found.verdicts.items())
        return [(number, flaw.column) for number, one in verdicts for flaw in one.flaws]

    @property
    def targets(self) -> list[str | None]:
        return [one.target for _, one in sorted(self.found.verdicts.items())]

    @property
    def digests(self) -> list[str | None]:
        return [one.digest for _, one in sorted(self.found.verdicts.items())]

    def said(self, lang: Lang = "uk") -> str:
        gettext = i18n.translations(lang).gettext
        return " ".join(flaw.said(gettext) for one in self.found.verdicts.values() for flaw in one.flaws)

    def fields(self, place: int = 0) -> dict[str, Any]:
        return self.found.plans[place].differs.fields

    def offers(self, place: int = 0) -> list[dict[str, Any]]:
        """What the offers that are there would say otherwise."""
        return [values for _, values in self.found.plans[place].differs.offers]

    def new_offers(self, place: int = 0) -> list[dict[str, Any]]:
        return [one.values for one in self.found.plans[place].differs.new_offers]


def furnish(database: Database) -> dict[str, str]:
    """The made-up institution with more to be confused by; ids by what they are called here."""
    ids = {"informatics": fill(database)}
    with database.write() as session:
        own, rival = session.get_one(Institution, OWN), session.get_one(Institution, RIVAL)

        def make(by: By, house: Institution, kind: str, **values: Any) -> Listing:
            made = service.make(session, by, house, kind, {"fields": values}, NOW)
            assert made is not None
            return made

        ids["bachelors"] = make(
            OFFICER, own, "programme", title="Кібербезпека", degree="bachelor", **CYBER
        ).id
        masters = make(OFFICER, own, "programme", title="Кібербезпека", degree="master", **CYBER)
        ids["masters"] = masters.id
        service.publish(session, OFFICER, masters, NOW)
        two = make(OFFICER, own, "programme", title="Дві форми", degree="bachelor", speciality="F2")
        offers = [
            {"year": 2026, "form": "full_time", "entry_base": 40, "price_uah": 40000},
            {"year": 2026, "form": "full_time", "entry_base": 520, "price_uah": 41000},
            {"year": 2026, "form": "part_time", "entry_base": 40, "price_uah": 20000},
            {"year": 2025, "form": "full_time", "entry_base": 40, "price_uah": 30000},
        ]
        service.change(session, OFFICER, two, {"offers": offers}, NOW)
        ids["two forms"] = two.id
        renamed = make(OFFICER, own, "programme", title="Стара назва", degree="bachelor", speciality="F3")
        service.change(session, OFFICER, renamed, {"fields": {"title": "Нова назва"}}, NOW)
        ids["renamed"] = renamed.id
        course = make(OFFICER, own, "course", title="Основи Python", provider="Університет А", city="Харків")
        ids["course"] = course.id
        ids["theirs"] = make(
            STRANGER, rival, "programme", title="Чужа", degree="bachelor", speciality="F3"
        ).id
        track = make(STAFF, own, "track", title="Шлях")
        ids["track"] = track.id
    return ids


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Desk]:
    """For looking only, so all tests of this file share it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('checking') / 'portal.sqlite3'}"
    templates.schema(url)
    database = Database(url)
    yield Desk(database, furnish(database))
    database.dispose()


# Which listing a line means.


@pytest.mark.parametrize(
    "row",
    [
        {"title": "Інформатика"},
        {"title": " Інформатика "},
        {"title": "Інформатика", "degree": "бакалавр", "speciality": "122"},
        {"title": "Інформатика", "speciality": "F3 Комп’ютерні науки"},
        {"title": "Інформатика", "kind": "програма"},
        {"title": "Інформатика", "faculty": "Старий факультет", "summary_uk": " Стара  анотація"},
        {"title": "Інформатика", "offer.year": "2026", "offer.form": "денна", "offer.licence_volume": "100"},
        {"title": "Інформатика", "forms": "денна", "offer.year": "2026"},
        {"title": "Інформатика", "price_uah": "40 000 грн", "price_year": "2025", "city": "ХАРКІВ"},
    ],
)
def test_a_line_that_says_what_is_there_changes_nothing(desk: Desk, row: Row) -> None:
    seen = desk.check(row)
    assert (seen.targets, seen.outcomes, seen.flaws) == ([desk.ids["informatics"]], ["unchanged"], [])
    assert seen.found.plans[0].differs.nothing


@pytest.mark.parametrize(
    "title", ["ІНФОРМАТИКА", "«Інформатика»", "Інфopматика"]
)  # the last with Latin letters
def test_a_title_is_found_in_whatever_letters_it_is_typed(desk: Desk, title: str) -> None:
    assert desk.check({"title": title}).targets == [desk.ids["informatics"]]


def test_a_number_means_its_listing_and_its_line_may_rename_it(desk: Desk) -> None:
    seen = desk.check({"id": desk.ids["informatics"], "title": "Інформатика і право"})
    assert (seen.targets, seen.outcomes) == ([desk.ids["informatics"]], ["updated"])
    assert seen.fields() == {"title": "Інформатика і право"}


def test_a_number_that_is_none_of_the_institutions_is_no_listing(desk: Desk) -> None:
    numbers = [
        desk.ids["theirs"],
        desk.ids["track"],
        "p-0000000000",
        "new:1",
        "1",
        "%",
        "'; DROP TABLE listings",
    ]
    alone = desk.check({"id": "p-nothing", "title": "Інформатика"}).said()
    for number in numbers:
        seen = desk.check({"id": number, "title": "Інформатика"})
        assert (seen.targets, seen.flaws) == ([None], [(1, "id")])
        assert seen.said() == alone
    later = desk.check({"title": "Зовсім нова"}, {"id": "new:1", "faculty": "ФІТ"})
    assert later.flaws == [(2, "id")]


def test_an_institution_sees_only_its_own(desk: Desk) -> None:
    assert desk.check({"title": "Чужа", "degree": "bachelor"}).outcomes == ["created"]
    theirs = desk.check({"title": "Чужа"}, {"title": "Інформатика"}, by=STRANGER, institution=RIVAL)
    assert theirs.outcomes == ["unchanged", "created"]
    foreign = desk.check({"title": "Інформатика", "faculty": "ФІТ"}, by=STRANGER)
    assert foreign.targets == ["new:1"]


def test_a_title_of_several_is_told_apart_by_degree_or_number(desk: Desk) -> None:
    seen = desk.check(
        {"title": "Кібербезпека", "faculty": "ФІТ"},
        {"title": "Кібербезпека", "speciality": "F5"},
        {"title": "Кібербезпека", "degree": "магістр", "faculty": "ФІТ"},
        {"title": "Кібербезпека", "degree": "bachelor", "faculty": "ФІТ"},
        {"title": "Кібербезпека", "degree": "доктор філософії", "speciality": "F5"},
    )
    assert seen.flaws == [(1, "title"), (2, "title")]
    assert seen.targets == [None, None, desk.ids["masters"], desk.ids["bachelors"], "new:5"]
    assert seen.outcomes[2:] == ["updated", "updated", "created"]


def test_a_course_and_a_programme_of_one_name_are_two(desk: Desk) -> None:
    seen = desk.check(
        {"title": "Основи Python", "kind": "курс", "faculty": ""},
        {"title": "Основи Python", "kind": "програма", "faculty": ""},
        {"title": "Основи Python", "kind": "", "faculty": "ФІТ"},
    )
    assert seen.targets == [desk.ids["course"], "new:2", "new:2"]
    assert seen.flaws == []
    wrong = desk.check({"id": desk.ids["course"], "kind": "програма", "title": "Основи Python"})
    assert wrong.flaws == [(1, "kind")]


@pytest.mark.parametrize(
    "row", [{"faculty": "ФІТ"}, {"title": "—", "faculty": "ФІТ"}, {"id": "—", "faculty": "Ф"}]
)
def test_a_line_that_names_no_listing_is_told(desk: Desk, row: Row) -> None:
    assert desk.check(row).flaws == [(1, "title")]


# What a line says of its listing.


def test_a_line_changes_what_it_says_and_leaves_the_rest(desk: Desk) -> None:
    seen = desk.check({"title": "Інформатика", "faculty": "ФІТ", "summary_uk": "", "price_uah": "45000"})
    assert seen.outcomes == ["updated"]
    assert seen.fields() == {"faculty": "ФІТ", "price_uah": 45000}


def test_a_dash_clears_what_may_be_unknown_and_nothing_else(desk: Desk) -> None:
    seen = desk.check({"title": "Інформатика", "faculty": "—", "summary_uk": "-", "title_en": "—"})
    assert seen.fields() == {"faculty": None, "summary_uk": None}
    wrong = desk.check({"id": desk.ids["informatics"], "title": "—", "state": "-"})
    assert sorted(wrong.flaws) == [(1, "state"), (1, "title")]
    nothing = desk.check(
        {"title": "Дві форми", "offer.year": "2026", "offer.form": "заочна", "offer.price_uah": "—"}
    )
    assert nothing.offers() == [{"price_uah": None}]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"price_uah": "дорого"}, "price_uah"),
        ({"price_uah": "-5"}, "price_uah"),
        ({"price_uah": "10000001"}, "price_uah"),
        ({"price_uah": "40000.50"}, "price_uah"),
        ({"price_year": "26"}, "price_year"),
        ({"title_en": "x" * 301}, "title_en"),
        ({"official_url": "javascript:alert(1)"}, "official_url"),
        ({"official_url": "https://vk.ru/"}, "official_url"),
        ({"speciality": "Z99"}, "speciality"),
        ({"region": "Рівненщина-на-Дону"}, "region"),
        ({"summary_uk": "Зіпсо\ufffdвано"}, "summary_uk"),
        ({"skills": "чаклунство"}, "skills"),
        ({"professions": "чаклун; developer"}, "professions"),
        ({"professions": "developer" * 9}, "professions"),
        ({"offer.year": "торік"}, "offer.year"),
        ({"offer.year": "2026", "offer.price_uah": "1e9"}, "offer.price_uah"),
        ({"offer.year": "2027", "offer.price_uah": "1e9"}, "offer.price_uah"),
        ({"offer.year": "2026", "offer.applications_to": "31.02.2026"}, "offer.applications_to"),
        ({"offer.year": "2026", **BACKWARDS}, "offer.study_to"),
        ({"offer.year": "2027", **BACKWARDS}, "offer.study_to"),
        ({"offer.price_uah": "40000"}, "offer.year"),
        ({"offer.year": "—", "offer.price_uah": "40000"}, "offer.year"),
        ({"for_veterans": "так"}, "for_veterans"),
        ({"provider": "Ми"}, "provider"),
        ({"kind": "трек"}, "kind"),
        ({"degree": "бакалаврище"}, "degree"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_line_and_column(desk: Desk, row: Row, column: str) -> None:
    seen = desk.check({"title": "Дві форми", "faculty": "ФІТ"}, {"title": "Інформатика", **row})
    assert seen.flaws == [(2, column)]
    assert seen.outcomes[0] == "updated"
    assert seen.said() != seen.said("en")
    fresh = desk.check({"title": "Зовсім нова", **row})
    assert fresh.flaws == [(1, column)]


def test_all_that_is_wrong_with_a_line_is_told_at_once(desk: Desk) -> None:
    seen = desk.check(
        {
            "title": "Інформатика",
            "price_uah": "дорого",
            "official_url": "x y",
            "degree": "ніякий",
            "offer.year": "2026",
            "offer.price_uah": "теж",
            "offer.study_to": "колись",
        }
    )
    told = {"price_uah", "official_url", "degree", "offer.price_uah", "offer.study_to"}
    assert {column for _, column in seen.flaws} == told


def test_hostile_text_is_text(desk: Desk) -> None:
    for text in (
        '=HYPERLINK("http://evil.example")',
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
    ):
        seen = desk.check({"title": "Інформатика", "summary_uk": text}, {"title": text, "degree": "bachelor"})
        assert seen.outcomes == ["updated", "created"]
        assert seen.fields() == {"summary_uk": text}
        assert seen.found.plans[1].listing.title == text


def test_skills_and_professions_are_told_by_name(desk: Desk) -> None:
    seen = desk.check({"title": "Інформатика", "skills": "PYTHON; testing", "professions": "designer"})
    assert seen.found.plans[0].differs.skills == ["python", "testing"]
    # Those of the speciality stay though no sheet names them.
    assert seen.found.plans[0].differs.professions == ["designer"]
    assert seen.flaws == []


def test_a_dash_clears_the_professions_that_do_not_follow_from_the_speciality(desk: Desk) -> None:
    number = {"id": desk.ids["renamed"], "professions": "—", "skills": "—"}
    assert (desk.check(number).outcomes, desk.check(number).flaws) == (["unchanged"], [])


def test_a_course_has_no_admission_and_no_fields_of_a_programme(desk: Desk) -> None:
    course = {"title": "Основи Python", "kind": "курс"}
    seen = desk.check(
        {**course, "price_uah": "0", "certificate": "так", "pace": "за розкладом", "format": "онлайн"}
    )
    assert seen.outcomes == ["updated"]
    assert seen.fields() == {"price_uah": 0, "certificate": True, "pace": "scheduled", "format": "online"}
    assert desk.check({**course, "offer.year": "2026"}).flaws == [(1, "offer.year")]
    assert desk.check({**course, "degree": "бакалавр"}).flaws == [(1, "degree")]
    # An empty column, or one emptied, is nobody's mistake.
    assert desk.check({**course, "degree": "—", "offer.year": "—", "forms": "—"}).outcomes == ["unchanged"]


# Offers.


def test_two_offers_of_a_year_are_told_apart_by_their_form_and_base(desk: Desk) -> None:
    two = {"title": "Дві форми", "offer.year": "2026", "offer.price_uah": "50000"}
    for name in ("offer.form", "offer.entry_base"):
        two[name] = ""
    assert desk.check(two).flaws == [(1, "offer.year")]
    assert desk.check(two | {"offer.form": "денна"}).flaws == [(1, "offer.year")]
    assert desk.check(two | {"offer.form": "заочна"}).offers() == [{"price_uah": 50000}]
    both = desk.check(two | {"offer.form": "денна", "offer.entry_base": "молодший спеціаліст"})
    assert both.flaws == []
    ((offer, values),) = both.found.plans[0].differs.offers
    assert (offer.entry_base, offer.price_uah, values) == (520, 41000, {"price_uah": 50000})
    assert desk.check(two | {"offer.year": "2025"}).offers() == [{"price_uah": 50000}]


def test_offers_that_nothing_tells_apart_stay_as_they_are(desk: Desk) -> None:
    """EDEBO has such: what repeats one of them changes nothing, what differs from all of them is refused."""
    session = Session(desk.database.engine)
    try:
        listing = service.find_all(session, OFFICER, [desk.ids["two forms"]])[0]
        shown = representation.shown(listing)["offers"]
        twin = {"year": 2024, "form": "full_time", "entry_base": 40, "offer_type": "contract"}
        plain = {"year": 2024, "form": "full_time"}
        twins = [twin | {"contract_places": places} for places in (5, 7)]
        service.change(session, OFFICER, listing, {"offers": [*shown, *twins, plain]}, NOW)
        session.commit()
        row = {"title": "Дві форми", "offer.year": "2024", "offer.form": "денна", "offer.entry_base": "40"}
        row |= {"offer.offer_type": "лише контракт"}
        same = desk.seen(session, [row | {"offer.contract_places": places} for places in ("5", "7")])
        assert (same.outcomes, same.flaws) == (["unchanged", "unchanged"], [])
        other = desk.seen(session, [row | {"offer.contract_places": "6"}])
        assert other.flaws == [(1, "offer.year")]
        # One of which less is known is meant by whoever says as little.
        less = {"title": "Дві форми", "offer.year": "2024", "offer.form": "денна", "offer.price_uah": "1"}
        assert (desk.seen(session, [less]).offers(), desk.seen(session, [less]).flaws) == (
            [{"price_uah": 1}],
            [],
        )
        service.change(session, OFFICER, listing, {"offers": shown}, NOW)
        session.commit()
    finally:
        session.close()


def test_an_offer_that_is_not_there_yet_is_made_and_the_others_stay(desk: Desk) -> None:
    seen = desk.check(
        {"title": "Дві форми", "offer.year": "2027", "offer.form": "денна", "offer.price_uah": "50000"},
        {"title": "Дві форми", "offer.year": "2027", "offer.form": "заочна", "offer.price_uah": "30000"},
        {"title": "Дві форми", "offer.year": "2026", "offer.form": "вечірня", "offer.price_uah": "20000"},
    )
    assert seen.outcomes == ["updated", "updated", "updated"]
    assert [(one["year"], one["form"]) for one in seen.new_offers()] == [
        (2027, "full_time"),
        (2027, "part_time"),
        (2026, "evening"),
    ]
    plan = seen.found.plans[0]
    assert not plan.differs.gone_offers
    assert not plan.differs.offers


def test_an_offer_takes_a_form_that_it_did_not_have(desk: Desk) -> None:
    """The register named no price, and whoever keeps the listing adds what is missing to the same offer."""
    seen = desk.check(
        {"title": "Інформатика", "offer.year": "2026", "offer.form": "денна", "offer.price_uah": "1"}
    )
    assert (seen.offers(), seen.new_offers()) == ([{"price_uah": 1}], [])


def test_offers_of_a_new_programme_come_with_it(desk: Desk) -> None:
    seen = desk.check(
        {"title": "Зовсім нова", "degree": "бакалавр", "offer.year": "2026", "offer.form": "денна"},
        {"title": "Зовсім нова", "degree": "бакалавр", "offer.year": "2026", "offer.form": "заочна"},
    )
    assert seen.targets == ["new:1", "new:1"]
    assert seen.outcomes == ["created", "updated"]
    assert [one["form"] for one in seen.new_offers()] == ["full_time", "part_time"]


# Lines together.


def test_two_lines_that_agree_are_one_change_and_two_that_do_not_are_told(desk: Desk) -> None:
    same = {"title": "Інформатика", "faculty": "ФІТ"}
    seen = desk.check(same, same, {"title": "ІНФОРМАТИКА".capitalize(), "department": "Кафедра"})
    assert seen.flaws == []
    assert seen.outcomes == ["updated", "unchanged", "updated"]
    assert seen.fields() == {"faculty": "ФІТ", "department": "Кафедра"}
    other = desk.check(same, {"title": "Інформатика", "faculty": "Інший"})
    assert other.flaws == [(2, "faculty")]
    assert "ФІТ" in other.said()
    cleared = desk.check(same, {"title": "Інформатика", "faculty": "—"})
    assert cleared.flaws == [(2, "faculty")]
    by_number = desk.check(same, {"id": desk.ids["informatics"], "faculty": "Інший"})
    assert by_number.flaws == [(2, "faculty")]
    offers = {"title": "Інформатика", "offer.year": "2026", "offer.price_uah": "1"}
    assert desk.check(offers, offers | {"offer.price_uah": "2"}).flaws == [(2, "offer.price_uah")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"price_uah": "40001"}, {"price_uah": "40 001 грн"}),
        ({"faculty": "ФІТ  і право"}, {"faculty": "ФІТ і право"}),
        ({"languages": "українська; англійська"}, {"languages": "en, uk"}),
        ({"city": "Київ"}, {"city": "КИЇВ"}),
        ({"degree": "master"}, {"degree": "МАГІСТР"}),
        ({"official_url": "nure.ua"}, {"official_url": "https://nure.ua"}),
        tuple(ENDS),
    ],
)  # fmt: skip
def test_two_lines_that_say_the_same_in_other_words_agree(desk: Desk, one: Row, other: Row) -> None:
    number = {"id": desk.ids["informatics"]}
    assert desk.check(number | dict(one), number | dict(other)).flaws == []


def test_the_digest_follows_what_would_change(desk: Desk) -> None:
    first, other = ({"title": "Інформатика", "faculty": name} for name in ("ФІТ", "ФПМ"))
    assert desk.check(first).digests == desk.check(first | {"faculty": " ФІТ "}).digests
    assert desk.check(first).digests != desk.check(other).digests
    assert desk.check({"title": "Зовсім нова"}).digests != desk.check({"title": "Зовсім інша"}).digests


# New listings, and names that are taken.


def test_a_new_listing_tells_what_it_lacks_to_be_shown(desk: Desk) -> None:
    seen = desk.check({"title": "Зовсім нова", "degree": "бакалавр", "speciality": "F3", "city": "Харків"})
    assert seen.outcomes == ["created"]
    gaps = {"forms", "languages", "summary_uk", "official_url"}
    assert set(seen.found.verdicts[1].gaps) == gaps
    whole = {"forms": "денна", "languages": "українська", "summary_uk": "Про все", "official_url": "nure.ua"}
    assert (
        not desk.check(
            {"title": "Зовсім нова", "degree": "бакалавр", "speciality": "F3", "city": "Х", **whole}
        )
        .found.verdicts[1]
        .gaps
    )


@pytest.mark.parametrize("title", ["х" * 301, "***", "\u200b", "Зіпсо\ufffdвано"])
def test_a_title_that_none_can_have_is_told_while_there_is_time(desk: Desk, title: str) -> None:
    seen = desk.check({"title": title, "degree": "бакалавр", "speciality": "F3"})
    if title != "***":
        assert seen.flaws == [(1, "title")]
    assert (1, "title") in desk.check({"id": desk.ids["informatics"], "title": "х" * 301}).flaws


def test_a_programme_that_is_there_already_is_not_made_again(desk: Desk) -> None:
    again = desk.check({"title": "Інформатика", "degree": "магістр", "speciality": "F3"})
    assert again.outcomes == ["created"]
    # By the name that it had when it came, too: its number follows from that.
    former = desk.check({"title": "Стара назва", "degree": "бакалавр", "speciality": "F3"})
    assert former.flaws == [(1, "title")]
    assert "Нова назва" in former.said()


def test_no_programme_becomes_another(desk: Desk) -> None:
    taken = {"id": desk.ids["renamed"], "title": "Інформатика"}
    assert desk.check(taken).flaws == [(1, "title")]
    assert desk.check(taken | {"title": " ІНФОРМАТИКА "}).flaws == [(1, "title")]
    masters = {"id": desk.ids["masters"], "title": "Кібербезпека", "degree": "бакалавр"}
    assert desk.check(masters).flaws == [(1, "degree")]
    # Also when the other is named in the sheet, or made by it.
    assert (
        desk.check(taken, {"title": "Інформатика", "faculty": "ФІТ", "degree": "бакалавр"}).flaws[0][0] == 1
    )
    both = desk.check(
        {"id": desk.ids["renamed"], "title": "Третя", "degree": "", "speciality": ""},
        {"id": desk.ids["informatics"], "title": "Третя", "degree": "", "speciality": ""},
    )
    assert len(both.flaws) == 1
    fresh = desk.check(
        {"id": "", "title": "Третя", "degree": "бакалавр", "speciality": "F3"},
        {"id": desk.ids["renamed"], "title": "Третя", "degree": "", "speciality": ""},
    )
    assert len(fresh.flaws) == 1


def test_a_name_that_the_sheet_itself_gives_away_is_told_apart_before_it_goes_in(desk: Desk) -> None:
    """Else the second run of the same sheet would find two where the first found one."""
    name, both = {"title": "Інформатика", "faculty": "ФІТ"}, {"degree": "магістр", "title": "Інформатика"}
    for rows in ([name, both], [both, name]):
        place = rows.index(name) + 1
        assert desk.check(*rows).flaws == [(place, "title")]
    renamed = {"id": desk.ids["masters"], "title": "Інформатика"}
    assert desk.check(name, renamed).flaws == [(1, "title")]
    assert desk.check(renamed, name | {"degree": "бакалавр"}).flaws == []


def test_two_programmes_may_swap_their_names(desk: Desk) -> None:
    seen = desk.check(
        {"id": desk.ids["renamed"], "title": "Інформатика"},
        {"id": desk.ids["informatics"], "title": "Нова назва"},
    )
    assert seen.outcomes == ["updated", "updated"]


def test_an_old_mistake_stands_in_nobodys_way(desk: Desk) -> None:
    """A draft lacks a lot; a line that changes one field of it is refused for none of that."""
    seen = desk.check({"title": "Нова назва", "faculty": "ФІТ"})
    assert (seen.outcomes, seen.flaws) == (["updated"], [])


# Whatever is in a sheet.

SAID: dict[str, Sequence[str]] = {
    "title": ["Інформатика", "ІНФОРМАТИКА", "Кібербезпека", "Дві форми", "Нова назва", "Стара назва", "Нова",
              "***", "=1"],
    "degree": ["", "", "бакалавр", "master", "—", "хто знає"],
    "speciality": ["", "", "F3", "122", "F5", "—", "Z9"],
    "kind": ["", "", "", "курс", "програма"],
    "forms": ["", "денна", "денна; заочна", "—"],
    "faculty": ["", "ФІТ", "Старий факультет", "—", "=1+1"],
    "price_uah": ["", "0", "40 000 грн", "дорого", "—"],
    "city": ["", "Харків", "Київ", "—"],
    "skills": ["", "python", "python; testing", "—"],
    "professions": ["", "designer", "—"],
    "provider": ["", "", "Ми"],
    "offer.year": ["", "2025", "2026", "2027", "—"],
    "offer.form": ["", "денна", "заочна", "—"],
    "offer.entry_base": ["", "40", "520", "—"],
    "offer.price_uah": ["", "1", "40000", "—", "?"],
    "offer.study_from": ["", "2026-09-01", "—"],
    "offer.study_to": ["", "2026-06-01", "2027-06-01"],
}  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(said) for name, said in SAID.items()}).map(
        lambda row: {"title": "", **row}
    ),
    min_size=1,
    max_size=5,
)
IDS = st.lists(
    st.sampled_from(["", "", "informatics", "masters", "renamed", "course", "theirs", "two forms"]),
    max_size=5,
)


@given(ROWS, IDS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_was_found_right_goes_in_and_the_same_sheet_then_changes_nothing(
    desk: Desk, rows: list[Row], named: list[str]
) -> None:
    rows = [
        {**row, "id": desk.ids.get(named[place], "") if place < len(named) else ""}
        for place, row in enumerate(rows)
    ]
    session = Session(desk.database.engine)
    try:
        left = rows
        while left:
            seen = desk.seen(session, left)
            if not seen.flaws:
                break
            left = [row for row, one in zip(left, seen.outcomes, strict=True) if one != "wrong"]
        if not left:
            return
        before = session.scalar(select(func.count()).select_from(Listing))
        house = session.get_one(Institution, OWN)
        found = desk.seen(session, left)
        file_publishing.publish(session, OFFICER, house, found.found.plans, NOW, publish_drafts=True)
        session.flush()
        session.expire_all()
        made = found.outcomes.count("created")
        assert session.scalar(select(func.count()).select_from(Listing)) == (before or 0) + made
        again = desk.seen(session, left)
        assert again.flaws == []
        assert set(again.outcomes) == {"unchanged"}
    finally:
        session.rollback()
        session.close()


# The template.


@pytest.fixture(scope="module")
def seeded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, templates: Templates
) -> Iterator[Database]:
    """The seeded portal, for looking only."""
    folder = tmp_path_factory.mktemp("seeded")
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    templates.portal(folder, url)
    database = Database(url)
    yield database
    database.dispose()


@pytest.mark.parametrize("seeded", ["sqlite", "postgresql"], indirect=True)
def test_the_template_filled_as_it_is_changes_nothing(seeded: Database) -> None:
    with seeded.read() as session:
        houses = session.scalars(
            select(Listing.institution_id)
            .where(Listing.institution_id.is_not(None), Listing.kind.in_(columns.KINDS))
            .group_by(Listing.institution_id)
            .order_by(func.count().desc(), Listing.institution_id)
            .limit(3)
        ).all()
        for number in houses:
            house = session.get_one(Institution, number)
            by = By("person:0", frozenset({number or 0}))
            for lang in LANGUAGES:
                gettext = i18n.translations(lang).gettext
                headings = file_template.headings(gettext)
                rows = list(file_template.rows(session, by, house, lang, gettext))
                assert rows
                book = books.as_workbook("А", "Б", headings, rows, file_template.notes(gettext))
                for data in (sheets.as_csv(headings, rows), book):
                    sheet = sheets.read(data, "зразок")
                    found = Seen(
                        checking.check(
                            session,
                            by,
                            house,
                            files.headings_of(sheet, "зразок"),
                            {line.number: line.cells for line in sheet.lines},
                            NOW,
                        )
                    )
                    assert found.said() == ""
                    assert set(found.outcomes) == {"unchanged"}
                    assert all(plan.differs.nothing for plan in found.found.plans)


def test_what_stands_in_no_column_is_not_lost(desk: Desk) -> None:
    """The representation after a sheet is the one before it, but for what the sheet says."""
    session = Session(desk.database.engine)
    try:
        said = {"title": "Дві форми", "faculty": "ФІТ", "offer.year": "2025", "offer.price_uah": "1"}
        before = representation.shown(service.find_all(session, OFFICER, [desk.ids["two forms"]])[0])
        seen = desk.seen(session, [said])
        file_publishing.publish(
            session, OFFICER, session.get_one(Institution, OWN), seen.found.plans, NOW, publish_drafts=False
        )
        session.flush()
        after = representation.shown(service.find_all(session, OFFICER, [desk.ids["two forms"]])[0])
        assert after["fields"] == before["fields"] | {"faculty": "ФІТ"}
        assert after["offers"][:-1] == before["offers"][:-1]
        assert after["offers"][-1] == before["offers"][-1] | {"price_uah": 1}
    finally:
        session.rollback()
        session.close()
