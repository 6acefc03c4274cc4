"""The accounts within one process, and who is asking: the token in the cookie, the key of a program."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from fastapi import FastAPI, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from applicant_portal.accounts import actor, keys, queries, sessions, tokens
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.forms import Wrong
from applicant_portal.accounts.mail import Mailer
from applicant_portal.accounts.models import Person
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.kit import cookies
from applicant_portal.kit.db import Database
from applicant_portal.kit.i18n import lang_of, localized
from applicant_portal.kit.limits import Throttle
from applicant_portal.kit.security import SAFE_METHODS
from applicant_portal.kit.web import Pages, go
from applicant_portal.settings import Settings

COOKIE = "session"
PLACES = ("/workspace", "/account", "/sign-out")
"""Where the cookie is sent, and below; one cookie for each, in each language. Not to "/": the pages of the
catalogue are the same for everybody and kept whole, so nobody's name may come to them."""

TRIES, TRIES_SECONDS = 10, 15 * 60
_LOCAL = re.compile(r"/(?:[\w.~-][\w./~-]*)?(?:\?[\w.~=&%+/-]*)?", re.ASCII)
_LONGEST_LOCAL = 500


@dataclass
class Accounts:
    """What the room's pages use: `request.app.state.accounts`. Throttles count in this process only."""

    settings: Settings
    database: Database
    pages: Pages
    now: Callable[[], datetime] = tokens.now
    passwords: Passwords = field(default_factory=Passwords)

    def __post_init__(self) -> None:
        self.mailer = Mailer(self.settings)
        self.wrong_by_address = Throttle(TRIES, TRIES_SECONDS)
        self.wrong_by_caller = Throttle(TRIES, TRIES_SECONDS)
        self.resets_by_address = Throttle(3, 3600)
        self.resets_by_caller = Throttle(TRIES, TRIES_SECONDS)
        self.requests_by_caller = Throttle(10, 3600)


class SignInFirst(Exception):
    """The page is for people who are signed in; `after`: where they were going."""

    def __init__(self, after: str) -> None:
        super().__init__()
        self.after = after


def install(app: FastAPI, accounts: Accounts) -> None:
    """Give the app its accounts; whoever must sign in first is sent there."""
    app.state.accounts = accounts

    @app.exception_handler(SignInFirst)
    def sign_in_first(request: Request, error: Exception) -> Response:
        after = error.after if isinstance(error, SignInFirst) else ""
        query = f"?next={quote(after, safe='/')}" if after else ""
        return go(request, f"/sign-in{query}")


def accounts(request: Request) -> Accounts:
    return cast("Accounts", request.app.state.accounts)


def reading(request: Request) -> Iterator[Session]:
    """Dependency: a session for reading."""
    with accounts(request).database.read() as session:
        yield session


def writing(request: Request) -> Iterator[Session]:
    """Dependency, to be used with `scope="function"`: commits before the answer is sent."""
    with accounts(request).database.write() as session:
        yield session


def current(request: Request) -> Person | None:
    """Dependency: who is signed in."""
    token = token_of(request)
    here = accounts(request)
    return sessions.person_of(here.database, token, here.now()) if token else None


def require(request: Request) -> Person:
    """Dependency: who is signed in; anybody else is sent to sign in, and back here after it."""
    person = current(request)
    if person is None:
        raise SignInFirst(_here(request) if request.method in SAFE_METHODS else "")
    return person


def acting(request: Request) -> Actor:
    """Dependency: the person signed in with what they may act for; anybody else is sent to sign in."""
    person = require(request)
    with accounts(request).database.read() as session:
        return actor.of_person(person, queries.roles(session, person.id))


def program(request: Request) -> Actor | None:
    """Dependency: the key in `Authorization: Bearer …`; its use today is noted. A cookie does not count:
    a program's address answers nobody's browser."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    here = accounts(request)
    now = here.now()
    with here.database.read() as session:
        key = keys.key_of(session, bearer.strip())
    if key is None:
        return None
    if key.used_on is None or key.used_on < now.date():
        with here.database.write() as session:
            keys.note_use(session, key.id, now)
    return actor.of_key(key)


def form_page(
    request: Request,
    name: str,
    context: Mapping[str, Any],
    wrong: Wrong | None = None,
    *,
    status: int | None = None,
) -> Response:
    """A page of one person with a form in it; 422 when something is wrong with what was typed."""
    wrong = wrong or Wrong()
    values = {**context, **wrong.context()}
    return accounts(request).pages.personal(request, name, values, status=status or (422 if wrong else 200))


def missing() -> HTTPException:
    """Not there, or not this person's to see; nor does a browser keep that: it may be there tomorrow, or for
    somebody else at the same desk."""
    return HTTPException(404, headers={"cache-control": "no-store"})


def token_of(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


def remember(request: Request, response: Response, token: str) -> None:
    """Set the cookies. They outlive the session's sliding end: the server decides when it is over."""
    secure = accounts(request).settings.base_url.startswith("https")
    cookies.remember(response, COOKIE, token, PLACES, lasts=sessions.AT_MOST, secure=secure)


def forget(response: Response) -> None:
    cookies.forget(response, COOKIE, PLACES)


def local(path: str) -> str | None:
    """A path of this site to go on to after signing in; None for anything that might lead elsewhere."""
    return path if len(path) <= _LONGEST_LOCAL and _LOCAL.fullmatch(path) else None


def _here(request: Request) -> str:
    path = localized(request.url.path, lang_of(request.scope))
    whole = f"{path}?{request.url.query}" if request.url.query else path
    return local(whole) or local(path) or ""
