"""The rows that stay where they are while the catalogue around them is replaced.

They speak of institutions by numbers that mean something in one catalogue only: in the restored one the same
number may be another institution, whose listings nobody must get into their hands by a restore, or none. So
each institution is found again by its EDEBO id. A row of one that is not there goes, or forgets it, as if the
institution had been deleted.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, select

from applicant_portal.kit import json_rows, tables

_INSTITUTIONS, _FORMER_IDS = "institutions", "institution_former_ids"


@dataclass(frozen=True, slots=True)
class _House:
    """What an institution is known by. `edebo_ids`: the present one first, then those it had before."""

    edebo_ids: tuple[str, ...]
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Staying:
    """`rows`: table -> lines of its rows; `numbers`: table -> the highest number that its key was given."""

    rows: dict[str, list[bytes]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    houses: dict[int, _House] = field(default_factory=dict)


def read(connection: Connection, names: Collection[str]) -> Staying:
    """The rows of these tables, before the catalogue goes."""
    found = tables.reflected(connection, names)
    return Staying(
        {table.name: list(json_rows.lines(connection, table)) for table in found},
        {table.name: tables.last_number(connection, table) or 0 for table in found},
        _houses(connection),
    )


def put_back(connection: Connection, staying: Staying) -> list[str]:
    """Put them into the restored catalogue; names of the institutions that are not in it and had rows here,
    which have gone. The way to an older schema and back may have made the tables anew."""
    moved = _found_again(staying.houses, _houses(connection))
    gone: dict[str, set[object]] = {}
    lost: set[int] = set()
    for table in tables.reflected(connection, staying.rows):
        tables.clear(connection, [table])
        for _ in json_rows.load(connection, table, _kept(table, staying.rows[table.name], moved, gone, lost)):
            pass
        tables.number_after(connection, table, staying.numbers.get(table.name, 0))
    return sorted(staying.houses[one].name for one in lost)


def _houses(connection: Connection) -> dict[int, _House]:
    found = {table.name: table for table in tables.reflected(connection, (_INSTITUTIONS, _FORMER_IDS))}
    house, former = found[_INSTITUTIONS].c, found[_FORMER_IDS].c
    before: dict[int, list[str]] = {}
    for row in connection.execute(select(former.institution_id, former.edebo_id).order_by(former.edebo_id)):
        before.setdefault(row[0], []).append(row[1])
    rows = connection.execute(select(house.id, house.edebo_id, house.slug, house.name))
    return {
        row.id: _House(
            (*([row.edebo_id] if row.edebo_id else []), *before.get(row.id, ())), row.slug, row.name
        )
        for row in rows
    }


def _found_again(old: Mapping[int, _House], new: Mapping[int, _House]) -> dict[int, int]:
    """Number here -> number in the restored catalogue. An institution without an EDEBO id is known by its
    address on the site."""
    former = {one: number for number, house in new.items() for one in house.edebo_ids[1:]}
    by_id = former | {house.edebo_ids[0]: number for number, house in new.items() if house.edebo_ids}
    by_slug = {house.slug: number for number, house in new.items()}
    found = {}
    for number, house in old.items():
        known = [by_id[one] for one in house.edebo_ids if one in by_id]
        if not house.edebo_ids and house.slug in by_slug:
            known = [by_slug[house.slug]]
        if known:
            found[number] = known[0]
    return found


def _kept(
    table: Table,
    lines: list[bytes],
    moved: Mapping[int, int],
    gone: dict[str, set[object]],
    lost: set[int],
) -> Iterator[bytes]:
    """The lines that stay, with the numbers of the restored catalogue. The keys of those that do
    not stay are added to `gone`, the institutions they spoke of to `lost`."""
    references = [(key.parent, key.column.table.name) for key in table.foreign_keys]
    keys = [column.name for column in table.primary_key]
    seen: set[tuple[object, ...]] = set()
    for line in lines:
        values = json.loads(line)
        own = tuple(values.get(key) for key in keys)
        stays = True
        for column, target in references:
            value = values.get(column.name)
            if target == _INSTITUTIONS and value in moved:
                values[column.name] = moved[value]
            elif value is not None and (target == _INSTITUTIONS or value in gone.get(target, ())):
                stays = stays and bool(column.nullable)
                values.pop(column.name)
                if target == _INSTITUTIONS and not column.nullable:
                    lost.add(value)
        # Two institutions that have become one may have the same member.
        place = tuple(values.get(key) for key in keys)
        if not stays or place in seen:
            gone.setdefault(table.name, set()).add(own[0] if len(own) == 1 else own)
            continue
        seen.add(place)
        yield json.dumps(values).encode()
