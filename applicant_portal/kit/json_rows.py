"""Rows of a table as lines of JSON and back, the same whichever database they come from.

Moments are ISO strings in UTC, days ISO strings, decimals strings, bytes base64. A column that a line does
not name is NULL: so JSON's own null, where a JSON column holds it, stays a value of its own.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Table, Text, cast, insert, select
from sqlalchemy.types import DateTime, TypeEngine

BATCH = 1000


class BadLine(Exception):
    """A line that is no row of the table it is meant for."""


def plain(value: Any) -> Any:
    """A value as JSON keeps it. A moment without a zone is one in UTC, as SQLite gives it back.

    Raises `TypeError` for a value of a type that no column of the portal has.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode("ascii")
    raise TypeError(f"a value of type {type(value).__name__} cannot be kept as JSON")


def reader(column_type: TypeEngine[Any]) -> Callable[[Any], Any]:
    """What turns a value of JSON into one that a column of this type takes.

    Raises `TypeError` for a type that no column of the portal has.
    """
    if isinstance(column_type, JSON):
        return lambda value: JSON.NULL if value is None else value
    if isinstance(column_type, DateTime):
        return _aware if column_type.timezone else _naive
    try:
        return _READERS[column_type.python_type]
    except (KeyError, NotImplementedError) as error:
        raise TypeError(f"a column of type {column_type!r} cannot be read from JSON") from error


def _aware(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def _naive(value: str) -> datetime:
    return _aware(value).replace(tzinfo=None)


_READERS: dict[type, Callable[[Any], Any]] = {
    str: str,
    bool: bool,
    int: int,
    float: float,
    date: date.fromisoformat,
    time: time.fromisoformat,
    Decimal: lambda value: Decimal(str(value)),
    bytes: lambda value: base64.b64decode(value, validate=True),
}


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row of a table in the order of its key, read in batches."""
    # JSON is read as the text it is stored as: a column type would make SQL's NULL and JSON's null one.
    as_text = {column.name for column in table.columns if isinstance(column.type, JSON)}
    columns = [cast(column, Text) if column.name in as_text else column for column in table.columns]
    names = [column.name for column in table.columns]
    query = select(*columns).order_by(*table.primary_key)
    for row in connection.execute(query, execution_options={"yield_per": BATCH}):
        values = {
            name: json.loads(value) if name in as_text else plain(value)
            for name, value in zip(names, row, strict=True)
            if value is not None
        }
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        # Text inside JSON may hold half of a surrogate pair, which plain UTF-8 refuses.
        yield text.encode("utf-8", "surrogatepass") + b"\n"


def load(connection: Connection, table: Table, rows: Iterable[bytes]) -> Iterator[int]:
    """Insert rows from their lines; yields the size of each batch once it is in. Raises `BadLine`."""
    readers = {column.name: reader(column.type) for column in table.columns}
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    waiting = iter(rows)
    while batch := [_row(line, readers) for line in islice(waiting, BATCH)]:
        connection.execute(insert(table), batch)
        yield len(batch)


def _row(line: bytes, readers: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    try:
        values = json.loads(line)
        row: dict[str, Any] = dict.fromkeys(readers)
        row.update({name: readers[name](value) for name, value in values.items()})
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise BadLine(str(error)) from error
    return row
