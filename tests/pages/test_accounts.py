"""Signing in over HTTP: invitations, passwords, one's own account, and what no answer tells."""

import re
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from applicant_portal.accounts import service
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import AccessRequest, Person, Ticket
from applicant_portal.accounts.passwords import LONGEST, SHORTEST, Passwords
from applicant_portal.catalogue.models import Institution
from applicant_portal.kit.db import Database
from tests.pages.test_reports import portal_command
from tests.seeded import Templates
from tests.servers import LiveServer

PASSWORD = "чотири слова не підряд"
OTHER_PASSWORD = "зовсім інші слова тут"
WRONG = "не той пароль зовсім"
_NUMBERS = count(1)


class Visitor:
    """One browser: cookies and an address of its own. It checks what holds for every page of accounts."""

    def __init__(self, server: LiveServer, lang: str = "uk") -> None:
        number = next(_NUMBERS)
        here = f"127.3.{number // 250}.{number % 250 + 1}"
        # The portal is asked without encryption: reading the certificates of the world takes 15 ms each time.
        transport = httpx.HTTPTransport(local_address=here, verify=False)
        self.client = httpx.Client(base_url=server.url, timeout=60, transport=transport)
        self.prefix = "/en" if lang == "en" else ""

    def get(self, path: str) -> httpx.Response:
        return self._checked(self.client.get(self.prefix + path))

    def post(self, path: str, **data: Any) -> httpx.Response:
        headers = {"origin": str(self.client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
        return self._checked(self.client.post(self.prefix + path, data=data, headers=headers))

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code in (200, 303, 404, 422, 429)
        assert answer.headers["cache-control"] == "no-store"
        if answer.status_code != 303:
            assert '<meta name="robots" content="noindex">' in answer.text
        assert ("<title>Помилка:" in answer.text or "<title>Error:" in answer.text) == (
            answer.status_code in (422, 429)
        )
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.post("/sign-in", email=email, password=password, **more)

    @property
    def tokens(self) -> set[str]:
        return {cookie.value or "" for cookie in self.client.cookies.jar if cookie.name == "session"}


@pytest.fixture
def email() -> str:
    """An address of this test alone."""
    return f"person-{next(_NUMBERS)}@knu.example"


def invite(database: Database, email: str, role: str = "owner") -> str:
    """Invite somebody to an institution of the seed, or to the staff; the path of the ticket."""
    with database.write() as session:
        institution_id = None if role == "staff" else session.scalar(select(func.min(Institution.id)))
        invited = service.invite(session, email, institution_id, role, by=COMMAND, now=datetime.now(UTC))
    return f"/ticket/{invited.token}"


@pytest.fixture
def ticket(database: Database, email: str) -> str:
    """The path of an invitation."""
    return invite(database, email)


class Ready(Passwords):
    """Sets `PASSWORD` with a hash made once: as strong as all others, and nobody waits for it again."""

    kept = ""

    def hash(self, password: str) -> str:
        assert password == PASSWORD
        Ready.kept = Ready.kept or super().hash(password)
        return Ready.kept


@pytest.fixture
def person(database: Database, email: str, ticket: str) -> str:
    """The address of somebody who has come."""
    token = ticket.rpartition("/")[2]
    assert service.accept(database, Ready(), token=token, password=PASSWORD, now=datetime.now(UTC))
    return email


def letters(server: LiveServer, to: str) -> list[str]:
    """Letters to an address, waited for a moment: they go out by themselves."""
    for _ in range(50):
        files = sorted((server.data_dir / "mail").glob("*.eml"))
        found = [text for text in (file.read_text() for file in files) if f"To: {to}\n" in text]
        if found:
            return found
        time.sleep(0.05)
    return []


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_from_an_invitation_to_ones_account_and_out_again(
    server: LiveServer, email: str, ticket: str, lang: str
) -> None:
    one = Visitor(server, lang)
    form = one.get(ticket)
    assert form.status_code == 200
    assert email in form.text
    assert one.get(ticket).status_code == 200, "looking does not use it up"
    done = one.post(ticket, password=PASSWORD)
    assert done.headers["location"] == f"{one.prefix}/sign-in?set=1"
    assert one.get("/sign-in?set=1").text.count('class="note') == 1
    went = one.sign_in(email)
    assert (went.status_code, went.headers["location"]) == (303, f"{one.prefix}/workspace")
    account = one.get("/account")
    assert email in account.text
    assert "/universities/" in account.text
    out = one.post("/sign-out")
    assert out.headers["location"] == (one.prefix or "/")
    assert one.tokens == set()
    assert one.get("/account").headers["location"].startswith(f"{one.prefix}/sign-in?next=")


def test_whoever_was_going_somewhere_is_taken_there(server: LiveServer, person: str) -> None:
    one = Visitor(server, "en")
    sent = one.get("/account?ended=1").headers["location"]
    assert sent == "/en/sign-in?next=/en/account%3Fended%3D1"
    form = one.get(sent.removeprefix("/en")).text
    assert 'name="next" value="/en/account?ended=1"' in form
    assert one.sign_in(person, next="/en/account?ended=1").headers["location"] == "/en/account?ended=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "account",
        "/account\r\nset-cookie: a=b",
        "/%0d%0a@evil",
        "/" + "a" * 2000,
        "",
    ],
)
def test_nobody_is_led_to_another_site(server: LiveServer, person: str, target: str) -> None:
    one = Visitor(server)
    assert 'name="next"' not in one.client.get("/sign-in", params={"next": target}).text
    assert one.sign_in(person, next=target).headers["location"] == "/workspace"


