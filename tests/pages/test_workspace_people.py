"""People and keys of an institution, and requests for access: who may do what, and what is told of it."""

import html
import re
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest
from sqlalchemy import func, select

from applicant_portal.accounts import service, sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import AccessRequest, ApiKey, AuditEntry, Membership, Person
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.accounts.state import COOKIE, PLACES
from applicant_portal.catalogue import reports
from applicant_portal.catalogue.models import Institution, MistakeReport
from applicant_portal.kit.db import Database
from tests.accounts.conftest import PASSWORD, CountingHasher, trail
from tests.pages.test_accounts import Visitor, letters
from tests.servers import LiveServer

_NUMBERS = count(1)


@pytest.fixture
def email() -> str:
    """An address that nobody has yet."""
    return f"new-{next(_NUMBERS)}@people.example"


def new_institution(database: Database) -> int:
    number = next(_NUMBERS)
    with database.write() as session:
        one = Institution(
            edebo_id=f"9000{number}",
            slug=f"people-{number}",
            name=f"Заклад людей {number}",
            folded_name=f"заклад людей {number}",
            name_key=f"заклад людей {number}",
            origin="portal",
        )
        session.add(one)
        session.flush()
        return one.id


@pytest.fixture
def house(database: Database) -> int:
    """An institution of this test alone."""
    return new_institution(database)


class Member(Visitor):
    """Somebody who has come and is signed in."""

    def __init__(
        self, server: LiveServer, database: Database, institution_id: int | None, role: str, lang: str = "uk"
    ) -> None:
        super().__init__(server, lang)
        self.email = f"{role}-{next(_NUMBERS)}@people.example"
        now = datetime.now(UTC)
        with database.write() as session:
            invited = service.invite(session, self.email, institution_id, role, by=COMMAND, now=now)
        self.id = invited.person_id
        # How one comes and signs in is tested elsewhere, with hashes that take their time.
        cheap = Passwords(CountingHasher())
        assert service.accept(database, cheap, token=invited.token or "", password=PASSWORD, now=now)
        token = sessions.sign_in(database, cheap, email=self.email, password=PASSWORD, agent="", now=now)
        for place in PLACES:
            for path in (place, f"/en{place}"):
                self.client.cookies.set(COOKIE, token or "", domain="127.0.0.1", path=path)


def state(database: Database) -> tuple[object, ...]:
    """All that the forms of these pages could change."""
    with database.read() as session:
        return (
            sorted(map(tuple, session.execute(select(Membership.__table__)))),
            session.scalar(select(func.count(Person.id))),
            sorted(map(tuple, session.execute(select(ApiKey.id, ApiKey.revoked_at.is_(None))))),
            sorted(map(tuple, session.execute(select(AccessRequest.id, AccessRequest.state)))),
            session.scalar(select(func.count(MistakeReport.code)).where(MistakeReport.answer.is_not(None))),
            session.scalar(select(func.count(AuditEntry.id))),
        )


def person_id(database: Database, email: str) -> int:
    with database.read() as session:
        found = session.scalar(select(Person.id).where(Person.email == email))
    assert found is not None
    return found


def ask(database: Database, email: str, institution_id: int | None, text: str = "", lang: str = "uk") -> int:
    with database.write() as session:
        return service.ask_access(
            session,
            institution_id=institution_id,
            institution_text=text,
            email=email,
            message="Ми з <приймальної>.\nДякуємо!",
            lang=lang,
            now=datetime.now(UTC),
        )


def api(server: LiveServer, key: str) -> int:
    headers = {"authorization": f"Bearer {key}"}
    return httpx.get(f"{server.url}/api/v1/workspace/listings", headers=headers, timeout=60).status_code


def make_key(one: Visitor, institution_id: int, scope: str = "read") -> str:
    """A key made in the form, as its page shows it."""
    made = one.post("/workspace/people/keys/new", institution=institution_id, name="наш сайт", scope=scope)
    assert made.status_code == 200
    found = re.search(r"ptl_[a-z0-9]{8}_[\w-]{43}", made.text)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_an_owner_invites_and_whoever_was_invited_comes_by_the_ticket(
    server: LiveServer, database: Database, house: int, email: str, lang: str
) -> None:
    owner = Member(server, database, house, "owner", lang)
    waiting = {"uk": "запрошено, ще не було", "en": "invited, has not come yet"}[lang]
    form = owner.get("/workspace/people")
    assert form.status_code == 200
    assert owner.email in form.text
    sent = owner.post(
        "/workspace/people/invite", institution=house, email=f" {email.upper()} ", role="editor"
    )
    there = f"/workspace/people?institution={house}&done=invited"
    assert sent.headers["location"] == owner.prefix + there
    page = owner.get(there).text
    assert email in page
    assert waiting in page
    (letter,) = letters(server, email)
    link = re.search(rf"{re.escape(server.url + owner.prefix)}(/ticket/[\w-]+)", letter)
    assert link is not None
    fresh = Visitor(server)
    assert fresh.post(link[1], password=PASSWORD).status_code == 303
    assert fresh.sign_in(email).status_code == 303
    assert fresh.get("/workspace").status_code == 200
    assert waiting not in owner.get("/workspace/people").text
    number = person_id(database, email)
    assert (f"person:{owner.id}", "invited", f"person:{number}", house) in trail(database)
    gone = owner.post("/workspace/people/remove", institution=house, person=number)
    assert gone.headers["location"].endswith("&done=removed")
    assert email not in owner.get("/workspace/people?done=removed").text
    assert (f"person:{owner.id}", "member_removed", f"person:{number}", house) in trail(database)


