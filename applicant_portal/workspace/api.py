"""A university's own program keeps its listings here, with a key of the institution."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from applicant_portal.accounts.models import ApiKey
from applicant_portal.accounts.state import program
from applicant_portal.catalogue.models import Institution
from applicant_portal.catalogue.models import Listing as CatalogueListing
from applicant_portal.finder.api import Problem
from applicant_portal.finder.state import portal
from applicant_portal.kit.errors import problem
from applicant_portal.kit.i18n import Lang
from applicant_portal.kit.limits import Throttle
from applicant_portal.workspace import representation, service
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue, Gaps, KeyReused, SameProgramme

router = APIRouter(prefix="/api/v1/workspace/listings", tags=["workspace"])

_throttle = Throttle(times=600, seconds=60)
LONGEST_KEY = 80
SAID_IN: Lang = "en"
"""Programs are answered in English, as everywhere in the API."""


class Listing(BaseModel):
    """A listing as `GET` answers it and `PUT` takes it. What may be changed: `fields`, `offers` (one without
    an `id` is new), `skills`, `professions`; all else is told, and refused where it differs."""

    model_config = ConfigDict(extra="allow")
    id: str
    kind: str
    visibility: str
    state: str
    url: str
    fields: dict[str, Any]


class Listings(BaseModel):
    """One page of the institution's listings, drafts and withdrawn ones included."""

    total: int
    page: int
    per_page: int
    listings: list[dict[str, Any]]


def _told(model: type[BaseModel], *refusals: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    refused = {"model": Problem, "content": {"application/problem+json": {}}}
    return {status: {"model": model}, **dict.fromkeys((401, 429, *refusals), refused)}


IfMatch = Annotated[str | None, Header(description="The ETag of the version that is changed.")]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        description="The same key with the same request answers the same, and changes once.",
    ),
]


def holder(
    request: Request,
    # Read by `program`; here so that the description of the API names it.
    authorization: Annotated[str | None, Header(description="Bearer and the key.")] = None,  # noqa: ARG001
) -> ApiKey:
    """Dependency: whose key was sent. 401 for none, an unknown or a revoked one; 429 for too many."""
    actor = program(request)
    if actor is None or actor.key is None:
        raise HTTPException(
            401, "Send the institution's key: Authorization: Bearer ptl_…", {"www-authenticate": "Bearer"}
        )
    if not _throttle.allows(actor.label):
        raise HTTPException(429, "Too many requests with this key: wait a minute.", {"retry-after": "60"})
    return actor.key


Holder = Annotated[ApiKey, Depends(holder)]


def _by(key: ApiKey) -> By:
    return By(f"key:{key.id}", frozenset((key.institution_id,)))


