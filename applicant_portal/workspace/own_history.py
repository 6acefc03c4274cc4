"""History of what is no listing, a profession or an institution: it stands among that of listings, under an
id of its own kind, and is undone field for field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.workspace.models import ListingChange

STAMPS = "stamps"
"""Each batch has one row of this name: how the stamps moved as a whole."""


@dataclass(frozen=True, slots=True)
class Undone:
    """`conflicts`: fields that somebody changed since, and that stay."""

    done: Sequence[str]
    conflicts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Back:
    """What of a batch can be set back. `values`: field -> the value of before; `stood_on`: the stamps of
    before, as they were noted; `whole`: all of the batch goes back, and so do all stamps."""

    rows: Mapping[str, ListingChange]
    moved: ListingChange
    values: Mapping[str, Any]
    done: Sequence[str]
    whole: bool

    @property
    def stood_on(self) -> Any:
        return self.moved.before

    def undone(self, own: str | None) -> Undone:
        """Note that the batch `own` set it back (None: nothing was)."""
        if own is not None:
            for row in (self.moved, *(self.rows[name] for name in self.done)):
                row.undone_by = own
        return Undone(self.done, sorted(self.rows.keys() - set(self.done)))


def history(session: Session, named: str, limit: int = 200) -> Sequence[ListingChange]:
    """What was changed, newest first."""
    return session.scalars(
        select(ListingChange)
        .where(ListingChange.listing_id == named, ListingChange.field != STAMPS)
        .order_by(ListingChange.id.desc())
        .limit(limit)
    ).all()


def back(
    session: Session, named: str, batch: str, content: Mapping[str, Any], stamps: Any, checked: str
) -> Back | None:
    """What of the batch stands as it left it; None when there is no such batch, or it was undone before.

    `content` and `stamps` are those of now. `checked`: the name under which the history says that all was
    found right, which changed nothing but the stamps.
    """
    if "\0" in batch:
        return None
    rows = {
        row.field: row
        for row in session.scalars(
            select(ListingChange).where(
                ListingChange.batch == batch,
                ListingChange.listing_id == named,
                ListingChange.undone_by.is_(None),
            )
        )
    }
    moved = rows.pop(STAMPS, None)
    if moved is None:
        return None
    untouched = stamps == moved.after
    values = {
        name: row.before for name, row in rows.items() if name in content and content[name] == row.after
    }
    done = [*values, *([checked] if checked in rows and untouched else [])]
    return Back(rows, moved, values, done, whole=untouched and len(done) == len(rows))
