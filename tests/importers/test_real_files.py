"""Every register and offers file beside the repository: in, in again with no change, in any order."""

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution, Listing, Offer, OutboxEntry
from applicant_portal.importers import seed
from applicant_portal.importers.report import ImportReport
from applicant_portal.kit.db import Database

REGISTERS = ("edebo_register_2019-08.csv", "edbo_api_universities_dnipro_2022.cp1251.csv")
OFFERS = ("osvita_F3_bachelor_fulltime_2025_page1.json", "edbo_offer_khpi_cybersecurity_2022.json")

Import = Callable[[Path], ImportReport]


@pytest.mark.parametrize("seeded", [False, True], ids=["into an empty catalogue", "into the seeded one"])
def test_a_second_round_of_all_files_changes_nothing(
    database: Database, shared_data: Path, import_institutions: Import, import_offers: Import, seeded: bool
) -> None:
    if seeded:
        seed.load(database, date(2026, 11, 25))
    rounds: list[list[ImportReport]] = []
    for _ in range(2):
        reports = [import_institutions(shared_data / name) for name in REGISTERS]
        reports += [import_offers(shared_data / name) for name in OFFERS]
        rounds.append(reports)
    assert [len(report.refused) for report in rounds[0]] == [0, 0, 0, 0]
    assert [report.rows for report in rounds[0]] == [1420, 62, 50, 1]
    assert all(report.created == report.updated == 0 for report in rounds[1])
    assert [report.unchanged for report in rounds[1]] == [1420, 62, 50, 1]
    if seeded:
        again = seed.load(database, date(2026, 11, 25))
        assert again.created == again.updated == 0


def test_a_second_import_writes_nothing_to_the_log(
    database: Database, shared_data: Path, import_offers: Import
) -> None:
    import_offers(shared_data / OFFERS[0])
    with database.read() as session:
        before = session.scalar(select(func.count()).select_from(OutboxEntry))
    import_offers(shared_data / OFFERS[0])
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEntry)) == before


def test_the_whole_register_is_in_within_seconds(
    database: Database, shared_data: Path, import_institutions: Import
) -> None:
    began = time.perf_counter()
    import_institutions(shared_data / REGISTERS[0])
    print(f"1420 rows in {time.perf_counter() - began:.1f} s")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Institution)) == 1420
        nure = session.scalar(select(Institution).where(Institution.edebo_id == "92"))
        assert nure is not None
        assert (nure.city, nure.region) == ("Харків", "Харківська область")


def test_an_offer_in_edebos_keys_keeps_weights_places_and_dates(
    database: Database, shared_data: Path, import_offers: Import
) -> None:
    import_offers(shared_data / OFFERS[1])
    with database.read() as session:
        offer = session.scalar(select(Offer).where(Offer.edebo_offer_id == "1069080"))
        assert offer is not None
        assert (offer.year, offer.offer_type, offer.licence_volume, offer.budget_places) == (
            2022,
            "open",
            75,
            25,
        )
        assert (offer.price_uah, str(offer.regional_coefficient)) == (30470, "1.07")
        assert (offer.study_from, offer.study_to) == (date(2022, 9, 12), date(2026, 6, 30))
        assert (offer.applications_from, offer.applications_to) == (date(2022, 7, 29), date(2022, 8, 23))
        university = session.scalar(select(Institution).where(Institution.edebo_id == "104"))
        assert university is not None
        assert university.origin == "offer"


def test_an_import_never_overwrites_what_the_institution_confirmed(
    database: Database, shared_data: Path, import_institutions: Import
) -> None:
    seed.load(database, date(2026, 11, 25))
    with database.write() as session:
        nure = session.scalar(select(Institution).where(Institution.edebo_id == "92"))
        assert nure is not None
        nure.phone = "+38 000"
        nure.stamps = {**nure.stamps, "phone": FactStamp("institution", "2026-11-01", "ХНУРЕ")}
    import_institutions(shared_data / REGISTERS[0])
    with database.read() as session:
        nure = session.scalar(select(Institution).where(Institution.edebo_id == "92"))
        assert nure is not None
        assert nure.phone == "+38 000"


def test_the_seed_is_idempotent_and_carries_what_it_promises(database: Database) -> None:
    first = seed.load(database, date(2026, 11, 25))
    assert not first.refused
    second = seed.load(database, date(2026, 11, 25))
    assert second.created == second.updated == 0
    with database.read() as session:
        kinds = dict(session.execute(select(Listing.kind, func.count()).group_by(Listing.kind)).all())
        assert kinds["programme"] >= 150
        assert kinds["course"] >= 60
        assert kinds["track"] >= 8
        assert all(stamps for (stamps,) in session.execute(select(Listing.stamps)))


def test_a_weight_of_64_refuses_its_row_by_name_and_the_others_go_in(
    shared_data: Path, import_offers: Import, tmp_path: Path
) -> None:
    rows = json.loads((shared_data / OFFERS[0]).read_text(encoding="utf-8"))[:3]
    rows[1]["subjects"][8]["k"] = 64
    path = tmp_path / "offers.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    report = import_offers(path)
    assert (report.rows, report.created, len(report.refused)) == (3, 2, 1)
    refusal = report.refused[0]
    assert refusal.row == 2
    assert "k" in refusal.field
    assert "64" in refusal.reason
    assert report.exit_code == 1
