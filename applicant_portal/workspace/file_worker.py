"""Does the slow steps of files: checking, publishing, undoing. One thread of every process; the one that has
the lead works, the others look on. Each step is one transaction, so whoever is killed in it has done nothing,
and the next one does it again.
"""

import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Institution
from applicant_portal.kit import lead
from applicant_portal.kit.db import Database
from applicant_portal.workspace import file_publishing, files, service
from applicant_portal.workspace.file_publishing import Refused
from applicant_portal.workspace.models import ListingFile
from applicant_portal.workspace.plans import Progress, Verdict

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between looks, for files that other processes received
AFTER_FAILURE = 2.0
_TELL_EVERY = 0.25


class FileWorker(threading.Thread):
    """`nudge` wakes it at once after a step was asked for in this process."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(name="file-worker", daemon=True)
        self._database = database
        self._lead = lead.lead(database, folder, "files")
        self._progress = ProgressNote(folder)
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._tidied: date | None = None

    def nudge(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()
        self.join(timeout=10)

    def progress_of(self, file_id: str) -> tuple[int, int] | None:
        """(done, of how many) of the step at work, where it has been told."""
        return self._progress.of(file_id)

    def run(self) -> None:
        try:
            while not self._stopped.is_set():
                wait = LOOK_EVERY
                try:
                    if self._lead.take() and self._turn():
                        wait = 0.0
                except Exception as error:
                    log.warning("a step of a file is to be done again", exc_info=error)
                    wait = AFTER_FAILURE
                self._wake.wait(wait)
                self._wake.clear()
        finally:
            self._lead.release()

    def _turn(self) -> bool:
        """Do one step; whether there was one. Once a day what is old is forgotten."""
        now = datetime.now(UTC)
        if self._tidied != now.date():
            with self._database.write() as session:
                files.forget_old(session, now)
            self._tidied = now.date()
        with self._database.read() as session:
            waiting = session.execute(
                select(ListingFile.id, ListingFile.state)
                .where(ListingFile.state.in_(files.WORK))
                .order_by(ListingFile.changed_at, ListingFile.id)
                .limit(1)
            ).first()
        if waiting is None:
            return False
        step: Callable[[Database, str, Progress], None] = {
            "uploaded": check,
            "publishing": publish,
            "undoing": undo,
        }[waiting.state]
        try:
            step(self._database, waiting.id, self._progress.noting(waiting.id))
        except OperationalError:
            raise  # the database is away or busy: the step waits for it
        except Exception as error:
            # Tried again it would fail again: the person is told, and the others' files go on.
            log.error("a step of a file failed", exc_info=error)
            give_back(self._database, waiting.id)
        finally:
            self._progress.forget(waiting.id)
        return True


def check(database: Database, file_id: str, progress: Progress) -> None:
    """Uploaded -> checked. Reads without holding anybody up, and writes what came of it."""
    now = datetime.now(UTC)
    with database.read() as session:
        file = session.get_one(ListingFile, file_id)
        found = files.read_lines(session, file, progress=progress, now=now)
    with database.write() as session:
        taken = _taken(session, file_id, "uploaded")
        if taken is not None:
            files.note_verdicts(session, taken, found.verdicts)
            taken.told = _kept(taken)
            files.move(taken, "checked", now)


def publish(database: Database, file_id: str, progress: Progress) -> None:
    """Publishing -> published, as one transaction; back to checked when something came in between."""
    now = datetime.now(UTC)
    try:
        with database.write() as session:
            file = _taken(session, file_id, "publishing")
            if file is None:
                return
            files.hold(session, file)
            found = files.read_lines(session, file, now=now, to_change=True)
            moved = file_publishing.moved_on(session, file, found)
            if moved:
                _show_again(session, file, found.verdicts, len(moved), now)
                return
            done = file_publishing.publish(
                session,
                files.by_of(file),
                session.get_one(Institution, file.institution_id),
                found.plans,
                now,
                publish_drafts=file.publish_drafts,
                progress=progress,
            )
            file.batch = done.batch
            file.told = {**_kept(file), "drafts": done.drafts}
            files.move(file, "published", now)
    except Refused as refused:
        with database.write() as session:
            file = _taken(session, file_id, "publishing")
            if file is not None:
                verdict = Verdict(flaws=[refused.flaw])
                _show_again(session, file, {refused.number: verdict}, 1, now)


def undo(database: Database, file_id: str, progress: Progress) -> None:
    """Undoing -> undone: what somebody changed since stays, and is counted."""
    now = datetime.now(UTC)
    with database.write() as session:
        file = _taken(session, file_id, "undoing")
        if file is None:
            return
        undone = service.undo(session, files.by_of(file), file.batch or "", now, progress)
        file.told = {**_kept(file), "stayed": len(undone.conflicts) if undone is not None else 0}
        files.move(file, "undone", now)


def give_back(database: Database, file_id: str) -> None:
    """A step that cannot be done gives the file back to the person, as it was before."""
    now = datetime.now(UTC)
    with database.write() as session:
        file = session.get(ListingFile, file_id)
        if file is not None and file.state in files.WORK:
            file.told = {**_kept(file), "failed": True}
            files.move(file, "published" if file.state == "undoing" else "checked", now)


def _taken(session: Session, file_id: str, state: str) -> ListingFile | None:
    return session.scalar(
        select(ListingFile).where(ListingFile.id == file_id, ListingFile.state == state).with_for_update()
    )


def _show_again(
    session: Session, file: ListingFile, verdicts: dict[int, Verdict], moved: int, now: datetime
) -> None:
    files.note_verdicts(session, file, verdicts)
    file.told = {**_kept(file), "moved": moved}
    files.move(file, "checked", now)


def _kept(file: ListingFile) -> dict[str, Any]:
    return {name: said for name, said in file.told.items() if name == "unknown"}


class ProgressNote:
    """How far a step is, where every process that shares the folder can read it: the step's own transaction
    tells nothing before its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "files"

    def of(self, file_id: str) -> tuple[int, int] | None:
        try:
            done, total = json.loads(self._path(file_id).read_text())
        except (OSError, ValueError):
            return None
        return int(done), int(total)

    def noting(self, file_id: str) -> Progress:
        path = self._path(file_id)
        self._folder.mkdir(parents=True, exist_ok=True)
        last = 0.0

        def note(done: int, total: int) -> None:
            nonlocal last
            if done == total or monotonic() - last > _TELL_EVERY:
                last = monotonic()
                draft = path.with_suffix(".draft")
                draft.write_text(json.dumps([done, total]))
                draft.replace(path)

        return note

    def forget(self, file_id: str) -> None:
        self._path(file_id).unlink(missing_ok=True)

    def _path(self, file_id: str) -> Path:
        return self._folder / f"{file_id}.json"
