"""The questionnaire as people meet it: a code, a question a page, a result they can change and erase."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import count
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from applicant_portal.advisor import codes
from applicant_portal.catalogue.models import PathEvent, Questionnaire
from applicant_portal.catalogue.reports import CODE_ALPHABET
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.servers import LiveServer

HOME = "/questionnaire"
QUESTIONS, FACTS = 24, 9
OFFERED_FROM = 12
TRIES = 20
BEGINNINGS = 200
_ADDRESSES = count(1)


class Page(HTMLParser):
    """What a form, its links and its words say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[dict[str, str]] = []
        self.links: list[str] = []
        self.errors: list[str] = []
        self.heading = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("input", "button"):
            self.fields.append(given)
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "p" and "error" in given.get("class", "").split():
            self.errors.append("")
        if tag in ("p", "h1"):
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for tag, given in self._open:
            if tag == "h1":
                self.heading += data
            elif "error" in given.get("class", "").split():
                self.errors[-1] += data

    @property
    def asked(self) -> str:
        return next(one["value"] for one in self.fields if one.get("name") == "asked")

    @property
    def values(self) -> list[str]:
        return [one["value"] for one in self.fields if one.get("name") == "value"]

    @property
    def chosen(self) -> list[str]:
        return [one["value"] for one in self.fields if one.get("name") == "value" and "checked" in one]

    @property
    def is_many(self) -> bool:
        return any(one.get("type") == "checkbox" for one in self.fields if one.get("name") == "value")

    def typed(self, name: str) -> str:
        return next(one.get("value", "") for one in self.fields if one.get("name") == name)


class Visitor:
    """One person's browser: cookies of its own, and an address of its own, since some acts are bounded by
    it. It checks what holds for every page."""

    def __init__(self, server: LiveServer, lang: str = "uk") -> None:
        number = next(_ADDRESSES)
        # Without encryption: reading the certificates of the world takes 15 ms each time.
        here = httpx.HTTPTransport(local_address=f"127.1.{number // 250}.{number % 250 + 1}", verify=False)
        self.client = httpx.Client(base_url=server.url, timeout=60, transport=here)
        self.prefix = "/en" if lang == "en" else ""
        self.at = HOME

    def get(self, path: str) -> httpx.Response:
        return self._checked(self.client.get(self.prefix + path))

    def post(self, path: str, **data: Any) -> httpx.Response:
        headers = {"origin": str(self.client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
        return self._checked(self.client.post(self.prefix + path, data=data, headers=headers))

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code < 500
        if answer.status_code in (200, 303, 422, 429):
            assert answer.headers["cache-control"] == "no-store"
        if answer.status_code == 303:
            assert answer.headers["location"].startswith(self.prefix + "/")
            self.at = answer.headers["location"].removeprefix(self.prefix)
        return answer

    def begin(self) -> "Visitor":
        assert self.post(HOME).status_code == 303
        return self

    @property
    def code(self) -> str | None:
        """The code in the cookie; both languages have the same."""
        found = {one.path: one.value for one in self.client.cookies.jar if one.name == "questionnaire"}
        assert found.keys() in ({HOME, f"/en{HOME}"}, set())
        assert len(set(found.values())) == bool(found)
        return next(iter(found.values()), None)

    def page(self) -> Page:
        """The page somebody was sent to."""
        answer = self.get(self.at)
        assert answer.status_code == 200
        return Page(answer.text)

    def answer(self, *values: str, act: str = "next", question: str | None = None) -> httpx.Response:
        """Answer the question of the page somebody stands at, or `question`."""
        asked = question or self.page().asked
        return self.post(self.at.partition("?")[0], asked=asked, value=list(values), act=act)

    def stored(self, question: str) -> list[str]:
        """What is ticked when the question is looked at again."""
        return next(page.chosen for _, page in self.steps() if page.asked == question)

    def steps(self) -> Iterator[tuple[int, Page]]:
        """All questions of this person, looked at one after the other."""
        for number in range(1, QUESTIONS + FACTS + 1):
            answer = self.get(f"{HOME}/{number}")
            if answer.status_code != 200:
                return
            yield number, Page(answer.text)

    def result(self) -> str:
        answer = self.get(f"{HOME}/result")
        assert answer.status_code == 200
        return answer.text


def cards(result: str) -> list[str]:
    """The listing ids of a result, from the first place on."""
    return re.findall(r'<article[^>]* id="card-([^"]+)"', result)


def words(html: str) -> str:
    plain = re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL))
    return plain.replace("\u00a0", " ")


