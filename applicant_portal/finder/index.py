"""The index of the catalogue as a whole: opening it, filling it anew, telling how it stands."""

from collections.abc import Callable, Iterator
from datetime import date

from applicant_portal.catalogue import outbox, queries
from applicant_portal.catalogue.documents import document
from applicant_portal.finder import indexer
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.engine import Engine, EngineSettings, open_engine
from search.rebuild import RebuildReport, rebuild
from search.schema import Document

Progress = Callable[[int, int], None]


def opened(settings: Settings) -> Engine:
    """The engine of these settings, over the index in the data folder."""
    return open_engine(EngineSettings(folder=settings.data_folder / "index"))


def fill(
    database: Database, engine: Engine, today: date, *, force: bool = False, progress: Progress | None = None
) -> RebuildReport:
    """Build the index anew beside the one in use, swap, and replay what changed meanwhile.

    Raises search.rebuild's error when the new index is more than a tenth smaller and `force` is not given.
    """
    with database.read() as session:
        mark = outbox.mark(session)
        expected = queries.count_searchable(session)
    with database.read() as session:

        def documents() -> Iterator[Document]:
            for done, listing in enumerate(queries.all_searchable(session), 1):
                yield document(listing, today)
                if progress is not None:
                    progress(done, expected)

        report = rebuild(engine, documents(), mark=mark, expected=expected, force=force)
    indexer.follow(database, engine, today)
    return report
