"""The `portal` command. Exit codes: 0 everything done; 1 some rows refused, the rest in (or the doctor found
something); 2 nothing done."""

import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import click
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from applicant_portal import migrations
from applicant_portal.backup import commands as backing_up
from applicant_portal.catalogue import queries, reports
from applicant_portal.doctor import examine
from applicant_portal.finder import evaluating, index, search_report
from applicant_portal.finder.index import Index
from applicant_portal.finder.indexer import Indexer
from applicant_portal.importers import commands as importing
from applicant_portal.importers import seed
from applicant_portal.kit import heap
from applicant_portal.kit.db import Database
from applicant_portal.kit.lead import lead, taken
from applicant_portal.kit.progress import Bar
from applicant_portal.settings import Settings
from search import evaluation
from search.engine import SearchError
from search.rebuild import ShrunkIndex


def _today() -> date:
    return datetime.now(UTC).date()


def _stop(sentence: str) -> NoReturn:
    """Say why nothing was done, and end with 2."""
    click.echo(sentence, err=True)
    sys.exit(2)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        _stop(f"Налаштування {'.'.join(map(str, wrong['loc']))} не прочитано: {wrong['msg']}.")


class _OneSentence(click.Group):
    """Whatever command meets a database that is away or without tables says so and ends with 2."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except (OperationalError, ProgrammingError) as error:
            _stop(f"База даних не відповідає або порожня ({type(error).__name__}). Що саме: portal doctor")


@click.group(cls=_OneSentence, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """ІТ-портал вступника: сервер, дані, пошуковий індекс."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Адреса, на якій слухати.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Порт.")
@click.option("--workers", type=click.IntRange(1, 64), help="Скільки процесів; інакше PORTAL_WORKERS.")
def serve(host: str, port: int, workers: int | None) -> None:
    """Підготувати дані, якщо їх ще немає, і відкрити портал."""
    settings = _settings()
    prepare(settings)
    click.echo(f"Портал відкрито: http://{host}:{port}", err=True)
    uvicorn.run(
        "applicant_portal.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers or settings.workers,
        access_log=False,
        log_level="warning",
        server_header=False,
    )


@main.command()
def worker() -> None:
    """Вести пошуковий індекс за журналом змін, окремо від вебпроцесів."""
    settings = _settings()
    prepare(settings)
    database = Database(settings.database_url)
    followed = index.opened(settings, database)[0]
    indexer = Indexer(database, followed)
    signal.signal(signal.SIGTERM, lambda *_: indexer.end())
    signal.signal(signal.SIGINT, lambda *_: indexer.end())
    click.echo(f"Індекс {followed.engine.name}: стежу за журналом.", err=True)
    heap.settle()
    indexer.run()


@main.command()
def doctor() -> None:
    """Сказати реченнями, що гаразд, а що ні, й що з цим робити."""
    wrong = 0
    for finding in examine(_settings()):
        click.echo(f"{'  ' if finding.well else '! '}{finding.sentence}")
        wrong += not finding.well
    if wrong:
        sys.exit(1)
    click.echo("Усе гаразд.")


def prepare(settings: Settings) -> None:
    """Schema, seed and indexes, each only where it is missing. Those that start together take turns.

    A search server that does not answer stops nobody: the embedded index answers, and the server's is built
    when it comes.
    """
    database = Database(settings.database_url)
    try:
        with taken(lead(database, settings.data_folder, "prepare"), wait=True):
            if migrations.upgrade(database.engine):
                click.echo("Схему бази даних оновлено.", err=True)
            with database.read() as session:
                empty = not queries.has_listings(session)
            if empty:
                seed.load(database, _today())
            for one in reversed(index.opened(settings, database)):
                _fill_where_missing(database, one)
    except SQLAlchemyError as error:
        _stop(f"База даних не відповідає ({type(error).__name__}). Перевірте PORTAL_DATABASE_URL.")
    finally:
        database.dispose()


def _fill_where_missing(database: Database, one: Index) -> None:
    try:
        if not one.engine.ready():
            _fill(database, one, force=True)
    except SearchError as error:
        if one.engine.name == "embedded":
            raise
        click.echo(f"Meilisearch поки не відповідає ({error}): шукає вбудований рушій.", err=True)


def _fill(database: Database, one: Index, *, force: bool) -> int:
    with Bar(f"Індекс {one.engine.name}") as bar:
        report = index.fill(database, one, _today(), force=force, progress=bar.update)
    return report.documents


@main.group()
def db() -> None:
    """База даних."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Довести схему до найновішої."""
    database = Database(_settings().database_url)
    changed = migrations.upgrade(database.engine)
    click.echo("Схему оновлено." if changed else "Схема вже найновіша.")


