"""Every persona is answered well, and where it lives or what it cannot do moves nothing but filters."""

from collections.abc import Iterator
from random import Random

import pytest

from applicant_portal.advisor.service import Advisor
from recommender.features import Flags
from recommender.schema import Answers
from tests.advisor.conftest import Seeded
from tests.advisor.personas import Persona, broken, personas

PERSONAS = personas()
every_persona = pytest.mark.parametrize("persona", PERSONAS, ids=[one["key"] for one in PERSONAS])
CITIES = 4


def answers(advisor: Advisor, persona: Persona) -> Answers:
    return advisor.questionnaire.read(persona["answers"], persona["facts"])


def otherwise(advisor: Advisor, said: Answers, question: str) -> Iterator[Answers]:
    """The same person with each other single answer to a question, and without one; of cities a few."""
    values = [choice.value for choice in advisor.questionnaire.by_id[question].choices]
    if question == "place":
        if said.get("place", ("online",))[0] in ("online", "anywhere"):
            return
        cities = [city for city in values if city not in ("online", "anywhere")]
        values = Random(said["place"][0]).sample(cities, CITIES)
    for changed in [(value,) for value in values if (value,) != said.get(question)]:
        yield {**said, question: changed}
    if question in said:
        yield {name: given for name, given in said.items() if name != question}


def passing(advisor: Advisor, said: Answers) -> Flags:
    return advisor.ranker._passing(advisor.questionnaire.asked(said), ())


@every_persona
def test_a_persona_is_shown_what_it_should_be_and_nothing_it_should_not(
    seeded: Seeded, persona: Persona
) -> None:
    found = seeded.advisor.advise(answers(seeded.advisor, persona)).advice
    shown = [
        (path, seeded.rows[path.candidate.id], seeded.track_keys.get(path.candidate.id))
        for path in found.paths
    ]
    assert broken(persona, shown) == []


@every_persona
@pytest.mark.parametrize("question", ["accessibility", "place"])
def test_where_one_lives_and_what_one_needs_only_filter(
    advisor: Advisor, persona: Persona, question: str
) -> None:
    said = answers(advisor, persona)
    ranker, asked = advisor.ranker, advisor.questionnaire.asked
    open_now, standing = passing(advisor, said), ranker.standing(said)
    scores = ranker.scoring.scores(asked(said))
    for changed in otherwise(advisor, said, question):
        open_then = passing(advisor, changed)
        both = open_now & open_then
        assert (ranker.scoring.scores(asked(changed))[both] == scores[both]).all()
        if (open_now == open_then).all():
            assert ranker.standing(changed).rows == standing.rows


def test_the_same_filters_really_meet_among_the_personas(advisor: Advisor) -> None:
    """Else the comparison of whole lists above would compare nothing."""
    alike = [
        (passing(advisor, said) == passing(advisor, changed)).all()
        for said in (answers(advisor, persona) for persona in PERSONAS)
        for question in ("accessibility", "place")
        for changed in otherwise(advisor, said, question)
    ]
    assert sum(alike) >= 20
    assert not all(alike)
