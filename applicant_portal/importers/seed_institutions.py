"""Institutions of the seed, their aliases, former numbers and places."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import (
    PLACE_ANSWERS,
    PLACE_TOPICS,
    Institution,
    InstitutionAlias,
    PlaceFact,
)
from applicant_portal.catalogue.stamp_groups import place_stamp
from applicant_portal.importers import contacts
from applicant_portal.importers.institutions import Institutions
from applicant_portal.importers.merging import apply, kept_by_institution
from applicant_portal.importers.seed_files import Row, chosen, stamp, strings, table, texts
from applicant_portal.importers.seed_report import SeedReport
from applicant_portal.importers.values import BadValue, identifier, text


def load(
    session: Session, folder: Path, institutions: Institutions, report: SeedReport
) -> dict[str, Institution]:
    """Key -> institution of `institutions.csv`; all have ids when this ends."""
    by_key: dict[str, Institution] = {}
    former: list[tuple[Institution, list[str]]] = []
    aliases: list[tuple[Institution, list[str]]] = []
    for number, row in table(folder / "institutions.csv"):
        with report.row("institutions.csv", number):
            institution, outcome = institutions.put(identifier(row["edebo_id"]), _values(row), stamp(row))
            report.count(outcome)
            by_key[row["key"]] = institution
            former.append((institution, strings(row, "former_ids")))
            aliases.append((institution, strings(row, "aliases")))
    session.flush()
    for institution, ids in former:
        institutions.add_former_ids(institution, ids)
    _add_aliases(session, institutions, aliases)
    _load_places(session, folder, by_key, institutions, report)
    session.flush()
    return by_key


def _values(row: Row) -> dict[str, str | None]:
    values = texts(
        row,
        "short_name",
        "name_en",
        "admission_phone",
        "phone",
        "address",
        "note_uk",
        "note_en",
        "city",
    )
    name = text(row["name_uk"])
    if name is None:
        raise BadValue("немає назви")
    region = text(row["region"])
    return values | {
        "name": name,
        "edrpou": contacts.edrpou(row["edrpou"]),
        "region": contacts.region(region),
        "postcode": contacts.postcode(row["postcode"]),
        "site": contacts.site(row["site"]),
        "admission_url": contacts.site(row["admission_url"]),
        "admission_email": contacts.email(row["admission_email"]),
        "email": contacts.email(row["email"]),
        "ownership": chosen(row, "ownership", ("state", "municipal", "private")),
    }


def _add_aliases(
    session: Session, institutions: Institutions, wanted: list[tuple[Institution, list[str]]]
) -> None:
    present = {(row.institution_id, row.alias) for row in session.scalars(select(InstitutionAlias))}
    for institution, names in wanted:
        for name in dict.fromkeys(names):
            if (institution.id, name) not in present:
                session.add(InstitutionAlias(institution_id=institution.id, alias=name))
                institutions.changed.add(institution.id)


def _load_places(
    session: Session,
    folder: Path,
    by_key: dict[str, Institution],
    institutions: Institutions,
    report: SeedReport,
) -> None:
    present = {(fact.institution_id, fact.topic): fact for fact in session.scalars(select(PlaceFact))}
    for number, row in table(folder / "place_facts.csv"):
        with report.row("place_facts.csv", number):
            institution = by_key.get(row["institution"])
            if institution is None:
                raise BadValue(f"institution: невідомий ключ «{row['institution']}»")
            topic = chosen(row, "topic", PLACE_TOPICS) or ""
            values = texts(row, "note_uk", "note_en") | {"answer": chosen(row, "answer", PLACE_ANSWERS)}
            fact = present.get((institution.id, topic))
            if fact is None and kept_by_institution(institution.stamps or {}, place_stamp(topic), None):
                report.count("unchanged")
                continue
            created = fact is None
            if fact is None:
                fact = PlaceFact(institution_id=institution.id, topic=topic, answer="", stamps={})
                session.add(fact)
                present[institution.id, topic] = fact
            changed = apply(fact, ("answer", "note_uk", "note_en"), values, stamp(row))
            report.count("created" if created else "updated" if changed else "unchanged")
            if changed:
                institutions.changed.add(institution.id)
