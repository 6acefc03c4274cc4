"""The listings of the seeded catalogue with the facts by which they are judged, and topics: sets of them."""

import json
import re
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from applicant_portal import migrations
from applicant_portal.catalogue import queries
from applicant_portal.catalogue.documents import document
from applicant_portal.catalogue.models import Listing
from applicant_portal.importers import seed
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.servers import ROOT

TODAY = date(2026, 11, 25)
_APOSTROPHES = re.compile("['’ʼ]")


@dataclass(frozen=True)
class Item:
    """A listing: who it is, and its facts. `titles` is folded only in case and apostrophes."""

    kind: str
    title: str
    edebo_id: str | None
    titles: str
    code: str | None
    degree: str | None
    institution: str | None
    city: tuple[str, ...]
    form: tuple[str, ...]
    format: tuple[str, ...]
    funding: tuple[str, ...]
    language: tuple[str, ...]
    route: tuple[str, ...]
    shelter: bool
    for_veterans: bool
    skills: frozenset[str]
    professions: frozenset[str]
    key: str


class Topic:
    """What a person may be looking for: a judgement about any listing. Topics combine with & | -."""

    def __init__(self, holds: Callable[[Item], bool]) -> None:
        self.holds = holds

    def __and__(self, other: "Topic") -> "Topic":
        return Topic(lambda item: self.holds(item) and other.holds(item))

    def __or__(self, other: "Topic") -> "Topic":
        return Topic(lambda item: self.holds(item) or other.holds(item))

    def __sub__(self, other: "Topic") -> "Topic":
        return Topic(lambda item: self.holds(item) and not other.holds(item))


def title(pattern: str) -> Topic:
    """Listings whose Ukrainian or English title has the pattern (lower case, without apostrophes)."""
    return Topic(lambda item: re.search(pattern, item.titles) is not None)


def code(*codes: str) -> Topic:
    """Programmes of these specialities, by their codes of today."""
    return Topic(lambda item: item.kind == "programme" and item.code in codes)


def teaches(*skills: str) -> Topic:
    """Courses and tracks that name one of these skills (keys of seed_data/skills.toml)."""
    return Topic(lambda item: bool(item.skills & set(skills)))


def leads_to(*professions: str) -> Topic:
    """Courses and tracks that name one of these professions (keys of seed_data/professions.toml)."""
    return Topic(lambda item: bool(item.professions & set(professions)))


def at(edebo_id: str) -> Topic:
    """Listings of an institution, by its number in the state register."""
    return Topic(lambda item: item.institution == edebo_id)


def named(*keys: str) -> Topic:
    """Courses and tracks by their keys in seed_data."""
    return Topic(lambda item: item.key in keys)


def fact(field: str, *values: str) -> Topic:
    """Listings whose fact `field` is, or has among its values, one of `values`."""

    def holds(item: Item) -> bool:
        found = getattr(item, field)
        return bool(set(values) & ({found} if isinstance(found, str) else set(found or ())))

    return Topic(holds)


def load() -> list[Item]:
    """Every listing of the seeded catalogue, in a fixed order."""
    rows = {row["title"]: row for row in _rows()}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Settings(data_dir=Path(folder)).database_url)
        migrations.upgrade(database.engine)
        seed.load(database, TODAY)
        with database.read() as session:
            ids = session.scalars(select(Listing.id)).all()
            documents = [document(listing, TODAY) for listing in queries.searchable(session, list(ids))]
        database.dispose()
    items = []
    for one in documents:
        row: dict[str, Any] = rows[one.title] if one.kind != "programme" else {}
        payload, facets = one.payload, one.facets
        number = next(iter(facets.get("institution", ())), None)
        known = {name: tuple(v for v in values if v != "unknown") for name, values in facets.items()}
        items.append(
            Item(
                kind=one.kind,
                title=one.title,
                edebo_id=number if one.kind == "programme" else None,
                titles=_APOSTROPHES.sub("", f"{one.title}\n{one.title_en or ''}".lower()),
                code=next(iter(known.get("speciality", ())), None),
                degree=payload.get("degree"),
                institution=number,
                city=known.get("city", ()),
                form=known.get("form", ()),
                format=known.get("format", ()),
                funding=known.get("funding", ()),
                language=known.get("language", ()),
                route=known.get("route", ()),
                shelter="yes" in facets.get("shelter", ()),
                for_veterans=one.kind == "track" or bool(row.get("for_veterans")),
                skills=frozenset(row.get("topics", ())),
                professions=frozenset(row.get("professions", ())),
                key=str(row.get("key", "")),
            )
        )
    return sorted(
        items, key=lambda item: (item.kind != "programme", item.kind, item.title, item.edebo_id or "")
    )


def _rows() -> list[dict[str, Any]]:
    """Courses and tracks as seed_data has them: their skills and professions stand there."""
    folder = ROOT / "seed_data"
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (folder / "courses.jsonl").read_text().splitlines() if line.strip()
    ]
    rows += tomllib.loads((folder / "tracks.toml").read_text())["track"]
    return rows
