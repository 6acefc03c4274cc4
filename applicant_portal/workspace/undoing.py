"""Sets a batch back, field for field: what somebody changed since stays and is reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from applicant_portal.catalogue import naming
from applicant_portal.catalogue.models import FormerSlug, Listing, Offer
from applicant_portal.workspace import changing, fields, loading, parts, representation
from applicant_portal.workspace.batches import Batch, Pen
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import SameProgramme

# An offer comes before its fields and stamps; the old code after the speciality, which sets it too; the
# address after the title; the doors after the offers; a listing that was made in the batch goes last of all.
_ORDER = (
    "visibility", "offer", "title", "speciality", None, "old_speciality", "slug", "routes", "stamps", "made",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Undone:
    """`batch`: the undoing, itself a batch of the history, or None when nothing was set back. `done` and
    `conflicts`: the changes of the undone batch that were set back, and those that somebody changed since."""

    batch: str | None
    done: Sequence[ListingChange]
    conflicts: Sequence[ListingChange]


def undo(
    session: Session,
    by: By,
    batch: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Undone | None:
    """Set back what the batch changed in listings of the actor's; None when it changed none of them, or they
    are there no more. Undoing an undoing does it again. `progress` is told (done, of how many listings)."""
    if "\0" in batch:
        return None
    rows = session.scalars(
        select(ListingChange).where(ListingChange.batch == batch).order_by(ListingChange.id)
    ).all()
    found = loading.find_all(session, by, sorted({row.listing_id for row in rows}), to_change=True)
    if not found:
        return None
    # Read again under the locks: somebody may have undone it meanwhile.
    rows = session.scalars(
        select(ListingChange)
        .where(ListingChange.batch == batch, ListingChange.undone_by.is_(None))
        .order_by(ListingChange.id)
        .execution_options(populate_existing=True)
    ).all()
    own = Batch()
    pen = Pen(session, by, own.id, now)
    done: list[ListingChange] = []
    conflicts: list[ListingChange] = []
    of_listing: dict[str, list[ListingChange]] = {}
    for row in rows:
        of_listing.setdefault(row.listing_id, []).append(row)
    for number, listing in enumerate(found, start=1):
        undoing = _Undoing(session, listing, of_listing.get(listing.id, []))
        was_public = listing.visibility == "published"
        if undoing.run(pen):
            own.touch(listing, now, was_public=was_public)
        done += undoing.done
        conflicts += undoing.conflicts
        if progress is not None:
            progress(number, len(found))
    for row in done:
        row.undone_by = own.id
    own.finish(session, now)
    told = [row for row in done if row.field not in parts.COMPUTED]
    return Undone(
        own.id if done else None, told, [row for row in conflicts if row.field not in parts.COMPUTED]
    )


class _Undoing:
    def __init__(self, session: Session, listing: Listing, rows: Sequence[ListingChange]) -> None:
        self._session = session
        self._listing = listing
        self._rows = rows
        self.done: list[ListingChange] = []
        self.conflicts: list[ListingChange] = []

    def run(self, pen: Pen) -> bool:
        """Set back what can be; True when anything was."""
        wanted = self._wanted()
        self._keep_apart(wanted)
        unmade = (parts.LISTING, "made") in wanted
        if unmade:
            # All else that the batch set goes with the listing.
            wanted = {}
        before = {key: parts.get(self._listing, *key) for key in wanted}
        for part, field in sorted(wanted, key=_place):
            parts.put(self._session, self._listing, part, field, wanted[part, field])
            self._session.flush()
        if "title" in {field for _, field in wanted}:
            self._follow_title(wanted, pen)
        for (part, field), value in wanted.items():
            if before[part, field] != value:
                pen.note(self._listing.id, part, field, before[part, field], value)
        if any(part.startswith("offer:") or field == "degree" for part, field in wanted):
            self._follow_offers(wanted, pen)
        if unmade:
            self._unmake(pen)
        return bool(self.done)

    def _wanted(self) -> dict[tuple[str, str], Any]:
        """(part, field) -> the value to set, newest change first: a field that the batch changed twice goes
        back through both."""
        wanted: dict[tuple[str, str], Any] = {}
        for row in reversed(self._rows):
            key = (row.part, row.field)
            if row.field == "confirmed":
                # Nothing but the stamps changed, and they have rows of their own.
                self.done.append(row)
                continue
            present = wanted[key] if key in wanted else parts.get(self._listing, *key)
            if _plain(present) != _plain(row.after) or not self._can(row):
                self.conflicts.append(row)
                continue
            wanted[key] = row.before
            self.done.append(row)
        return wanted

    def _can(self, row: ListingChange) -> bool:
        if row.field == "made":
            # Others' changes meanwhile: the listing is theirs as well now.
            return (row.before is None and self._listing.visibility == "draft") or self._leaves_public(row)
        if row.field == "offer" and row.before is not None:
            # SQLite may have given the number to another offer.
            return self._session.get(Offer, int(row.part.partition(":")[2])) is None
        return True

    def _leaves_public(self, made: ListingChange) -> bool:
        """Whether the batch that made the listing published it as well, and so takes that back first."""
        return made.before is None and any(
            row.field == "visibility" and row.before == "draft" and row.after == self._listing.visibility
            for row in self._rows
        )

    def _keep_apart(self, wanted: dict[tuple[str, str], Any]) -> None:
        """A name that another programme has taken meanwhile does not come back."""
        listing = self._listing
        keys = {
            name: (fields.of_kind(listing.kind)[name].part, name)
            for name in changing.IDENTITY
            if name in fields.of_kind(listing.kind)
        }
        touched = [key for key in keys.values() if key in wanted]
        if listing.kind != "programme" or not touched:
            return
        title, degree, code = (
            wanted.get(key, parts.get(listing, *key)) for key in (keys[name] for name in changing.IDENTITY)
        )
        try:
            changing.refuse_same(self._session, listing.institution_id, title, degree, code, but=listing.id)
        except SameProgramme:
            follow = [("programme", "old_speciality"), (parts.LISTING, "slug"), (parts.TIES, "by_speciality")]
            for key in (*touched, *follow, (parts.LISTING, "stamps")):
                if wanted.pop(key, None) is not None or key in touched:
                    moved = [row for row in self.done if (row.part, row.field) == key]
                    self.done = [row for row in self.done if row not in moved]
                    self.conflicts += moved

    def _follow_title(self, wanted: dict[tuple[str, str], Any], pen: Pen) -> None:
        if (parts.LISTING, "slug") in wanted:
            self._listing.title_key = naming.sort_key(self._listing.title)
        else:
            changing.retitle(self._session, self._listing, pen)

    def _follow_offers(self, wanted: dict[tuple[str, str], Any], pen: Pen) -> None:
        if (parts.ROUTES, "routes") not in wanted and any(
            row.field == "routes" and row.part == parts.ROUTES for row in self.conflicts
        ):
            changing.reopen_routes(self._listing, pen)

    def _unmake(self, pen: Pen) -> None:
        content = representation.content(self._listing)
        pen.note(self._listing.id, parts.LISTING, "made", content, None)
        session, listing = self._session, self._listing
        session.flush()
        # What goes with it must be loaded to go.
        session.scalar(
            select(Listing)
            .where(Listing.id == listing.id)
            .options(
                *loading.whole(),
                selectinload(Listing.results),
                selectinload(Listing.offers).options(
                    selectinload(Offer.subjects), selectinload(Offer.results)
                ),
            )
            .execution_options(populate_existing=True)
        )
        session.execute(
            delete(FormerSlug).where(FormerSlug.kind == listing.kind, FormerSlug.target == listing.id)
        )
        session.delete(listing)
        session.flush()


def _plain(value: Any) -> Any:
    """An offer is the same whatever word it stands on."""
    if isinstance(value, dict) and "year" in value and "stamps" in value:
        return {name: part for name, part in value.items() if name != "stamps"}
    return value


def _place(key: tuple[str, str]) -> tuple[int, str, str]:
    part, field = key
    return (_ORDER.index(field) if field in _ORDER else _ORDER.index(None), part, field)
