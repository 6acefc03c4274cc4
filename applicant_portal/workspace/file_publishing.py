"""From checked lines to listings: all that a file changes, as one batch, or nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Institution
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import service
from applicant_portal.workspace.columns import Flaw
from applicant_portal.workspace.models import FileLine, ListingFile
from applicant_portal.workspace.plans import Checked, Plan, Progress
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue, SameProgramme


@dataclass(frozen=True, slots=True)
class Published:
    """`batch`: what to undo, None when nothing differed. `drafts`: listings that are not shown yet."""

    batch: str | None
    drafts: int


class Refused(Exception):
    """A line that cannot go in after all: something else came in between. `number`: the line."""

    def __init__(self, number: int, flaw: Flaw) -> None:
        super().__init__(f"line {number}: {flaw.sentence}")
        self.number = number
        self.flaw = flaw


def publish(
    session: Session,
    by: By,
    institution: Institution,
    plans: Sequence[Plan],
    now: datetime,
    *,
    publish_drafts: bool,
    progress: Progress | None = None,
) -> Published:
    """Change and make all listings of the plans, as one batch; the commit makes all of it public at once.

    Drafts that lack nothing are published. Raises `Refused`; then the caller rolls back.
    """
    batch = service.Batch(apart=True)
    drafts = 0
    changed = False
    for done, plan in enumerate(plans, start=1):
        listing = plan.listing
        try:
            if plan.is_new:
                made = service.make(session, by, institution, listing.kind, _with_title(plan), now, batch)
                if made is None:
                    raise Refused(plan.numbers[0], Flaw(None, N_("Цей запис вам не належить")))
                listing, changed = made, True
            elif not plan.differs.nothing:
                service.change(session, by, listing, plan.wanted, now, batch)
                changed = True
        except BadValue as bad:
            raise Refused(plan.numbers[0], Flaw(bad.field, bad.sentence, bad.params)) from bad
        except SameProgramme as same:
            flaw = Flaw("title", N_("Така програма вже є: %(title)s"), {"title": same.title})
            raise Refused(plan.numbers[0], flaw) from same
        if listing.visibility == "draft":
            if publish_drafts and not service.gaps(listing):
                service.publish(session, by, listing, now, batch)
                changed = True
            else:
                drafts += 1
        if progress is not None:
            progress(done, len(plans))
    batch.finish(session, now)
    return Published(batch.id if changed else None, drafts)


def _with_title(plan: Plan) -> dict[str, Any]:
    wanted = plan.wanted
    wanted["fields"] = {"title": plan.listing.title} | wanted["fields"]
    return wanted


def moved_on(session: Session, file: ListingFile, found: Checked) -> list[int]:
    """Lines that would change something else now than what the person was shown."""
    shown = {
        row.number: row.digest
        for row in session.execute(
            select(FileLine.number, FileLine.digest).where(FileLine.file_id == file.id)
        )
    }
    return [
        number
        for number, verdict in sorted(found.verdicts.items())
        if verdict.flaws or verdict.digest != shown.get(number)
    ]