@pytest.fixture
def visitor(live_server: LiveServer) -> Iterator[Visitor]:
    one = Visitor(live_server)
    yield one.begin()
    one.client.close()


@pytest.fixture
def another(live_server: LiveServer) -> Iterator[Visitor]:
    one = Visitor(live_server)
    yield one.begin()
    one.client.close()


@pytest.fixture(scope="module")
def questions(portal: httpx.Client) -> dict[str, dict[str, Any]]:
    found = portal.get("/api/v1/questionnaire").json()["questions"]
    return {one["id"]: one for one in found}


@contextmanager
def database_of(server: LiveServer) -> Iterator[Database]:
    database = Database(Settings(data_dir=server.data_dir).database_url)
    try:
        yield database
    finally:
        database.dispose()


def owner(server: LiveServer, code: str | None) -> str:
    assert code is not None
    return codes.hashed(code, Settings(data_dir=server.data_dir).signing_secret)


def noted(server: LiveServer, code: str | None) -> list[tuple[str, str, int]]:
    """What was noted under a code: kind, listing, place."""
    with database_of(server) as database, database.read() as session:
        rows = session.scalars(select(PathEvent).where(PathEvent.code_hash == owner(server, code)))
        return sorted((row.kind, row.listing_id, row.position) for row in rows)


def everything(server: LiveServer) -> list[tuple[Any, ...]]:
    """All that is kept of anybody."""
    with database_of(server) as database, database.read() as session:
        rows = session.scalars(select(Questionnaire).order_by(Questionnaire.code_hash))
        kept = [(one.code_hash, one.answers, one.passed, one.hidden, one.moved, one.consent) for one in rows]
        return [*kept, ("events", session.scalar(select(func.count()).select_from(PathEvent)))]


def wrong_in_one_place(answer: httpx.Response) -> None:
    """A form that came back: one sentence at the field, and a summary that leads to it."""
    assert answer.status_code == 422
    page = Page(answer.text)
    assert len(page.errors) == 1
    assert len(page.errors[0].split()) > 3
    assert re.search("<title>(Помилка:|Error:)", answer.text)
    assert "#choices" in page.links
    assert 'id="choices"' in answer.text


# The code


def test_who_starts_gets_a_code_in_a_cookie_for_these_pages_alone(live_server: LiveServer) -> None:
    one = Visitor(live_server)
    started = one.post(HOME)
    assert started.headers["location"] == f"{HOME}/1"
    cookies = [text.lower() for text in started.headers.get_list("set-cookie")]
    assert len(cookies) == 2
    for cookie, path in zip(cookies, (HOME, f"/en{HOME}"), strict=True):
        parts = [part.strip() for part in cookie.split(";")]
        name, _, code = parts[0].partition("=")
        assert name == "questionnaire"
        assert code == one.code
        assert {"httponly", "samesite=lax", f"path={path}", f"max-age={90 * 86400}"} <= set(parts)
        assert not any(part.startswith("domain") for part in parts)
    assert one.code is not None
    assert set(one.code) <= set(CODE_ALPHABET)
    assert codes.shown(one.code) in one.get(f"{HOME}/1").text


def test_looking_at_the_start_begins_nothing(live_server: LiveServer) -> None:
    before = everything(live_server)
    one = Visitor(live_server)
    page = one.get(HOME)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    for path in ("1", "12", "result", "answers"):
        assert one.get(f"{HOME}/{path}").headers["location"] == HOME
    for path in ("1", "hide", "consent"):
        assert one.post(f"{HOME}/{path}", asked="who", value="veteran", listing="x", agree="yes").headers[
            "location"
        ] == (HOME if path != "consent" else f"{HOME}/result#consent")
    one.post(f"{HOME}/erase")
    assert everything(live_server) == before


