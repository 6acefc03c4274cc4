"""The feed of changes for those who keep a copy of the catalogue."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from applicant_portal.catalogue import changes, outbox
from applicant_portal.finder.api import PROBLEMS, Problem
from applicant_portal.finder.state import reading
from applicant_portal.kit.errors import problem
from applicant_portal.kit.i18n import localized

router = APIRouter(tags=["catalogue"])

MOST = 500
GONE = (
    "The log reaches back about 30 days and no further: read the whole catalogue again, then go on from now."
)


class ChangesAnswer(BaseModel):
    """Changes, oldest first; each listing once, at its newest change on the page."""

    changes: list[dict[str, Any]]
    next: str = Field(
        description="Where to go on, now or later; it stays good while the log reaches back so far."
    )
    more: bool = Field(description="Whether there are more changes already.")


@router.get(
    "/api/v1/changes",
    responses={
        200: {"model": ChangesAnswer},
        410: {"model": Problem, "content": {"application/problem+json": {}}},
        422: PROBLEMS[422],
    },
)
def listing_changes(
    session: Annotated[Session, Depends(reading)],
    since: Annotated[
        datetime | None, Query(description="Changes of this moment and later; without a zone it is UTC.")
    ] = None,
    after: Annotated[
        int | None, Query(ge=0, le=2**31 - 1, description="Where the page before ended (its `next` has it).")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    lang: Annotated[Literal["uk", "en"], Query(description="Language of the addresses.")] = "uk",
) -> Response:
    """What changed since a moment, withdrawn listings included."""
    oldest = changes.oldest(session)
    newest = outbox.mark(session)
    start = after
    if start is None:
        found = newest + 1 if oldest is None else oldest.position
        if since is not None:
            moment = since if since.tzinfo else since.replace(tzinfo=UTC)
            first = changes.first_since(session, moment)
            found = newest + 1 if first is None else first
        start = found - 1
    if after is not None and oldest is not None and after < oldest.position - 1:
        return problem(410, GONE)
    shown, read_up_to = changes.after(session, start, limit)
    more = read_up_to is not None and read_up_to < newest
    end = read_up_to if read_up_to is not None else max(newest, start)
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
