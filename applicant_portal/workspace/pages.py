"""The workspace of an institution: its listings, small screens to mend them, and what becomes of a change."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from applicant_portal.accounts import queries
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import missing
from applicant_portal.catalogue.models import Listing
from applicant_portal.kit.web import go
from applicant_portal.workspace import (
    fields,
    forms,
    last_year,
    list_pages,
    new_pages,
    representation,
    service,
)
from applicant_portal.workspace.fields import Section
from applicant_portal.workspace.refusals import BadValue, Gaps, SameProgramme
from applicant_portal.workspace.room import (
    HOME,
    LISTING,
    Acting,
    Reading,
    Sent,
    Writing,
    by,
    found,
    now,
    page,
    same,
    screens,
    telling,
    words,
    wrong,
)
from applicant_portal.workspace.screens import NEW_OFFER

# The others come before the sections of a listing, whose addresses take any word.
router = APIRouter(include_in_schema=False, routes=[*list_pages.router.routes, *new_pages.router.routes])


@router.post(f"{HOME}/undo")
def undo(
    request: Request,
    session: Writing,
    actor: Acting,
    batch: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    undone = service.undo(session, by(actor), batch, now())
    if undone is None:
        raise missing()
    target = f"{HOME}/listings/{back}/history" if service.find(session, by(actor), back) else HOME
    return go(request, f"{target}?done={'partly' if undone.conflicts else 'undone'}")


@router.get(f"{LISTING}/history")
def history(request: Request, session: Reading, actor: Acting, listing_id: str, done: str = "") -> Response:
    """Who changed what, and the way back."""
    listing = found(session, actor, listing_id)
    rows = service.history(session, by(actor), listing_id) or ()
    _ = words(request)
    names = {
        label: _("команда кластера") if name is None else name
        for label, name in queries.names_of(session, {row.actor for row in rows}).items()
    }
    context = {
        "listing": listing,
        "past": telling(request, session).past(listing, rows, names | {actor.label: _("ви")}),
        "done": done,
    }
    return page(request, "workspace_history", context)


@router.post(f"{LISTING}/{{act}}-now")
def act(request: Request, session: Writing, actor: Acting, listing_id: str, act: str) -> Response:
    """Publish, withdraw, close or reopen."""
    done = {
        "publish": service.publish,
        "withdraw": service.withdraw,
        "close": service.close,
        "reopen": service.reopen,
    }
    if act not in done:
        raise missing()
    listing = found(session, actor, listing_id, to_change=True)
    try:
        done[act](session, by(actor), listing, now())
    except Gaps as gaps:
        session.rollback()
        return _gaps(request, session, actor, listing_id, gaps)
    return go(request, f"{HOME}/listings/{listing_id}/history?done={act}")


@router.get(f"{LISTING}/{{act}}-now")
def acted(request: Request, session: Reading, actor: Acting, listing_id: str, act: str) -> Response:  # noqa: ARG001
    """A page that came as the answer to an act has its address: opened again, it is the first screen."""
    found(session, actor, listing_id)
    return go(request, f"{HOME}/listings/{listing_id}/about")


@router.get(f"{LISTING}/{{section}}")
def edit_form(
    request: Request,
    session: Reading,
    actor: Acting,
    listing_id: str,
    section: str,
    done: str = "",
    add: bool = False,
    like: str = "",
) -> Response:
    listing = found(session, actor, listing_id)
    return _edit(
        request, session, actor, listing, _section(section), done=done, adding=add, like=forms.number(like)
    )


@router.post(f"{LISTING}/{{section}}")
def edit(
    request: Request, session: Writing, actor: Acting, listing_id: str, section: str, sent: Sent
) -> Response:
    """Save a screen. A draft is saved at once; of what the public sees the difference is shown first. Whoever
    saves over another's change is shown both, and loses nothing typed. What stood in a field earlier is taken
    over into the form, and nothing is saved by that."""
    _ = words(request)
    listing = found(session, actor, listing_id, to_change=True)
    chosen = _section(section)
    typed, wanted = forms.read(listing, chosen, sent, telling(request, session).terms)
    like = forms.number(str(sent.get("like", "")))
    if take := str(sent.get("take", "")):
        return _edit(request, session, actor, listing, chosen, typed=typed, like=like, take=take)
    present = representation.etag(representation.shown(listing))
    try:
        differences = telling(request, session).differences(listing, wanted)
        if sent.get("version") != present:
            return _edit(
                request,
                session,
                actor,
                listing,
                chosen,
                typed=typed,
                like=like,
                changed_meanwhile=differences,
                status=409,
            )
        service.change(session, by(actor), listing, wanted, now())
        session.flush()
        if differences and listing.visibility == "published" and sent.get("seen") != "1":
            # It could be done; whether it shall be is asked with the difference in sight.
            session.rollback()
            context = {
                "listing": found(session, actor, listing_id),
                "section": chosen,
                "differences": differences,
                "sent": sent.multi_items(),
            }
            return page(request, "workspace_review", context)
    except (BadValue, SameProgramme) as error:
        session.rollback()
        listing = found(session, actor, listing_id)
        refused = wrong(error, _) if isinstance(error, BadValue) else same(error, listing.kind, _)
        return _edit(
            request, session, actor, listing, chosen, typed=typed, like=like, refused=refused, status=422
        )
    return go(request, f"{HOME}/listings/{listing_id}/{section}?done={'saved' if differences else 'same'}")


def _edit(
    request: Request,
    session: Session,
    actor: Actor,
    listing: Listing,
    section: Section,
    *,
    typed: Mapping[str, Any] | None = None,
    refused: Mapping[str, str] | None = None,
    changed_meanwhile: Sequence[Any] | None = None,
    gaps: Sequence[tuple[Section, str, str]] = (),
    done: str = "",
    adding: bool = False,
    like: int | None = None,
    take: str = "",
    status: int = 200,
) -> Response:
    shown = screens(request, session)
    rows = service.history(session, by(actor), listing.id) or ()
    before = last_year.of_listing(listing, rows, now())
    adding = adding or f"{NEW_OFFER}.year" in (typed or {})
    blocks = shown.blocks(listing, section, typed, refused, before=before, adding=adding, like=like)
    if take:
        typed = {**(typed or {}), **shown.taken_over(listing, blocks, take)}
        blocks = shown.blocks(listing, section, typed, before=before, adding=adding, like=like)
    context = {
        "listing": listing,
        "section": section,
        "sections": shown.sections(listing),
        "blocks": blocks,
        "adding": adding,
        "like": like,
        "takes": any(block.takes for block in blocks),
        "taken": bool(take),
        "version": representation.etag(representation.shown(listing)),
        "saved_at": shown.moment(listing.updated_at),
        "wrong": refused or {},
        "changed_meanwhile": changed_meanwhile,
        "gaps": gaps,
        "done": done,
    }
    return page(request, "workspace_edit", context, status=status)


def _gaps(request: Request, session: Session, actor: Actor, listing_id: str, gaps: Gaps) -> Response:
    """Every gap with the way to the screen that closes it."""
    listing = found(session, actor, listing_id)
    known = fields.of_kind(listing.kind)
    _ = words(request)
    rows = [(known[name].section, name, _(known[name].label)) for name in gaps.fields]
    return _edit(request, session, actor, listing, rows[0][0], gaps=rows, status=422)


def _section(name: str) -> Section:
    if name not in fields.SECTIONS:
        raise missing()
    return cast("Section", name)
