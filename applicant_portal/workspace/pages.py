"""The workspace of an institution: its listings, small screens to mend them, and what becomes of a change."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from applicant_portal.accounts import queries
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import acting, missing
from applicant_portal.catalogue.documents import record_stamp
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.finder import stamps, words
from applicant_portal.finder.state import portal, reading, writing
from applicant_portal.kit.i18n import Gettext, lang_of
from applicant_portal.kit.web import go
from applicant_portal.workspace import fields, representation, service
from applicant_portal.workspace.fields import Section
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue, Gaps, SameProgramme
from applicant_portal.workspace.screens import NEW_OFFER, Screens

router = APIRouter(include_in_schema=False)

HOME = "/workspace"
PER_PAGE = 50
LAST_PAGE = 10_000
Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing, scope="function")]
Acting = Annotated[Actor, Depends(acting)]


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]


@router.get(HOME)
def listings(
    request: Request, session: Reading, actor: Acting, page: int = 1, q: str = "", done: str = ""
) -> Response:
    """What the person's institutions have on the site and in drafts."""
    here, lang = portal(request), lang_of(request.scope)
    _ = here.pages.gettext(lang)
    page = min(max(page, 1), LAST_PAGE)
    found = service.listings(session, _by(actor), page=page, per_page=PER_PAGE, words=q or None)
    rows = [
        {
            "listing": one,
            "completeness": representation.completeness(one),
            "stamp": stamps.line(record_stamp(one), here.today(), lang, _),
            "kind": words.kind(one.kind, _),
            "code": one.programme.speciality if one.programme else None,
        }
        for one in found.items
    ]
    institutions = service.institutions(session, actor.institutions)
    context = {
        "rows": rows,
        "total": found.total,
        "institutions": institutions,
        "page": found.page,
        "more": found.total > found.page * PER_PAGE,
        "words": q,
        "done": done,
        "is_staff": actor.is_staff,
        "owns": any(actor.owns(one) for one in actor.institutions),
    }
    return _page(request, "workspace", context)


@router.post(f"{HOME}/confirm")
def confirm(request: Request, session: Writing, actor: Acting, sent: Sent) -> Response:
    """«Так, усе правильно»: what is on the site stands on the institution's word of today."""
    own = service.find_all(session, _by(actor), [str(one) for one in sent.getlist("listing")], to_change=True)
    service.confirm(session, _by(actor), [one for one in own if one.visibility == "published"], _now())
    return go(request, f"{HOME}?done=confirmed")


