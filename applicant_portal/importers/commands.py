"""`portal import …`, `portal seed`, `portal demo generate`: files in, sentences and an exit code out."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from applicant_portal import migrations
from applicant_portal.importers import offers, registry, seed, synthetic
from applicant_portal.importers.report import NOTHING_DONE, ImportReport, ReportFile
from applicant_portal.kit import progress
from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings

T = TypeVar("T")

SHOWN_REFUSALS = 20

_file = click.argument("file", type=click.Path(path_type=Path))
_report = click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Куди записати звіт (JSON)."
)


@click.group("import")
def import_group() -> None:
    """Внести дані з файлів: реєстр закладів, конкурсні пропозиції."""


@import_group.command("institutions")
@_file
@_report
@click.option("--as-of", metavar="DATE", help="Станом на яку дату дані: 2025, 2025-08 або 2025-08-19.")
def import_institutions(file: Path, report: Path | None, as_of: str | None) -> None:
    """Внести реєстр закладів освіти (CSV або JSON)."""

    def bring_in() -> ImportReport:
        if as_of is not None and not re.fullmatch(r"(19|20)\d{2}(-[01]\d(-[0-3]\d)?)?", as_of, re.ASCII):
            raise UnreadableFile("--as-of: дата має бути на зразок 2025, 2025-08 чи 2025-08-19.")
        table, shape = registry.read(file)
        stamp = registry.stamp_for(file, shape, as_of)
        return in_one_transaction(
            lambda session, now: registry.write(session, table, shape, stamp, now, progress.over("Заклади"))
        )

    finish(bring_in, report)


@import_group.command("offers")
@_file
@_report
def import_offers(file: Path, report: Path | None) -> None:
    """Внести конкурсні пропозиції (JSON ЄДЕБО або список кампанії 2025 року)."""

    def bring_in() -> ImportReport:
        table, shape = offers.read(file)
        return in_one_transaction(
            lambda session, now: offers.write(session, table, shape, now, progress.over("Пропозиції"))
        )

    finish(bring_in, report)


@click.command("seed")
@_report
def seed_command(report: Path | None) -> None:
    """Внести початкові дані порталу (seed_data)."""

    def bring_in() -> ImportReport:
        with open_database() as database:
            return seed.load(database, datetime.now(UTC).date())

    finish(bring_in, report)


@click.group("demo")
def demo_group() -> None:
    """Вигадані дані для вимірювань."""


@demo_group.command("generate")
@click.option("--listings", required=True, type=click.IntRange(1, 1_000_000), help="Скільки записів.")
@click.option("--seed-number", default=1, show_default=True, help="Початкове число генератора.")
def demo_generate(listings: int, seed_number: int) -> None:
    """Наповнити порожню базу синтетичними записами."""
    try:
        in_one_transaction(
            lambda session, now: synthetic.generate(
                session, listings, seed_number, now, progress.over("Синтетичні записи")
            )
        )
    except synthetic.NotEmpty:
        stop("База не порожня: вигадані записи не змішують зі справжніми; вкажіть порожню PORTAL_DATA_DIR.")
    except DBAPIError as error:
        stop(f"База даних не відповіла, нічого не змінено: {error.orig}")
    click.echo(f"Створено синтетичних записів: {listings}.", err=True)


def stop(sentence: str) -> NoReturn:
    """Say why nothing was done and leave with 2."""
    click.echo(sentence, err=True)
    sys.exit(NOTHING_DONE)


def register(main: click.Group) -> None:
    """Add the commands of this package to the `portal` command."""
    main.add_command(import_group)
    main.add_command(seed_command)
    main.add_command(demo_group)


@contextmanager
def open_database() -> Iterator[Database]:
    """The database of the settings, with the newest schema."""
    database = Database(Settings().database_url)
    try:
        migrations.upgrade(database.engine)
        yield database
    finally:
        database.dispose()


def in_one_transaction(work: Callable[[Session, datetime], T]) -> T:
    """All of the work or, when anything stops it, nothing of it."""
    with open_database() as database, database.write() as session:
        return work(session, datetime.now(UTC))


def finish(bring_in: Callable[[], ImportReport], report_path: Path | None) -> None:
    """Run an import, say what came of it, write its report and leave with its exit code."""
    try:
        target = ReportFile(report_path) if report_path else None
    except OSError as error:
        stop(f"Звіт не можна записати до {report_path}: {error.strerror or error}.")
    report = ImportReport(error="Перервано: нічого не змінено.")
    try:
        report = bring_in()
    except UnreadableFile as unreadable:
        report = ImportReport(error=str(unreadable))
    except DBAPIError as error:
        report = ImportReport(error=f"База даних не відповіла, нічого не змінено: {error.orig}")
    except KeyboardInterrupt:
        pass
    finally:
        if target is not None:
            target.write(report)
    for refusal in report.refused[:SHOWN_REFUSALS]:
        click.echo(f"  рядок {refusal.row}, {refusal.field}: {refusal.reason}", err=True)
    if len(report.refused) > SHOWN_REFUSALS:
        click.echo(f"  … і ще {len(report.refused) - SHOWN_REFUSALS} (усі — у звіті --report)", err=True)
    click.echo(report.sentence(), err=True)
    sys.exit(report.exit_code)
