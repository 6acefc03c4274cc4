"""A spreadsheet of listings on its way to the site: uploaded, checked, repaired line by line, published as
one batch, undone as one.

Sessions come in, the caller commits. Who may not keep the institution's listings has no file of it: such a
file is none (None). The slow steps are done by `file_worker`, or at once by the command line.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from applicant_portal.catalogue import turns
from applicant_portal.catalogue.facts import Origin
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.catalogue.naming import fold_name
from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import checking, columns
from applicant_portal.workspace.columns import Column, Flaw
from applicant_portal.workspace.models import FileLine, ListingFile
from applicant_portal.workspace.plans import NEW, Checked, Progress, Verdict
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.sheets import Sheet

WORK = ("uploaded", "publishing", "undoing")
"""States that wait for the portal, not for a person."""
OUTCOMES = ("created", "updated", "unchanged")
_KEPT_FOR = timedelta(days=90)
_BATCH_OF_ROWS = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines by what became of them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    wrong: int = 0
    left_out: int = 0
    unread: int = 0

    @property
    def all(self) -> int:
        return self.created + self.updated + self.unchanged + self.wrong + self.left_out + self.unread

    @property
    def changes(self) -> int:
        return self.created + self.updated


def headings_of(sheet: Sheet, name: str) -> list[Column | None]:
    """The columns under the headings. Raises `UnreadableFile` when none says which listing a line means, or
    two say the same."""
    found = [columns.of_heading(heading) for heading in sheet.headings]
    names = [one.name for one in found if one is not None]
    if not {"id", "title"} & set(names):
        raise UnreadableFile(
            N_("%(name)s: немає стовпця «Назва» чи «Номер запису»; завантажте зразок і заповніть його."),
            name=name,
        )
    for place, column in enumerate(found):
        if column is not None and column in found[:place]:
            raise UnreadableFile(
                N_("%(name)s: стовпець «%(heading)s» стоїть двічі; лишіть один."),
                name=name,
                heading=sheet.headings[place],
            )
    return found


def receive(
    session: Session, by: By, institution: Institution, sheet: Sheet, name: str, now: datetime
) -> ListingFile | None:
    """Keep the sheet to be checked. Raises `UnreadableFile` as `headings_of` does."""
    if not by.may(columns.KINDS[0], institution.id):
        return None
    found = headings_of(sheet, name)
    unknown = [
        heading for heading, column in zip(sheet.headings, found, strict=True) if column is None and heading
    ]
    file = ListingFile(
        id=f"f-{secrets.token_hex(6)}",
        institution_id=institution.id,
        actor=by.actor,
        origin=by.origin,
        name=name[:200],
        headings=list(sheet.headings),
        state="uploaded",
        publish_drafts=True,
        told={"unknown": unknown},
        made_at=now,
        changed_at=now,
    )
    session.add(file)
    session.flush()
    rows = [
        {
            "file_id": file.id,
            "number": number,
            "in_sheet": line.number,
            "cells": list(line.cells),
            "state": "unread",
            "flaws": [],
            "gaps": [],
        }
        for number, line in enumerate(sheet.lines, start=1)
    ]
    for start in range(0, len(rows), _BATCH_OF_ROWS):
        session.execute(insert(FileLine), rows[start : start + _BATCH_OF_ROWS])
    return file


def forget_old(session: Session, now: datetime) -> None:
    """What was published stays in the history; the files themselves go after a while."""
    session.execute(
        delete(ListingFile).where(ListingFile.made_at < now - _KEPT_FOR, ListingFile.state.not_in(WORK))
    )


def keeps(by: By) -> ColumnElement[bool]:
    """The files that the actor may see and act on."""
    if by.institutions is None:
        return true()
    return ListingFile.institution_id.in_(sorted(by.institutions))


def find(session: Session, by: By, file_id: str, *, to_change: bool = False) -> ListingFile | None:
    if "\0" in file_id:
        return None
    wanted = select(ListingFile).where(ListingFile.id == file_id, keeps(by))
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalar(wanted)


def recent(session: Session, by: By, most: int = 20) -> Sequence[ListingFile]:
    """The newest files, newest first."""
    return session.scalars(
        select(ListingFile).where(keeps(by)).order_by(ListingFile.made_at.desc(), ListingFile.id).limit(most)
    ).all()


def counts(session: Session, file: ListingFile) -> Counts:
    rows = session.execute(
        select(FileLine.state, FileLine.outcome, func.count())
        .where(FileLine.file_id == file.id)
        .group_by(FileLine.state, FileLine.outcome)
    )
    found: dict[str, int] = {}
    for state, outcome, number in rows:
        key = str(outcome if state == "right" else state)
        found[key] = found.get(key, 0) + number
    return Counts(**found)


def lines(
    session: Session,
    file: ListingFile,
    *,
    state: str | None = None,
    outcomes: Collection[str] = (),
    page: int = 1,
    per_page: int = 50,
) -> Sequence[FileLine]:
    """A page of the lines in the order of the file, narrowed by their state and outcome."""
    wanted = select(FileLine).where(FileLine.file_id == file.id)
    if state is not None:
        wanted = wanted.where(FileLine.state == state)
    if outcomes:
        wanted = wanted.where(FileLine.outcome.in_(outcomes))
    return session.scalars(
        wanted.order_by(FileLine.number).limit(per_page).offset((page - 1) * per_page)
    ).all()


def beside(session: Session, file: ListingFile, targets: Collection[str]) -> dict[int, int]:
    """All lines of these listings that are not left out: number -> number in the sheet."""
    rows = session.execute(
        select(FileLine.number, FileLine.in_sheet)
        .where(
            FileLine.file_id == file.id,
            FileLine.target.in_(sorted(set(targets))),
            FileLine.state != "left_out",
        )
        .order_by(FileLine.number)
    )
    return {row.number: row.in_sheet for row in rows}


def line(session: Session, file: ListingFile, number: int) -> FileLine | None:
    return session.get(FileLine, (file.id, number))


def next_wrong(session: Session, file: ListingFile, after: int = 0) -> int | None:
    """The first line after this one that is wrong, else the first of all; None when none is."""
    wrong = select(FileLine.number).where(FileLine.file_id == file.id, FileLine.state == "wrong")
    later = session.scalar(wrong.where(FileLine.number > after).order_by(FileLine.number).limit(1))
    return later if later is not None else session.scalar(wrong.order_by(FileLine.number).limit(1))


def by_of(file: ListingFile) -> By:
    """Who brought the file, for its one institution."""
    origin: Origin = "portal" if file.origin == "portal" else "institution"
    return By(file.actor, frozenset({file.institution_id}), origin)


def hold(session: Session, file: ListingFile) -> None:
    """Before a file is published: have its listings alone until the transaction ends, then the institution,
    by which others see to it that no two programmes become one. Single edits take them in this order too."""
    turns.edit_beside(session)
    wanted = select(FileLine.target).where(FileLine.file_id == file.id, FileLine.state != "left_out")
    ids = sorted({one for one in session.scalars(wanted) if one and not one.startswith(NEW)})
    for start in range(0, len(ids), _BATCH_OF_ROWS):
        those = Listing.id.in_(ids[start : start + _BATCH_OF_ROWS])
        session.execute(select(Listing.id).where(those).order_by(Listing.id).with_for_update()).all()
    house = Institution.id == file.institution_id
    session.execute(select(Institution.id).where(house).with_for_update()).all()


def read_lines(
    session: Session,
    file: ListingFile,
    numbers: Collection[int] | None = None,
    progress: Progress | None = None,
    *,
    now: datetime,
    to_change: bool = False,
) -> Checked:
    """What the file's lines (all that are not left out, or these of them) would change; nothing is set."""
    wanted = select(FileLine.number, FileLine.cells).where(
        FileLine.file_id == file.id, FileLine.state != "left_out"
    )
    if numbers is not None:
        wanted = wanted.where(FileLine.number.in_(sorted(numbers)))
    cells = {row.number: row.cells for row in session.execute(wanted)}
    return checking.check(
        session,
        by_of(file),
        session.get_one(Institution, file.institution_id),
        [columns.of_heading(heading) for heading in file.headings],
        cells,
        now,
        to_change=to_change,
        progress=progress,
    )