def test_whoever_has_not_come_is_invited_again_with_a_new_ticket(
    server: LiveServer, database: Database, house: int, email: str
) -> None:
    owner = Member(server, database, house, "owner")
    for _ in range(2):
        owner.post("/workspace/people/invite", institution=house, email=email, role="editor")
    tickets = [re.findall(r"/ticket/[\w-]+", letter)[0] for letter in letters(server, email)]
    assert [Visitor(server).get(ticket).status_code for ticket in tickets] == [404, 200]


def test_a_wrong_form_comes_back_as_typed_with_one_sentence_a_field(
    server: LiveServer, database: Database, house: int
) -> None:
    owner = Member(server, database, house, "owner")
    before = state(database)
    wrong = owner.post("/workspace/people/invite", institution=house, email="<b>не пошта", role="staff")
    assert wrong.status_code == 422
    assert 'value="&lt;b&gt;не пошта"' in wrong.text
    assert wrong.text.count('class="error"') == 2
    for field in ("email", "role"):
        assert f'href="#{field}"' in wrong.text
        assert f'id="{field}"' in wrong.text
    for name, scope, errors in (("", "all", 2), ("н" * 81, "write", 1)):
        answer = owner.post("/workspace/people/keys/new", institution=house, name=name, scope=scope)
        assert answer.status_code == 422
        assert answer.text.count('class="error"') == errors
        assert f'value="{name}"' in answer.text
    assert state(database) == before


def test_strangers_and_editors_find_nothing_and_change_nothing(
    server: LiveServer, database: Database, house: int, email: str
) -> None:
    owner = Member(server, database, house, "owner")
    make_key(owner, house)
    other = new_institution(database)
    editor, stranger = Member(server, database, house, "editor"), Member(server, database, other, "owner")
    request = ask(database, email, house)
    with database.write() as session:
        key = session.scalar(select(ApiKey.id).where(ApiKey.institution_id == house))
        code = reports.keep(
            session,
            page="/",
            listing_id=None,
            topic="other",
            message="Тут помилка.",
            lang="uk",
            now=datetime.now(UTC),
        )
    before = state(database)
    for one in (editor, stranger):
        for path in (
            f"/workspace/people?institution={house}",
            f"/workspace/people?institution={'9' * 40}",
            "/workspace/people?institution=x",
            "/workspace/requests",
        ):
            assert one.get(path).status_code == 404
        for path, data in (
            ("people/invite", {"institution": house, "email": email, "role": "owner"}),
            ("people/invite", {"institution": house, "email": "не пошта", "role": "owner"}),
            ("people/invite", {"email": email, "role": "owner"}),
            ("people/remove", {"institution": house, "person": owner.id}),
            ("people/keys/new", {"institution": house, "name": "x", "scope": "write"}),
            ("people/keys/new", {"institution": house}),
            ("people/keys/revoke", {"institution": house, "key": key}),
            ("people/keys/revoke", {"institution": other, "key": key}),
            (f"requests/{request}", {"answer": "accept"}),
            (f"requests/{request}", {"answer": "refuse"}),
            (f"requests/reports/{code}", {f"answer-{code}": "Виправили."}),
        ):
            assert one.post(f"/workspace/{path}", **data).status_code == 404, (one.email, path, data)
    assert editor.get("/workspace/people").status_code == 404
    assert "/workspace/people" not in editor.get("/workspace").text
    assert stranger.get("/workspace/people").status_code == 200
    assert owner.email not in stranger.get("/workspace/people").text
    assert state(database) == before
    nobody = Visitor(server)
    assert nobody.get("/workspace/people").headers["location"].startswith("/sign-in?next=")
    sent = nobody.post("/workspace/people/invite", institution=house, email=email, role="owner")
    assert sent.headers["location"] == "/sign-in"
    assert state(database) == before


