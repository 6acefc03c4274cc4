"""The log of searches in the database: rows added, forgotten, summed up.

It holds nothing personal (see `finder.search_log` for what is never written), and a query asked rarely does
not leave it: `report` is the only way out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Subquery, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import SearchCount

KEEP_FOR = timedelta(days=90)
# What was typed once or twice may be one person's own words: a name, an illness. What was asked five times is
# what people look for. No setting lowers the number.
FEWEST = 5
# Room for everybody who really searches. A program that asks something new each time fills no disk.
MOST_A_DAY = 20_000
# Our own line, to have a short list to look at; the numbers stand beside each query.
SELDOM = 0.2
_COUNTED = ("asked", "chosen_1_3", "chosen_4_10", "chosen_11")


@dataclass(slots=True)
class QueryCounts:
    """A query's numbers, of one day or of several: how often asked, hits and outcome as they were last, and
    how often a listing was chosen at these places of the list."""

    query: str
    hits: int
    outcome: str
    asked: int = 0
    chosen_1_3: int = 0
    chosen_4_10: int = 0
    chosen_11: int = 0

    @property
    def chosen(self) -> int:
        return self.chosen_1_3 + self.chosen_4_10 + self.chosen_11

    @property
    def not_chosen(self) -> int:
        """Searches after which nothing was chosen; one search may lead to several choices, and one that was
        only typed to some."""
        return max(0, self.asked - self.chosen)


@dataclass(frozen=True, slots=True)
class Report:
    """Queries asked `FEWEST` times or more, most asked first. `not_found`: nothing, or something only
    without some of the words; `not_chosen`: found, and seldom was anything chosen. `rare`: how many
    different queries are not shown."""

    not_found: Sequence[QueryCounts]
    not_chosen: Sequence[QueryCounts]
    most_asked: Sequence[QueryCounts]
    rare: int


def add(session: Session, day: date, counts: Iterable[QueryCounts], *, most: int = MOST_A_DAY) -> None:
    """Add a batch to the day's rows; a query that stands there already has its numbers summed, whichever
    process wrote it. A day with `most` queries takes no new ones. What is too old goes at the same time,
    also where no process lives past midnight."""
    prune(session, day)
    # In one order, or two processes could wait for each other's rows.
    rows = [{"day": day, **asdict(one)} for one in sorted(counts, key=lambda one: one.query)]
    if not rows:
        return
    if (session.scalar(select(func.count()).where(SearchCount.day == day)) or 0) + len(rows) > most:
        _add_to_known(session, rows)
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(SearchCount)
    new = statement.excluded
    summed = {name: getattr(SearchCount, name) + new[name] for name in _COUNTED}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[SearchCount.day, SearchCount.query],
            set_={**summed, "hits": new.hits, "outcome": new.outcome},
        ),
        rows,
    )


def _add_to_known(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """The sums alone: hits and outcome stay as they were."""
    key = (SearchCount.day == bindparam("of_day")) & (SearchCount.query == bindparam("of_query"))
    summed = {name: getattr(SearchCount, name) + bindparam(f"more_{name}") for name in _COUNTED}
    session.connection().execute(
        update(SearchCount).where(key).values(summed),
        [
            {
                "of_day": row["day"],
                "of_query": row["query"],
                **{f"more_{name}": row[name] for name in _COUNTED},
            }
            for row in rows
        ],
    )


def prune(session: Session, today: date) -> int:
    """Forget the days that are too old; how many rows they were."""
    result = session.execute(delete(SearchCount).where(SearchCount.day <= today - KEEP_FOR))
    return int(result.rowcount)  # type: ignore[attr-defined]


def report(session: Session, since: date, most: int) -> Report:
    """What was asked from the day `since` on, at most `most` queries in each list."""
    sums = {name: func.sum(getattr(SearchCount, name)).label(name) for name in _COUNTED}
    last = func.max(SearchCount.day).label("last")
    often = _of_period(since, sums["asked"] >= FEWEST, *sums.values(), last)
    newest = select(often, SearchCount.hits, SearchCount.outcome).join(
        SearchCount, (SearchCount.query == often.c.query) & (SearchCount.day == often.c.last)
    )
    shown = [
        QueryCounts(
            row.query, row.hits, row.outcome, row.asked, row.chosen_1_3, row.chosen_4_10, row.chosen_11
        )
        for row in session.execute(newest.order_by(often.c.asked.desc(), often.c.query))
    ]
    rare = _of_period(since, sums["asked"] < FEWEST)
    return Report(
        not_found=list(islice((one for one in shown if one.outcome != "found"), most)),
        not_chosen=list(islice((one for one in shown if _is_passed_over(one)), most)),
        most_asked=shown[:most],
        rare=session.scalar(select(func.count()).select_from(rare)) or 0,
    )


def _of_period(since: date, having: ColumnElement[bool], *columns: ColumnElement[Any]) -> Subquery:
    rows = select(SearchCount.query, *columns).where(SearchCount.day >= since)
    return rows.group_by(SearchCount.query).having(having).subquery()


def _is_passed_over(one: QueryCounts) -> bool:
    return one.outcome == "found" and one.chosen < one.asked * SELDOM