def note_verdicts(session: Session, file: ListingFile, verdicts: Mapping[int, Verdict]) -> None:
    """Write down what came of the lines."""
    in_sheet = {
        row.number: row.in_sheet
        for row in session.execute(
            select(FileLine.number, FileLine.in_sheet).where(FileLine.file_id == file.id)
        )
    }
    rows = [
        {
            "file_id": file.id,
            "number": number,
            "state": "wrong" if verdict.flaws else "right",
            "target": verdict.target,
            "outcome": verdict.outcome,
            "flaws": [_as_json(flaw, in_sheet) for flaw in verdict.flaws],
            "gaps": verdict.gaps,
            "digest": verdict.digest,
        }
        for number, verdict in sorted(verdicts.items())
    ]
    for start in range(0, len(rows), _BATCH_OF_ROWS):
        session.execute(update(FileLine), rows[start : start + _BATCH_OF_ROWS])


def _as_json(flaw: Flaw, in_sheet: Mapping[int, int]) -> list[Any]:
    """A flaw that refers to another line names it as the sheet counts it."""
    params = dict(flaw.params)
    if isinstance(params.get("line"), int):
        params["line"] = in_sheet.get(params["line"], params["line"])
    return [flaw.column, flaw.sentence, params]


def flaws_of(one: FileLine) -> list[Flaw]:
    return [Flaw(column, sentence, params) for column, sentence, params in one.flaws]