def test_the_cookie_is_sent_to_ones_own_rooms_only(server: LiveServer, person: str) -> None:
    one = Visitor(server)
    given = one.sign_in(person).headers.get_list("set-cookie")
    rooms = {"/workspace", "/account", "/sign-out"}
    paths = {re.search(r"Path=([^;]+)", cookie)[1] for cookie in given}  # type: ignore[index]
    assert paths == rooms | {f"/en{room}" for room in rooms}
    for cookie in given:
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert "domain" not in cookie.lower()
    for path in ("/", "/search", "/universities", "/accounting", "/en", "/api/v1/search", "/sign-in"):
        assert "cookie" not in one.client.build_request("GET", path).headers
    for path in ("/workspace/listings", "/account", "/en/account"):
        assert "cookie" in one.client.build_request("GET", path).headers


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(
    server: LiveServer, person: str, database: Database
) -> None:
    invited = f"later-{person}"
    invite(database, invited, "staff")
    gone = f"gone-{person}"
    with database.write() as session:
        session.add(
            Person(
                email=gone, password_hash=None, is_staff=False, disabled=True, created_at=datetime.now(UTC)
            )
        )
    answers = set()
    for address in (person, f"nobody-{person}", invited, gone):
        answer = Visitor(server).sign_in(address, WRONG)
        assert answer.status_code == 422
        assert WRONG not in answer.text, "a password is never sent back"
        assert f'value="{address}"' in answer.text
        assert "set-cookie" not in answer.headers
        answers.add(answer.text.replace(address, "…"))
    assert len(answers) == 1


def test_a_form_comes_back_as_typed_with_one_sentence_a_field(server: LiveServer) -> None:
    answer = Visitor(server).post("/sign-in", email="<b>не пошта", password="")
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;не пошта"' in answer.text
    assert 'href="#email"' in answer.text
    assert 'href="#password"' in answer.text
    assert answer.text.count('class="error"') == 2


def test_ten_wrong_passwords_close_an_address_and_a_caller_for_a_while(
    server: LiveServer, person: str
) -> None:
    for _ in range(10):
        assert Visitor(server).sign_in(person, WRONG).status_code == 422
    shut = Visitor(server).sign_in(person)
    assert shut.status_code == 429
    assert shut.headers["retry-after"] == "900"
    assert f'value="{person}"' in shut.text
    stranger = Visitor(server)
    for number in range(10):
        assert stranger.sign_in(f"{number}-{person}", WRONG).status_code == 422
    assert stranger.sign_in(f"new-{person}", WRONG).status_code == 429
    assert Visitor(server).sign_in(f"new-{person}", WRONG).status_code == 422


def test_right_passwords_close_nothing(server: LiveServer, person: str) -> None:
    office = Visitor(server)
    assert [office.sign_in(person).status_code for _ in range(12)] == [303] * 12


def test_a_ticket_works_once_and_what_does_not_work_looks_the_same(
    server: LiveServer, ticket: str, email: str, database: Database
) -> None:
    assert Visitor(server).post(ticket, password=PASSWORD).status_code == 303
    second = f"second-{email}"
    expired = invite(database, second)
    with database.write() as session:
        owner = session.scalar(select(Person.id).where(Person.email == second))
        session.execute(update(Ticket).where(Ticket.person_id == owner).values(expires_at=datetime.now(UTC)))
    seen = set()
    for path in (ticket, expired, "/ticket/unknown", f"/ticket/{'x' * 5000}"):
        for answer in (Visitor(server).get(path), Visitor(server).post(path, password=OTHER_PASSWORD)):
            assert answer.status_code == 404
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert email not in answer.text
            seen.add(answer.text.replace(path, "…"))
    assert len(seen) == 1
    assert Visitor(server).sign_in(email, OTHER_PASSWORD).status_code == 422
    assert Visitor(server).sign_in(email).status_code == 303