@main.group("index")
def index_group() -> None:
    """Пошуковий індекс."""


@index_group.command("rebuild")
@click.option("--force", is_flag=True, help="Замінити індекс, навіть якщо новий помітно менший.")
def index_rebuild(force: bool) -> None:
    """Збудувати індекс наново поруч із чинним і замінити його."""
    settings = _settings()
    database = Database(settings.database_url)
    failed = []
    indexes = index.opened(settings, database)
    for one in indexes:
        try:
            documents = _fill(database, one, force=force)
        except ShrunkIndex as error:
            failed.append(
                f"Індекс {one.engine.name} не замінено: {error} Якщо так і має бути, додайте --force."
            )
        except (SearchError, SQLAlchemyError) as error:
            failed.append(f"Індекс {one.engine.name} не збудовано: {error}")
        else:
            click.echo(f"В індексі {one.engine.name} записів: {documents}.")
    for sentence in failed:
        click.echo(sentence, err=True)
    if failed:
        sys.exit(2 if len(failed) == len(indexes) else 1)


@index_group.command("status")
def index_status() -> None:
    """Скільки записів в індексі, чи встигає він за журналом і чого не зміг узяти."""
    settings = _settings()
    database = Database(settings.database_url)
    with database.read() as session:
        listings = queries.count_searchable(session)
    missing = False
    for one in index.standings(database, index.opened(settings, database)):
        if not one.answers:
            click.echo(f"{one.engine}: не відповідає: {one.trouble}")
            missing = True
        else:
            click.echo(f"{one.engine}: покоління {one.generation}")
            click.echo(f"  записів {one.documents}, у каталозі {listings}")
            click.echo(f"  позиція {one.position}, журнал на {one.newest}")
        click.echo(f"  відкладено {len(one.set_aside)}")
        for row in one.set_aside:
            click.echo(f"    {row.listing_id}  {row.noted_at:%Y-%m-%d %H:%M}  {row.reason}")
    if missing:
        _stop("Щоб збудувати індекс: portal index rebuild. Що не так із сервером: portal doctor")


@main.group("search")
def search_group() -> None:
    """Якість пошуку й те, що люди шукають."""


@search_group.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice(["embedded", "meilisearch"]), help="Лише цей рушій.")
@click.option("--json", "as_json", is_flag=True, help="Один об’єкт JSON і більше нічого.")
def search_evaluate(file: Path, engine: str | None, as_json: bool) -> None:
    """Виміряти пошук на оцінених запитах FILE (JSONL): кожен рушій і Meilisearch без нашої обробки."""
    try:
        results = evaluating.evaluate(_settings(), file, engine, plain=engine is None)
    except (OSError, evaluation.BadJudgement, SearchError) as error:
        _stop(f"Не виміряно: {error}")
    if not results:
        _stop("Не виміряно: цього рушія немає в налаштуваннях.")
    evaluating.show(results, as_json=as_json)


@search_group.command("report")
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(1, search_report.MOST_DAYS),
    help="За скільки останніх днів.",
)
@click.option("--json", "as_json", is_flag=True, help="Один об’єкт JSON і більше нічого.")
def search_report_command(days: int, as_json: bool) -> None:
    """Чого люди шукали й не знайшли, чого не обрали, про що питають найчастіше."""
    database = Database(_settings().database_url)
    search_report.show(search_report.of(database, _today(), days), days, as_json=as_json)


@main.group("reports")
def reports_group() -> None:
    """Повідомлення читачів про помилки."""


@reports_group.command("list")
@click.option("--all", "everything", is_flag=True, help="Також ті, на які вже відповіли.")
def reports_list(everything: bool) -> None:
    """Повідомлення, на які ще не відповіли, від найстарішого."""
    with Database(_settings().database_url).read() as session:
        for report in reports.listed(session, everything=everything):
            click.echo(f"{report.code}  {report.created_at:%Y-%m-%d %H:%M}  {report.page}  [{report.topic}]")
            click.echo(f"    {report.message}")
            if report.answer:
                click.echo(f"    → {report.answer}")


@reports_group.command("answer")
@click.argument("code")
@click.argument("text")
def reports_answer(code: str, text: str) -> None:
    """Відповісти на повідомлення CODE: читач побачить TEXT за своїм кодом."""
    with Database(_settings().database_url).write() as session:
        answered = reports.answer(session, code, text, datetime.now(UTC))
    if not answered:
        _stop(f"Повідомлення з кодом {code} немає.")
    click.echo("Відповідь збережено.")


importing.register(main)
backing_up.register(main, _settings)
