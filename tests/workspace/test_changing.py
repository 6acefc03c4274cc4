"""A change of a listing: what it reads, sets, stamps and leaves in history and log."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import queries
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution, Listing, OutboxEntry
from applicant_portal.kit.db import Database
from applicant_portal.workspace import representation, service
from applicant_portal.workspace.refusals import BadValue, Gaps, SameProgramme
from tests.workspace.made_up import (
    NOBODY,
    NOW,
    OFFICER,
    OWN,
    REGISTER,
    STAFF,
    STRANGER,
    change,
    counts,
    fill,
    read_register,
    shown,
    undo,
)

NEWER = FactStamp("registry", "2027-03-01", "ЄДЕБО, реєстр")
WHOLE = {
    "title": "Кібербезпека",
    "degree": "bachelor",
    "speciality": "125",
    "forms": ["full_time"],
    "languages": ["uk"],
    "city": "Харків",
    "summary_uk": "Про захист",
    "official_url": "https://ua.example.edu/cyber",
}


@pytest.fixture
def catalogue(empty_catalogue: Database) -> tuple[Database, str]:
    return empty_catalogue, fill(empty_catalogue)


def logged(session: Session) -> list[str]:
    """What the log says after the import."""
    return list(session.scalars(select(OutboxEntry.listing_id).order_by(OutboxEntry.position)))[1:]


def refused(database: Database, listing_id: str, wanted: dict[str, Any]) -> BadValue:
    with pytest.raises(BadValue) as caught:
        change(database, listing_id, wanted)
    return caught.value


def test_a_change_is_live_stamped_and_in_the_log(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    before = shown(database, listing_id)
    changed = change(database, listing_id, {"fields": {"summary_uk": "  Нова\tанотація\x00 "}})
    after = shown(database, listing_id)
    assert list(changed.fields) == ["summary_uk"]
    assert after["fields"] == before["fields"] | {"summary_uk": "Нова анотація"}
    assert after["confirmed"]["summary_uk"] == {
        "as_of": "2026-11-26",
        "by": "Університет А",
        "origin": "institution",
    }
    assert after["confirmed"]["faculty"]["by"] == "ЄДЕБО, реєстр"
    assert representation.etag(after) != representation.etag(before)
    with database.read() as session:
        rows = service.history(session, OFFICER, listing_id)
        assert rows is not None
        assert [(row.field, row.before, row.after, row.actor) for row in rows] == [
            ("summary_uk", "Стара анотація", "Нова анотація", "person:12")
        ]
        assert rows[0].stood_on == {"summary_uk": REGISTER}
        assert logged(session) == [listing_id]


def test_a_change_rolled_back_leaves_nothing(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    before = counts(database)

    def fail() -> None:
        with database.write() as session:
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            service.change(session, OFFICER, listing, {"fields": {"faculty": "Інший"}}, NOW)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert counts(database) == before
    assert shown(database, listing_id)["fields"]["faculty"] == "Старий факультет"


def test_what_came_back_unchanged_changes_nothing(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    before, said = counts(database), shown(database, listing_id)
    assert change(database, listing_id, said) == service.Changed((), None)
    as_in_a_form = {name: "" if value is None else str(value) for name, value in said["fields"].items()}
    as_in_a_form |= {name: said["fields"][name] for name in ("forms", "languages")}
    assert change(database, listing_id, {"fields": as_in_a_form}) == service.Changed((), None)
    assert counts(database) == before
    assert shown(database, listing_id) == said


def test_an_old_bad_value_stands_in_nobodys_way(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    with database.write() as session:
        listing = session.get_one(Listing, listing_id)
        listing.summary_uk, listing.official_url, listing.languages = "я" * 5000, "javascript:1", ["eo"]
    said = shown(database, listing_id)
    said["fields"]["faculty"] = "Новий"
    assert list(change(database, listing_id, said).fields) == ["faculty"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"fields": {"nonsense": 1}}, "nonsense"),
        ({"nonsense": 1}, "nonsense"),
        ({"state": "closed"}, "state"),
        ({"id": "p-other"}, "id"),
        ({"visibility": "draft"}, "visibility"),
        ({"completeness": {}}, "completeness"),
        ({"fields": {"title": " "}}, "title"),
        ({"fields": {"title": None}}, "title"),
        ({"fields": {"title": ["a"]}}, "title"),
        ({"fields": {"summary_uk": "я" * 601}}, "summary_uk"),
        ({"fields": {"speciality": "999"}}, "speciality"),
        ({"fields": {"official_url": "javascript:alert(1)"}}, "official_url"),
        ({"fields": {"official_url": "https://a.example.ru/"}}, "official_url"),
        ({"fields": {"price_uah": -1}}, "price_uah"),
        ({"fields": {"price_uah": True}}, "price_uah"),
        ({"fields": {"price_uah": 10**30}}, "price_uah"),
        ({"fields": {"forms": ["nightly"]}}, "forms"),
        ({"fields": {"state": "open"}}, "state"),
        ({"fields": []}, "fields"),
        ({"offers": [{"id": 987}]}, "offers"),
        ({"offers": []}, "offers"),
        ({"offers": {}}, "offers"),
        ({"skills": ["nobody"]}, "skills"),
        ({"professions": []}, "professions"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    catalogue: tuple[Database, str], wanted: dict[str, Any], field: str
) -> None:
    database, listing_id = catalogue
    said = shown(database, listing_id)
    assert refused(database, listing_id, wanted).field == field
    assert shown(database, listing_id) == said


def test_all_that_is_wrong_is_told_at_once(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    said = shown(database, listing_id)
    offer = said["offers"][0] | {
        "licence_volume": "багато",
        "study_from": "2026-09-01",
        "study_to": "2026-08-01",
    }
    error = refused(
        database, listing_id, {"fields": {"degree": "king", "city": 5.5}, "offers": [offer, {"form": "dual"}]}
    )
    assert [one.field for one in error.all] == [
        "degree",
        f"offers.{offer['id']}.licence_volume",
        f"offers.{offer['id']}.study_to",
        "offers.new1.year",
    ]


def test_offers_change_and_the_doors_follow(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    said = shown(database, listing_id)
    offer = said["offers"][0]
    said["offers"] = [
        offer | {"offer_type": "contract", "price_uah": "45 000"},
        {"year": 2026, "form": "dual"},
    ]
    changed = change(database, listing_id, said)
    after = shown(database, listing_id)
    assert changed.fields[:2] == [f"offers.{offer['id']}.offer_type", f"offers.{offer['id']}.price_uah"]
    assert [one["form"] for one in after["offers"]] == ["full_time", "dual"]
    assert after["offers"][0]["price_uah"] == 45000
    with database.read() as session:
        listing = queries.listing(session, listing_id)
        assert listing is not None
        assert {door.route for door in listing.routes} == {"nmt", "interview", "contract"}
    undo(database, changed.batch)
    assert shown(database, listing_id)["offers"] == [offer]
    with database.read() as session:
        listing = queries.listing(session, listing_id)
        assert listing is not None
        assert "quota_1" in {door.route for door in listing.routes}


def test_a_new_title_moves_the_page_and_undoing_moves_it_back(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    said = shown(database, listing_id)
    changed = change(database, listing_id, {"fields": {"title": "Комп’ютерні науки та інтелект"}})
    after = shown(database, listing_id)
    old, new = said["url"].rpartition("/")[2], after["url"].rpartition("/")[2]
    with database.read() as session:
        assert queries.current_slug(session, "programme", old) == new
    undo(database, changed.batch)
    assert shown(database, listing_id) == said
    with database.read() as session:
        assert queries.current_slug(session, "programme", new) == old
        assert queries.current_slug(session, "programme", old) is None


def test_the_speciality_brings_its_professions(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    said = shown(database, listing_id)
    assert said["fields"]["speciality"] == "F3"
    assert said["professions"] == ["analyst", "developer"]
    changed = change(database, listing_id, {"fields": {"speciality": "121"}, "skills": ["testing", "python"]})
    after = shown(database, listing_id)
    assert (after["fields"]["speciality"], after["professions"]) == ("F2", ["developer"])
    assert after["skills"] == ["testing", "python"]
    undo(database, changed.batch)
    assert shown(database, listing_id) == said
    with database.read() as session:
        listing = service.find(session, OFFICER, listing_id)
        assert listing is not None
        assert listing.programme is not None
        assert listing.programme.old_speciality == "122"


def test_importers_leave_what_the_institution_said(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    change(database, listing_id, {"fields": {"summary_uk": "Своя", "price_uah": 50000, "city": "Львів"}})
    with database.write() as session:
        read_register(
            session, "Інформатика", stamp=NEWER, summary_uk="Чужа", faculty="Новий факультет", city="Одеса"
        )
    said = shown(database, listing_id)["fields"]
    assert (said["summary_uk"], said["price_uah"], said["city"]) == ("Своя", 50000, "Львів")
    assert said["faculty"] == "Новий факультет"
    with database.write() as session:
        listing = service.find(session, OFFICER, listing_id, to_change=True)
        assert listing is not None
        confirmed = service.confirm(session, OFFICER, [listing], NOW)
        assert confirmed is not None
    told = shown(database, listing_id)
    assert {one["by"] for one in told["confirmed"].values()} == {"Університет А"}
    with database.write() as session:
        read_register(session, "Інформатика", stamp=NEWER, faculty="Ще новіший", state="closed")
    assert shown(database, listing_id) == told


def test_confirming_twice_says_it_once_and_can_be_undone(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    said, before = shown(database, listing_id), counts(database)
    batches = []
    for _ in range(2):
        with database.write() as session:
            listing = service.find(session, OFFICER, listing_id, to_change=True)
            assert listing is not None
            confirmed = service.confirm(session, OFFICER, [listing], NOW)
            assert confirmed is not None
            batches.append(confirmed.batch)
    assert batches[1] is None
    assert counts(database)[1] == before[1] + 1
    with database.read() as session:
        rows = service.history(session, OFFICER, listing_id)
        assert rows is not None
        assert [(row.field, row.after) for row in rows] == [("confirmed", "2026-11-26")]
    undo(database, batches[0])
    assert shown(database, listing_id) == said


def test_a_draft_is_unseen_until_it_is_whole_and_published(catalogue: tuple[Database, str]) -> None:
    database, _ = catalogue
    log = counts(database)[1]
    with database.write() as session:
        institution = session.get_one(Institution, OWN)
        made = service.make(
            session, OFFICER, institution, "programme", {"fields": {"title": "Кібербезпека"}}, NOW
        )
        assert made is not None
        draft_id = made.id
        assert set(service.gaps(made)) == set(WHOLE) - {"title"}
        with pytest.raises(Gaps) as missing:
            service.publish(session, OFFICER, made, NOW)
        assert "degree" in missing.value.fields
    change(database, draft_id, {"fields": WHOLE})
    with database.read() as session:
        assert queries.listing(session, draft_id) is None
    assert counts(database)[1] == log
    with database.write() as session:
        draft = service.find(session, OFFICER, draft_id, to_change=True)
        assert draft is not None
        published = service.publish(session, OFFICER, draft, NOW)
        assert published is not None
    with database.read() as session:
        assert queries.listing(session, draft_id) is not None
    assert counts(database)[1] == log + 1
    with database.write() as session:
        found = service.find(session, OFFICER, draft_id, to_change=True)
        assert found is not None
        service.close(session, OFFICER, found, NOW)
        assert found.state == "closed"
        service.reopen(session, OFFICER, found, NOW)
        assert found.state == "running"
        withdrawn = service.withdraw(session, OFFICER, found, NOW)
        assert withdrawn is not None
    with database.read() as session:
        assert queries.listing(session, draft_id) is None
    undo(database, withdrawn.batch)
    with database.read() as session:
        assert queries.listing(session, draft_id) is not None


def test_the_same_programme_is_named(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    wanted = {"fields": {"title": "ІНФОРМАТИКА", "degree": "bachelor", "speciality": "F3"}}
    with database.write() as session:
        institution = session.get_one(Institution, OWN)
        with pytest.raises(SameProgramme) as same:
            service.make(session, OFFICER, institution, "programme", wanted, NOW)
        assert same.value.listing_id == listing_id
        original = service.find(session, OFFICER, listing_id)
        assert original is not None
        with pytest.raises(SameProgramme):
            service.copy(session, OFFICER, original, {"fields": {"title": "Інформатика"}}, NOW)
        copy = service.copy(session, OFFICER, original, {"fields": {"title": "Інформатика 2"}}, NOW)
        assert copy is not None
        said = representation.shown(copy)
        assert (said["visibility"], said["offers"], said["fields"]["price_uah"]) == ("draft", [], None)
        assert said["fields"]["faculty"] == "Старий факультет"
        assert said["professions"] == ["analyst", "developer"]
        copied = copy.id
    with pytest.raises(SameProgramme):
        change(database, copied, {"fields": {"title": "Інформатика"}})


def test_what_a_batch_made_and_published_goes_when_it_is_undone(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    said = shown(database, listing_id)
    with database.write() as session:
        batch = service.Batch()
        institution = session.get_one(Institution, OWN)
        made = service.make(
            session, OFFICER, institution, "programme", {"fields": WHOLE, "skills": ["python"]}, NOW, batch
        )
        assert made is not None
        service.publish(session, OFFICER, made, NOW, batch)
        listing = service.find(session, OFFICER, listing_id, to_change=True)
        assert listing is not None
        service.change(session, OFFICER, listing, {"fields": {"faculty": "Інший"}}, NOW, batch)
        assert logged(session) == []
        batch.finish(session, NOW)
        assert logged(session) == [made.id, listing_id]
    undone = undo(database, batch.id)
    assert not undone.conflicts
    assert shown(database, listing_id) == said
    with database.read() as session:
        assert session.get(Listing, made.id) is None


def test_undoing_keeps_what_was_changed_since(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    first = change(database, listing_id, {"fields": {"faculty": "Перший", "department": "Кафедра"}})
    change(database, listing_id, {"fields": {"faculty": "Другий"}}, STAFF)
    undone = undo(database, first.batch)
    assert [row.field for row in undone.done] == ["department"]
    assert [row.field for row in undone.conflicts] == ["faculty"]
    said = shown(database, listing_id)["fields"]
    assert (said["faculty"], said["department"]) == ("Другий", None)
    again = undo(database, first.batch)
    assert (again.batch, list(again.done)) == (None, [])
    undo(database, undone.batch)
    assert shown(database, listing_id)["fields"]["department"] == "Кафедра"


@pytest.mark.parametrize("by", [STRANGER, NOBODY])
def test_a_foreign_listing_is_not_there(catalogue: tuple[Database, str], by: service.By) -> None:
    database, listing_id = catalogue
    changed = change(database, listing_id, {"fields": {"faculty": "Свій"}})
    before = counts(database)
    assert changed.batch is not None
    with database.write() as session:
        assert service.listings(session, by).total == 0
        assert service.find(session, by, listing_id) is None
        assert service.find(session, by, listing_id, to_change=True) is None
        assert service.history(session, by, listing_id) is None
        assert service.undo(session, by, changed.batch, NOW) is None
        own = service.find(session, OFFICER, listing_id)
        institution = session.get_one(Institution, OWN)
        assert own is not None
        assert service.change(session, by, own, {"fields": {"faculty": "Чужий"}}, NOW) is None
        assert service.confirm(session, by, [own], NOW) is None
        assert service.make(session, by, institution, "programme", {"fields": {"title": "А"}}, NOW) is None
        assert service.copy(session, by, own, {"fields": {"title": "А"}}, NOW) is None
        for act in (service.publish, service.withdraw, service.close, service.reopen):
            assert act(session, by, own, NOW) is None
    assert counts(database) == before


def test_courses_and_tracks_are_kept_too(catalogue: tuple[Database, str]) -> None:
    database, _ = catalogue
    with database.write() as session:
        institution = session.get_one(Institution, OWN)
        track_says = {
            "fields": {
                "title": "Ваучер",
                "organiser_uk": "Служба зайнятості",
                "eligibility": [{"uk": "Ветерани", "en": "Veterans", "audience": "combatant"}],
                "valid_from": "01.02.2026",
            }
        }
        assert service.make(session, OFFICER, institution, "track", track_says, NOW) is None
        track = service.make(session, STAFF, None, "track", track_says, NOW)
        course = service.make(session, OFFICER, institution, "course", {"fields": {"title": "Курс"}}, NOW)
        assert track is not None
        assert course is not None
        assert track.provider == "Служба зайнятості"
        assert track.stamps["record"].origin == "portal"
    said = shown(database, track.id)
    assert said["fields"]["valid_from"] == "2026-02-01"
    changed = change(
        database, track.id, {"fields": {"valid_to": "2026-03-01", "organiser_uk": "Інша", "steps": []}}, STAFF
    )
    assert list(changed.fields) == ["valid_to", "organiser_uk"]
    undo(database, changed.batch, STAFF)
    assert shown(database, track.id) == said
    assert refused_of(database, track.id) == "valid_to"


def refused_of(database: Database, listing_id: str) -> str:
    with pytest.raises(BadValue) as caught:
        change(database, listing_id, {"fields": {"valid_to": "2026-01-01"}}, STAFF)
    return caught.value.field


def test_the_list_asks_a_fixed_number_of_times(catalogue: tuple[Database, str]) -> None:
    database, listing_id = catalogue
    with database.write() as session:
        institution = session.get_one(Institution, OWN)
        for number in range(5):
            service.make(session, OFFICER, institution, "course", {"fields": {"title": f"К {number}"}}, NOW)
    with database.read() as session:
        page = service.listings(session, OFFICER, per_page=3, page=2)
        assert (page.total, len(page.items)) == (6, 3)
        assert all(representation.shown(one)["id"] == one.id for one in page.items)
        assert [one.id for one in service.listings(session, OFFICER, words="інформ").items] == [listing_id]
        assert service.listings(session, OFFICER, kind="course", visibility="draft").total == 5
        assert service.listings(session, STAFF, institution_id=OWN).total == 6
