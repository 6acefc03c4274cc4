"""The `portal` command. Exit codes: 0 everything done; 1 some rows refused, the rest in (or the doctor found
something); 2 nothing done.

Here are the two commands whose process stays. It holds only what it serves with, so the others are in
`commands`, and what a command needs is imported when it is run.
"""

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from applicant_portal.console import settings, stop

if TYPE_CHECKING:
    from applicant_portal.settings import Settings


class _Portal(click.Group):
    """Whatever command meets a database that is away or without tables says so and ends with 2."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.commands:
            self._load_others()
        return super().get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        self._load_others()
        return super().list_commands(context)

    def _load_others(self) -> None:
        from applicant_portal import commands

        commands.register(self)

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except Exception as error:
            from sqlalchemy.exc import OperationalError, ProgrammingError

            if isinstance(error, OperationalError | ProgrammingError):
                stop(f"База даних не відповідає або порожня ({type(error).__name__}). Що саме: portal doctor")
            raise


@click.group(cls=_Portal, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """ІТ-портал вступника: сервер, дані, пошуковий індекс."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Адреса, на якій слухати.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Порт.")
@click.option("--workers", type=click.IntRange(1, 64), help="Скільки процесів; інакше PORTAL_WORKERS.")
@click.option("--prepared", is_flag=True, hidden=True)
def serve(host: str, port: int, workers: int | None, prepared: bool) -> None:
    """Підготувати дані, якщо їх ще немає, і відкрити портал."""
    if not prepared:
        given = settings()
        workers = workers or given.workers
        made = _prepare(given)
        if made or workers > 1:
            _start_anew("--workers", str(workers), "--prepared")
    click.echo(f"Портал відкрито: http://{host}:{port}", err=True)
    import uvicorn

    uvicorn.run(
        "applicant_portal.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
    )


@main.command()
@click.option("--prepared", is_flag=True, hidden=True)
def worker(prepared: bool) -> None:
    """Вести пошуковий індекс за журналом змін, окремо від вебпроцесів."""
    given = settings()
    if not prepared and _prepare(given):
        _start_anew("--prepared")
    import signal

    from applicant_portal.finder import index
    from applicant_portal.finder.indexer import Indexer
    from applicant_portal.kit import heap
    from applicant_portal.kit.db import Database

    database = Database(given.database_url)
    followed = index.opened(given, database)[0]
    indexer = Indexer(database, followed)
    signal.signal(signal.SIGTERM, lambda *_: indexer.end())
    signal.signal(signal.SIGINT, lambda *_: indexer.end())
    click.echo(f"Індекс {followed.engine.name}: стежу за журналом.", err=True)
    heap.settle()
    indexer.run()


def _prepare(given: "Settings") -> bool:
    from sqlalchemy.exc import SQLAlchemyError

    from applicant_portal.preparing import prepare

    try:
        return prepare(given)
    except SQLAlchemyError as error:
        stop(f"База даних не відповідає ({type(error).__name__}). Перевірте PORTAL_DATABASE_URL.")


def _start_anew(*more: str) -> NoReturn:
    """The same command in the same process, from its beginning, with `more` said.

    What preparing has loaded and left in memory, much after an index was filled, is then gone; and the parent
    of several workers, which only watches over them, holds nothing of the portal.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:], *more])  # noqa: S606 (no shell is the point)