@router.post(f"{HOME}/undo")
def undo(
    request: Request,
    session: Writing,
    actor: Acting,
    batch: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    undone = service.undo(session, _by(actor), batch, _now())
    if undone is None:
        raise missing()
    target = f"{HOME}/listings/{back}/history" if service.find(session, _by(actor), back) else HOME
    return go(request, f"{target}?done={'partly' if undone.conflicts else 'undone'}")


@router.get(f"{HOME}/new")
def new_form(request: Request, session: Reading, actor: Acting) -> Response:
    return _new(request, session, actor, {}, {})


@router.post(f"{HOME}/new")
def new(request: Request, session: Writing, actor: Acting, sent: Sent) -> Response:
    """A new draft of a programme: a name is enough, the rest comes screen by screen."""
    _ = portal(request).pages.gettext(lang_of(request.scope))
    typed = {name: str(sent.get(name, "")) for name in ("institution", "title", "degree", "speciality")}
    own = {str(one): one for one in actor.institutions}
    chosen = own.get(typed["institution"])
    institution = session.get(Institution, chosen) if chosen is not None else None
    if institution is None:
        return _new(request, session, actor, typed, {"institution": _("Оберіть один зі своїх закладів")}, 422)
    wanted = {"fields": {name: typed[name] for name in ("title", "degree", "speciality")}}
    try:
        listing = service.make(session, _by(actor), institution, "programme", wanted, _now())
    except BadValue as bad:
        session.rollback()
        return _new(request, session, actor, typed, _wrong(bad, _), 422)
    except SameProgramme as same:
        session.rollback()
        sentence = _("Така програма вже є: %(title)s") % {"title": same.title}
        return _new(request, session, actor, typed, {"title": sentence}, 422)
    if listing is None:
        raise missing()
    return go(request, f"{HOME}/listings/{listing.id}/about")


@router.get(f"{HOME}/listings/{{listing_id}}/history")
def history(request: Request, session: Reading, actor: Acting, listing_id: str, done: str = "") -> Response:
    """Who changed what, and the way back."""
    listing = _found(session, actor, listing_id)
    rows = service.history(session, _by(actor), listing_id) or ()
    _ = portal(request).pages.gettext(lang_of(request.scope))
    names = {
        label: _("команда кластера") if name is None else name
        for label, name in queries.names_of(session, {row.actor for row in rows}).items()
    }
    context = {
        "listing": listing,
        "past": _screens(request).past(listing, rows, names | {actor.label: _("ви")}),
        "done": done,
    }
    return _page(request, "workspace_history", context)


@router.post(f"{HOME}/listings/{{listing_id}}/{{act}}-now")
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
    listing = _found(session, actor, listing_id, to_change=True)
    try:
        done[act](session, _by(actor), listing, _now())
    except Gaps as gaps:
        session.rollback()
        return _gaps(request, session, actor, listing_id, gaps)
    return go(request, f"{HOME}/listings/{listing_id}/history?done={act}")


@router.get(f"{HOME}/listings/{{listing_id}}/{{act}}-now")
def acted(request: Request, session: Reading, actor: Acting, listing_id: str, act: str) -> Response:  # noqa: ARG001
    """A page that came as the answer to an act has its address: opened again, it is the first screen."""
    _found(session, actor, listing_id)
    return go(request, f"{HOME}/listings/{listing_id}/about")


@router.get(f"{HOME}/listings/{{listing_id}}/{{section}}")
def edit_form(
    request: Request,
    session: Reading,
    actor: Acting,
    listing_id: str,
    section: str,
    done: str = "",
    add: bool = False,
) -> Response:
    listing = _found(session, actor, listing_id)
    return _edit(request, listing, _section(section), done=done, adding=add)


@router.post(f"{HOME}/listings/{{listing_id}}/{{section}}")
def edit(
    request: Request, session: Writing, actor: Acting, listing_id: str, section: str, sent: Sent
) -> Response:
    """Save a screen. A draft is saved at once; of what the public sees the difference is shown first. Whoever
    saves over another's change is shown both, and loses nothing typed."""
    _ = portal(request).pages.gettext(lang_of(request.scope))
    listing = _found(session, actor, listing_id, to_change=True)
    chosen = _section(section)
    typed, wanted = _read(listing, chosen, sent)
    present = representation.etag(representation.shown(listing))
    screens = _screens(request)
    try:
        differences = screens.differences(listing, wanted)
        if sent.get("version") != present:
            return _edit(request, listing, chosen, typed=typed, changed_meanwhile=differences, status=409)
        service.change(session, _by(actor), listing, wanted, _now())
        session.flush()
        if differences and listing.visibility == "published" and sent.get("seen") != "1":
            # It could be done; whether it shall be is asked with the difference in sight.
            session.rollback()
            context = {
                "listing": _found(session, actor, listing_id),
                "section": chosen,
                "differences": differences,
                "sent": sent.multi_items(),
            }
            return _page(request, "workspace_review", context)
    except BadValue as bad:
        session.rollback()
        listing = _found(session, actor, listing_id)
        return _edit(request, listing, chosen, typed=typed, wrong=_wrong(bad, _), status=422)
    except SameProgramme as same:
        session.rollback()
        listing = _found(session, actor, listing_id)
        sentence = _("Така програма вже є: %(title)s") % {"title": same.title}
        return _edit(request, listing, chosen, typed=typed, wrong={"title": sentence}, status=422)
    return go(request, f"{HOME}/listings/{listing_id}/{section}?done={'saved' if differences else 'same'}")


def _read(listing: Listing, section: Section, sent: FormData) -> tuple[dict[str, Any], dict[str, Any]]:
    """The screen as typed, by name, and as the representation that it asks for."""
    typed: dict[str, Any] = {}
    wanted: dict[str, Any] = {"fields": {}}
    for field in fields.of_kind(listing.kind).values():
        if field.section == section and f"has.{field.name}" in sent:
            typed[field.name] = _value(field.type.name, sent, field.name)
            wanted["fields"][field.name] = typed[field.name]
    if section == "admission" and listing.kind == "programme":
        wanted["offers"] = []
        for offer in representation.offers_in_order(listing):
            own: dict[str, Any] = representation.shown_offer(offer)
            for name, field in fields.of_offer().items():
                key = f"offers.{offer.id}.{name}"
                if f"has.{key}" in sent:
                    typed[key] = own[name] = _value(field.type.name, sent, key)
            wanted["offers"].append(own)
        if f"has.{NEW_OFFER}.year" in sent:
            fresh = {
                name: _value(field.type.name, sent, f"{NEW_OFFER}.{name}")
                for name, field in fields.of_offer().items()
            }
            typed.update({f"{NEW_OFFER}.{name}": value for name, value in fresh.items()})
            wanted["offers"].append(fresh)
    return typed, wanted


def _value(kind: str, sent: FormData, name: str) -> Any:
    if kind == "several":
        return [str(one) for one in sent.getlist(name)]
    return str(sent.get(name, ""))


def _edit(
    request: Request,
    listing: Listing,
    section: Section,
    *,
    typed: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
    changed_meanwhile: Sequence[Any] | None = None,
    done: str = "",
    adding: bool = False,
    status: int = 200,
) -> Response:
    screens = _screens(request)
    context = {
        "listing": listing,
        "section": section,
        "sections": screens.sections(listing),
        "blocks": screens.blocks(listing, section, typed, wrong, adding=adding),
        "adding": adding,
        "version": representation.etag(representation.shown(listing)),
        "wrong": wrong or {},
        "changed_meanwhile": changed_meanwhile,
        "gaps": [],
        "done": done,
    }
    return _page(request, "workspace_edit", context, status=status)


def _gaps(request: Request, session: Session, actor: Actor, listing_id: str, gaps: Gaps) -> Response:
    """Every gap with the way to the screen that closes it."""
    listing = _found(session, actor, listing_id)
    known = fields.of_kind(listing.kind)
    _ = portal(request).pages.gettext(lang_of(request.scope))
    rows = [(known[name].section, name, _(known[name].label)) for name in gaps.fields]
    screens = _screens(request)
    context: dict[str, Any] = {
        "listing": listing,
        "section": rows[0][0],
        "sections": screens.sections(listing),
        "blocks": screens.blocks(listing, rows[0][0]),
        "version": representation.etag(representation.shown(listing)),
        "wrong": {},
        "changed_meanwhile": None,
        "gaps": rows,
        "done": "",
    }
    return _page(request, "workspace_edit", context, status=422)


def _new(
    request: Request,
    session: Session,
    actor: Actor,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int = 200,
) -> Response:
    own = service.institutions(session, actor.institutions)
    _ = portal(request).pages.gettext(lang_of(request.scope))
    degrees = [("", _("ще не знаємо"))] + [
        (one, words.degree(one, _) or one) for one in ("bachelor", "master", "phd")
    ]
    context: dict[str, Any] = {
        "institutions": [(str(one.id), one.display_name) for one in own],
        "degrees": degrees,
        "typed": typed,
        "wrong": wrong,
    }
    return _page(request, "workspace_new", context, status=status)


def _found(session: Session, actor: Actor, listing_id: str, *, to_change: bool = False) -> Listing:
    found = service.find(session, _by(actor), listing_id, to_change=to_change)
    if found is None:
        raise missing()
    return found


def _by(actor: Actor) -> By:
    if actor.is_staff:
        return By(actor.label, None, "portal")
    return By(actor.label, frozenset(actor.institutions))


def _section(name: str) -> Section:
    if name not in fields.SECTIONS:
        raise missing()
    return cast("Section", name)


def _screens(request: Request) -> Screens:
    here, lang = portal(request), lang_of(request.scope)
    return Screens(lang, here.pages.gettext(lang), here.today())


def _wrong(bad: BadValue, _: Gettext) -> dict[str, str]:
    return {one.field: _(one.sentence) % one.params for one in bad.all}


def _now() -> datetime:
    return datetime.now(UTC)


def _page(request: Request, name: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
    return portal(request).pages.personal(request, name, context, status=status)
