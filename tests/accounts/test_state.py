"""What other rooms ask for: who is signed in, who acts, which program; over a small application."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from applicant_portal.accounts import keys, pages, state
from applicant_portal.accounts.actor import COMMAND, Actor
from applicant_portal.accounts.models import Person
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.accounts.state import Accounts, local
from applicant_portal.kit.db import Database
from applicant_portal.kit.i18n import LanguagePrefix
from applicant_portal.kit.web import Pages
from applicant_portal.settings import Settings
from tests.accounts.conftest import NOW, PASSWORD, come, trail

EMAIL = "owner@knu.example"


class Clock:
    """The hour of the application, to be moved."""

    def __init__(self) -> None:
        self.hour = NOW

    def __call__(self) -> datetime:
        return self.hour


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(database: Database, data_dir: Path, passwords: Passwords, clock: Clock) -> Iterator[TestClient]:
    settings = Settings(data_dir=data_dir, base_url="https://vstup.example")
    app = FastAPI()
    state.install(app, Accounts(settings, database, Pages(settings.base_url), clock, passwords))
    app.include_router(pages.router)

    @app.get("/workspace")
    def workspace(acting: Annotated[Actor, Depends(state.acting)]) -> dict[str, object]:
        return {"label": acting.label, "institutions": dict(acting.institutions), "staff": acting.is_staff}

    @app.post("/workspace")
    def write(person: Annotated[Person, Depends(state.require)]) -> int:
        return person.id

    @app.get("/workspace/maybe")
    def maybe(person: Annotated[Person | None, Depends(state.current)]) -> int | None:
        return None if person is None else person.id

    @app.get("/api/v1/workspace")
    def api(acting: Annotated[Actor | None, Depends(state.program)]) -> str | None:
        return None if acting is None else acting.label

    with TestClient(LanguagePrefix(app), base_url="https://vstup.example", follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def person(client: TestClient, database: Database, passwords: Passwords) -> Person:
    """Somebody signed in."""
    made = come(database, passwords, EMAIL)
    answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 303
    return made


def test_with_https_the_cookie_is_sent_over_nothing_else(client: TestClient, person: Person) -> None:
    answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    given = answer.headers.get_list("set-cookie")
    assert len(given) == 6
    assert all("Secure" in cookie for cookie in given)


def test_whoever_is_signed_in_acts_for_their_institutions(client: TestClient, person: Person) -> None:
    for path in ("/workspace", "/en/workspace"):
        assert client.get(path).json() == {
            "label": f"person:{person.id}",
            "institutions": {"1": "owner"},
            "staff": False,
        }
    assert client.get("/workspace/maybe").json() == person.id


def test_anybody_else_is_sent_to_sign_in_and_back(client: TestClient) -> None:
    for path, sent in (
        ("/workspace", "/sign-in?next=/workspace"),
        ("/en/workspace?page=2", "/en/sign-in?next=/en/workspace%3Fpage%3D2"),
        ("/workspace?q=%D1%8F", "/sign-in?next=/workspace%3Fq%3D%25D1%258F"),
        ("/workspace?q=a@b", "/sign-in?next=/workspace"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, sent)
        assert answer.headers["cache-control"] == "no-store"
    assert client.post("/workspace").headers["location"] == "/sign-in"
    assert client.get("/workspace/maybe").json() is None


def test_a_session_ends_by_the_clock(client: TestClient, person: Person, clock: Clock) -> None:
    clock.hour = NOW + timedelta(days=13)
    assert client.get("/workspace/maybe").json() == person.id
    clock.hour += timedelta(days=14)
    assert client.get("/workspace/maybe").json() is None


def test_a_program_is_known_by_its_key_alone(client: TestClient, person: Person, database: Database) -> None:
    with database.write() as session:
        made = keys.make_key(session, 1, "сайт", ["read"], by=COMMAND, now=NOW)
    for _ in range(2):
        answer = client.get("/api/v1/workspace", headers={"authorization": f"Bearer {made.shown}"})
        assert answer.json() == f"key:{made.key.id}"
    assert [line[1] for line in trail(database)].count("key_used") == 1
    (token,) = {cookie.value for cookie in client.cookies.jar}
    for wrong in (
        "",
        f"Basic {made.shown}",
        made.shown,
        "Bearer",
        f"Bearer {made.shown}x",
        f"Bearer {token}",
    ):
        assert client.get("/api/v1/workspace", headers={"authorization": wrong}).json() is None
    assert client.get("/api/v1/workspace", headers={"cookie": f"session={token}"}).json() is None
    answer = client.get("/workspace/maybe", headers={"cookie": f"session={made.shown}"})
    assert answer.json() is None


@pytest.mark.parametrize("path", ["/", "/account", "/en/workspace/p-abc?page=2&q=%D1%8F", "/a.b~c-d_e?x"])
def test_a_path_of_ours_is_local(path: str) -> None:
    assert local(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "a", "//a", "///a", "/\\a", "\\\\a", "https://a", "/a#b", "/a\n", "/a\x00", "/ a", "/%2f/a", "/я"],
)
def test_what_may_lead_elsewhere_is_not(path: str) -> None:
    assert local(path) is None
