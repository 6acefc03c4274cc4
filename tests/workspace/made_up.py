"""An institution, a rival, and their made-up listings as importers would have brought them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution, OutboxEntry, Profession, Skill
from applicant_portal.importers import offer_store
from applicant_portal.importers.listings import Listings
from applicant_portal.importers.offer_records import OfferRecord
from applicant_portal.importers.offer_store import OfferStore
from applicant_portal.importers.records import Record, speciality_codes
from applicant_portal.importers.slugs import Slugs
from applicant_portal.kit.db import Database
from applicant_portal.workspace import representation, service
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.policy import By

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
REGISTER = FactStamp("registry", "2025-08-01", "ЄДЕБО, реєстр")
OWN, RIVAL = 1, 2
OFFICER = By("person:12", frozenset({OWN}))
STRANGER = By("person:13", frozenset({RIVAL}))
NOBODY = By("key:9", frozenset())
STAFF = By("person:1", None, "portal")


def fill(database: Database) -> str:
    """Two institutions, skills, professions, and one published programme with an offer; its id."""
    with database.write() as session:
        for number, name, short in ((OWN, "Університет А", "УА"), (RIVAL, "Університет Б", "УБ")):
            session.add(
                Institution(
                    id=number,
                    edebo_id=str(100 + number),
                    slug=f"u{number}",
                    name=name,
                    short_name=short,
                    folded_name=name.casefold(),
                    name_key=name.casefold(),
                    city="Харків",
                    region="Харківська область",
                    origin="registry",
                    stamps={},
                )
            )
        for key in ("python", "networks", "testing"):
            session.add(Skill(key=key, name_uk=key, name_en=key, aliases=[]))
        for key, codes in (("developer", ["F3", "F2"]), ("analyst", ["F3"]), ("designer", [])):
            session.add(
                Profession(
                    key=key,
                    title_uk=key,
                    title_en=key,
                    title_key=key,
                    tasks=[],
                    aliases=[],
                    specialities=codes,
                )
            )
        session.flush()
        listing_id = read_register(session, "Інформатика")
        # What the register brought stands in the log already; the tests look at what comes after it.
        outbox.publish(session, [listing_id], NOW)
    return listing_id


def read_register(session: Session, title: str, offer_id: str = "555", **values: Any) -> str:
    """What an import of the register makes of one row."""
    institution = session.get_one(Institution, OWN)
    listings = Listings(session, Slugs(session), NOW)
    listings.load_programmes([OWN])
    said = {
        "degree": "bachelor",
        "summary_uk": "Стара анотація",
        "faculty": "Старий факультет",
        "state": "running",
    }
    listing, _ = listings.put(
        Record(
            kind="programme",
            institution=institution,
            title=title,
            stamp=values.pop("stamp", REGISTER),
            values=said | {name: value for name, value in values.items() if name != "city"},
            codes=speciality_codes("122"),
            forms=["full_time"],
            price={"price_uah": 40000, "price_year": 2025},
            place={"city": values.get("city", "Харків"), "region": "Харківська область"},
        )
    )
    session.flush()
    store = OfferStore(session)
    store.load([offer_id])
    store.put(
        OfferRecord(
            row=1,
            offer_id=offer_id,
            year=2026,
            institution_id="101",
            institution_name=None,
            title=title,
            degree="bachelor",
            codes=speciality_codes("122"),
            values={"form": "full_time", "entry_base": 40, "offer_type": "open", "licence_volume": 100},
            stamp=values.get("stamp", REGISTER),
        ),
        listing,
    )
    offer_store.refresh(session, [listing], campaign=2026)
    session.flush()
    return listing.id


def shown(database: Database, listing_id: str, by: By = STAFF) -> dict[str, Any]:
    with database.read() as session:
        listing = service.find(session, by, listing_id)
        assert listing is not None
        return representation.shown(listing)


def change(database: Database, listing_id: str, wanted: dict[str, Any], by: By = OFFICER) -> service.Changed:
    with database.write() as session:
        listing = service.find(session, by, listing_id, to_change=True)
        assert listing is not None
        changed = service.change(session, by, listing, wanted, NOW)
        assert changed is not None
        return changed


def undo(database: Database, batch: str | None, by: By = OFFICER) -> service.Undone:
    assert batch is not None
    with database.write() as session:
        undone = service.undo(session, by, batch, NOW)
        assert undone is not None
        return undone


def counts(database: Database) -> tuple[int, int]:
    """Rows of the history and of the log."""
    with database.read() as session:
        changes = session.scalar(select(func.count()).select_from(ListingChange))
        entries = session.scalar(select(func.count()).select_from(OutboxEntry))
        return changes or 0, entries or 0
