"""What the pages of the room begin with: who asks, what of it is theirs, and in which words to answer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import acting, missing
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder.state import portal, reading, writing
from applicant_portal.kit.i18n import Gettext, lang_of
from applicant_portal.workspace import service
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue, SameProgramme
from applicant_portal.workspace.screens import Screens
from applicant_portal.workspace.telling import Telling
from applicant_portal.workspace.terms import Terms

HOME = "/workspace"
LISTING = f"{HOME}/listings/{{listing_id}}"


async def _sent(request: Request) -> FormData:
    return await request.form()


Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing, scope="function")]
Acting = Annotated[Actor, Depends(acting)]
Sent = Annotated[FormData, Depends(_sent)]


def by(actor: Actor) -> By:
    """The actor as the service knows it."""
    if actor.is_staff:
        return By(actor.label, None, "portal")
    return By(actor.label, frozenset(actor.institutions))


def found(session: Session, actor: Actor, listing_id: str, *, to_change: bool = False) -> Listing:
    """The listing, or the page that there is none: of another's it is all the same."""
    listing = service.find(session, by(actor), listing_id, to_change=to_change)
    if listing is None:
        raise missing()
    return listing


def words(request: Request) -> Gettext:
    return portal(request).pages.gettext(lang_of(request.scope))


def telling(request: Request, session: Session) -> Telling:
    lang = lang_of(request.scope)
    return Telling(lang, words(request), Terms(session, lang))


def screens(request: Request, session: Session) -> Screens:
    return Screens(telling(request, session), portal(request).today())


def wrong(bad: BadValue, _: Gettext) -> dict[str, str]:
    """A sentence for each field, by its name."""
    return {one.field: _(one.sentence) % one.params for one in bad.all}


def same(there: SameProgramme, kind: str, _: Gettext) -> dict[str, str]:
    """What is said at the name of a listing that there is already."""
    sentence = {
        "programme": _("Така програма вже є: %(title)s"),
        "course": _("Такий курс уже є: %(title)s"),
        "track": _("Такий шлях уже є: %(title)s"),
    }[kind]
    return {"title": sentence % {"title": there.title}}


def page(request: Request, name: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
    return portal(request).pages.personal(request, name, context, status=status)


def now() -> datetime:
    return datetime.now(UTC)
