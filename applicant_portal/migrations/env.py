"""Alembic's entry: over the connection it is given, or over the settings' database (`alembic revision …`)."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from applicant_portal.accounts import models as accounts  # noqa: F401 (fills the metadata, as the next)
from applicant_portal.catalogue import models  # noqa: F401
from applicant_portal.kit.db import Base, Database
from applicant_portal.settings import Settings
from applicant_portal.workspace import models as workspace  # noqa: F401


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration names the plain column type: our own types may move or change while it must not."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(Settings().database_url).engine.begin() as own:
        run(own)
