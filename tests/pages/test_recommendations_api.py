"""The questionnaire and its suggestions for programs: what is described, answered and refused."""

from functools import cache
from random import Random
from typing import Any

import httpx
import pytest

from tests.pages.test_questionnaire import everything
from tests.servers import LiveServer

QUESTIONS = "/api/v1/questionnaire"
PATHS = "/api/v1/recommendations"
PROFILES = 100

Question = dict[str, Any]
Profile = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def questions(portal: httpx.Client) -> list[Question]:
    found: list[Question] = portal.get(QUESTIONS).json()["questions"]
    return found


@pytest.fixture(scope="module")
def profiles(questions: list[Question]) -> list[Profile]:
    """People who answer at random, to few questions or to many."""
    random = Random(20261126)
    made = []
    for _ in range(PROFILES):
        share = random.random()
        profile: Profile = {"answers": {}, "facts": {}}
        for question in questions:
            if random.random() < share:
                values = [one["value"] for one in question["answers"]]
                number = random.randint(1, min(3, len(values))) if question["kind"] == "many" else 1
                profile[question["given_under"]][question["id"]] = random.sample(values, number)
        made.append(profile)
    return made


@pytest.fixture(scope="module")
def told(portal: httpx.Client, profiles: list[Profile]) -> list[dict[str, Any]]:
    """What each of them is told."""
    return [asked(portal, profile) for profile in profiles]


