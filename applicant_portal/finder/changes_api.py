"""The feed of changes for those who keep a copy of the catalogue."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.responses import Response

from applicant_portal.catalogue import changes, outbox
from applicant_portal.finder import api_examples
from applicant_portal.finder.api_models import PROBLEM, Kind, Told
from applicant_portal.finder.state import reading
from applicant_portal.kit.errors import problem
from applicant_portal.kit.i18n import localized

router = APIRouter(tags=["catalogue"])

MOST = 500
GONE = (
    "The log reaches back about 30 days and no further: read the whole catalogue again, then go on from now."
)


_NO_MOMENT = PydanticCustomError("moment", "Write a moment as 2026-11-25T10:00:00Z")
_A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLUS_LOST = re.compile(r"(\d\d:\d\d\S*) (\d\d:?\d\d)$", re.ASCII)


def _moment(value: Any, read: ValidatorFunctionWrapHandler) -> datetime:
    """A moment in UTC. A `+` before the zone that was not percent-encoded came as a space."""
    try:
        # Digits alone are no seconds since 1970 here: 20261125 would be a day of that year.
        if not _A_DAY.match(str(value)):
            raise _NO_MOMENT
        moment: datetime = read(_PLUS_LOST.sub(r"\1+\2", str(value)))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValidationError, OverflowError):
        raise _NO_MOMENT from None


Moment = Annotated[datetime, WrapValidator(_moment)]


class ListingChange(Told):
    """A listing that changed: read it anew (updated), or take it out (withdrawn)."""

    id: str
    kind: Kind
    change: Literal["updated", "withdrawn"]
    at: str = Field(description="When, ISO 8601 in UTC.")
    url: str = Field(description="Its page, also where nobody can open it any more.")


class ChangesAnswer(Told):
    """Changes, oldest first; each listing once, at its newest change on the page."""

    changes: list[ListingChange]
    next: str = Field(
        description="Where to go on, now or later; it stays good while the log reaches back so far."
    )
    more: bool = Field(description="Whether there are more changes already.")


@router.get(
    "/api/v1/changes",
    responses={
        200: {"model": ChangesAnswer},
        410: PROBLEM,
        422: PROBLEM,
    },
    openapi_extra=api_examples.CHANGES,
)
def listing_changes(
    session: Annotated[Session, Depends(reading)],
    since: Annotated[
        Moment | None,
        Query(
            description="Changes of this moment and later, as 2026-11-25T10:00:00Z; without a zone it is UTC."
        ),
    ] = None,
    after: Annotated[
        int | None, Query(ge=0, le=2**31 - 1, description="Where the page before ended (its `next` has it).")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    lang: Annotated[Literal["uk", "en"], Query(description="Language of the addresses.")] = "uk",
) -> Response:
    """What changed since a moment, oldest first, withdrawn listings included; without `since`, from where the
    log begins. Go on at `next`, as often as you like: no change is missed or told twice, unless it happened
    twice. The log reaches back about 30 days: an older `since` begins there, an older place is 410."""
    # Read first: what is committed after it comes with the next page, and nothing before it is missing.
    newest = outbox.mark(session)
    if after is None:
        found = changes.oldest(session) if since is None else changes.first_since(session, since)
        after = newest if found is None else found - 1
    elif not outbox.continues(session, after):
        return problem(410, GONE)
    shown, read_up_to, more = changes.after(session, after, limit)
    end = read_up_to if more else max(newest, read_up_to)
    body = {
        "changes": [
            {
                "id": one.listing_id,
                "kind": one.kind,
                "change": "withdrawn" if one.withdrawn else "updated",
                "at": one.at.isoformat(),
                "url": localized(one.path, lang),
            }
            for one in shown
        ],
        "next": f"/api/v1/changes?after={end}&limit={limit}&lang={lang}",
        "more": more,
    }
    return Response(orjson.dumps(body), media_type="application/json", headers={"cache-control": "no-cache"})