def test_a_weak_password_is_refused_in_a_sentence_and_the_ticket_still_works(
    server: LiveServer, ticket: str, email: str
) -> None:
    one = Visitor(server)
    for weak in ("", "коротко", email, "password1234", "слово " * 50):
        answer = one.post(ticket, password=weak)
        assert answer.status_code == 422
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.text.count('class="error"') == 1
    assert str(SHORTEST) in one.post(ticket, password="").text
    assert str(LONGEST) in one.post(ticket, password="слово " * 50).text
    assert one.post(ticket, password=PASSWORD).status_code == 303


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_forgotten_password_is_replaced_by_a_link_in_a_letter(
    server: LiveServer, person: str, lang: str
) -> None:
    before = Visitor(server)
    before.sign_in(person)
    one = Visitor(server, lang)
    asked = one.post("/password", email=person)
    assert asked.headers["location"] == f"{one.prefix}/password?sent=1"
    (letter,) = letters(server, person)
    link = re.search(rf"{re.escape(server.url + one.prefix)}(/ticket/[\w-]+)", letter)
    assert link is not None
    assert ("Добрий день" in letter) == (lang == "uk")
    assert one.post(link[1], password=OTHER_PASSWORD).status_code == 303
    assert before.get("/account").status_code == 303, "other sessions have ended"
    assert one.sign_in(person, OTHER_PASSWORD).status_code == 303
    assert one.post(link[1], password=PASSWORD).status_code == 404


def test_asking_for_a_password_tells_nobody_which_addresses_are_known(
    server: LiveServer, person: str
) -> None:
    known = Visitor(server).post("/password", email=person)
    unknown = Visitor(server).post("/password", email=f"nobody-{person}")
    assert (known.status_code, known.headers["location"]) == (
        unknown.status_code,
        unknown.headers["location"],
    )
    assert letters(server, person)
    assert not any(
        f"nobody-{person}" in file.read_text() for file in (server.data_dir / "mail").glob("*.eml")
    )
    for address in (person, f"nobody-{person}"):
        answers = [Visitor(server).post("/password", email=address).status_code for _ in range(3)]
        assert answers == [303, 303, 429]


def test_sessions_are_listed_and_ended_by_their_owner_only(
    server: LiveServer, person: str, database: Database
) -> None:
    here, there, stranger = Visitor(server), Visitor(server), Visitor(server)
    there.client.headers["user-agent"] = "<i>Laptop"
    for one in (here, there):
        one.sign_in(person)
    page = here.get("/account").text
    (handle,) = re.findall(r'name="which" value="(\w+)"', page)
    assert "&lt;i&gt;" in page
    other = f"other-{person}"
    stranger.post(invite(database, other, "editor"), password=PASSWORD)
    stranger.sign_in(other)
    assert handle not in stranger.get("/account").text
    stranger.post("/account/sessions", which=handle)
    stranger.post("/account/sessions")
    assert there.get("/account").status_code == 200
    here.post("/account/sessions", which=handle)
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert stranger.get("/account").status_code == 200


def test_a_session_that_was_signed_out_is_over_on_the_server(server: LiveServer, person: str) -> None:
    one = Visitor(server)
    one.sign_in(person)
    (token,) = one.tokens
    one.post("/sign-out")
    again = httpx.get(f"{server.url}/account", headers={"cookie": f"session={token}"}, timeout=60)
    assert again.status_code == 303


