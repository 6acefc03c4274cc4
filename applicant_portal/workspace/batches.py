"""One save, or one file: what it changed, whom it touched, and the word it leaves in the log at its end."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Listing
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.policy import By


def _new_id() -> str:
    return f"b-{secrets.token_hex(6)}"


@dataclass(slots=True)
class Batch:
    """`touched`: listings that the public sees otherwise now. Who changes many listings under one batch calls
    `finish` when all are done: the log is written last, because those who write it take turns, and a turn
    held while rows are still being locked would meet others halfway. `apart`: whoever fills it has seen to it
    that no two programmes become one (`checking`), so nobody looks for each of them again."""

    id: str = field(default_factory=_new_id)
    touched: dict[str, None] = field(default_factory=dict)
    apart: bool = False

    def touch(self, listing: Listing, now: datetime, *, was_public: bool) -> None:
        """Note that the listing reads otherwise now; the world hears of it if it sees it, or saw it."""
        listing.updated_at = now
        if was_public or listing.visibility == "published":
            self.touched[listing.id] = None

    def finish(self, session: Session, now: datetime) -> None:
        """Write the log. The commit makes it all known."""
        outbox.publish(session, self.touched, now)
        self.touched.clear()


@contextmanager
def within(session: Session, given: Batch | None, now: datetime) -> Iterator[Batch]:
    """The batch that was given, to be finished by who gave it, or one of its own, finished here."""
    batch = given or Batch()
    yield batch
    if given is None:
        batch.finish(session, now)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes history: one row a field."""

    session: Session
    by: By
    batch: str
    now: datetime
    silent: bool = False
    apart: bool = False

    def silenced(self) -> "Pen":
        """One that writes nothing, for what will be told as a whole."""
        return replace(self, silent=True)

    def note(
        self,
        listing_id: str,
        part: str,
        name: str,
        before: Any,
        after: Any,
        stood_on: FactStamp | None = None,
    ) -> None:
        if self.silent:
            return
        self.session.add(
            ListingChange(
                batch=self.batch,
                listing_id=listing_id,
                at=self.now,
                actor=self.by.actor,
                part=part,
                field=name,
                before=before,
                after=after,
                stood_on={name: stood_on} if stood_on is not None else {},
            )
        )

    @property
    def today(self) -> str:
        return self.now.date().isoformat()
