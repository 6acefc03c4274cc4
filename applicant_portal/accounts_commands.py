"""`portal user …` and `portal key …`: let the first people and programs in, from the machine itself; and
`portal remind`: write to those whose facts have aged."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from applicant_portal.accounts import keys, queries, service
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.mail import Mailer
from applicant_portal.accounts.models import SCOPES
from applicant_portal.catalogue.models import Institution
from applicant_portal.console import settings, stop
from applicant_portal.kit.db import Database
from applicant_portal.workspace import reminding


def register(main: click.Group) -> None:
    """Add them to the `portal` command."""
    main.add_command(user_group)
    main.add_command(key_group)
    main.add_command(remind)


@click.group("user")
def user_group() -> None:
    """Люди, які входять на портал."""


@user_group.command("create")
@click.argument("email")
@click.option(
    "--role", required=True, type=click.Choice(["staff", "owner", "editor"]), help="Ким буде людина."
)
@click.option("--institution", metavar="EDEBO_ID", help="Заклад власника чи редактора.")
def user_create(email: str, role: str, institution: str | None) -> None:
    """Запросити людину з поштою EMAIL і надрукувати посилання, за яким вона обере пароль."""
    address = service.address(email)
    if address is None:
        stop(f"Це не адреса пошти: {email}.")
    if role == "staff" and institution is not None:
        stop("Команда порталу не належить до закладу: приберіть --institution.")
    if role != "staff" and institution is None:
        stop("Скажіть, якого закладу: --institution EDEBO_ID.")
    with _writing() as session:
        found = _institution(session, institution) if institution is not None else None
        try:
            invited = service.invite(
                session, address, found.id if found else None, role, by=COMMAND, now=datetime.now(UTC)
            )
        except service.LastOwner:
            stop("Це єдиний власник закладу: спершу запросіть іншого.")
    if invited.token is None:
        click.echo("Людина вже має обліковий запис: роль додано, посилання не потрібне.", err=True)
    else:
        click.echo(Mailer(settings()).ticket_url(invited.token))


@click.group("key")
def key_group() -> None:
    """Ключі, з якими програми закладів ведуть свої записи."""


@key_group.command("create")
@click.option("--institution", required=True, metavar="EDEBO_ID", help="Чий ключ.")
@click.option("--name", default="portal key create", show_default=True, help="Як його впізнавати.")
def key_create(institution: str, name: str) -> None:
    """Зробити ключ і надрукувати його: більше його ніде не видно."""
    with _writing() as session:
        found = _institution(session, institution)
        made = keys.make_key(session, found.id, name, SCOPES, by=COMMAND, now=datetime.now(UTC))
    click.echo(made.shown)


@click.command("remind")
@click.option("--dry-run", is_flag=True, help="Лише сказати, скільки листів було б.")
def remind(dry_run: bool) -> None:
    """Нагадати листом членам закладів, чиї відомості застаріли: кожному щонайбільше раз на 30 днів."""
    given, now = settings(), datetime.now(UTC)
    database = Database(given.database_url)
    if dry_run:
        with database.read() as session:
            click.echo(f"Листів було б: {len(reminding.letters(session, now))}.")
        return
    done = reminding.send(database, Mailer(given), now)
    click.echo(f"Надіслано листів: {done.sent}.")
    if done.failed:
        later = f" Ще {done.left} надішле наступний portal remind." if done.left else ""
        click.echo(f"Не вдалося надіслати: {done.failed}. Перевірте PORTAL_SMTP_URL.{later}", err=True)
        sys.exit(1)


@contextmanager
def _writing() -> Iterator[Session]:
    database = Database(settings().database_url)
    try:
        with database.write() as session:
            yield session
    finally:
        database.dispose()


def _institution(session: Session, edebo_id: str) -> Institution:
    found = queries.institution_by_edebo_id(session, edebo_id)
    if found is None:
        stop(f"Закладу з кодом ЄДЕБО {edebo_id} немає в каталозі.")
    return found