def test_the_staff_may_do_it_for_every_institution(
    server: LiveServer, database: Database, house: int, email: str
) -> None:
    staff, owner = Member(server, database, None, "staff"), Member(server, database, house, "owner")
    room = staff.get("/workspace").text
    assert 'href="/workspace/people"' in room
    assert 'href="/workspace/requests"' in room
    assert staff.get("/workspace/people").status_code == 200
    with database.read() as session:
        edebo_id = session.get_one(Institution, house).edebo_id
    found = staff.get(f"/workspace/people?institution=&edebo={edebo_id}")
    assert found.headers["location"] == f"/workspace/people?institution={house}"
    assert owner.email in staff.get(f"/workspace/people?institution={house}").text
    unknown = staff.get("/workspace/people?edebo=%3Cb%3E")
    assert unknown.status_code == 422
    assert 'value="&lt;b&gt;"' in unknown.text
    assert staff.get("/workspace/people?institution=99999999").status_code == 404
    staff.post("/workspace/people/invite", institution=house, email=email, role="owner")
    assert email in owner.get("/workspace/people").text
    assert api(server, make_key(staff, house)) == 200
    done = staff.post("/workspace/people/remove", institution=house, person=person_id(database, email))
    assert done.headers["location"].endswith("done=removed")


def test_the_last_owner_who_can_sign_in_stays(
    server: LiveServer, database: Database, house: int, email: str
) -> None:
    owner = Member(server, database, house, "owner")
    owner.post("/workspace/people/invite", institution=house, email=email, role="owner")
    before = state(database)
    refused = owner.post("/workspace/people/remove", institution=house, person=owner.id)
    assert refused.status_code == 422
    assert f'href="#member-{owner.id}"' in refused.text
    assert refused.text.count("ний власник, який може ввійти") == 2, "in the summary and at the person"
    assert refused.text.count('class="error"') == 1
    demoted = owner.post("/workspace/people/invite", institution=house, email=owner.email, role="editor")
    assert demoted.status_code == 422
    assert f'value="{owner.email}"' in demoted.text
    assert state(database) == before
    second = Member(server, database, house, "owner")
    left = owner.post("/workspace/people/remove", institution=house, person=owner.id)
    assert left.headers["location"] == "/workspace?done=left"
    assert owner.get("/workspace/people").status_code == 404
    assert second.get("/workspace/people").status_code == 200


@pytest.mark.parametrize("scope", ["read", "write"])
def test_a_key_is_shown_once_works_and_ends(
    server: LiveServer, database: Database, house: int, scope: str
) -> None:
    owner = Member(server, database, house, "owner")
    made = owner.post("/workspace/people/keys/new", institution=house, name="<i>сайт", scope=scope)
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    assert "location" not in made.headers
    shown = set(re.findall(r"ptl_[a-z0-9]{8}_[\w-]{43}", made.text))
    assert len(shown) == 1
    key = shown.pop()
    assert f'curl -H "Authorization: Bearer {key}"' in html.unescape(made.text)
    assert f"{server.url}/api/v1/workspace/listings" in made.text
    page = owner.get("/workspace/people").text
    assert key not in page
    assert key[: len("ptl_") + 8] in page
    assert "&lt;i&gt;сайт" in page
    assert "ще не користувалися" in page
    assert api(server, key) == 200
    number = int(re.findall(r'name="key" value="(\d+)"', page)[0])
    with database.read() as session:
        scopes = session.get_one(ApiKey, number).scopes
    assert scopes == ["read"] + ["write"] * (scope == "write")
    ended = owner.post("/workspace/people/keys/revoke", institution=house, key=number)
    assert ended.headers["location"].endswith("&done=revoked")
    assert api(server, key) == 401
    assert "відкликано" in owner.get("/workspace/people").text
    again = owner.post("/workspace/people/keys/revoke", institution=house, key=number)
    assert again.status_code == 303
    me = f"person:{owner.id}"
    acts = [act for actor, act, subject, _ in trail(database) if (actor, subject) == (me, f"key:{number}")]
    assert acts == ["key_made", "key_revoked"]
    assert key not in server.log.read_text()


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_request_for_access_is_accepted_and_becomes_an_invitation(
    server: LiveServer, database: Database, house: int, email: str, lang: str
) -> None:
    staff = Member(server, database, None, "staff")
    number = ask(database, email, house, lang=lang)
    page = staff.get("/workspace/requests").text
    assert email in page
    assert "Ми з &lt;приймальної&gt;.<br>Дякуємо!" in page
    assert staff.post(f"/workspace/requests/{number}", answer="maybe").status_code == 404
    accepted = staff.post(f"/workspace/requests/{number}", answer="accept")
    assert accepted.headers["location"] == "/workspace/requests?done=invited"
    assert email not in staff.get("/workspace/requests?done=invited").text
    (letter,) = letters(server, email)
    assert ("Добрий день" in letter) == (lang == "uk")
    link = re.search(r"(/ticket/[\w-]+)", letter)
    assert link is not None
    fresh = Visitor(server)
    fresh.post(link[1], password=PASSWORD)
    fresh.sign_in(email)
    assert email in fresh.get("/workspace/people").text
    me = f"person:{staff.id}"
    assert (me, "access_accepted", f"request:{number}", house) in trail(database)
    assert (me, "invited", f"person:{person_id(database, email)}", house) in trail(database)
    before = state(database)
    again = staff.post(f"/workspace/requests/{number}", answer="refuse")
    assert again.headers["location"] == "/workspace/requests?done=before"
    assert state(database) == before


