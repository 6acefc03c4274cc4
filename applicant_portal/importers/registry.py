"""The state register of institutions: which file it is, which date it speaks of, and what it changes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from applicant_portal.catalogue import outbox, turns
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.importers.institutions import Institutions, follow
from applicant_portal.importers.registry_formats import KNOWN_FORMATS, RegistryFormat, parse, recognise
from applicant_portal.importers.report import ImportReport
from applicant_portal.importers.slugs import Slugs
from applicant_portal.importers.values import RefusedRow, date_in_name
from applicant_portal.kit.data_files import BadRow, Row, Table, UnreadableFile, read_table

SOURCE_NAME = "ЄДЕБО, реєстр закладів освіти"
SOURCE_URL = "https://registry.edbo.gov.ua/"

Progress = Callable[[Iterable[Row]], Iterable[Row]]


def read(path: Path) -> tuple[Table, RegistryFormat]:
    """The rows of a register file and its shape. Raises `UnreadableFile`."""
    table = read_table(path)
    shape = recognise(table.headings, table.kind)
    if shape is None:
        raise UnreadableFile(
            f"{path.name}: це не реєстр закладів освіти: бракує полів із кодом і назвою закладу; "
            f"відомі формати: {KNOWN_FORMATS}."
        )
    return table, shape


def stamp_for(path: Path, shape: RegistryFormat, as_of: str | None) -> FactStamp:
    """The stamp of the file's facts: the date given, else that in the file's name, else the first year in
    which such files existed, so that an undated file never passes for newer than it may be."""
    return FactStamp(
        origin="registry",
        as_of=as_of or date_in_name(path.name) or shape.floor,
        source_name=SOURCE_NAME,
        source_url=SOURCE_URL,
    )


def write(
    session: Session,
    table: Table,
    shape: RegistryFormat,
    stamp: FactStamp,
    now: datetime,
    progress: Progress = iter,
) -> ImportReport:
    """Bring the rows in, within the caller's transaction."""
    turns.import_alone(session)
    report = ImportReport()
    institutions = Institutions(session, Slugs(session))
    seen: dict[str, int] = {}
    for number, row in enumerate(progress(table.rows), start=1):
        try:
            if isinstance(row, BadRow):
                raise RefusedRow("рядок", row.reason)
            record = parse(row, shape)
            if record.edebo_id in seen:
                raise RefusedRow(
                    shape.heading("id"), f"код {record.edebo_id} уже є в рядку {seen[record.edebo_id]}"
                )
        except RefusedRow as refused:
            report.refuse(number, refused.field, refused.reason)
            continue
        seen[record.edebo_id] = number
        _, outcome = institutions.put(record.edebo_id, record.values, stamp)
        report.count(outcome)
    session.flush()
    outbox.publish(session, follow(session, institutions.changed, now), now)
    return report
