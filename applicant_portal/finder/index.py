"""The search indexes of the catalogue: which there are, following the log, filling one anew.

On one machine there is one, in the data folder. Where a Meilisearch server is named there are two: that one,
shared by all processes, and the one in the data folder, which answers while the server cannot. Each keeps its
own position in the log.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from applicant_portal.catalogue import outbox, queries
from applicant_portal.catalogue.documents import document
from applicant_portal.catalogue.models import Identity, SetAside
from applicant_portal.kit.db import Database
from applicant_portal.kit.lead import FileLead, Lead, lead
from applicant_portal.settings import SEED_DATA, Settings
from search.engine import (
    Change,
    DocumentRefused,
    Engine,
    EngineSettings,
    IndexMissing,
    SearchError,
    Searching,
    open_engine,
)
from search.failover import FailoverEngine
from search.lexicon import Lexicon
from search.rebuild import RebuildReport, rebuild
from search.schema import Document

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

BATCH = 500
CATCH_UP_SECONDS = 60.0
LONGEST_REASON = 500


class LeadLost(SearchError):
    """Another process has taken over the work on this index; it goes on from what the index holds."""


@dataclass(frozen=True, slots=True)
class Index:
    """One index of the catalogue, and the lead that whoever writes to it holds."""

    engine: Engine
    lead: Lead

    def leave(self) -> None:
        """Stop writing to it and give the lead back."""
        self.engine.rest()
        self.lead.release()


def opened(settings: Settings, database: Database) -> tuple[Index, ...]:
    """All indexes of these settings, the one that should answer first. The schema must be there."""
    with database.read() as session:
        identity = session.scalars(select(Identity.id)).one()[:12]
    folder = settings.data_folder / "index" / identity
    folder.mkdir(parents=True, exist_ok=True)
    words = lexicon()
    embedded = Index(
        open_engine(EngineSettings(folder / "embedded", lexicon=words)), FileLead(folder / "embedded.lead")
    )
    if not settings.search_url:
        return (embedded,)
    server = EngineSettings(
        folder / "meilisearch",
        settings.search_url,
        settings.search_key.get_secret_value(),
        f"portal{identity}",
        words,
    )
    return Index(open_engine(server), lead(database, folder, "meilisearch.lead")), embedded


@cache
def lexicon() -> Lexicon:
    """The vocabulary of the searches, out of seed_data."""
    return Lexicon.read(SEED_DATA)


def answering(indexes: Sequence[Index]) -> Searching:
    """What pages ask: the first index, with the second one to stand in for it where there is one."""
    if len(indexes) == 1:
        return indexes[0].engine
    first, second = indexes
    return FailoverEngine(first.engine, second.engine)


@dataclass(slots=True)
class Documents:
    """Listings read as documents; those that cannot be are set aside with their reason."""

    today: date
    refused: dict[str, str] = field(default_factory=dict)

    def read(self, session: Session, listing_ids: Sequence[str]) -> dict[str, Document | None]:
        """Listing id -> its document, None where the public sees none; without those set aside."""
        try:
            found = queries.searchable(session, listing_ids)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 (one bad row must not stop the log for all others)
            if len(listing_ids) > 1:  # a row that cannot even be read: which one?
                return {one: made for each in listing_ids for one, made in self.read(session, [each]).items()}
            self.refuse(listing_ids[0], error)
            return {}
        documents: dict[str, Document | None] = dict.fromkeys(listing_ids)
        for listing in found:
            try:
                documents[listing.id] = document(listing, self.today)
            except Exception as error:  # noqa: BLE001 (as above)
                self.refuse(listing.id, error)
                del documents[listing.id]
        session.expunge_all()
        return documents

    def refuse(self, listing_id: str, error: Exception) -> None:
        """Set one aside."""
        log.warning("listing %s is set aside: %s", listing_id, error, exc_info=error)
        self.refused[listing_id] = f"{type(error).__name__}: {error}"[:LONGEST_REASON]


def follow(database: Database, index: Index, today: date) -> int:
    """Bring an index up to the log, batch by batch; the number of entries taken.

    To be called by the holder of the index's lead: two at once could each put an older state over the other's
    newer one. Raises IndexMissing also where the index cannot go on from this log (it is too old, or of
    another one), LeadLost when the lead went to somebody else.
    """
    taken_entries = 0
    while True:
        position = index.engine.position()
        with database.read() as session:
            if not outbox.continues(session, position):
                raise IndexMissing(f"the log does not go on from position {position}")
            entries = outbox.after(session, position, BATCH)
            if not entries:
                return taken_entries
            ids = list(dict.fromkeys(entry.listing_id for entry in entries))
            documents = Documents(today)
            changes = [Change(*pair) for pair in documents.read(session, ids).items()]
            noted = _noted(session, index.engine) & set(ids)
        if not index.lead.held():
            raise LeadLost("another process has taken over")
        _apply(index.engine, changes, entries[-1].position, documents)
        _note(database, index.engine, noted, documents)
        taken_entries += len(entries)


def _apply(engine: Engine, changes: Sequence[Change], position: int, documents: Documents) -> None:
    """Hand changes over; when the engine will not have them, one by one, to find those it will not have."""
    try:
        engine.apply(changes, position)
    except DocumentRefused:
        before = engine.position()
        for change in changes:
            try:
                engine.apply([change], before)
            except DocumentRefused as error:
                documents.refuse(change.id, error)
        engine.apply([], position)


def _noted(session: Session, engine: Engine) -> set[str]:
    """Listings that were set aside before."""
    return {row.listing_id for row in outbox.set_aside(session, engine.name)}


def _note(database: Database, engine: Engine, noted: set[str], documents: Documents) -> None:
    """Write down what was set aside now; what was `noted` and could be taken this time is so no more."""
    cleared = noted - documents.refused.keys()
    if cleared or documents.refused:
        with database.write() as session:
            outbox.note_taken(session, engine.name, cleared, documents.refused, datetime.now(UTC))


def fill(
    database: Database,
    index: Index,
    today: date,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> RebuildReport:
    """Build an index anew beside the one in use, swap, and see what changed meanwhile taken.

    Raises search.rebuild's error when the new index is more than a tenth smaller and `force` is not given.
    """
    with database.read() as session:
        mark = outbox.mark(session)
        ids = queries.published_ids(session)
        noted = _noted(session, index.engine)
    made = Documents(today)
    with database.read() as session:

        def documents() -> Iterator[Document]:
            for start in range(0, len(ids), BATCH):
                batch = made.read(session, ids[start : start + BATCH])
                yield from filter(None, batch.values())
                if progress is not None:
                    progress(min(start + BATCH, len(ids)), len(ids))

        report = rebuild(index.engine, documents(), mark=mark, expected=len(ids), force=force)
    _note(database, index.engine, noted, made)
    catch_up(database, index, today)
    return report


def catch_up(database: Database, index: Index, today: date) -> None:
    """Follow the log to its present end, or wait until the process that leads has done so."""
    with database.read() as session:
        newest = outbox.mark(session)
    deadline = time.monotonic() + CATCH_UP_SECONDS
    led_before = index.lead.held()
    while index.engine.position() < newest:
        if index.lead.take():
            try:
                follow(database, index, today)
            finally:
                if not led_before:
                    index.leave()
            return
        if time.monotonic() > deadline:
            raise SearchError("the index was replaced, but nobody brings it up to the log")
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an index stands: `position` and `documents` None and `trouble` said where it cannot be asked;
    `newest` is where the log ends; `set_aside` the listings it could not take."""

    engine: str
    generation: str
    documents: int | None
    position: int | None
    newest: int
    trouble: str
    set_aside: Sequence[SetAside]

    @property
    def answers(self) -> bool:
        return self.position is not None


def standings(database: Database, indexes: Sequence[Index]) -> Iterator[Standing]:
    """How each index stands."""
    for index in indexes:
        engine = index.engine
        with database.read() as session:
            newest, aside = outbox.mark(session), outbox.set_aside(session, engine.name)
        try:
            yield Standing(
                engine.name, engine.generation(), engine.count(), engine.position(), newest, "", aside
            )
        except SearchError as error:
            yield Standing(engine.name, "", None, None, newest, str(error), aside)