def test_a_password_is_changed_by_whoever_knows_the_present_one(server: LiveServer, person: str) -> None:
    here, there = Visitor(server), Visitor(server)
    for one in (here, there):
        one.sign_in(person)
    wrong = here.post("/account/password", password=WRONG, new_password=OTHER_PASSWORD)
    assert wrong.status_code == 422
    assert 'href="#password"' in wrong.text
    weak = here.post("/account/password", password=PASSWORD, new_password="коротко")
    assert weak.status_code == 422
    assert 'href="#new_password"' in weak.text
    done = here.post("/account/password", password=PASSWORD, new_password=OTHER_PASSWORD)
    assert done.headers["location"] == "/account?changed=1"
    assert here.get("/account?changed=1").status_code == 200
    assert there.get("/account").status_code == 303
    assert Visitor(server).sign_in(person).status_code == 422
    assert Visitor(server).sign_in(person, OTHER_PASSWORD).status_code == 303


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_letters_about_what_has_aged_can_be_turned_off_and_on(
    server: LiveServer, person: str, lang: str
) -> None:
    one = Visitor(server, lang)
    one.sign_in(person)
    for value, offered in (("0", "1"), ("1", "0")):
        assert f'name="wanted" value="{value}"' in one.get("/account").text
        done = one.post("/account/reminders", wanted=value)
        assert done.headers["location"] == f"{one.prefix}/account?chosen=1"
        page = one.get("/account?chosen=1").text
        assert page.count('class="note') == 1
        assert f'name="wanted" value="{offered}"' in page


def test_nobody_acts_on_an_account_without_being_signed_in(server: LiveServer) -> None:
    for path in ("/account/sessions", "/account/reminders", "/account/password"):
        answer = Visitor(server).post(path, which="a", password="b", new_password=OTHER_PASSWORD)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert Visitor(server).get(path).headers["location"] == "/account"
    assert Visitor(server).post("/sign-out").headers["location"] == "/"


def test_a_form_from_another_site_is_refused(server: LiveServer, person: str) -> None:
    one = Visitor(server)
    one.sign_in(person)
    (token,) = one.tokens
    for path in ("/sign-out", "/account/sessions", "/account/reminders", "/account/password", "/sign-in"):
        sent = {"cookie": f"session={token}", "sec-fetch-site": "cross-site"}
        assert httpx.post(server.url + path, headers=sent, timeout=60).status_code == 403
    assert one.get("/account").status_code == 200


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_university_asks_for_access_and_the_staff_are_told(
    server: LiveServer, email: str, database: Database, lang: str
) -> None:
    staff = f"staff-{email}"
    Visitor(server).post(invite(database, staff, "staff"), password=PASSWORD)
    one = Visitor(server, lang)
    form = one.get("/access").text
    number, name = re.findall(r'<option value="(\d+)">([^<]+)<', form)[0]
    wrong = one.post("/access", institution="999999", email="пошта", message="Ми з <приймальної>")
    assert wrong.status_code == 422
    assert "Ми з &lt;приймальної&gt;</textarea>" in wrong.text
    assert wrong.text.count('class="error"') == 2
    assert one.post("/access", email=email).status_code == 422
    assert one.post("/access", institution="x", email=email).status_code == 422
    sent = one.post("/access", institution=number, email=email.upper(), message="Ми з приймальної.")
    assert sent.headers["location"] == f"{one.prefix}/access?sent=1"
    assert one.post("/access", institution_text="Новий заклад", email=email).status_code == 303
    with database.read() as session:
        kept = session.scalars(select(AccessRequest).where(AccessRequest.email == email)).all()
        assert {(row.institution_id, row.institution_text, row.lang) for row in kept} == {
            (int(number), "", lang),
            (None, "Новий заклад", lang),
        }
    told = letters(server, staff)
    assert any("Ми з приймальної." in letter for letter in told)
    assert name


def test_no_password_token_or_address_is_in_the_log(tmp_path: Path, templates: Templates) -> None:
    email = "somebody.special@knu.example"
    with LiveServer(templates.portal(tmp_path / "data")) as server:
        link = portal_command(server, "user", "create", email, "--role", "staff").stdout.strip()
        one = Visitor(server)
        ticket = link.removeprefix(server.url)
        one.get(ticket)
        one.post(ticket, password="коротко")
        one.post(ticket, password=PASSWORD)
        one.sign_in(email, WRONG)
        one.sign_in(email)
        one.get("/account")
        tokens = one.tokens
        one.post("/password", email=email)
        (letter,) = letters(server, email)
        key = portal_command(server, "key", "create", "--institution", "unknown")
        assert key.returncode == 2
        one.post("/access", institution_text="Заклад", email=email, message="перламутровий")
        one.post("/sign-out")
        metrics = httpx.get(f"{server.url}/metrics", timeout=60).text
        assert 'route="/ticket/{token}"' in metrics
    reset = re.findall(r"/ticket/([\w-]+)", letter)[0]
    told = server.log.read_text() + metrics
    for secret in (email, PASSWORD, WRONG, *tokens, reset, ticket.rpartition("/")[2], "перламутровий"):
        assert secret not in told