def asked(portal: httpx.Client, body: Any) -> dict[str, Any]:
    answer = portal.post(PATHS, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(portal: httpx.Client, body: dict[str, Any], field: str) -> dict[str, Any]:
    """The problem that names `field`."""
    answer = portal.post(PATHS, json=body)
    assert answer.status_code == 422, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == 422
    assert problem["title"]
    assert problem["detail"]
    assert all(one["message"] for one in problem["errors"])
    fields = [one["field"] for one in problem["errors"]]
    assert all(one == field or one.startswith(f"{field}.") for one in fields), fields
    return problem


# What is described


def test_every_question_tells_its_answers_and_when_it_is_asked(questions: list[Question]) -> None:
    known = {question["id"]: question for question in questions}
    assert len(known) == len(questions)
    for question in questions:
        assert question["kind"] in ("one", "many")
        assert question["given_under"] in ("answers", "facts")
        assert question["text"]
        values = [one["value"] for one in question["answers"]]
        assert len(values) == len(set(values)) >= 2
        assert all(one["text"] for one in question["answers"])
        assert "asked_when" in question
        for other, wanted in (question["asked_when"] or {}).items():
            allowed = [one["value"] for one in known[other]["answers"]]
            assert set(wanted) <= {*allowed, None}
    assert len([one for one in questions if one["given_under"] == "facts"]) == 9


def test_nobody_is_asked_more_than_the_questionnaire_promises(questions: list[Question]) -> None:
    for who in ("school_leaver", "student", "veteran", "career", None):
        asked_of_them = [
            one for one in questions
            if one["asked_when"] is None or who in one["asked_when"]["who"]
        ]  # fmt: skip
        assert len([one for one in asked_of_them if one["given_under"] == "answers"]) <= 24


def test_questions_are_told_in_either_language(portal: httpx.Client, questions: list[Question]) -> None:
    english = portal.get(QUESTIONS, params={"lang": "en"}).json()["questions"]
    assert [one["id"] for one in english] == [one["id"] for one in questions]
    for one, other in zip(english, questions, strict=True):
        assert one["text"] != other["text"]
        assert [choice["value"] for choice in one["answers"]] == [
            choice["value"] for choice in other["answers"]
        ]
    assert portal.get(QUESTIONS, params={"lang": "de"}).status_code == 422


def test_every_answer_that_is_described_is_accepted(portal: httpx.Client, questions: list[Question]) -> None:
    for question in questions:
        values = [one["value"] for one in question["answers"]]
        for value in values:
            asked(portal, {question["given_under"]: {question["id"]: value}})
        if question["kind"] == "many":
            asked(portal, {question["given_under"]: {question["id"]: values}})
        asked(portal, {question["given_under"]: {question["id"]: []}})


def test_the_description_holds_both(portal: httpx.Client) -> None:
    described = portal.get("/api/openapi.json").json()
    paths = described["paths"]
    assert "get" in paths[QUESTIONS]
    assert set(paths[PATHS]["post"]["responses"]) >= {"200", "422"}
    assert "application/problem+json" in paths[PATHS]["post"]["responses"]["422"]["content"]
    assert paths[PATHS]["post"]["requestBody"]["required"]
    page = portal.get("/api/docs").text
    assert QUESTIONS in page
    assert PATHS in page


# What is answered


def test_nothing_said_is_answered_with_paths(portal: httpx.Client) -> None:
    found = asked(portal, {})
    assert 5 <= len(found["paths"]) <= 8
    assert found["direction"] is None
    assert found["beyond"] == []
    assert found == asked(portal, {"answers": {}, "facts": {}, "lang": "uk"})


def test_the_same_answers_get_the_same_paths_one_value_or_a_list_of_one(portal: httpx.Client) -> None:
    one = asked(portal, {"answers": {"who": "student", "code": "like"}, "facts": {"format": "online"}})
    other = asked(
        portal, {"facts": {"format": ["online", "online"]}, "answers": {"code": ["like"], "who": ["student"]}}
    )
    assert one == other


def test_terms_add_up_and_reasons_are_among_them(told: list[dict[str, Any]]) -> None:
    for found in told:
        assert [path["rank"] for path in found["paths"]] == list(range(1, len(found["paths"]) + 1))
        assert found["paths"]
        for path in found["paths"]:
            terms = {(one["code"], one["question"], one["contribution"]) for one in path["terms"]}
            assert len(terms) == len(path["terms"])
            assert abs(path["score"] - sum(one["contribution"] for one in path["terms"])) < 1e-6
            reasons = [(one["code"], one["question"], one["contribution"]) for one in path["reasons"]]
            against = [(one["code"], one["question"], one["contribution"]) for one in path["against"]]
            assert {*reasons, *against} <= terms
            assert all(contribution > 0 for _, _, contribution in reasons)
            assert all(contribution < 0 for _, _, contribution in against)
            assert len(reasons) <= 3
            assert len(against) <= 1
            assert all(one["text"] and one["source"] for one in (*path["reasons"], *path["against"]))


def test_a_counterfactual_that_is_tried_gives_the_rank_it_says(
    portal: httpx.Client, questions: list[Question], profiles: list[Profile], told: list[dict[str, Any]]
) -> None:
    under = {question["id"]: question["given_under"] for question in questions}
    tried = 0
    for profile, found in zip(profiles, told, strict=True):

        @cache
        def with_answer(question: str, *values: str, profile: Profile = profile) -> list[str]:
            changed: Profile = {key: dict(given) for key, given in profile.items()}
            changed[under[question]].pop(question, None)
            if values:
                changed[under[question]][question] = list(values)
            return [path["listing"]["id"] for path in asked(portal, changed)["paths"]]

        for path in found["paths"]:
            change = path["counterfactual"]
            if change is None:
                continue
            tried += 1
            ids = with_answer(change["question"], *change["answer"])
            listing = path["listing"]["id"]
            now = ids.index(listing) + 1 if listing in ids else None
            assert now == change["rank"] != path["rank"], (profile, path["rank"], change)
            assert change["text"]
    assert tried > PROFILES


def test_whom_every_condition_binds_still_gets_paths_or_is_told_what_to_give_way(
    portal: httpx.Client, questions: list[Question]
) -> None:
    random = Random(5)
    for _ in range(30):
        facts = {
            question["id"]: random.choice(question["answers"])["value"]
            for question in questions
            if question["given_under"] == "facts"
        }
        answers = {"who": random.choice(("student", "veteran", "career"))}
        found = asked(portal, {"answers": answers, "facts": facts})
        assert found["paths"]
        assert found["eligible"] >= 5 or found["relaxation"] or found["beyond"]
        for gives_way in [found["relaxation"]] if found["relaxation"] else []:
            without = {name: said for name, said in facts.items() if name != gives_way["question"]}
            wider = asked(portal, {"answers": answers, "facts": without})
            assert wider["eligible"] - found["eligible"] == gives_way["adds"] > 0
        within = {name: said for name, said in facts.items() if name not in found["beyond"]}
        assert asked(portal, {"answers": answers, "facts": within})["eligible"] == found["eligible"]


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_words_come_in_the_language_asked_for(portal: httpx.Client, lang: str) -> None:
    found = asked(portal, {"answers": {"who": "veteran", "network": "like_can"}, "lang": lang})
    texts = [
        one[key]
        for path in found["paths"]
        for one in (*path["reasons"], *path["against"])
        for key in ("text", "source")
    ]
    texts += [path["counterfactual"]["text"] for path in found["paths"] if path["counterfactual"]]
    assert texts
    for text in texts:
        ukrainian = any("а" <= sign <= "я" or sign in "іїєґ" for sign in text.replace("НМТ", "").lower())
        assert ukrainian is (lang == "uk"), text
    prefix = "/en/" if lang == "en" else "/"
    for path in found["paths"]:
        assert path["listing"]["url"].startswith(prefix)
        assert portal.get(path["listing"]["url"]).status_code == 200


def test_nothing_of_it_is_kept_on_the_way_or_with_us(portal: httpx.Client, live_server: LiveServer) -> None:
    before = everything(live_server)
    for _ in range(3):
        answer = portal.post(PATHS, json={"answers": {"who": "veteran", "roles": ["signals"]}})
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert "x-kept" not in answer.headers
    assert portal.get(QUESTIONS).headers["cache-control"] == "no-store"
    assert everything(live_server) == before


# What is refused


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answers": {"nothing": "x"}}, "answers.nothing"),
        ({"facts": {"nothing": "x"}}, "facts.nothing"),
        ({"answers": {"": "x"}}, "answers."),
        ({"answers": {"who": "admin"}}, "answers.who"),
        ({"answers": {"who": ""}}, "answers.who"),
        ({"answers": {"who": "Veteran"}}, "answers.who"),
        ({"answers": {"roles": ["signals", "nothing"]}}, "answers.roles"),
        ({"facts": {"place": "Атлантида"}}, "facts.place"),
        ({"facts": {"who": "veteran"}}, "facts.who"),
        ({"answers": {"money": "0"}}, "answers.money"),
        ({"answers": {"who": "veteran"}, "facts": {"who": "veteran"}}, "facts.who"),
        ({"answers": {"money": "0"}, "facts": {"money": "0"}}, "answers.money"),
        ({"answers": {"who": ["veteran", "career"]}}, "answers.who"),
        ({"facts": {"hours": ["5", "10"]}}, "facts.hours"),
        ({"answers": {"who": "veteran\x00"}}, "answers.who"),
        ({"answers": {"who\x00": "veteran"}}, "answers.who\x00"),
        ({"answers": {"who": "я" * 50_000}}, "answers.who"),
    ],
)
def test_a_wrong_answer_is_named_in_the_language_asked_for(
    portal: httpx.Client, body: dict[str, Any], field: str
) -> None:
    ukrainian = refused(portal, body, field)
    english = refused(portal, {**body, "lang": "en"}, field)
    assert ukrainian["detail"] != english["detail"]
    assert ukrainian["errors"][0]["message"] != english["errors"][0]["message"]
    assert english["detail"].isascii()
    assert len(english["errors"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"who": "veteran"}, "who"),
        ({"answers": {}, "hidden": []}, "hidden"),
        ({"answers": {"who": 5}}, "answers.who"),
        ({"answers": {"who": None}}, "answers.who"),
        ({"answers": {"who": {"value": "veteran"}}}, "answers.who"),
        ({"answers": {"roles": ["signals", None]}}, "answers.roles"),
        ({"answers": ["who"]}, "answers"),
        ({"facts": "none"}, "facts"),
        ({"lang": "de"}, "lang"),
        ({"lang": None}, "lang"),
    ],
)
def test_a_body_of_the_wrong_shape_is_named(portal: httpx.Client, body: dict[str, Any], field: str) -> None:
    refused(portal, body, field)


