"""The portal as an ASGI application: settings in, rooms mounted, errors answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from applicant_portal.accounts import pages as accounts_pages
from applicant_portal.accounts import state as accounts_state
from applicant_portal.advisor import api as advisor_api
from applicant_portal.advisor import pages as advisor_pages
from applicant_portal.advisor import questionnaire
from applicant_portal.advisor.service import Advisor
from applicant_portal.catalogue import places
from applicant_portal.finder import (
    about_pages,
    api,
    changes_api,
    directory_pages,
    index,
    kept,
    listing_pages,
    machine_pages,
    report_pages,
    search_pages,
    suggest_pages,
)
from applicant_portal.finder import api_examples as catalogue_examples
from applicant_portal.finder.indexer import Indexer
from applicant_portal.finder.search_counting import CountSearches
from applicant_portal.finder.state import Portal
from applicant_portal.kit import described, errors, head, heap, i18n, limits, observe, security
from applicant_portal.kit.db import Database
from applicant_portal.kit.static import KeptStatic
from applicant_portal.kit.web import Pages
from applicant_portal.settings import STATIC, Settings
from applicant_portal.workspace import api as workspace_api
from applicant_portal.workspace import api_examples as workspace_examples
from applicant_portal.workspace import file_pages, institution_pages, sheets
from applicant_portal.workspace import pages as workspace_pages
from applicant_portal.workspace import people as workspace_people
from applicant_portal.workspace import profession_pages as workspace_professions
from applicant_portal.workspace.file_worker import FileWorker
from search.engine import SearchError

# Handlers are plain functions, and Python runs one at a time: more threads than these only wait for each
# other, and answer less. With a search server some of them wait for the network.
THREADS = 2
THREADS_WITH_SERVER = 4
LARGER_BODIES = {"/api/v1/workspace/": 2 * 1024 * 1024, "/workspace/files": sheets.LARGEST + 64 * 1024}
"""Where more may be sent than elsewhere: what a program read of a listing, it may bring back; files."""


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The whole portal over a migrated database and a filled index (`portal serve` sees to both)."""
    settings = settings or Settings()
    database = Database(settings.database_url)
    indexes = index.opened(settings, database)
    engine = index.answering(indexes)
    indexers = [Indexer(database, one, tends_log=one is indexes[0]) for one in indexes]

    def nudge() -> None:
        for indexer in indexers:
            indexer.nudge()

    database.after_write = nudge
    pages = Pages(
        settings.base_url,
        {
            "synthetic_catalogue": machine_pages.synthetic_notice(database),
            "search_is_simplified": lambda: engine.name != indexes[0].engine.name,
        },
    )
    for lang in i18n.LANGUAGES:
        pages.environment(lang).globals["city"] = partial(places.city_name, lang=lang)
        pages.environment(lang).globals["region"] = partial(places.region_name, lang=lang)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threads = THREADS_WITH_SERVER if settings.search_url else THREADS
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
        engine.warm_up()
        heap.settle()
        for indexer in indexers:
            indexer.start()
        app.state.portal.search_log.start()
        app.state.file_worker.start()
        yield
        app.state.file_worker.stop()
        app.state.portal.search_log.stop()
        for indexer in indexers:
            indexer.stop()
        database.dispose()

    app = FastAPI(
        title="IT Applicant Portal",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    here = app.state.portal = Portal(settings, database, engine, indexes, pages, index.lexicon())
    accounts_state.install(app, accounts_state.Accounts(settings, database, pages))
    app.state.file_worker = FileWorker(database, settings.data_dir)
    app.state.advisor = Advisor(database, questionnaire.load(), lambda: here.today())
    for room in (
        search_pages,
        listing_pages,
        directory_pages,
        about_pages,
        report_pages,
        machine_pages,
        api,
        changes_api,
        suggest_pages,
        advisor_pages,
        advisor_api,
        accounts_pages,
        workspace_people,
        file_pages,
        institution_pages,
        workspace_professions,
        workspace_pages,
        workspace_api,
    ):
        app.include_router(room.router)
    app.mount("/static", KeptStatic(StaticFiles(directory=STATIC)))
    described.install(app, catalogue_examples.PLACEHOLDERS | workspace_examples.PLACEHOLDERS)
    errors.install(app, pages, unavailable=(SearchError, OperationalError))
    return _wrapped(app, here)


def _wrapped(app: ASGIApp, here: Portal) -> ASGIApp:
    """Pure ASGI layers, outermost last."""
    app = head.HeadAsGet(app)
    app = observe.Measure(app)
    app = security.SameOrigin(app)
    app = limits.BodyLimit(app, larger=LARGER_BODIES)
    app = i18n.LanguagePrefix(app)
    app = GZipMiddleware(app, minimum_size=600, compresslevel=5)
    app = security.SecurityHeaders(app)
    if here.settings.kept_pages:
        app = kept.layer(app, here)
    return CountSearches(app, here.search_log)
