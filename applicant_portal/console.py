"""What every command of `portal` begins with: its settings, or one sentence and the end."""

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from applicant_portal.settings import Settings


def stop(sentence: str) -> NoReturn:
    """Say why nothing was done, and end with 2."""
    click.echo(sentence, err=True)
    sys.exit(2)


def settings() -> "Settings":
    """The settings, or one sentence about the one that cannot be read, and the end with 2."""
    from pydantic import ValidationError

    from applicant_portal.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        stop(f"Налаштування {'.'.join(map(str, wrong['loc']))} не прочитано: {wrong['msg']}.")
