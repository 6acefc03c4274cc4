"""The seeded catalogue with an advisor over it, on a fixed day, and people who answer at random."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest
from sqlalchemy import select

from applicant_portal import migrations
from applicant_portal.advisor import queries, questionnaire
from applicant_portal.advisor.candidates import Row
from applicant_portal.advisor.questionnaire import Question, Questionnaire
from applicant_portal.advisor.service import Advisor
from applicant_portal.catalogue.models import Listing
from applicant_portal.importers import seed
from applicant_portal.kit.db import Database
from recommender.schema import Answers

TODAY = date(2026, 11, 26)
_TRACK = "track|"


@dataclass(frozen=True)
class Seeded:
    """An advisor, and by listing id what it has read of the catalogue; `track_keys`: id -> key of a track."""

    advisor: Advisor
    rows: Mapping[str, Row]
    track_keys: Mapping[str, str]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """For reading only: all tests of this process share it."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('advisor') / 'portal.sqlite3'}")
    migrations.upgrade(database.engine)
    seed.load(database, TODAY)
    with database.read() as session:
        rows = {row.id: row for row in queries.candidate_rows(session)}
        tracks = session.execute(select(Listing.id, Listing.natural_key).where(Listing.kind == "track"))
        track_keys = {listing_id: key.removeprefix(_TRACK) for listing_id, key in tracks}
    yield Seeded(Advisor(database, questionnaire.load(), lambda: TODAY), rows, track_keys)
    database.dispose()


@pytest.fixture(scope="session")
def advisor(seeded: Seeded) -> Advisor:
    return seeded.advisor


def random_answers(asking: Questionnaire, random: Random, whole: Collection[str] = ()) -> Answers:
    """What somebody answers who answers at random, to few questions or to many, asked or not; to every
    question of the sections in `whole`."""
    share = random.random()
    return {
        question.id: _random_values(question, random)
        for question in asking.questions
        if random.random() < share or question.section in whole
    }


def _random_values(question: Question, random: Random) -> tuple[str, ...]:
    values = [choice.value for choice in question.choices]
    number = random.randint(1, len(values)) if question.kind == "many" else 1
    return question.read(random.sample(values, number))
