"""How a listing begins: a new draft of a kind, or a copy of another one."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from applicant_portal.accounts import queries
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import missing
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.catalogue.naming import clean
from applicant_portal.finder import words as finder_words
from applicant_portal.kit.i18n import Gettext
from applicant_portal.kit.web import go
from applicant_portal.workspace import fields, representation, service
from applicant_portal.workspace.policy import KINDS_OF_INSTITUTIONS
from applicant_portal.workspace.refusals import BadValue, SameProgramme
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
    words,
    wrong,
)

router = APIRouter(include_in_schema=False)

OF_KIND: Mapping[str, tuple[str, ...]] = {
    "programme": ("title", "degree", "speciality"),
    "course": ("title", "provider"),
    "track": ("title", "organiser_uk"),
}
"""What is asked first: what makes the listing one of its kind. All else comes screen by screen."""
_OF_COPY: Mapping[str, tuple[str, ...]] = {
    "programme": ("title", "degree", "speciality"),
    "course": ("title",),
    "track": ("title",),
}


@router.get(f"{HOME}/new")
def new_form(request: Request, session: Reading, actor: Acting, kind: str = "programme") -> Response:
    return _new(request, session, actor, _kind(actor, kind), {}, {})


@router.post(f"{HOME}/new")
def new(request: Request, session: Writing, actor: Acting, sent: Sent) -> Response:
    """A new draft: a name is enough. People of an institution choose one of theirs; the staff name any by its
    number in EDEBO, or none for a course or a track."""
    _ = words(request)
    kind = _kind(actor, str(sent.get("kind", "programme")))
    typed = _typed(sent, ("institution", "edebo", *OF_KIND[kind]))
    institution, refused = _institution(session, actor, kind, typed, _)
    if kind == "course" and institution is None and not refused and not clean(typed["provider"]):
        refused["provider"] = _("Назвіть, хто навчає: у курсу немає закладу")
    if refused:
        return _new(request, session, actor, kind, typed, refused, 422)
    wanted = {"fields": {name: typed[name] for name in OF_KIND[kind]}}
    try:
        listing = service.make(session, by(actor), institution, kind, wanted, now())
    except BadValue as bad:
        session.rollback()
        return _new(request, session, actor, kind, typed, wrong(bad, _), 422)
    except SameProgramme as there:
        session.rollback()
        return _new(request, session, actor, kind, typed, same(there, kind, _), 422)
    if listing is None:
        raise missing()
    return go(request, f"{HOME}/listings/{listing.id}/about")


@router.get(f"{LISTING}/copy")
def copy_form(request: Request, session: Reading, actor: Acting, listing_id: str) -> Response:
    listing = found(session, actor, listing_id)
    known = fields.of_kind(listing.kind)
    stands = {name: representation.present(listing, known[name]) or "" for name in _OF_COPY[listing.kind]}
    return _copy(request, listing, stands, {})


@router.post(f"{LISTING}/copy")
def copy(request: Request, session: Writing, actor: Acting, listing_id: str, sent: Sent) -> Response:
    """A new draft that says what the listing says, under a name of its own."""
    _ = words(request)
    listing = found(session, actor, listing_id)
    typed = _typed(sent, _OF_COPY[listing.kind])
    try:
        made = service.copy(session, by(actor), listing, {"fields": typed}, now())
    except BadValue as bad:
        session.rollback()
        return _copy(request, found(session, actor, listing_id), typed, wrong(bad, _), 422)
    except SameProgramme as there:
        session.rollback()
        listing = found(session, actor, listing_id)
        return _copy(request, listing, typed, same(there, listing.kind, _), 422)
    if made is None:
        raise missing()
    return go(request, f"{HOME}/listings/{made.id}/about?done=copied")


def _kind(actor: Actor, asked: str) -> str:
    """The kind to make; one that the actor may not make is not there."""
    kinds = _kinds(actor)
    if asked not in kinds:
        raise missing()
    return asked


def _kinds(actor: Actor) -> tuple[str, ...]:
    return tuple(OF_KIND) if actor.is_staff else KINDS_OF_INSTITUTIONS


def _typed(sent: FormData, names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(sent.get(name, "")) for name in names}


def _institution(
    session: Session, actor: Actor, kind: str, typed: Mapping[str, str], _: Gettext
) -> tuple[Institution | None, dict[str, str]]:
    """Whose listing it is to be, and what is wrong with the answer."""
    if not actor.is_staff:
        own = {str(one): one for one in actor.institutions}
        chosen = own.get(typed["institution"])
        institution = session.get(Institution, chosen) if chosen is not None else None
        return institution, {} if institution else {"institution": _("Оберіть один зі своїх закладів")}
    code = clean(typed["edebo"])
    if not code:
        needed = {"edebo": _("Програма належить закладу освіти: впишіть його код")}
        return None, needed if kind == "programme" else {}
    institution = queries.institution_by_edebo_id(session, code)
    return institution, {} if institution else {"edebo": _("Закладу з таким кодом немає. Перевірте число.")}


def _new(
    request: Request,
    session: Session,
    actor: Actor,
    kind: str,
    typed: Mapping[str, str],
    refused: Mapping[str, str],
    status: int = 200,
) -> Response:
    _ = words(request)
    known = fields.of_kind(kind)
    context = {
        "kind": kind,
        "kinds": [(one, finder_words.kind(one, _)) for one in _kinds(actor)],
        "is_staff": actor.is_staff,
        "institutions": [
            (str(one.id), one.display_name) for one in service.institutions(session, actor.institutions)
        ],
        "asked": [name for name in OF_KIND[kind] if name != "provider" or actor.is_staff],
        "labels": {name: _(known[name].label) for name in OF_KIND[kind]},
        "degrees": _degrees(_),
        "typed": typed,
        "wrong": refused,
    }
    return page(request, "workspace_new", context, status=status)


def _copy(
    request: Request,
    listing: Listing,
    typed: Mapping[str, str],
    refused: Mapping[str, str],
    status: int = 200,
) -> Response:
    _ = words(request)
    known = fields.of_kind(listing.kind)
    context = {
        "listing": listing,
        "asked": _OF_COPY[listing.kind],
        "labels": {name: _(known[name].label) for name in _OF_COPY[listing.kind]},
        "degrees": _degrees(_),
        "typed": typed,
        "wrong": refused,
    }
    return page(request, "workspace_copy", context, status=status)


def _degrees(_: Gettext) -> list[tuple[str, str]]:
    found = [("", _("ще не знаємо"))]
    known = fields.of_kind("programme")["degree"]
    return found + [(one, finder_words.degree(one, _) or one) for one in getattr(known.type, "values", ())]