def test_other_pages_are_not_sent_the_code_and_stay_kept(visitor: Visitor) -> None:
    visitor.answer("student")
    for address in ("/search?kind=course", "/en/search?kind=course", "/", "/privacy"):
        visitor.client.get(address)
        answer = visitor.client.get(address)
        assert "cookie" not in answer.request.headers
        assert answer.headers["x-kept"] == "hit"
    for address in (HOME, f"/en{HOME}", f"{HOME}/1", f"/en{HOME}/result"):
        answer = visitor.client.get(address)
        assert "cookie" in answer.request.headers
        assert "x-kept" not in answer.headers


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_code_opens_the_answers_on_another_device_however_it_is_typed(
    visitor: Visitor, live_server: LiveServer, lang: str
) -> None:
    visitor.answer("veteran")
    visitor.answer("signals", "infantry")
    code = visitor.code
    assert code is not None
    cyrillic = code.translate(str.maketrans("aecpxykmhtb", "аесрхукмнтв"))
    for typed in (code, codes.shown(code), code.upper(), f" {' '.join(code)} ", cyrillic, cyrillic.upper()):
        other = Visitor(live_server, lang)
        assert other.post(f"{HOME}/resume", code=typed).status_code == 303
        assert other.at == f"{HOME}/3"
        assert other.code == code
        assert sorted(other.stored("roles")) == ["infantry", "signals"]


def test_a_code_that_nobody_has_comes_back_as_typed_with_one_sentence(live_server: LiveServer) -> None:
    one = Visitor(live_server)
    for typed in ("kx7m-p2wd", "", "щось", "<b>kx7m</b>", "\x00" * 8, "a" * 5000):
        answer = one.post(f"{HOME}/resume", code=typed)
        assert answer.status_code == 422
        page = Page(answer.text)
        assert len(page.errors) == 1
        assert "#code" in page.links
        assert page.typed("code").replace("\x00", "") == typed.replace("\x00", "").replace("\ufffd", "")
        assert "set-cookie" not in answer.headers


def test_after_twenty_tries_codes_are_refused_for_a_while_to_that_address_only(
    visitor: Visitor, live_server: LiveServer
) -> None:
    guessing = Visitor(live_server)
    tried = [guessing.post(f"{HOME}/resume", code=codes.new_code()) for _ in range(TRIES)]
    assert {answer.status_code for answer in tried} == {422}
    # Also the right one: else a guess would tell.
    refused = guessing.post(f"{HOME}/resume", code=visitor.code)
    assert refused.status_code == 429
    assert "set-cookie" not in refused.headers
    assert Page(refused.text).errors
    assert Visitor(live_server).post(f"{HOME}/resume", code=visitor.code).status_code == 303


def test_nobody_fills_the_table_with_beginnings(live_server: LiveServer) -> None:
    one = Visitor(live_server)
    assert {one.post(HOME).status_code for _ in range(BEGINNINGS)} == {303}
    code = one.code
    refused = one.post(HOME)
    assert refused.status_code == 429
    assert "set-cookie" not in refused.headers
    assert one.code == code
    assert one.get(f"{HOME}/1").status_code == 200
    Visitor(live_server).begin()


# The questions


def test_each_question_has_an_address_of_its_own_with_nothing_of_the_answers_in_it(visitor: Visitor) -> None:
    visited = [visitor.at]
    for values in (["veteran"], ["signals", "medic"], ["like_can"], ["no"], ["can"]):
        number, page = len(visited), visitor.page()
        known = [value for value in values if value in page.values] or page.values[:1]
        assert visitor.answer(*known).status_code == 303
        assert visitor.at == f"{HOME}/{number + 1}"
        visited.append(visitor.at)
    assert visited == [f"{HOME}/{number}" for number in range(1, 7)]


@pytest.mark.parametrize("who", ["school_leaver", "student", "veteran", "career", None])
def test_every_question_may_be_passed_over(visitor: Visitor, who: str | None) -> None:
    visitor.answer(who) if who else visitor.answer(act="skip")
    seen = ["who"]
    while visitor.at != f"{HOME}/result":
        page = visitor.page()
        assert page.asked not in seen
        seen.append(page.asked)
        assert visitor.answer(act="skip").status_code == 303
        assert len(seen) <= QUESTIONS + FACTS
    assert ("roles" in seen) is (who == "veteran")
    assert ("background" in seen) is (who in ("student", "career", None))
    assert seen[-1] == "routes"
    assert len(cards(visitor.result())) >= 5


def test_nobody_is_asked_more_than_twenty_four_questions_and_nine_conditions(
    live_server: LiveServer, questions: dict[str, dict[str, Any]]
) -> None:
    random = Random(3)
    for who in ("school_leaver", "student", "veteran", "career"):
        one = Visitor(live_server).begin()
        seen: list[str] = []
        one.answer(who)
        while one.at != f"{HOME}/result":
            page = one.page()
            seen.append(page.asked)
            chosen = random.sample(page.values, random.randint(1, len(page.values)) if page.is_many else 1)
            assert one.answer(*chosen).status_code == 303
        facts = [name for name in seen if questions[name]["given_under"] == "facts"]
        assert len(facts) <= FACTS
        assert len(seen) - len(facts) + 1 <= QUESTIONS
        assert len(set(seen)) == len(seen)
        asked = [number for number, _ in one.steps()]
        assert len(asked) <= QUESTIONS + FACTS
        assert one.get(f"{HOME}/{len(asked) + 1}").status_code == 303


