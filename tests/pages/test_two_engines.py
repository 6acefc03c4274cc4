"""The same question to both engines: the same totals and counts, and nearly the same order."""

import random
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.servers import LiveServer, Meilisearch

QUESTIONS = 200
OVERLAP = 0.8

Question = dict[str, str | list[str]]


@pytest.fixture(scope="module")
def on_meilisearch(
    tmp_path_factory: pytest.TempPathFactory, meilisearch: Meilisearch
) -> Iterator[httpx.Client]:
    """The seeded portal on Meilisearch."""
    there = {"PORTAL_SEARCH_URL": meilisearch.url, "PORTAL_SEARCH_KEY": meilisearch.key}
    with (
        LiveServer(tmp_path_factory.mktemp("two") / "data", environment=there) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        yield client


def drawn(portal: httpx.Client) -> list[Question]:
    """Questions from the catalogue itself: its titles and words as they stand there (so inflected as people
    write them), beginnings of words, slips of a finger, filters, and all of these together."""
    chance = random.Random(20261125)
    first = portal.get("/api/v1/search", params={"per_page": 100}).json()
    hits = [
        hit
        for number in range(1, first["total"] // 100 + 2)
        for hit in portal.get("/api/v1/search", params={"per_page": 100, "page": number}).json()["hits"]
    ]
    questions: list[Question] = []
    while len(questions) < QUESTIONS:
        hit = chance.choice(hits)
        kind = len(questions) % 5
        text = hit["title"]
        if kind in (2, 3):
            listing = portal.get(f"/api/v1/listings/{hit['id']}").json()
            text = listing["summary"]["uk"] or text
        words = re.findall(r"[^\W\d_]{4,}", text) or ["інженерія"]
        start = chance.randrange(len(words))
        text = " ".join(words[start : start + chance.randint(1, 3)])
        if kind == 0:
            text = hit["title"]
        elif kind == 1:
            text = text[: max(3, len(text) - chance.randint(1, 4))]
        elif kind == 2:
            at = chance.randrange(1, len(text))
            text = text[:at] + text[at + 1 :]
        question: Question = {"q": "" if kind == 4 and chance.random() < 0.5 else text}
        if kind >= 3:
            fitting = {
                "kind": hit["kind"],
                "city": hit["city"],
                "degree": hit["degree"],
                "speciality": hit["speciality"] and hit["speciality"]["code"],
                "institution": hit["institution"] and hit["institution"]["edebo_id"],
            }
            facet, value = chance.choice([pair for pair in fitting.items() if pair[1]])
            question[facet] = [value, *chance.sample(list(first["facets"][facet]), chance.randint(0, 2))]
        if kind == 4:
            question["status"] = chance.choice(list(first["facets"]["status"]))
        questions.append(question)
    return questions


def test_totals_and_facets_are_equal_and_the_first_ten_nearly_so(
    portal: httpx.Client, on_meilisearch: httpx.Client
) -> None:
    shared = []
    for question in drawn(portal):
        one = portal.get("/api/v1/search", params=question).json()
        other = on_meilisearch.get("/api/v1/search", params=question).json()
        assert (one["engine"], other["engine"]) == ("embedded", "meilisearch")
        assert one["total"] == other["total"], question
        assert one["facets"] == other["facets"], question
        assert one["understood"] == other["understood"], question
        ours, theirs = ({hit["id"] for hit in answer["hits"][:10]} for answer in (one, other))
        if ours or theirs:
            shared.append(len(ours & theirs) / max(len(ours), len(theirs)))
    assert len(shared) > QUESTIONS * 0.8
    average = sum(shared) / len(shared)
    print(f"{len(shared)} answers with hits; first ten shared: {average:.3f}")
    assert average >= OVERLAP


def test_ids_and_addresses_of_listings_do_not_depend_on_the_engine(
    portal: httpx.Client, on_meilisearch: httpx.Client
) -> None:
    ask = {"sort": "title", "per_page": "100"}
    one, other = (client.get("/api/v1/search", params=ask).json() for client in (portal, on_meilisearch))
    assert one["hits"] == other["hits"]


def test_readiness_names_meilisearch(on_meilisearch: httpx.Client) -> None:
    answer = on_meilisearch.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["engine"] == answer.json()["configured"] == "meilisearch"


def test_there_is_no_notice_while_everything_works(on_meilisearch: httpx.Client) -> None:
    assert "Пошук зараз спрощений" not in on_meilisearch.get("/search").text
