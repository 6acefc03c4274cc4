"""What an institution says of itself: live at once, on its own word, kept from imports, and set back."""

from typing import Any

import pytest
from sqlalchemy import select

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution, OutboxEntry, PlaceFact
from applicant_portal.catalogue.stamp_groups import place_stamp
from applicant_portal.importers.merging import kept_by_institution
from applicant_portal.kit.db import Database
from applicant_portal.workspace import institution_facts
from applicant_portal.workspace.own_history import Undone
from applicant_portal.workspace.policy import By
from tests.workspace.made_up import NOW, OFFICER, OWN, REGISTER, STAFF, STRANGER, fill


class House:
    """The institution as its officer keeps it."""

    def __init__(self, database: Database, listing_id: str) -> None:
        self.database = database
        self.listing_id = listing_id

    def say(self, by: By = OFFICER, **typed: str) -> str | None:
        sent = {name.replace("__", "."): value for name, value in typed.items()}
        with self.database.write() as session:
            found = institution_facts.find(session, by, OWN, to_change=True)
            assert found is not None
            values, wrong = institution_facts.read(sent, found)
            assert not wrong
            return institution_facts.change(session, by, found, values, NOW)

    def wrong(self, **typed: str) -> list[str]:
        sent = {name.replace("__", "."): value for name, value in typed.items()}
        with self.database.read() as session:
            found = institution_facts.find(session, OFFICER, OWN)
            assert found is not None
            return [one.field for one in institution_facts.read(sent, found)[1]]

    def undo(self, batch: str | None) -> Undone | None:
        with self.database.write() as session:
            found = institution_facts.find(session, OFFICER, OWN, to_change=True)
            assert found is not None
            return institution_facts.undo(session, OFFICER, found, batch or "", NOW)

    def now(self) -> tuple[dict[str, Any], dict[str, FactStamp]]:
        """What is known, and the words it stands on."""
        with self.database.read() as session:
            found = institution_facts.find(session, STAFF, OWN)
            assert found is not None
            known = {name: value for name, value in institution_facts.content(found).items() if value}
            return known, institution_facts.stamps_of(found)

    def logged(self) -> list[str]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboxEntry.listing_id).order_by(OutboxEntry.position)))


@pytest.fixture
def house(empty_catalogue: Database) -> House:
    listing_id = fill(empty_catalogue)
    with empty_catalogue.write() as session:
        found = session.get_one(Institution, OWN)
        found.site, found.stamps = "https://old.example.edu", {"record": REGISTER}
        fact = PlaceFact(institution_id=OWN, topic="shelter", answer="no", stamps={"record": REGISTER})
        session.add(fact)
    return House(empty_catalogue, listing_id)


def test_what_is_said_is_known_at_once_on_the_institutions_word(house: House) -> None:
    before = len(house.logged())
    house.say(admission_email="Vstup@Example.edu", shelter__answer="yes", shelter__note_uk="На 200 місць")
    known, words = house.now()
    assert known == {
        "site": "https://old.example.edu",
        "admission_email": "vstup@example.edu",
        "shelter.answer": "yes",
        "shelter.note_uk": "На 200 місць",
    }
    assert {name: word.origin for name, word in words.items()} == {
        "site": "registry",
        "admission_email": "institution",
        "shelter.answer": "institution",
        "shelter.note_uk": "institution",
    }
    # The programmes' pages say it too, and the search counts shelters.
    assert house.logged()[before:] == [house.listing_id]


def test_a_save_is_undone_with_the_words_it_stood_on(house: House) -> None:
    before = house.now()
    batch = house.say(site="https://new.example.edu", shelter__answer="", dormitory__answer="yes")
    assert house.now()[0] == {"site": "https://new.example.edu", "dormitory.answer": "yes"}
    undone = house.undo(batch)
    assert undone is not None
    assert not undone.conflicts
    assert house.now() == before
    assert house.undo(batch) is None


def test_what_was_changed_since_stays_when_a_save_is_undone(house: House) -> None:
    batch = house.say(site="https://new.example.edu", dormitory__answer="yes")
    house.say(dormitory__answer="partly")
    undone = house.undo(batch)
    assert undone is not None
    assert (undone.done, undone.conflicts) == (["site"], ["dormitory.answer"])
    known, words = house.now()
    assert known["dormitory.answer"] == "partly"
    assert (known["site"], words["site"]) == ("https://old.example.edu", REGISTER)


def test_a_later_word_of_the_same_day_stays_the_institutions_own(house: House) -> None:
    batch = house.say(site="https://new.example.edu", dormitory__answer="yes")
    house.say(site="https://newest.example.edu")
    undone = house.undo(batch)
    assert undone is not None
    assert (undone.done, undone.conflicts) == (["dormitory.answer"], ["site"])
    known, words = house.now()
    assert (known["site"], words["site"].origin) == ("https://newest.example.edu", "institution")


def test_no_import_fills_in_again_what_the_institution_cleared(house: House) -> None:
    house.say(site="", shelter__answer="")
    with house.database.read() as session:
        stamps = session.get_one(Institution, OWN).stamps
    assert kept_by_institution(stamps, "site", None)
    assert kept_by_institution(stamps, place_stamp("shelter"), None)
    house.say(shelter__answer="yes")
    with house.database.read() as session:
        assert place_stamp("shelter") not in session.get_one(Institution, OWN).stamps


def test_all_is_confirmed_in_one_step_and_that_is_undone_too(house: House) -> None:
    before = house.now()
    with house.database.write() as session:
        found = institution_facts.find(session, OFFICER, OWN, to_change=True)
        assert found is not None
        batch = institution_facts.confirm(session, OFFICER, found, NOW)
    assert {word.origin for word in house.now()[1].values()} == {"institution"}
    with house.database.write() as session:
        found = institution_facts.find(session, OFFICER, OWN, to_change=True)
        assert found is not None
        assert institution_facts.confirm(session, OFFICER, found, NOW) is None
    house.undo(batch)
    assert house.now() == before


def test_a_wrong_value_is_told_at_its_field(house: House) -> None:
    assert house.wrong(admission_email="не пошта", site="сайт", shelter__answer="можливо") == [
        "site",
        "admission_email",
        "shelter.answer",
    ]
    assert house.wrong(dormitory__note_uk="На 300 місць") == ["dormitory.answer"]
    assert house.wrong(site="https://old.example.edu") == []


def test_nobody_else_keeps_it(house: House) -> None:
    with house.database.read() as session:
        assert institution_facts.find(session, STRANGER, OWN) is None
