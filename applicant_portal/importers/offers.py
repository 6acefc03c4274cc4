"""Competitive offers: which file it is, and what it changes in programmes, offers and results."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from applicant_portal.catalogue import outbox, turns
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.importers import contacts, offer_store, offers_formats
from applicant_portal.importers.institutions import Institutions
from applicant_portal.importers.listings import Listings
from applicant_portal.importers.merging import replaces
from applicant_portal.importers.offer_records import OfferRecord
from applicant_portal.importers.offer_store import OfferStore
from applicant_portal.importers.records import Record
from applicant_portal.importers.report import ImportReport
from applicant_portal.importers.slugs import Slugs
from applicant_portal.importers.values import RefusedRow
from applicant_portal.kit.data_files import BadRow, Row, Table, UnreadableFile, read_table

Progress = Callable[[Iterable[Row]], Iterable[Row]]
Owned = tuple[OfferRecord, Institution]


def read(path: Path) -> tuple[Table, str]:
    """The rows of an offers file and its format. Raises `UnreadableFile`."""
    table = read_table(path)
    shape = offers_formats.recognise(table.headings)
    if shape is None:
        raise UnreadableFile(
            f"{path.name}: це не конкурсні пропозиції; відомі формати: {offers_formats.KNOWN_FORMATS}."
        )
    return table, shape


def write(
    session: Session, table: Table, shape: str, now: datetime, progress: Progress = iter
) -> ImportReport:
    """Bring the rows in, within the caller's transaction. `now` tells which campaign goes on."""
    turns.import_alone(session)
    report = ImportReport()
    slugs = Slugs(session)
    institutions = Institutions(session, slugs)
    owned = list(_owned(table, shape, institutions, report, progress))
    session.flush()
    listings = Listings(session, slugs, now)
    attach(session, listings, owned, report, campaign=now.year)
    outbox.publish(session, listings.touched, now)
    return report


def _owned(
    table: Table, shape: str, institutions: Institutions, report: ImportReport, progress: Progress
) -> Iterable[Owned]:
    """Records with their institutions; an unknown institution is made from what the offer says of it."""
    seen: dict[str, int] = {}
    for number, row in enumerate(progress(table.rows), start=1):
        try:
            if isinstance(row, BadRow):
                raise RefusedRow("рядок", row.reason)
            record = offers_formats.parse(row, number, shape)
            if record.offer_id in seen:
                raise RefusedRow(
                    "usid" if shape == offers_formats.EDEBO else "offer_id",
                    f"пропозиція {record.offer_id} уже є в рядку {seen[record.offer_id]}",
                )
            institution = _institution(record, institutions, shape)
        except RefusedRow as refused:
            report.refuse(number, refused.field, refused.reason)
            continue
        seen[record.offer_id] = number
        yield record, institution


def _institution(record: OfferRecord, institutions: Institutions, shape: str) -> Institution:
    name = contacts.quoted(record.institution_name) if record.institution_name else None
    found = institutions.find(record.institution_id, name)
    if found is not None and found.edebo_id is not None:
        return found
    if name is None:
        raise RefusedRow(
            "un" if shape == offers_formats.EDEBO else "university",
            f"закладу {record.institution_id} в каталозі немає, а назви в рядку бракує",
        )
    stamp = FactStamp("offer", record.stamp.as_of, record.stamp.source_name)
    return institutions.put(record.institution_id, {"name": name}, stamp)[0]


def attach(
    session: Session,
    listings: Listings,
    owned: Sequence[Owned],
    report: ImportReport,
    *,
    campaign: int,
) -> None:
    """Bring offers to their programmes, which are made where they are missing. The institutions have ids."""
    listings.load_programmes(institution.id for _, institution in owned)
    store = OfferStore(session)
    store.load([record.offer_id for record, _ in owned])
    involved: dict[str, Listing] = {}
    for record, institution in owned:
        present = store.find(record.offer_id)
        before = listings.get(present.listing_id) if present is not None else None
        stamp = present.stamps.get("offer") if present is not None else None
        if before is not None and stamp is not None and not replaces(stamp, record.stamp):
            listing = before
        else:
            listing = _programme(listings, record, institution)
        outcome = store.put(record, listing)
        report.count(outcome)
        for one in filter(None, (before, listing)):
            involved[one.id] = one
            if outcome != "unchanged":
                listings.touch(one)
    for listing in offer_store.refresh(session, list(involved.values()), campaign=campaign):
        listings.touch(listing)


def _programme(listings: Listings, record: OfferRecord, institution: Institution) -> Listing:
    wanted = Record(
        kind="programme",
        institution=institution,
        title=record.title,
        stamp=record.stamp,
        values={"degree": record.degree, "record_level": "programme"},
        codes=record.codes,
        place={"city": institution.city, "region": institution.region},
    )
    found = listings.find(wanted)
    if found is None:
        return listings.put(wanted)[0]
    listings.complete(found, record.degree, record.codes, institution)
    return found