def test_going_back_shows_what_was_chosen(visitor: Visitor) -> None:
    visitor.answer("career")
    visitor.answer("teaching", "medicine")
    back = visitor.page().links
    assert f"{HOME}/2" in back
    visitor.at = f"{HOME}/2"
    assert sorted(visitor.page().chosen) == ["medicine", "teaching"]
    visitor.at = f"{HOME}/1"
    assert visitor.page().chosen == ["career"]
    visitor.answer("veteran")
    assert visitor.at == f"{HOME}/2"
    assert visitor.page().asked == "roles"
    assert visitor.page().chosen == []


@pytest.mark.parametrize("lang", ["uk", "en"])
@pytest.mark.parametrize("value", ["admin", "", "veteran\x00", "<script>alert(1)</script>", "я" * 5000])
def test_a_value_that_is_no_answer_comes_back_and_what_was_kept_stays(
    live_server: LiveServer, lang: str, value: str
) -> None:
    one = Visitor(live_server, lang).begin()
    one.answer("student")
    answer = one.post(f"{HOME}/1", asked="who", value=value, act="next")
    wrong_in_one_place(answer)
    assert "<script>alert" not in answer.text
    assert Page(answer.text).asked == "who"
    assert one.stored("who") == ["student"]


def test_two_answers_to_a_question_with_one_are_refused(visitor: Visitor) -> None:
    wrong_in_one_place(visitor.answer("veteran", "student"))
    assert visitor.stored("who") == []


def test_going_on_without_a_choice_is_refused_and_what_was_kept_stays(visitor: Visitor) -> None:
    visitor.answer("student")
    visitor.at = f"{HOME}/1"
    wrong_in_one_place(visitor.answer())
    assert visitor.stored("who") == ["student"]
    visitor.answer(act="skip", question="who")
    assert visitor.stored("who") == []


@pytest.mark.parametrize(
    ("typed", "role"), [("мавік", "drone-pilot"), ("радист", "signals"), (" МАВІК ", "drone-pilot")]
)
@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_role_is_found_by_a_plain_word_and_the_ticks_stay(
    live_server: LiveServer, lang: str, typed: str, role: str
) -> None:
    one = Visitor(live_server, lang).begin()
    one.answer("veteran")
    everything_there = one.page().values
    answer = one.post(f"{HOME}/2", asked="roles", value=["infantry", "air-defence"], act="find", words=typed)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert role in page.values
    assert sorted(page.chosen) == ["air-defence", "infantry"]
    assert len(page.values) < 12 < len(everything_there)
    assert page.typed("words") == typed
    assert one.stored("roles") == []
    assert one.answer("infantry", "air-defence", role).headers["location"] == f"{one.prefix}{HOME}/3"
    assert sorted(one.stored("roles")) == sorted(("infantry", "air-defence", role))


def test_a_word_that_no_role_has_says_so_and_nothing_finds_all(visitor: Visitor) -> None:
    visitor.answer("veteran")
    every = visitor.page().values
    nothing = visitor.post(f"{HOME}/2", asked="roles", value=["medic"], act="find", words="щщщ<b>")
    assert "<b>" not in nothing.text.partition('type="search"')[2].partition(">")[0]
    assert "Такого слова у списку немає" in re.sub(r'data-none="[^"]*"', "", nothing.text)
    again = visitor.post(f"{HOME}/2", asked="roles", act="find", words="  ")
    assert Page(again.text).values == every


def test_the_result_is_offered_from_question_twelve_on_and_is_there_from_the_start(visitor: Visitor) -> None:
    assert len(cards(visitor.result())) >= 5
    visitor.answer("student")
    assert len(cards(visitor.result())) >= 5
    for number, page in visitor.steps():
        assert (f"{HOME}/result" in page.links) is (number >= OFFERED_FROM), number