def repair(
    session: Session, file: ListingFile, one: FileLine, typed: Mapping[str, str], now: datetime
) -> None:
    """Put what was typed (column -> text) into the line, and look at it and its like once more."""
    there = {column.name for heading in file.headings if (column := columns.of_heading(heading))}
    added = [name for name, text in typed.items() if text.strip() and name not in there]
    if added:
        # A column that the file did not have; in its other lines it is empty.
        file.headings = [*file.headings, *added]
    found = [columns.of_heading(heading) for heading in file.headings]
    cells = [*one.cells[: len(found)], *("" for _ in range(len(found) - len(one.cells)))]
    for place, column in enumerate(found):
        if column is not None and column.name in typed:
            cells[place] = typed[column.name].strip()
    was = _title(file, one.cells)
    one.cells = cells
    one.state = "unread"
    _look_again(session, file, one, now, was)


def leave_out(session: Session, file: ListingFile, one: FileLine, now: datetime) -> None:
    """Do without the line; it stays in sight, and can be taken again."""
    one.state = "left_out"
    _look_again(session, file, one, now, _title(file, one.cells))


def take_again(session: Session, file: ListingFile, one: FileLine, now: datetime) -> None:
    one.state = "unread"
    _look_again(session, file, one, now, _title(file, one.cells))


def leave_out_wrong(session: Session, file: ListingFile, now: datetime) -> None:
    """Do without all lines that are wrong. The others are checked again: some may have leant on them."""
    session.execute(
        update(FileLine)
        .where(FileLine.file_id == file.id, FileLine.state == "wrong")
        .values(state="left_out")
    )
    move(file, "uploaded", now)


def move(file: ListingFile, state: str, now: datetime) -> None:
    """Put the file in a state. The caller has it to change, and knows that the step is open."""
    file.state = state
    file.changed_at = now


def _look_again(session: Session, file: ListingFile, one: FileLine, now: datetime, was: str) -> None:
    """Check the line with all lines that speak, or spoke, of the same listing: the same one of those there
    are, or a new one of the same title, be it the line's own or the one that it had (`was`)."""
    file.changed_at = now
    file.told = {name: said for name, said in file.told.items() if name == "unknown"}
    session.flush()
    old = one.target
    new = None
    if one.state != "left_out":
        new = read_lines(session, file, [one.number], now=now).verdicts[one.number].target
    titles = {was, _title(file, one.cells)}
    rows = session.execute(
        select(FileLine.number, FileLine.target, FileLine.cells).where(
            FileLine.file_id == file.id,
            or_(FileLine.target.in_([t for t in (old, new) if t]), FileLine.target.startswith(NEW)),
        )
    )
    like = [
        row.number
        for row in rows
        if not row.target.startswith(NEW) or row.target in (old, new) or _title(file, row.cells) in titles
    ]
    found = read_lines(session, file, {one.number, *like}, now=now)
    note_verdicts(session, file, found.verdicts)


def _title(file: ListingFile, cells: Sequence[str]) -> str:
    """What the cells call the listing, folded."""
    for heading, cell in zip(file.headings, cells, strict=False):
        column = columns.of_heading(heading)
        if column is not None and column.name == "title":
            return fold_name(cell)
    return ""
