"""A university's own program keeps its listings here, with a key of the institution."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from applicant_portal.accounts.models import ApiKey
from applicant_portal.accounts.state import program
from applicant_portal.catalogue.models import Institution
from applicant_portal.catalogue.models import Listing as CatalogueListing
from applicant_portal.finder.api_models import Problem
from applicant_portal.finder.state import portal
from applicant_portal.kit.errors import problem
from applicant_portal.kit.i18n import Lang
from applicant_portal.kit.limits import Throttle
from applicant_portal.workspace import api_examples, representation, service
from applicant_portal.workspace.api_models import Changed, Listing, Listings
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue, Gaps, KeyReused, SameProgramme

router = APIRouter(prefix="/api/v1/workspace/listings", tags=["workspace"])

_throttle = Throttle(times=600, seconds=60)
LONGEST_KEY = 80
SAID_IN: Lang = "en"
"""Programs are answered in English, as everywhere in the API."""

MOST_PAGES = 10_000
_ETAG = {"ETag": {"description": "The version; a change of it names it.", "schema": {"type": "string"}}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "additionalProperties": True}}},
    }
}


_PLACE = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}
_LATER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_ASKS_A_KEY = {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}}


_IN_WORDS = {
    413: {"description": "The body is larger than 2 MB."},
    415: {"description": "The body is of another type than JSON."},
}


def _told(
    model: type[BaseModel], *refusals: int, status: int = 200, etag: bool = True
) -> dict[int | str, dict[str, Any]]:
    headers: dict[int, Any] = {
        200: _ETAG if etag else {},
        201: _ETAG | _PLACE,
        401: _ASKS_A_KEY,
        412: _ETAG,
        429: _LATER,
    }
    models = {status: model, 412: Changed}
    return {
        told: {
            "model": models.get(told, Problem),
            "headers": headers.get(told, {}),
            **_IN_WORDS.get(told, {}),
        }
        for told in (status, 401, 429, *refusals)
    }


ListingId = Annotated[str, Path(description="The `id` of a listing.")]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[ -~]+$",
        description="A name of your own for this request. Sent again within two days under the same name, it "
        "is answered the same, and changes once.",
    ),
]
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    bearerFormat="ptl_…",
    description="The institution's key: its owner makes one in the workspace, under “People and keys”.",
)


def holder(
    request: Request,
    # Read by `program`; here so that the description of the API names it.
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None,
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


def writer(key: Holder) -> ApiKey:
    """Dependency: whose key was sent, one that may change. 403 for one that may only read."""
    if "write" not in key.scopes:
        raise HTTPException(403, "This key may only read.")
    return key


Writer = Annotated[ApiKey, Depends(writer)]


async def sent(request: Request, _key: Writer) -> dict[str, Any]:
    """Dependency: the JSON object of the body. It is read after the key was: whoever has none costs nothing,
    and is told so before anything else. 415 for another type, 422 for what is no JSON object."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise HTTPException(415, "Send the listing as JSON, with Content-Type: application/json.")
    try:
        body = orjson.loads(await request.body())
        # What JSON allows and nobody can read: a thousand lists, each within another.
        orjson.dumps(body)
    except ClientDisconnect:
        raise HTTPException(400, "The request ended in its middle.") from None
    except (ValueError, TypeError):
        raise HTTPException(422, "The body cannot be read: it has to be a JSON object in UTF-8.") from None
    if not isinstance(body, dict):
        raise HTTPException(422, "The body has to be a JSON object, in braces.")
    return body


Sent = Annotated[dict[str, Any], Depends(sent)]


def named(
    request: Request,
    # Read from the request: it may come in several headers.
    if_match: Annotated[  # noqa: ARG001
        str | None,
        Header(
            alias="If-Match",
            description="The ETag that `GET` gave, of the version that is meant; `*` is whichever there is. "
            "`PUT` needs it; the others look at it where it is sent.",
        ),
    ] = None,
) -> list[str]:
    """Dependency: the versions that `If-Match` names."""
    return _tags(",".join(request.headers.getlist("if-match")))


def _tags(header: str) -> list[str]:
    return [one.strip() for one in header.split(",") if one.strip()]


Named = Annotated[list[str], Depends(named)]


def _by(key: ApiKey) -> By:
    return By(f"key:{key.id}", frozenset((key.institution_id,)))


@router.get("", responses=_told(Listings, 422, etag=False), openapi_extra=api_examples.LIST)
def listings(
    request: Request,
    key: Holder,
    page: Annotated[int, Query(ge=1, le=MOST_PAGES, description="From 1.")] = 1,
    per_page: Annotated[int, Query(ge=1, le=100, description="How many on a page.")] = 50,
) -> Response:
    """The institution's listings in the order of their titles, drafts and withdrawn ones included. Follow
    `next` until it is null."""
    with portal(request).database.read() as session:
        found = service.listings(session, _by(key), page=page, per_page=per_page)
        shown = [representation.shown(one) for one in found.items]
    more = page * per_page < found.total and page < MOST_PAGES
    return _json(
        {
            "total": found.total,
            "page": page,
            "per_page": per_page,
            "next": f"{router.prefix}?page={page + 1}&per_page={per_page}" if more else None,
            "listings": shown,
        }
    )


