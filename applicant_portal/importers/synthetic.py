"""Made-up listings for measuring, in an empty database only. Every institution is named a synthetic one.

The same number and the same seed give the same listings on every machine.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from applicant_portal.catalogue import naming, outbox, routes, specialities
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import (
    AdmissionResult,
    Course,
    EntryRoute,
    Institution,
    Listing,
    ListingSkill,
    Offer,
    OfferSubject,
    Programme,
    Skill,
    Track,
)
from applicant_portal.importers import contacts
from applicant_portal.importers.synthetic_words import (
    ADJECTIVES,
    CITIES,
    EN_ADJECTIVES,
    EN_NOUNS,
    FACULTIES,
    HOW,
    NOUNS,
    SKILLS,
    STARTS,
    SUBJECTS,
    VERBS,
    WHO,
)

SOURCE = "Синтетичні дані для вимірювань"
BATCH = 1000

# In the order in which rows may refer to each other.
_TABLES: tuple[type[Any], ...] = (
    Listing,
    Programme,
    Course,
    Track,
    Offer,
    OfferSubject,
    AdmissionResult,
    EntryRoute,
    ListingSkill,
)

Rows = dict[type[Any], list[dict[str, Any]]]


class NotEmpty(Exception):
    """The database has listings or institutions already: made-up ones must not stand among real ones."""


def is_empty(session: Session) -> bool:
    """Whether neither a listing nor an institution is there."""
    return not any(session.scalar(select(model.id).limit(1)) for model in (Listing, Institution))


def generate(
    session: Session,
    listings: int,
    seed: int,
    now: datetime,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> None:
    """Write `listings` made-up listings and the institutions they belong to. Raises `NotEmpty`."""
    if not is_empty(session):
        raise NotEmpty
    maker = _Maker(Random(seed), now)  # noqa: S311 (the same listings every time are the point)
    session.execute(insert(Skill), [{"key": k, "name_uk": n, "name_en": k, "aliases": []} for k, n in SKILLS])
    houses = maker.institutions(max(3, min(300, listings // 60 + 1)))
    session.execute(insert(Institution), houses)
    ids: list[str] = []
    numbers = iter(progress(range(listings)))
    while batch := list(islice(numbers, BATCH)):
        rows: Rows = {model: [] for model in _TABLES}
        ids += [maker.listing(number, houses, rows) for number in batch]
        for model, values in rows.items():
            if values:
                session.execute(insert(model), values)
    if session.get_bind().dialect.name == "postgresql":
        for table in ("institutions", "offers"):
            # Rows came with their numbers: the sequence must go on after them.
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": table, "last": max(len(houses), len(ids) * 2)},
            )
    outbox.publish(session, ids, now)


class _Maker:
    def __init__(self, random: Random, now: datetime) -> None:
        self._random = random
        self._now = now
        self._keys: set[str] = set()
        self._slugs: set[str] = set()
        self._offers = 0
        self._codes = [found.code for found in specialities.it_specialities()]
        self._stamp = FactStamp("synthetic", now.date().isoformat(), SOURCE)

    def institutions(self, count: int) -> list[dict[str, Any]]:
        return [self._institution(number) for number in range(1, count + 1)]

    def _institution(self, number: int) -> dict[str, Any]:
        name = f"Синтетичний університет {number}"
        city = CITIES[number % len(CITIES)]
        return {
            "id": number,
            "edebo_id": str(9_000_000 + number),
            "slug": naming.slug(name),
            "name": name,
            "short_name": f"СУ-{number}",
            "name_en": f"Synthetic University {number}",
            "folded_name": naming.fold_name(name),
            "name_key": naming.sort_key(name),
            "category": "Синтетичний заклад",
            "ownership": self._random.choice(("state", "private")),
            "city": city,
            "region": contacts.region_of_town(city),
            "origin": "synthetic",
            "stamps": {"record": self._stamp},
        }

    def listing(self, number: int, houses: list[dict[str, Any]], rows: Rows) -> str:
        """Add the rows of one listing; answers its id."""
        random = self._random
        kind = random.choices(("programme", "course", "track"), (80, 17, 3))[0]
        house = random.choice(houses)
        title = self._title()
        degree = random.choices(("bachelor", "master", "phd"), (70, 25, 5))[0]
        code = random.choice(self._codes)
        owner = naming.institution_key(house["edebo_id"], house["name"])
        key = naming.programme_key(owner, degree, code, title)
        if kind != "programme" or key in self._keys:
            key = naming.keyed(kind, f"synthetic-{number}")
        self._keys.add(key)
        listing_id = naming.listing_id(kind, key)
        slug = naming.slug(title, house["short_name"])
        if (slug_key := f"{kind}/{slug}") in self._slugs:
            slug = naming.slug(slug[:80], str(number))
        self._slugs.add(slug_key)
        priced = random.random() < 0.6
        online = kind != "programme" and random.random() < 0.6
        rows[Listing].append(
            {
                "id": listing_id,
                "kind": kind,
                "slug": slug,
                "natural_key": key,
                "institution_id": house["id"],
                "provider": house["name"] if kind != "programme" else None,
                "title": title,
                "title_en": f"{random.choice(EN_ADJECTIVES)} {random.choice(EN_NOUNS)} {number}",
                "title_key": naming.sort_key(title),
                "summary_uk": self._sentence(),
                "description_uk": self._description(),
                "languages": random.choice((["uk"], ["uk"], ["uk", "en"], ["en"], [])),
                "format": ("online" if online else "on_site") if kind != "programme" else None,
                "city": None if online else house["city"],
                "region": None if online else house["region"],
                "price_uah": random.randrange(0, 120) * 500 if priced else None,
                "price_year": self._now.year if priced else None,
                "state": random.choices(("running", "unverified", "closed"), (70, 25, 5))[0],
                "visibility": "published",
                "origin": "synthetic",
                "stamps": {"record": self._stamp, "price": self._stamp, "place": self._stamp},
                "created_at": self._now,
                "updated_at": self._now,
            }
        )
        if kind == "programme":
            self._programme(listing_id, title, degree, code, rows)
        elif kind == "course":
            rows[Course].append(
                {
                    "listing_id": listing_id,
                    "provider_kind": "university",
                    "pace": random.choice(("live", "self_paced", None)),
                    "for_veterans": random.random() < 0.1,
                    "certificate": random.choice((True, None)),
                }
            )
        else:
            rows[Track].append(self._track(listing_id, code))
        for position, (skill, _) in enumerate(random.sample(SKILLS, 2), start=1):
            rows[ListingSkill].append({"listing_id": listing_id, "skill_key": skill, "position": position})
        return listing_id

    def _programme(self, listing_id: str, title: str, degree: str, code: str, rows: Rows) -> None:
        random = self._random
        forms = random.choice((["full_time"], ["full_time"], ["full_time", "part_time"], ["part_time"], []))
        found = specialities.new_list()[code]
        rows[Programme].append(
            {
                "listing_id": listing_id,
                "degree": degree,
                "speciality": code,
                "old_speciality": found.old_code,
                "forms": forms,
                "faculty": random.choice(FACULTIES),
                "record_level": "programme",
            }
        )
        offers = [self._offer(listing_id, title, degree, form, rows) for form in forms]
        doors = routes.by_rule(listing_id, degree, offers)
        rows[EntryRoute].extend(
            {"listing_id": listing_id, "route": door.route, "basis": door.basis, "year": door.year}
            for door in doors
        )

    def _offer(self, listing_id: str, title: str, degree: str, form: str, rows: Rows) -> Offer:
        random = self._random
        self._offers += 1
        volume = random.randrange(5, 200, 5)
        values: dict[str, Any] = {
            "id": self._offers,
            "edebo_offer_id": str(900_000_000 + self._offers),
            "listing_id": listing_id,
            "year": self._now.year - random.randrange(2),
            "name": title,
            "form": form,
            "entry_base": 40 if degree == "bachelor" else 620,
            "offer_type": random.choice(("open", "open", "fixed", "contract")),
            "priority_contract": False,
            "course": 1,
            "licence_volume": volume,
            "budget_places": volume // 3,
            "contract_places": volume - volume // 3,
            "price_uah": random.randrange(20, 120) * 500,
            "stamps": {"offer": self._stamp},
        }
        rows[Offer].append(values)
        rows[OfferSubject].extend(
            {
                "offer_id": self._offers,
                "position": position,
                "subject": subject,
                "weight": Decimal(weight),
                "minimum": Decimal(100),
                "elective": elective,
                "test": "nmt",
            }
            for position, (subject, weight, elective) in enumerate(SUBJECTS, start=1)
        )
        rows[AdmissionResult].append(
            {
                "listing_id": listing_id,
                "offer_id": self._offers,
                "year": values["year"],
                "applications": random.randrange(5, 500),
                "avg_budget": Decimal(random.randrange(12000, 19500)) / 100,
                "avg_contract": Decimal(random.randrange(10500, 18000)) / 100,
                "stamps": {"record": self._stamp},
            }
        )
        return Offer(**values)

    def _track(self, listing_id: str, code: str) -> dict[str, Any]:
        steps = [{"uk": self._sentence(), "en": "A made-up step."} for _ in range(3)]
        return {
            "listing_id": listing_id,
            "organiser_uk": "Синтетичний організатор",
            "organiser_en": "Synthetic organiser",
            "funding": self._random.choice(("state", "free")),
            "eligibility": [{"uk": "Вигадана умова", "en": "A made-up condition"}],
            "barriers": [],
            "steps": steps,
            "key_facts": [],
            "specialities": [code],
        }

    def _title(self) -> str:
        one, two = self._random.sample(ADJECTIVES, 2)
        noun, other = self._random.sample(NOUNS, 2)
        title = f"{one} {noun}" if self._random.random() < 0.4 else f"{one} {noun} та {two} {other}"
        return title.capitalize()

    def _sentence(self) -> str:
        random = self._random
        start, who = random.choice(STARTS), random.choice(WHO)
        subject = who[0].lower() + who[1:] if start else who
        what = f"{random.choice(ADJECTIVES)} {random.choice(NOUNS)}"
        return f"{start}{subject} {random.choice(VERBS)} {what} {random.choice(HOW)}."

    def _description(self) -> str:
        text = "Синтетичний запис для вимірювань."
        length = self._random.randrange(330, 560)
        while len(text) < length:
            text += " " + self._sentence()
        return text