def settled_early(server: LiveServer) -> tuple[Visitor, list[str], dict[str, str]]:
    """Somebody who was spared questions: with the ids asked, and the answers given."""
    tasks = {"network": "like_can", "server": "like"}
    for who, liked, rest in (
        ("school_leaver", tasks, "no"), ("veteran", tasks, "no"), ("career", tasks, "no"),
        ("school_leaver", {"code": "like_can"}, "no"), ("career", {"screen": "like_can"}, "no"),
        ("student", {}, "no"), ("student", {"security": "like_can"}, "can"),
    ):  # fmt: skip
        one = Visitor(server).begin()
        given = {"who": who}
        one.answer(who)
        seen = ["who"]
        while True:
            page = one.page()
            if page.asked == "place":
                break
            seen.append(page.asked)
            value = liked.get(page.asked, rest)
            if value in page.values:
                given[page.asked] = value
                one.answer(value)
            else:
                one.answer(act="skip")
        if len(seen) < QUESTIONS - 1:
            return one, seen, given
    raise AssertionError("nobody was spared a question")


def test_questions_that_would_change_nothing_are_spared_and_the_page_says_so(
    live_server: LiveServer, questions: dict[str, dict[str, Any]], portal: httpx.Client
) -> None:
    one, seen, given = settled_early(live_server)
    assert len(seen) >= OFFERED_FROM
    page = one.get(one.at)
    assert "Перші три шляхи вже визначилися" in words(page.text)
    assert f"{HOME}/answers" in Page(page.text).links

    def first_three(answers: dict[str, str]) -> list[str]:
        told = portal.post("/api/v1/recommendations", json={"answers": answers}).json()
        return [path["listing"]["id"] for path in told["paths"][:3]]

    now = first_three(given)
    assert cards(one.result())[:3] == now
    spared = [
        question for question in questions.values()
        if question["section"] in ("task", "interest") and question["id"] not in given
    ]  # fmt: skip
    assert spared
    for question in spared:
        for choice in question["answers"]:
            assert first_three({**given, question["id"]: choice["value"]}) == now
    # They can be answered all the same.
    for _ in range(2):
        assert one.answer(act="skip").status_code == 303
    assert "вже визначилися" not in one.get(one.at).text


# The result


def test_a_changed_answer_comes_back_to_the_result_and_tells_what_moved(visitor: Visitor) -> None:
    visitor.answer("student")
    visitor.answer(act="skip")
    visitor.answer("like_can")
    before = cards(visitor.result())
    links = Page(visitor.get(f"{HOME}/answers").text).links
    assert f"{HOME}/3?change=1" in links
    visitor.at = f"{HOME}/3?change=1"
    page = visitor.page()
    assert page.typed("changing") == "true"
    assert f"{HOME}/result" in page.links
    # A mistake on the way does not lose it.
    for wrong in ({"value": "nonsense"}, {}):
        answer = visitor.post(f"{HOME}/3", asked=page.asked, act="next", changing="true", **wrong)
        wrong_in_one_place(answer)
        assert Page(answer.text).typed("changing") == "true"
    visitor.post(f"{HOME}/3", asked=page.asked, value="no", act="next", changing="true")
    assert visitor.at == f"{HOME}/result"
    result = visitor.result()
    assert "Змінено: лагодити зв’язок і мережі" in words(result)
    after = cards(result)
    assert after != before
    articles = [words(one) for one in re.findall(r"<article.*?</article>", result, re.DOTALL)]
    for place, (listing, article) in enumerate(zip(after, articles, strict=True), 1):
        was = before.index(listing) + 1 if listing in before else None
        assert ("новий у списку" in article) is (was is None)
        assert ("піднявся з місця" in article) is (was is not None and was > place)
        assert ("опустився з місця" in article) is (was is not None and was < place)
        if was not in (None, place):
            assert f"з місця {was}" in article
    # Another answer given in passing ends the comparison.
    visitor.at = f"{HOME}/4"
    visitor.answer("like")
    assert "Змінено:" not in visitor.result()


def test_a_path_can_be_hidden_and_brought_back(visitor: Visitor) -> None:
    visitor.answer("school_leaver")
    before = cards(visitor.result())
    assert visitor.post(f"{HOME}/hide", listing=before[0]).headers["location"] == f"{HOME}/result"
    hidden = visitor.result()
    assert before[0] not in cards(hidden)
    assert len(cards(hidden)) >= 5
    assert "Ви сховали 1 шлях" in words(hidden)
    visitor.post(f"{HOME}/hide", listing=cards(hidden)[0])
    assert "Ви сховали 2 шляхи" in words(visitor.result())
    visitor.post(f"{HOME}/hide", listing="")
    assert cards(visitor.result()) == before
    assert "Ви сховали" not in visitor.result()