@router.get(
    "/{listing_id}",
    responses=_told(Listing, 404) | {304: {"description": "It is the version that `If-None-Match` names."}},
    openapi_extra=api_examples.GET,
)
def one(
    request: Request,
    key: Holder,
    listing_id: ListingId,
    known: Annotated[
        str | None,
        Header(alias="If-None-Match", description="The ETag of a version you have: it is not sent again."),
    ] = None,
) -> Response:
    """One listing, with the ETag that a change of it has to name."""
    with portal(request).database.read() as session:
        found = service.find(session, _by(key), listing_id)
        if found is None:
            raise _missing()
        response = _version(representation.shown(found))
    if known is not None and response.headers["etag"] in _tags(known.replace("W/", "")):
        return Response(
            status_code=304, headers={"etag": response.headers["etag"], "cache-control": "no-store"}
        )
    return response


@router.put(
    "/{listing_id}",
    responses=_told(Listing, 403, 404, 409, 412, 413, 415, 422, 428),
    openapi_extra=_BODY | api_examples.PUT,
)
def put(
    request: Request,
    key: Writer,
    listing_id: ListingId,
    body: Sent,
    versions: Named,
    once: Once = None,
) -> Response:
    """Take what `GET` answered, with changes: all of it, or the parts that change. `fields`, `offers` (one
    without an `id` is new; one left out of the list goes), `skills` and `professions` may differ; an unknown
    field, or another one that differs, is refused by name. A published listing is live at once; it is refused
    for what it changes, never for gaps that were there."""

    def change(session: Session, now: datetime) -> Response:
        listing = _found(session, key, listing_id)
        if not versions:
            return problem(428, "Name the version you change: If-Match with the ETag of GET.")
        if stale := _stale(listing, versions):
            return stale
        service.change(session, _by(key), listing, body, now)
        return _again(session, key, listing_id)

    return _write(request, key, once, body, change)


@router.post(
    "",
    status_code=201,
    responses=_told(Listing, 403, 409, 413, 415, 422, status=201),
    openapi_extra=_BODY | api_examples.POST,
)
def post(request: Request, key: Writer, body: Sent, once: Once = None) -> Response:
    """A new draft of the institution: `kind` (programme or course) and `fields` with a title at least; also
    `offers`, `skills` and `professions`. The public does not see it until it is published."""

    def make(session: Session, now: datetime) -> Response:
        wanted = {name: value for name, value in body.items() if name != "kind"}
        institution = session.get(Institution, key.institution_id)
        listing = service.make(session, _by(key), institution, str(body.get("kind")), wanted, now)
        if listing is None:
            return problem(422, "The request cannot be done.", [_wrong("kind", "One of programme, course.")])
        return _again(session, key, listing.id, 201)

    return _write(request, key, once, body, make)


@router.post(
    "/{listing_id}/publish", responses=_told(Listing, 403, 404, 412, 422), openapi_extra=api_examples.PUBLISH
)
def publish(
    request: Request, key: Writer, listing_id: ListingId, versions: Named, once: Once = None
) -> Response:
    """Show it to the public, at once. 422 names every gap that has to be closed first. No body is needed."""
    return _shown_to_public(request, key, listing_id, versions, once, service.publish)


@router.post(
    "/{listing_id}/withdraw",
    responses=_told(Listing, 403, 404, 412, 422),
    openapi_extra=api_examples.WITHDRAW,
)
def withdraw(
    request: Request, key: Writer, listing_id: ListingId, versions: Named, once: Once = None
) -> Response:
    """Hide it from the public, at once; nothing is lost, and `publish` shows it again. No body is needed."""
    return _shown_to_public(request, key, listing_id, versions, once, service.withdraw)


def _shown_to_public(
    request: Request,
    key: ApiKey,
    listing_id: str,
    versions: Sequence[str],
    once: str | None,
    act: Callable[[Session, By, CatalogueListing, datetime], object],
) -> Response:
    def change(session: Session, now: datetime) -> Response:
        listing = _found(session, key, listing_id)
        if versions and (stale := _stale(listing, versions)):
            return stale
        act(session, _by(key), listing, now)
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
    now = datetime.now(UTC)
    owner = f"key:{key.id}"
    asked = _request_hash(request, body)
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
        raise _missing()
    return found


def _missing() -> HTTPException:
    return HTTPException(404, "The institution of this key has no such listing.")


def _stale(listing: CatalogueListing, versions: Sequence[str]) -> Response | None:
    """412 with the present version when it is none of those named. A weak ETag is never the same (RFC 9110),
    and `*` stands alone."""
    shown = representation.shown(listing)
    if list(versions) == ["*"] or representation.etag(shown) in versions:
        return None
    return _version(shown, 412)


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
    if status == 201:
        response.headers["location"] = f"{router.prefix}/{shown['id']}"
    response.headers["etag"] = etag
    return response


def _answer(known: service.Answer) -> Response:
    response = Response(known.body, known.status, media_type="application/json")
    response.headers["cache-control"] = "no-store"
    if known.etag:
        response.headers["etag"] = known.etag
    if known.status == 201:
        response.headers["location"] = f"{router.prefix}/{orjson.loads(known.body)['id']}"
    return response


def _request_hash(request: Request, body: Mapping[str, Any]) -> str:
    asked = orjson.dumps([request.method, request.url.path, body], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(asked).hexdigest()


def _wrong(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, "application/json")
