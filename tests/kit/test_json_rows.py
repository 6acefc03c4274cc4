"""Whatever a column holds survives the way into a line of JSON and back, on either database."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    insert,
    select,
    text,
)

from applicant_portal.kit import json_rows, tables
from applicant_portal.kit.db import Database, UtcDateTime

TABLE = Table(
    "values_of_every_type",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("flag", Boolean),
    Column("whole", Integer),
    Column("real", Float(53)),
    Column("money", Numeric(9, 3)),
    Column("short", String(40)),
    Column("long", Text),
    Column("day", Date),
    Column("hour", Time),
    Column("moment", UtcDateTime),
    Column("plain_moment", DateTime),
    Column("json", JSON(none_as_null=True)),
    Column("bytes", LargeBinary),
)

# PostgreSQL takes no NUL in text, and UTF-8 no half of a surrogate pair.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
EARLY, LATE = datetime(1000, 1, 1), datetime(9000, 1, 1)  # noqa: DTZ001 (bounds; the zone comes with the value)
zones = st.builds(timezone, st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)))
# JSON's whole numbers are kept within what SQLite keeps exactly.
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "flag": st.booleans(),
        "whole": st.integers(-(2**31), 2**31 - 1),
        "real": st.floats(allow_nan=False),
        "money": st.decimals(Decimal(-999_999), Decimal(999_999), places=3, allow_nan=False),
        "short": texts,
        "long": texts,
        "day": st.dates(),
        "hour": st.times(),
        "moment": st.datetimes(EARLY, LATE, timezones=zones),
        "plain_moment": st.datetimes(EARLY, LATE),
        # SQLite keeps a number that stands alone in a JSON column as a number, to fifteen digits.
        "json": json_values.filter(lambda value: not isinstance(value, float)).map(
            lambda value: JSON.NULL if value is None else value
        ),
        "bytes": st.binary(max_size=40),
    },
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database = Database(database_url)
    TABLE.metadata.create_all(database.engine)
    yield database.engine
    database.dispose()


@given(given_rows=st.lists(rows, min_size=1, max_size=5))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_of_every_type_come_back_as_they_were(engine: Engine, given_rows: list[dict[str, Any]]) -> None:
    empty = dict.fromkeys(TABLE.columns.keys())
    everything = select(TABLE, text("json IS NULL")).order_by(TABLE.c.id)
    with engine.connect() as connection:
        connection.execute(
            insert(TABLE), [{**empty, **row, "id": number} for number, row in enumerate(given_rows)]
        )
        before = connection.execute(everything).all()
        (shape,) = tables.reflected(connection, [TABLE.name])
        lines = list(json_rows.lines(connection, shape))
        assert all(line.count(b"\n") == 1 for line in lines)
        tables.clear(connection, [shape])
        assert sum(json_rows.load(connection, shape, lines)) == len(given_rows)
        assert connection.execute(everything).all() == before
        assert list(json_rows.lines(connection, shape)) == lines
        connection.rollback()


def test_a_moment_without_a_zone_is_one_in_utc() -> None:
    assert json_rows.plain(datetime(2026, 11, 25, 12)) == "2026-11-25T12:00:00+00:00"  # noqa: DTZ001
    east = timezone(timedelta(hours=2))
    assert json_rows.plain(datetime(2026, 11, 25, 12, tzinfo=east)) == "2026-11-25T10:00:00+00:00"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(2026, 11, 25), "2026-11-25"),
        (time(9, 30), "09:30:00"),
        (Decimal("0.20"), "0.20"),
        (b"\x00\xff", "AP8="),
        (True, True),
        (None, None),
    ],
)
def test_values_are_kept_as_a_person_would_read_them(value: object, kept: object) -> None:
    assert json_rows.plain(value) == kept


def test_a_type_that_no_column_has_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        json_rows.plain({1, 2})
    with pytest.raises(TypeError):
        json_rows.reader(Interval())


@pytest.mark.parametrize(
    "line",
    [
        b"nothing",
        b"[1]",
        b"7",
        b'{"nobody": 1}',
        b'{"day": "yesterday"}',
        b'{"money": "much"}',
        b'{"moment": 7}',
    ],
)
def test_a_line_that_is_no_row_of_the_table_is_a_bad_line(engine: Engine, line: bytes) -> None:
    with engine.connect() as connection:
        (shape,) = tables.reflected(connection, [TABLE.name])
        with pytest.raises(json_rows.BadLine):
            list(json_rows.load(connection, shape, [line]))


def test_a_table_is_read_and_written_in_batches(engine: Engine) -> None:
    many = json_rows.BATCH * 2 + 1
    with engine.connect() as connection:
        (shape,) = tables.reflected(connection, [TABLE.name])
        lines = (b'{"id":%d}\n' % number for number in range(many))
        assert list(json_rows.load(connection, shape, lines)) == [json_rows.BATCH, json_rows.BATCH, 1]
        assert tables.count(connection, shape) == many
        assert sum(1 for _ in json_rows.lines(connection, shape)) == many