def test_without_consent_nothing_is_noted(visitor: Visitor, live_server: LiveServer) -> None:
    visitor.answer("student")
    result = visitor.result()
    listing = cards(result)[0]
    assert not re.search(f'href="{HOME}/paths/', result)
    assert visitor.get(f"{HOME}/paths/{listing}").status_code == 303
    visitor.post(f"{HOME}/hide", listing=listing)
    assert noted(live_server, visitor.code) == []


def test_with_consent_places_are_noted_under_the_code_and_without_it_they_are_gone(
    visitor: Visitor, another: Visitor, live_server: LiveServer
) -> None:
    visitor.answer("student")
    another.answer("veteran")
    assert visitor.post(f"{HOME}/consent", agree="yes").headers["location"] == f"{HOME}/result#consent"
    for _ in range(2):
        shown = cards(visitor.result())
    expected = [("shown", listing, place) for place, listing in enumerate(shown, 1)]
    assert noted(live_server, visitor.code) == sorted(expected)
    for _ in range(2):
        went = visitor.get(f"{HOME}/paths/{shown[2]}")
        assert re.fullmatch("/(courses|programmes|tracks)/[^?#]+", went.headers["location"])
    visitor.post(f"{HOME}/hide", listing=shown[1])
    expected += [("opened", shown[2], 3), ("hidden", shown[1], 2)]
    assert noted(live_server, visitor.code) == sorted(expected)
    assert all(
        f"{HOME}/paths/{listing}" in Page(visitor.result()).links for listing in cards(visitor.result())
    )
    assert noted(live_server, another.code) == []
    visitor.post(f"{HOME}/consent", agree="no")
    assert noted(live_server, visitor.code) == []
    visitor.result()
    assert noted(live_server, visitor.code) == []
    assert visitor.stored("who") == ["student"]


def test_consent_is_only_a_plain_yes(visitor: Visitor, live_server: LiveServer) -> None:
    for said in ("", "no", "true", "YES", "1"):
        visitor.post(f"{HOME}/consent", agree=said)
        visitor.result()
    assert noted(live_server, visitor.code) == []


def test_erasing_removes_everything_at_once(visitor: Visitor, live_server: LiveServer) -> None:
    code = visitor.code
    visitor.answer("veteran")
    visitor.post(f"{HOME}/consent", agree="yes")
    visitor.result()
    assert noted(live_server, code)
    erased = visitor.post(f"{HOME}/erase")
    assert erased.status_code == 200
    assert "Відповіді стерто" in words(erased.text)
    assert visitor.code is None
    assert owner(live_server, code) not in [row[0] for row in everything(live_server)]
    assert noted(live_server, code) == []
    assert Visitor(live_server).post(f"{HOME}/resume", code=code).status_code == 422
    assert visitor.get(f"{HOME}/result").headers["location"] == HOME


def test_a_browser_that_kept_the_cookie_of_an_erased_code_starts_as_anybody(
    visitor: Visitor, live_server: LiveServer
) -> None:
    code = visitor.code
    other = Visitor(live_server)
    other.post(f"{HOME}/resume", code=code)
    visitor.post(f"{HOME}/erase")
    before = everything(live_server)
    assert other.get(f"{HOME}/1").headers["location"] == HOME
    assert "Ви вже почали" not in other.get(HOME).text
    assert other.post(f"{HOME}/1", asked="who", value="veteran").headers["location"] == HOME
    assert other.post(f"{HOME}/consent", agree="yes").status_code == 303
    assert other.post(f"{HOME}/erase").status_code == 200
    assert everything(live_server) == before


def test_the_start_leads_who_has_begun_to_where_they_were(visitor: Visitor) -> None:
    visitor.answer("student")
    visitor.answer(act="skip")
    visitor.answer("like")
    page = visitor.get(HOME)
    assert f"{HOME}/4" in Page(page.text).links
    assert f"{HOME}/result" in Page(page.text).links


