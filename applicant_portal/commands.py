"""The commands of `portal` that do one thing and end; imported only when one of them is asked for."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from applicant_portal import accounts_commands, migrations, recommending
from applicant_portal.backup import commands as backing_up
from applicant_portal.catalogue import queries, reports
from applicant_portal.console import settings, stop
from applicant_portal.doctor import examine
from applicant_portal.finder import evaluating, index, search_report
from applicant_portal.importers import commands as importing
from applicant_portal.kit.db import Database
from applicant_portal.preparing import fill, today
from applicant_portal.workspace import file_commands
from search import evaluation
from search.engine import SearchError
from search.rebuild import ShrunkIndex


def register(main: click.Group) -> None:
    """Add them to the `portal` command."""
    for command in (doctor, db, index_group, search_group, reports_group):
        main.add_command(command)
    importing.register(main)
    file_commands.register()
    backing_up.register(main, settings)
    recommending.register(main)
    accounts_commands.register(main)


@click.command()
def doctor() -> None:
    """Сказати реченнями, що гаразд, а що ні, й що з цим робити."""
    wrong = 0
    for finding in examine(settings()):
        click.echo(f"{'  ' if finding.well else '! '}{finding.sentence}")
        wrong += not finding.well
    if wrong:
        sys.exit(1)
    click.echo("Усе гаразд.")


@click.group()
def db() -> None:
    """База даних."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Довести схему до найновішої."""
    database = Database(settings().database_url)
    changed = migrations.upgrade(database.engine)
    click.echo("Схему оновлено." if changed else "Схема вже найновіша.")


@click.group("index")
def index_group() -> None:
    """Пошуковий індекс."""


@index_group.command("rebuild")
@click.option("--force", is_flag=True, help="Замінити індекс, навіть якщо новий помітно менший.")
def index_rebuild(force: bool) -> None:
    """Збудувати індекс наново поруч із чинним і замінити його."""
    given = settings()
    database = Database(given.database_url)
    failed = []
    indexes = index.opened(given, database)
    for one in indexes:
        try:
            documents = fill(database, one, force=force)
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
    given = settings()
    database = Database(given.database_url)
    with database.read() as session:
        listings = queries.count_searchable(session)
    missing = False
    for one in index.standings(database, index.opened(given, database)):
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
        stop("Щоб збудувати індекс: portal index rebuild. Що не так із сервером: portal doctor")


@click.group("search")
def search_group() -> None:
    """Якість пошуку й те, що люди шукають."""


@search_group.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice(["embedded", "meilisearch"]), help="Лише цей рушій.")
@click.option("--json", "as_json", is_flag=True, help="Один об’єкт JSON і більше нічого.")
def search_evaluate(file: Path, engine: str | None, as_json: bool) -> None:
    """Виміряти пошук на оцінених запитах FILE (JSONL): кожен рушій і Meilisearch без нашої обробки."""
    try:
        results = evaluating.evaluate(settings(), file, engine, plain=engine is None)
    except (OSError, evaluation.BadJudgement, SearchError) as error:
        stop(f"Не виміряно: {error}")
    if not results:
        stop("Не виміряно: цього рушія немає в налаштуваннях.")
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
    database = Database(settings().database_url)
    search_report.show(search_report.of(database, today(), days), days, as_json=as_json)


@click.group("reports")
def reports_group() -> None:
    """Повідомлення читачів про помилки."""


@reports_group.command("list")
@click.option("--all", "everything", is_flag=True, help="Також ті, на які вже відповіли.")
def reports_list(everything: bool) -> None:
    """Повідомлення, на які ще не відповіли, від найстарішого."""
    with Database(settings().database_url).read() as session:
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
    with Database(settings().database_url).write() as session:
        answered = reports.answer(session, code, text, datetime.now(UTC))
    if not answered:
        stop(f"Повідомлення з кодом {code} немає.")
    click.echo("Відповідь збережено.")
