"""The seeded lexicon keeps its own rules: a form names one thing, and what people say reaches it."""

import tomllib
from collections import defaultdict

import pytest

from applicant_portal.settings import SEED_DATA
from search.lexicon import MARK, Lexicon
from search.text import clean, telling, tokens

CONCEPTS = tomllib.loads((SEED_DATA / "search_concepts.toml").read_text())["concept"]


def folded(name: str) -> tuple[str, ...]:
    return tuple(token.surface for token in telling(tokens(clean(name))))


def test_a_form_belongs_to_one_concept() -> None:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for concept in CONCEPTS:
        for key in ("uk", "en", "ru", "abbr"):
            for name in concept.get(key, ()):
                owners[folded(name)].add(concept["id"])
    assert not {name: sorted(ids) for name, ids in owners.items() if len(ids) > 1}


def test_ids_differ() -> None:
    ids = [concept["id"] for concept in CONCEPTS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("said", "concept"),
    [
        ("кіберзахистом", "cybersecurity"),
        ("комп’ютерного зору", "computer-vision"),
        ("вчителем інформатики", "it-teacher"),
        ("Середня освіта (Інформатика)", "it-teacher"),
        ("мобільного розробника", "mobile-development"),
        ("пілотом БПЛА", "drone-operator"),
        ("пилот fpv", "fpv-drones"),
        ("верстальщиком", "web-developer"),
        ("прогером", "programmer"),
        ("админом", "system-administrator"),
        ("проджект", "project-manager"),
        ("продакт", "product-management"),
        ("етичний хакінг", "penetration-tester"),
        ("дітям УБД", "children-of-defenders"),
        ("дружини військових", "veterans-family"),
        ("переселенцям", "internally-displaced"),
        ("после ранения", "wounded"),
        ("комп’ютерних систем", "computer-systems"),
    ],
)
def test_what_people_say_reaches_its_concept(said: str, concept: str) -> None:
    found = Lexicon.read(SEED_DATA).concepts.found(telling(tokens(clean(said))))
    assert [one.term for one in found] == [MARK + concept]