def test_who_is_who_never_mixes(visitor: Visitor, another: Visitor, live_server: LiveServer) -> None:
    visitor.answer("student")
    another.answer("veteran")
    listing = cards(visitor.result())[0]
    visitor.post(f"{HOME}/hide", listing=listing)
    assert (visitor.stored("who"), another.stored("who")) == (["student"], ["veteran"])
    mine, theirs = visitor.code, another.code
    assert mine is not None
    assert theirs is not None
    before = cards(visitor.result())
    for foreign in (theirs, codes.shown(theirs)):
        # A code is taken from the cookie or the resume form, and from nowhere else.
        answer = visitor.get(f"{HOME}/result?code={foreign}&questionnaire={foreign}")
        assert cards(answer.text) == before
        assert codes.shown(mine) in answer.text
        visitor.post(f"{HOME}/consent", agree="yes", code=foreign)
        assert noted(live_server, theirs) == []
    visitor.post(f"{HOME}/erase", code=theirs)
    assert another.stored("who") == ["veteran"]
    assert owner(live_server, theirs) in [row[0] for row in everything(live_server)]


def test_what_nobody_asked_or_suggested_has_no_effect(visitor: Visitor, live_server: LiveServer) -> None:
    visitor.answer("student")
    visitor.answer(act="skip")
    before = everything(live_server)
    for number in ("0", "-1", "34", "999", "9" * 30):
        assert visitor.get(f"{HOME}/{number}").headers["location"] == f"{HOME}/3"
        for asked in ("", "nothing", "roles", "who\x00", "я" * 5000):
            moved = visitor.post(f"{HOME}/{number}", asked=asked, value="veteran", act="next")
            assert moved.headers["location"] == f"{HOME}/3"
    for number in ("one", "1x", "1.5", "..%2f1"):
        assert visitor.get(f"{HOME}/{number}").status_code in (400, 404)
    for act in ("delete", "next\x00", "<script>"):
        assert visitor.post(f"{HOME}/1", asked="who", value="veteran", act=act).status_code == 400
    for listing in ("c-nothing", "\x00", "x" * 5000, "' OR 1=1 --", "<script>alert(1)</script>"):
        assert visitor.post(f"{HOME}/hide", listing=listing).headers["location"] == f"{HOME}/result"
    for listing in ("c-nothing", "x%00", "x" * 500, "'%20OR%201=1%20--", "%ff"):
        assert visitor.get(f"{HOME}/paths/{listing}").status_code == 404
    assert everything(live_server) == before


def test_a_listing_that_was_not_suggested_opens_but_is_not_noted(
    visitor: Visitor, live_server: LiveServer, portal: httpx.Client
) -> None:
    visitor.post(f"{HOME}/consent", agree="yes")
    shown = cards(visitor.result())
    foreign = next(
        hit for hit in portal.get("/api/v1/search?per_page=50").json()["hits"] if hit["id"] not in shown
    )
    assert visitor.get(f"{HOME}/paths/{foreign['id']}").headers["location"] == foreign["url"]
    visitor.post(f"{HOME}/hide", listing=foreign["id"])
    assert {kind for kind, _, _ in noted(live_server, visitor.code)} == {"shown"}
    assert "Ви сховали" not in visitor.result()


def test_the_number_of_a_question_that_became_anothers_does_not_answer_it(visitor: Visitor) -> None:
    """Two tabs: in the first somebody becomes a school leaver, whom nobody asks for their background."""
    visitor.answer("student")
    visitor.answer("school_leaver", question="who")
    late = visitor.post(f"{HOME}/2", asked="background", value="medicine", act="next")
    assert late.headers["location"] == f"{HOME}/2"
    assert visitor.stored("network") == []


@pytest.mark.parametrize("cookie", ["", "x", "kx7mp2wd", "kx7m-p2wd", "%00" * 8, "я" * 8, "a" * 4000])
def test_a_cookie_that_is_no_code_is_nobody(live_server: LiveServer, cookie: str) -> None:
    sent = {b"cookie": f"questionnaire={cookie}".encode()}
    with httpx.Client(base_url=live_server.url, timeout=60) as client:
        for path in ("/1", "/result", "/answers"):
            assert client.get(HOME + path, headers=sent).headers["location"] == HOME
        assert client.get(HOME, headers=sent).status_code == 200
        assert client.post(f"{HOME}/erase", headers=sent).status_code == 200


def test_no_other_site_writes_with_somebodys_cookie(visitor: Visitor, live_server: LiveServer) -> None:
    visitor.answer("student")
    before = everything(live_server)
    data = {"asked": "who", "value": "veteran", "agree": "yes", "listing": "", "code": visitor.code}
    for path in ("", "/1", "/hide", "/consent", "/erase", "/resume"):
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            assert visitor.client.post(HOME + path, data=data, headers=headers).status_code == 403
    assert everything(live_server) == before


