"""An officer of one institution over HTTP: with a browser that runs no scripts, and with a key."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import func, select

from applicant_portal.accounts import keys, service, sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.kit.db import Database
from applicant_portal.workspace import service as workspace
from applicant_portal.workspace.policy import By
from tests.accounts.conftest import PASSWORD, CountingHasher
from tests.pages.test_workspace import Caller, form
from tests.servers import LiveServer

LISTINGS = "/api/v1/workspace/listings"
LONG_AGO = datetime(2025, 9, 1, 12, tzinfo=UTC)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Save:
    """A request that saves, ready to be sent: what of it is sent again is the same to the byte."""

    path: str
    headers: Mapping[str, str]
    json: Json | None = None
    form: Mapping[str, Sequence[str]] | None = None


class Officer:
    """Signed in, and with a key that reads and writes."""

    def __init__(self, server: LiveServer, database: Database, institution: int) -> None:
        self.institution = institution
        self.browser = Caller(server, _sign_in(database, institution))
        with database.write() as session:
            key = keys.make_key(
                session, institution, "наш сайт", ("read", "write"), by=COMMAND, now=datetime.now(UTC)
            )
        self._bearer = {"authorization": f"Bearer {key.shown}"}

    def read(self, listing_id: str) -> tuple[Json, str]:
        """A listing as the program reads it, and its ETag."""
        answer = self.browser.client.get(f"{LISTINGS}/{listing_id}", headers=self._bearer)
        answer.raise_for_status()
        return answer.json(), answer.headers["etag"]

    def by_program(self, listing_id: str, key: str, **values: Any) -> Save:
        """A PUT that sets fields, and under "offer" those of the newest offer."""
        body, etag = self.read(listing_id)
        body["offers"][:1] = [one | values.pop("offer", {}) for one in body["offers"][:1]]
        body["fields"] |= values
        headers = {**self._bearer, "if-match": etag, "idempotency-key": key}
        return Save(f"{LISTINGS}/{listing_id}", headers, json=body)

    def by_screen(self, listing_id: str, section: str, **typed: str) -> Save:
        """A screen filled in and looked through: what is left is to press «Опублікувати зміни»."""
        path = f"/workspace/listings/{listing_id}/{section}"
        review = self.browser.post(path, form(self.browser.get(path), path, **typed))
        review.raise_for_status()
        return Save(path, {"origin": self.browser.origin}, form=form(review, path, seen="1"))

    def bring(self, name: str, data: bytes) -> str:
        """Upload a file of listings; the path of its page."""
        answer = self.browser.client.post(
            "/workspace/files", files={"file": (name, data)}, headers={"origin": self.browser.origin}
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def by_button(self, path: str, act: str) -> Save:
        """A button on the page of a file, to be pressed."""
        action = f"{path}/{act}"
        return Save(action, {"origin": self.browser.origin}, form=form(self.browser.get(path), action))

    def send(self, save: Save) -> httpx.Response:
        """Over a connection of its own, as who comes back after a break has it."""
        method = "PUT" if save.form is None else "POST"
        with httpx.Client(base_url=self.browser.origin, timeout=60) as client:
            client.cookies = self.browser.client.cookies
            return client.request(method, save.path, headers=save.headers, json=save.json, data=save.form)


def busiest(database: Database) -> int:
    """The institution with the most programmes on the site."""
    with database.read() as session:
        found = session.scalars(
            select(Listing.institution_id)
            .where(Listing.kind == "programme", Listing.visibility == "published")
            .group_by(Listing.institution_id)
            .order_by(func.count().desc(), Listing.institution_id)
        ).first()
    assert found is not None
    return found


def publish(database: Database, institution: int, titles: Sequence[str]) -> list[str]:
    """Programmes with all that the public asks for, on the site, each with an offer of 2026; their ids."""
    by, made = By("person:0", frozenset({institution})), []
    wanted = {
        "degree": "bachelor",
        "speciality": "F3",
        "forms": ["full_time"],
        "languages": ["uk"],
        "city": "Харків",
        "summary_uk": "Про все, що діється в приймальній комісії.",
        "official_url": "https://example.edu/programme",
        "price_uah": 40000,
        "price_year": 2026,
    }
    with database.write() as session:
        house = session.get_one(Institution, institution)
        for title in titles:
            listing = workspace.make(
                session, by, house, "programme", {"fields": wanted | {"title": title}}, LONG_AGO
            )
            assert listing is not None
            offer = {"year": 2026, "form": "full_time", "price_uah": 41000, "contract_places": 1}
            workspace.change(session, by, listing, {"offers": [offer]}, LONG_AGO)
            workspace.publish(session, by, listing, LONG_AGO)
            made.append(listing.id)
    return made


def _sign_in(database: Database, institution: int) -> str:
    email, now = f"officer-{secrets.token_hex(4)}@example.edu", datetime.now(UTC)
    cheap = Passwords(CountingHasher())
    with database.write() as session:
        invited = service.invite(session, email, institution, "editor", by=COMMAND, now=now)
    assert service.accept(database, cheap, token=invited.token or "", password=PASSWORD, now=now)
    token = sessions.sign_in(database, cheap, email=email, password=PASSWORD, agent="", now=now)
    assert token is not None
    return token
