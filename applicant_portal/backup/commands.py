"""`portal backup`, `portal restore`: sentences and an exit code, 0 done or 2 nothing done."""

import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from applicant_portal.backup import restoring, saving
from applicant_portal.backup.manifest import UPLOADS, MadeByNewer
from applicant_portal.kit.archive import Damaged, NotAnArchive
from applicant_portal.kit.db import BrokenReference, Database
from applicant_portal.kit.lead import lead, taken
from applicant_portal.kit.progress import Bar
from applicant_portal.settings import Settings

INDEX = "index"

_file = click.argument("file", type=click.Path(path_type=Path))


def register(main: click.Group, read_settings: Callable[[], Settings]) -> None:
    """Add the two commands to the `portal` command; `read_settings` ends the program when it cannot."""

    @main.command("backup")
    @_file
    def backup(file: Path) -> None:
        """Зберегти базу даних і завантажені файли до нового файла FILE (.tar.gz)."""
        back_up(read_settings(), file)

    @main.command("restore")
    @_file
    @click.option("--no-copy", is_flag=True, help="Не зберігати спершу того, що вже є в базі.")
    def restore(file: Path, no_copy: bool) -> None:
        """Відновити базу даних і завантажені файли з копії FILE, також на іншу СУБД.

        Те, що вже є в базі, спершу зберігається до теки даних. Портал на цей час зупиніть.
        """
        bring_back(read_settings(), file, keep=not no_copy)


def back_up(settings: Settings, file: Path) -> None:
    """Write the backup and say what it holds, or end with 2."""
    if not file.absolute().parent.is_dir():
        _stop(f"Теки {file.absolute().parent} немає, копії не зроблено.")
    with _sentences("копії не зроблено", file), _opened(settings) as database, Bar("Копія") as bar:
        try:
            manifest, files = saving.save(
                database, settings.data_dir / UPLOADS, file, datetime.now(UTC), bar.update
            )
        except FileExistsError:
            _stop(f"Файл {file} уже є, і копія його не перезапише: вкажіть інше ім’я.")
        except saving.NothingToSave:
            _stop("Зберігати ще нічого: у базі даних немає таблиць порталу.")
        except MadeByNewer:
            _stop("Базу даних створила новіша версія порталу: спершу оновіть програму.")
    click.echo(f"Копія {file}: рядків {manifest.rows}, файлів {files}.")


def bring_back(settings: Settings, file: Path, *, keep: bool) -> None:
    """Restore the backup and say what came of it, or end with 2. `keep`: listings that are there are saved to
    a file of their own first."""
    if not file.is_file():
        _stop(f"Файла {file} немає.")
    # Under the same lead `portal serve` seeds an empty catalogue.
    with (
        _sentences("нічого не змінено"),
        _opened(settings) as database,
        taken(lead(database, settings.data_folder, "prepare"), wait=True),
    ):
        try:
            with Bar("Відновлення") as bar:
                done = _restored(settings, database, file, bar.update, keep=keep)
        except NotAnArchive:
            _stop(f"{file} не є резервною копією порталу.")
        except (Damaged, BrokenReference):
            _stop(f"Копію {file} пошкоджено, нічого не змінено: візьміть іншу.")
        except MadeByNewer:
            _stop("Копія чи база даних має схему новішої версії порталу: спершу оновіть програму.")
        forgotten = _forget_index(settings.data_dir / INDEX)
    click.echo(f"Відновлено рядків {done.manifest.rows}, файлів {done.files}.")
    if done.lost:
        click.echo(
            f"У копії немає закладів, які тут мали доступ: {'; '.join(done.lost)}. Їхніх членів, ключі й "
            "таблиці прибрано; коли заклад з’явиться в каталозі, запросіть їх знову."
        )
    click.echo(
        "Пошуковий індекс прибрано: його збудує наново portal serve або portal index rebuild."
        if forgotten
        else "Пошуковий індекс прибрати не вдалося: збудуйте його наново, portal index rebuild --force."
    )


def _restored(
    settings: Settings, database: Database, file: Path, progress: restoring.Progress, *, keep: bool
) -> restoring.Restored:
    now = datetime.now(UTC)
    uploads = settings.data_dir / UPLOADS
    try:
        return restoring.restore(database, uploads, file, now, progress, replace=not keep)
    except restoring.NotEmpty:
        copy = settings.data_dir / f"before-restore-{now:%Y%m%d-%H%M%S}.tar.gz"
        saving.save(database, uploads, copy, now, progress)
        click.echo(f"Те, що було в базі, збережено: {copy}")
        return restoring.restore(database, uploads, file, now, progress, replace=True)


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _sentences(outcome: str, file: Path | None = None) -> Iterator[None]:
    """What stops either command: one sentence. `file`: where the trouble is, else the system says where."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        _stop(f"База даних не відповіла або не прийняла даних, {outcome}: {reason}")
    except OSError as error:
        _stop(f"{file or error.filename or 'Диск'}: {error.strerror or error}; {outcome}.")
    except KeyboardInterrupt:
        _stop(f"Перервано, {outcome}.")


def _forget_index(folder: Path) -> bool:
    """Take the index away in one step, so that nobody opens half of it; False when it has to stay."""
    gone = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.old")
    try:
        folder.rename(gone)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return True


def _stop(sentence: str) -> NoReturn:
    """Say why nothing was done and leave with 2."""
    click.echo(sentence, err=True)
    sys.exit(2)