def test_the_address_of_a_form_opened_by_itself_leads_to_the_start(visitor: Visitor) -> None:
    """The language link of a page that answered a form, or its address opened again."""
    for path in ("resume", "hide", "consent", "erase"):
        assert visitor.get(f"{HOME}/{path}").headers["location"] == HOME
        assert visitor.client.get(f"/en{HOME}/{path}").headers["location"] == f"/en{HOME}"


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_whole_walk_stays_in_its_language(live_server: LiveServer, lang: str) -> None:
    one = Visitor(live_server, lang).begin()
    prefix = "/en" if lang == "en" else ""
    one.answer("career")
    one.answer("teaching")
    other_language = f'lang="{lang}"'
    for address in (HOME, f"{HOME}/1", f"{HOME}/3", f"{HOME}/30", f"{HOME}/result", f"{HOME}/answers"):
        text = one.get(address).text
        assert other_language in text
        own = [link for link in Page(text).links if HOME in link and not link.endswith(address)]
        assert all(link.startswith(prefix + HOME) for link in own), own
        if lang == "en":
            left = re.sub(r'<([a-z0-9]+)[^>]* lang="uk".*?</\1>', "", text, flags=re.DOTALL)
            assert not re.search("Далі|Пропустити|Змінити|Стерти|Запитання|Умова|хвилин", words(left))


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_result_never_shows_a_score_or_a_percentage_of_fit(
    live_server: LiveServer, lang: str, portal: httpx.Client
) -> None:
    random = Random(7)
    for who in ("school_leaver", "veteran", "career"):
        one = Visitor(live_server, lang).begin()
        one.answer(who)
        for _ in range(16):
            page = one.page()
            one.answer(random.choice(page.values))
        result = one.result()
        assert len(cards(result)) >= 5
        for article in re.findall(r"<article.*?</article>", result, re.DOTALL):
            told = words(article)
            assert not re.search(r"\d\s*%|%\s*\d", told), told
            assert not re.search(r"(?<![\d.,])-?\d[.,]\d{2,}|\b(match|збіг)", told), told


def test_every_path_has_reasons_and_what_is_said_of_it_is_what_the_api_says(
    visitor: Visitor, portal: httpx.Client
) -> None:
    visitor.answer("student")
    visitor.answer(act="skip")
    visitor.answer("like_can")
    asked = {"answers": {"who": "student", "network": "like_can"}}
    paths = portal.post("/api/v1/recommendations", json=asked).json()["paths"]
    result = visitor.result()
    assert cards(result) == [path["listing"]["id"] for path in paths]
    articles = re.findall(r"<article.*?</article>", result, re.DOTALL)
    for article, path in zip(articles, paths, strict=True):
        told = words(article)
        for reason in (*path["reasons"], *path["against"]):
            assert reason["text"] in told
            assert reason["source"] in told
        if path["counterfactual"]:
            assert path["counterfactual"]["text"] in told


def test_the_result_can_be_printed(visitor: Visitor) -> None:
    visitor.answer("student")
    result = visitor.result()
    assert re.search(r"<button[^>]*data-print[^>]*hidden|<button[^>]*hidden[^>]*data-print", result)
    assert 'media="print"' in result
    assert visitor.code is not None
    assert codes.shown(visitor.code) in result


def test_pages_of_one_person_are_kept_out_of_search_engines(visitor: Visitor) -> None:
    for address in ("/1", "/result", "/answers"):
        assert '<meta name="robots" content="noindex">' in visitor.get(HOME + address).text
    assert "noindex" not in visitor.get(HOME).text


def hidden_fields(pages: Sequence[str]) -> set[str]:
    return {one.get("name", "") for text in pages for one in Page(text).fields if one.get("type") == "hidden"}


def test_no_name_no_contact_and_no_free_text_is_asked(visitor: Visitor) -> None:
    pages = [visitor.get(f"{HOME}/{number}").text for number, _ in visitor.steps()]
    visitor.answer("veteran", question="who")
    pages += [visitor.get(f"{HOME}/2").text, visitor.result(), visitor.get(f"{HOME}/answers").text]
    kinds = {one.get("type", "submit") for text in pages for one in Page(text).fields}
    assert kinds <= {"hidden", "radio", "checkbox", "search", "submit", "button"}
    assert hidden_fields(pages) <= {"asked", "changing"}
    assert not any("<textarea" in text for text in pages)
