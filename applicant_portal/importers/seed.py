"""`seed_data/` into the catalogue: everything the portal knows on its first day, in one transaction.

A second run changes nothing. What an institution confirmed and what is newer than the seed stays.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from applicant_portal.catalogue import outbox, turns
from applicant_portal.catalogue.models import (
    Institution,
    Listing,
    ListingProfession,
    ListingSkill,
)
from applicant_portal.importers import (
    contacts,
    offer_store,
    offers,
    seed_institutions,
    seed_listings,
    seed_professions,
)
from applicant_portal.importers.institutions import Institutions, follow
from applicant_portal.importers.listings import Listings
from applicant_portal.importers.seed_files import NumberedRow, Row, lines, strings, tables, texts
from applicant_portal.importers.seed_professions import Ties
from applicant_portal.importers.seed_report import SeedReport
from applicant_portal.importers.slugs import Slugs
from applicant_portal.importers.values import BadValue
from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.kit.db import Database
from applicant_portal.kit.progress import Bar
from applicant_portal.settings import SEED_DATA


def load(database: Database, today: date, folder: Path = SEED_DATA) -> SeedReport:
    """Seed the database, which has the newest schema; a progress bar shows on a terminal.

    Refused rows stand in the report and the rest goes in. Raises `UnreadableFile` for a file that cannot
    be read; then nothing has changed.
    """
    with database.write() as session:
        return write(session, folder, today, datetime.now(UTC))


def write(session: Session, folder: Path, today: date, now: datetime) -> SeedReport:
    """Seed within the caller's transaction."""
    turns.import_alone(session)
    report = SeedReport()
    slugs = Slugs(session)
    institutions = Institutions(session, slugs)
    skills = seed_professions.load_skills(session, folder, report)
    professions = seed_professions.load_professions(session, folder, report)
    by_key = seed_institutions.load(session, folder, institutions, report)
    listings = Listings(session, slugs, now)
    programmes = list(lines(folder / "programmes.jsonl"))
    offer_rows = list(lines(folder / "offers.jsonl"))
    courses = list(lines(folder / "courses.jsonl"))
    tracks = list(tables(folder / "tracks.toml", "track"))
    total = len(programmes) + len(offer_rows) + len(courses) + len(tracks)
    with Bar("Дані") as bar:
        steps = _Steps(bar, total)
        _programmes(session, listings, steps.of(programmes), by_key, report)
        _offers(session, listings, steps.of(offer_rows), by_key, report, today)
        _courses_and_tracks(session, listings, steps.of(courses), steps.of(tracks), by_key, report)
    changed = offer_store.refresh(session, _all_programmes(session), campaign=today.year)
    for listing in changed:
        listings.touch(listing)
    touched = chain(
        listings.touched,
        follow(session, institutions.changed, now),
        _tied_to(session, skills, professions),
    )
    outbox.publish(session, touched, now)
    return report


class _Steps:
    """Tells the bar of each row that passes."""

    def __init__(self, bar: Bar, total: int) -> None:
        self._bar, self._done, self._total = bar, 0, total

    def of(self, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
        for row in rows:
            yield row
            self._done += 1
            self._bar.update(self._done, self._total)


def _owner(row: Row, by_key: dict[str, Institution]) -> Institution | None:
    key = row.get("institution")
    if key and key not in by_key:
        raise BadValue(f"institution: невідомий ключ «{key}»")
    return by_key[key] if key else None


def _house(row: Row, by_key: dict[str, Institution]) -> Institution:
    found = _owner(row, by_key)
    if found is None:
        raise BadValue("institution: немає ключа")
    return found


def _programmes(
    session: Session,
    listings: Listings,
    rows: Iterable[NumberedRow],
    by_key: dict[str, Institution],
    report: SeedReport,
) -> None:
    listings.load_programmes(institution.id for institution in by_key.values())
    with_results: list[tuple[Listing, Row]] = []
    for number, row in rows:
        with report.row("programmes.jsonl", number):
            listing, outcome = listings.put(seed_listings.programme(row, _house(row, by_key)))
            report.count(outcome)
            with_results.append((listing, row))
    session.flush()
    for listing in seed_listings.load_results(session, with_results):
        listings.touch(listing)


def _offers(
    session: Session,
    listings: Listings,
    rows: Iterable[NumberedRow],
    by_key: dict[str, Institution],
    report: SeedReport,
    today: date,
) -> None:
    owned: list[offers.Owned] = []
    for number, row in rows:
        with report.row("offers.jsonl", number):
            owned.append((seed_listings.offer(row, number), _house(row, by_key)))
    offers.attach(session, listings, owned, report, campaign=today.year)


def _courses_and_tracks(
    session: Session,
    listings: Listings,
    courses: Iterable[NumberedRow],
    tracks: Iterable[NumberedRow],
    by_key: dict[str, Institution],
    report: SeedReport,
) -> None:
    ties = Ties(session)
    made: list[tuple[Listing, list[str], list[str]]] = []
    for kind, file, rows in (("course", "courses.jsonl", courses), ("track", "tracks.toml", tracks)):
        listings.load_keyed(kind)
        reading = seed_listings.course if kind == "course" else seed_listings.track
        for number, row in rows:
            with report.row(file, number):
                topics, professions = strings(row, "topics"), strings(row, "professions")
                ties.check(topics, professions)
                region = contacts.region_of_town(texts(row, "city")["city"])
                listing, outcome = listings.put(reading(row, _owner(row, by_key), region))
                report.count(outcome)
                made.append((listing, topics, professions))
    session.flush()
    for listing, topics, professions in made:
        if ties.put(listing, topics, professions):
            listings.touch(listing)
    session.flush()


def _all_programmes(session: Session) -> list[Listing]:
    return list(
        session.scalars(
            select(Listing)
            .where(Listing.kind == "programme")
            .options(joinedload(Listing.programme))
            .order_by(Listing.id)
        )
    )


def _tied_to(session: Session, skills: set[str], professions: set[str]) -> list[str]:
    """Listings that name a changed skill or profession."""
    found: list[str] = []
    if skills:
        found += session.scalars(select(ListingSkill.listing_id).where(ListingSkill.skill_key.in_(skills)))
    if professions:
        found += session.scalars(
            select(ListingProfession.listing_id).where(ListingProfession.profession_key.in_(professions))
        )
    return found


__all__ = ["UnreadableFile", "load", "write"]