@router.get("", responses=_told(Listings))
def listings(
    request: Request,
    key: Holder,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """The institution's listings in the order of their titles."""
    with portal(request).database.read() as session:
        found = service.listings(session, _by(key), page=page, per_page=per_page)
        shown = [representation.shown(one) for one in found.items]
    return _json({"total": found.total, "page": page, "per_page": per_page, "listings": shown})


@router.get("/{listing_id}", responses=_told(Listing, 404))
def one(request: Request, key: Holder, listing_id: str) -> Response:
    """One listing, with the ETag that a change of it has to name."""
    with portal(request).database.read() as session:
        found = service.find(session, _by(key), listing_id)
        if found is None:
            raise HTTPException(404)
        return _version(representation.shown(found))


@router.put("/{listing_id}", responses=_told(Listing, 403, 404, 409, 412, 422, 428))
def put(
    request: Request,
    key: Holder,
    listing_id: str,
    body: Annotated[dict[str, Any], Body()],
    if_match: IfMatch = None,
    once: Once = None,
) -> Response:
    """Take what `GET` answered, with changes. A published listing is live at once; it is refused for what it
    changes, never for gaps that were there."""

    def change(session: Session, now: datetime) -> Response:
        listing = _found(session, key, listing_id)
        present = representation.etag(representation.shown(listing))
        if if_match is None:
            return problem(428, "Name the version you change: If-Match with the ETag of GET.")
        if not {present, "*"} & {one.strip() for one in if_match.split(",")}:
            return _version(representation.shown(listing), 412)
        service.change(session, _by(key), listing, body, now)
        return _again(session, key, listing_id)

    return _write(request, key, once, body, change)


@router.post("", status_code=201, responses=_told(Listing, 403, 409, 422, status=201))
def post(
    request: Request, key: Holder, body: Annotated[dict[str, Any], Body()], once: Once = None
) -> Response:
    """A new draft of the institution: `kind` (programme or course) and `fields` with a title at least."""

    def make(session: Session, now: datetime) -> Response:
        wanted = {name: value for name, value in body.items() if name != "kind"}
        institution = session.get(Institution, key.institution_id)
        listing = service.make(session, _by(key), institution, str(body.get("kind")), wanted, now)
        if listing is None:
            return problem(422, "The request cannot be done.", [_wrong("kind", "One of programme, course.")])
        return _again(session, key, listing.id, 201)

    return _write(request, key, once, body, make)


@router.post("/{listing_id}/publish", responses=_told(Listing, 403, 404, 422))
def publish(request: Request, key: Holder, listing_id: str, once: Once = None) -> Response:
    """Show it to the public. 422 names every gap that has to be closed first."""
    return _shown_to_public(request, key, listing_id, once, service.publish)


@router.post("/{listing_id}/withdraw", responses=_told(Listing, 403, 404, 422))
def withdraw(request: Request, key: Holder, listing_id: str, once: Once = None) -> Response:
    """Hide it from the public; nothing is lost."""
    return _shown_to_public(request, key, listing_id, once, service.withdraw)


def _shown_to_public(
    request: Request,
    key: ApiKey,
    listing_id: str,
    once: str | None,
    act: Callable[[Session, By, CatalogueListing, datetime], object],
) -> Response:
    def change(session: Session, now: datetime) -> Response:
        act(session, _by(key), _found(session, key, listing_id), now)
        return _again(session, key, listing_id)

    return _write(request, key, once, {}, change)


def _write(
    request: Request,
    key: ApiKey,
    once: str | None,
    body: Mapping[str, Any],
    change: Callable[[Session, datetime], Response],
) -> Response:
    """One transaction: what was answered under the same key before, else the change. Only a change that was
    made is kept as an answer; a refusal leaves nothing behind and may be sent again."""
    if "write" not in key.scopes:
        return problem(403, "This key may only read.")
    now = datetime.now(UTC)
    owner = f"key:{key.id}"
    try:
        asked = _request_hash(request, body)
    except UnicodeEncodeError:
        return problem(422, "The request holds half a character (a lone surrogate).")
    try:
        with portal(request).database.write() as session:
            if once is not None:
                known = service.answer_of(session, owner, once, asked, now)
                if known is not None:
                    return _answer(known)
            response = change(session, now)
            if response.status_code >= 400:
                raise _Refused(response)
            if once is not None:
                answer = service.Answer(
                    response.status_code, bytes(response.body).decode(), response.headers.get("etag")
                )
                service.keep_answer(session, owner, once, asked, answer, now)
    except _Refused as refused:
        return refused.response
    except BadValue as bad:
        _ = portal(request).pages.gettext(SAID_IN)
        wrong = [_wrong(one.field, _(one.sentence) % one.params) for one in bad.all]
        return problem(422, "Some fields cannot be set so.", wrong)
    except Gaps as gaps:
        wrong = [_wrong(name, "This has to be known before the public sees it.") for name in gaps.fields]
        return problem(422, "Some fields are missing.", wrong)
    except SameProgramme as same:
        return problem(409, f"There is such a listing already: {same.listing_id}.")
    except KeyReused:
        return problem(422, "This Idempotency-Key was used for another request.")
    return response


class _Refused(Exception):
    """Leaves the transaction without its changes."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def _found(session: Session, key: ApiKey, listing_id: str) -> CatalogueListing:
    found = service.find(session, _by(key), listing_id, to_change=True)
    if found is None:
        raise HTTPException(404)
    return found


def _again(session: Session, key: ApiKey, listing_id: str, status: int = 200) -> Response:
    """The listing as it is now, read anew: what follows from a change is in it too."""
    session.flush()
    session.expire_all()
    return _version(representation.shown(_found(session, key, listing_id)), status)


def _version(shown: Mapping[str, Any], status: int = 200) -> Response:
    """A version with its ETag; with 412 the present one, as a problem."""
    etag = representation.etag(dict(shown))
    if status == 412:
        response: Response = problem(
            412, "It was changed meanwhile: `present` is the version there is.", present=shown
        )
    else:
        response = _json(shown, status)
    response.headers["etag"] = etag
    return response


def _answer(known: service.Answer) -> Response:
    response = Response(known.body, known.status, media_type="application/json")
    response.headers["cache-control"] = "no-store"
    if known.etag:
        response.headers["etag"] = known.etag
    return response


def _request_hash(request: Request, body: Mapping[str, Any]) -> str:
    text = json.dumps([request.method, request.url.path, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _wrong(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, "application/json")
