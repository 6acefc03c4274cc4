"""Tables as the database has them at this moment, whatever the program's models say: reading their shape,
emptying them, and the numbers that their keys are given."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, MetaData, Table, delete, func, select, text


def reflected(connection: Connection, names: Collection[str]) -> list[Table]:
    """These tables with their columns and keys, each after those it refers to.

    Raises `sqlalchemy.exc.InvalidRequestError` when one is not there.
    """
    found = MetaData()
    found.reflect(connection, only=sorted(names))
    return [table for table in found.sorted_tables if table.name in names]


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def clear(connection: Connection, tables: Sequence[Table]) -> None:
    """Delete all rows; `tables` stand as `reflected` gives them. Others may read on until the commit, but
    nobody writes."""
    if connection.dialect.name == "postgresql" and tables:
        names = ", ".join(map(connection.dialect.identifier_preparer.format_table, tables))
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    for table in reversed(tables):
        connection.execute(delete(table))


def last_number(connection: Connection, table: Table) -> int | None:
    """The highest number the key of this table was ever given, as far as the database remembers; 0 before
    the first. None for a table whose keys are not numbered by the database."""
    column = table.autoincrement_column
    if column is None:
        return None
    highest: int = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "postgresql":
        sequence = _sequence(connection, table)
        given = sequence and connection.scalar(
            text(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}")  # noqa: S608
        )
    else:
        given = _is_counted(connection, table) and connection.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
    return max(highest, given or 0)


def number_after(connection: Connection, table: Table, number: int) -> None:
    """Let the next key be higher than `number` and than every number given so far.

    On SQLite this holds for AUTOINCREMENT tables; others go on from their highest row, as SQLite does.
    """
    given = last_number(connection, table)
    if given is None:
        return
    number = max(number, given)
    if connection.dialect.name == "postgresql":
        if sequence := _sequence(connection, table):
            # Unlike setval this is undone with the transaction.
            connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART WITH {number + 1}"))
    elif _is_counted(connection, table):
        here = {"name": table.name, "number": number}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), here)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), here)


def _sequence(connection: Connection, table: Table) -> str | None:
    """PostgreSQL: the sequence behind the key, quoted as SQL needs it."""
    column = table.autoincrement_column
    if column is None:
        return None
    name = connection.dialect.identifier_preparer.format_table(table)
    sequence: str | None = connection.scalar(select(func.pg_get_serial_sequence(name, column.name)))
    return sequence


def _is_counted(connection: Connection, table: Table) -> bool:
    """SQLite: whether the table remembers the numbers it gave (AUTOINCREMENT)."""
    sql = connection.scalar(
        text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table.name}
    )
    return "AUTOINCREMENT" in (sql or "").upper()