def test_an_unknown_name_is_not_repeated_at_full_length(portal: httpx.Client) -> None:
    answer = portal.post(PATHS, json={"answers": {"я" * 50_000: "x"}})
    assert answer.status_code == 422
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"5", b'"who"', b"{", b"\xff\xfe", b'{"answers":{"who":"\xff"}}', b"[" * 50_000,
        b'{"answers":' * 5_000, b'{"answers":{"\\ud800":"x"}}', b'{"answers":{"who":"\\ud800"}}',
        b'{"answers":{"roles":["\\udfff"]}}', b'{"answers":{"\\ud800":5}}', b'{"\\ud800":5}',
        b'{"lang":1e999}', b'{"answers":{"who":NaN}}', b'{"lang":"\\u0000"}',
        b'{"answers":{"roles":[' + b'"signals",' * 20_000 + b'"x"]}}',
    ],
)  # fmt: skip
def test_no_body_fails_in_us(portal: httpx.Client, body: bytes) -> None:
    answer = portal.post(PATHS, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422), answer.status_code
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_is_not_read(portal: httpx.Client) -> None:
    assert portal.post(PATHS, data={"answers": "x"}).status_code == 422
    assert portal.get(PATHS).status_code == 405


def test_a_body_too_large_is_refused(portal: httpx.Client) -> None:
    assert portal.post(PATHS, json={"answers": {"who": "я" * 300_000}}).status_code == 413
