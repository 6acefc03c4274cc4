"""`portal import listings`: an institution's spreadsheet goes live as one batch; what is wrong is told."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from applicant_portal.accounts import queries
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.catalogue import turns
from applicant_portal.catalogue.models import Institution
from applicant_portal.importers.commands import finish, import_group, open_database
from applicant_portal.importers.report import ImportReport, Outcome
from applicant_portal.kit import i18n
from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.kit.i18n import N_
from applicant_portal.kit.progress import Bar
from applicant_portal.workspace import checking, columns, file_publishing, files, sheets
from applicant_portal.workspace.plans import Checked, Progress, Verdict
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.sheets import Sheet


def register() -> None:
    """Add the command to `portal import`."""
    import_group.add_command(import_listings)


@click.command("listings")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--institution", required=True, metavar="EDEBO_ID", help="Чиї це пропозиції.")
@click.option("--dry-run", is_flag=True, help="Лише перевірити: нічого не змінювати.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Куди записати звіт (JSON).")
def import_listings(file: Path, institution: str, dry_run: bool, report: Path | None) -> None:
    """Внести програми й курси закладу з таблиці (CSV або XLSX) однією зміною, яку можна скасувати."""

    def bring_in() -> ImportReport:
        sheet = sheets.read(_bytes(file), file.name)
        files.headings_of(sheet, file.name)
        with open_database() as database:
            if dry_run:
                with database.read() as session:
                    return _try(session, _institution(session, institution), sheet)
            with database.write() as session:
                return _bring(session, _institution(session, institution), sheet, file.name)

    finish(bring_in, report)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than is taken tells that it is too much, whatever the path leads to.
            return file.read(sheets.LARGEST + 1)
    except IsADirectoryError as error:
        raise UnreadableFile(N_("%(name)s — це тека; вкажіть файл."), name=path) from error
    except OSError as error:
        raise UnreadableFile(
            N_("Не вдалося відкрити %(name)s: %(reason)s. Перевірте шлях і права."),
            name=path,
            reason=error.strerror or str(error),
        ) from error


def _institution(session: Session, edebo_id: str) -> Institution:
    found = queries.institution_by_edebo_id(session, edebo_id)
    if found is None:
        raise UnreadableFile(f"Закладу з кодом ЄДЕБО {edebo_id} немає в каталозі.")
    return found


def _by(institution: Institution) -> By:
    """The sheet is the institution's own word, whoever has the machine."""
    return By(COMMAND.label, frozenset({institution.id}))


def _try(session: Session, institution: Institution, sheet: Sheet) -> ImportReport:
    now, by = datetime.now(UTC), _by(institution)
    headings = [columns.of_heading(heading) for heading in sheet.headings]
    cells = {number: line.cells for number, line in enumerate(sheet.lines, start=1)}

    def check(wrong: Collection[int], progress: Progress) -> Checked:
        for number in wrong:
            del cells[number]
        return checking.check(session, by, institution, headings, cells, now, progress=progress)

    report = ImportReport()
    _without_wrong(check, report, sheet)
    return report


def _bring(session: Session, institution: Institution, sheet: Sheet, name: str) -> ImportReport:
    now, by = datetime.now(UTC), _by(institution)
    turns.edit_beside(session)
    file = files.receive(session, by, institution, sheet, name, now)
    if file is None:
        raise UnreadableFile(f"Заклад {institution.name} не може вести свої пропозиції.")

    def check(wrong: Collection[int], progress: Progress) -> Checked:
        if wrong:
            files.leave_out_wrong(session, file, now)
        found = files.read_lines(session, file, progress=progress, now=now)
        files.note_verdicts(session, file, found.verdicts)
        return found

    report = ImportReport()
    _without_wrong(check, report, sheet)
    files.hold(session, file)
    found = files.read_lines(session, file, now=now, to_change=True)
    if file_publishing.moved_on(session, file, found):
        raise UnreadableFile(
            "Тим часом дещо змінив хтось інший. Нічого не змінено; запустіть команду ще раз."
        )
    try:
        with Bar("Пропозиції") as bar:
            done = file_publishing.publish(
                session, by, institution, found.plans, now, publish_drafts=True, progress=bar.update
            )
    except file_publishing.Refused as refused:
        said = refused.flaw.said(i18n.translations("uk").gettext)
        raise UnreadableFile(
            f"Рядок {refused.number}: {said}. Нічого не змінено; запустіть команду ще раз."
        ) from refused
    file.batch = done.batch
    file.told = {**file.told, "drafts": done.drafts}
    files.move(file, "published", now)
    if done.drafts:
        click.echo(
            f"Чернетками лишилося записів: {done.drafts}. Чого бракує, видно в робочому кабінеті.", err=True
        )
    return report


def _without_wrong(
    check: Callable[[Collection[int], Progress], Checked], report: ImportReport, sheet: Sheet
) -> Checked:
    """Check, do without what is wrong, and check the rest again: some lines may have leant on others. `check`
    is told which lines it is to do without from now on."""
    unknown = [heading for heading in sheet.headings if heading and columns.of_heading(heading) is None]
    if unknown:
        click.echo(f"Невідомі стовпці не взято: {', '.join(unknown)}.", err=True)
    wrong: Mapping[int, Verdict] = {}
    while True:
        with Bar("Перевірка") as bar:
            found = check(wrong, bar.update)
        wrong = {number: one for number, one in found.verdicts.items() if one.flaws}
        _count(report, wrong or found.verdicts, sheet)
        if not wrong:
            return found


def _count(report: ImportReport, verdicts: Mapping[int, Verdict], sheet: Sheet) -> None:
    _ = i18n.translations("uk").gettext
    names = _names(sheet.headings)
    for number, verdict in verdicts.items():
        if verdict.flaws:
            flaw = verdict.flaws[0]
            reason = "; ".join(dict.fromkeys(one.said(_) for one in verdict.flaws))
            report.refuse(number, names.get(flaw.column or "", flaw.column or "рядок"), reason)
        else:
            report.count(_outcome(verdict))


def _outcome(verdict: Verdict) -> Outcome:
    outcomes: Mapping[str | None, Outcome] = {"created": "created", "updated": "updated"}
    return outcomes.get(verdict.outcome, "unchanged")


def _names(headings: Iterable[str]) -> Mapping[str, str]:
    """What the file calls its columns."""
    return {
        column.name: heading for heading in headings if (column := columns.of_heading(heading)) is not None
    }