def test_a_request_in_free_text_needs_an_institution_and_a_refused_one_invites_nobody(
    server: LiveServer, database: Database, house: int, email: str
) -> None:
    staff = Member(server, database, None, "staff")
    number, other = ask(database, email, None, "Ліцей <№ 1>"), ask(database, f"no-{email}", None, "Хтось")
    page = staff.get("/workspace/requests").text
    assert "Ліцей &lt;№ 1&gt;" in page
    before = state(database)
    path = f"/workspace/requests/{number}"
    for data in ({}, {f"institution-{number}": "99999999"}, {f"edebo-{number}": "немає"}):
        wrong = staff.post(path, answer="accept", **data)
        assert wrong.status_code == 422
        assert wrong.text.count('class="error"') == 1
        assert re.search(rf'href="#(institution|edebo)-{number}"', wrong.text)
    assert state(database) == before
    assert staff.post(path, answer="accept", **{f"institution-{number}": house}).status_code == 303
    assert letters(server, email)
    refused = staff.post(f"/workspace/requests/{other}", answer="refuse")
    assert refused.headers["location"] == "/workspace/requests?done=refused"
    with database.read() as session:
        assert session.get_one(AccessRequest, number).institution_id == house
        assert session.get_one(AccessRequest, other).state == "refused"
        assert session.scalar(select(Person.id).where(Person.email == f"no-{email}")) is None


def test_a_letter_that_could_not_be_sent_is_told_and_a_link_can_be_asked_for_later(
    server: LiveServer, database: Database, house: int, email: str
) -> None:
    owner = Member(server, database, house, "owner")
    folder, away = server.data_dir / "mail", server.data_dir / "mail-away"
    if folder.exists():
        folder.rename(away)
    folder.touch()
    try:
        sent = owner.post("/workspace/people/invite", institution=house, email=email, role="editor")
    finally:
        folder.unlink()
        if away.exists():
            away.rename(folder)
    there = sent.headers["location"]
    assert there.endswith("&done=unsent")
    page = owner.get(there).text
    assert "лист не надіслано" in page
    assert 'href="/password"' in page
    assert email in page
    Visitor(server).post("/password", email=email)
    assert "/ticket/" in letters(server, email)[0]


def test_the_staff_answer_a_reported_mistake_once(server: LiveServer, database: Database) -> None:
    staff = Member(server, database, None, "staff")
    sent = Visitor(server).client.post(
        "/report", data={"about": "/universities", "topic": "place", "message": "У списку бракує укриття."}
    )
    status = sent.headers["location"]
    code = status.rsplit("/", 1)[1]
    assert code in staff.get("/workspace/requests").text
    path = f"/workspace/requests/reports/{code}"
    empty = staff.post(path, **{f"answer-{code}": "  "})
    assert empty.status_code == 422
    assert f'href="#answer-{code}"' in empty.text
    done = staff.post(path, **{f"answer-{code}": "Додали з датою."})
    assert done.headers["location"] == "/workspace/requests?done=answered"
    assert "Додали з датою." in Visitor(server).client.get(status).text
    assert code not in staff.get("/workspace/requests").text
    assert staff.post(path, **{f"answer-{code}": "Ще раз."}).headers["location"].endswith("done=before")
    assert staff.post("/workspace/requests/reports/none", answer="x").status_code == 404
    assert [row for row in trail(database) if row[2] == f"report:{code}"] == [
        (f"person:{staff.id}", "report_answered", f"report:{code}", None)
    ]


def test_an_address_of_a_form_opens_the_page_it_belongs_to(server: LiveServer) -> None:
    one = Visitor(server, "en")
    for form in ("invite", "remove", "keys/new", "keys/revoke"):
        assert one.get(f"/workspace/people/{form}").headers["location"] == "/en/workspace/people"
    for form in ("1", "reports/x"):
        assert one.get(f"/workspace/requests/{form}").headers["location"] == "/en/workspace/requests"
