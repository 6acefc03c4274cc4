"""What an institution says of itself, on screen: contacts of its admissions office, and its buildings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from applicant_portal.accounts import audit, queries
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import missing
from applicant_portal.catalogue.models import PLACE_TOPICS, Institution
from applicant_portal.finder import stamps, words
from applicant_portal.finder.state import portal
from applicant_portal.kit.i18n import lang_of
from applicant_portal.kit.web import go
from applicant_portal.workspace import institution_facts, own_history, room, service
from applicant_portal.workspace.institution_facts import CONFIRMED, CONTACTS, FIELDS
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.refusals import BadValue
from applicant_portal.workspace.room import Acting, Reading, Sent, Writing
from applicant_portal.workspace.telling import Difference, Past, saves

router = APIRouter(include_in_schema=False)

HOME = "/workspace/institutions"


@router.get(HOME)
def listed(request: Request, session: Reading, actor: Acting) -> Response:
    """The person's institutions; the only one is opened at once."""
    own = service.institutions(session, actor.institutions)
    if len(own) == 1:
        return go(request, f"{HOME}/{own[0].id}")
    return room.page(request, "workspace_institutions", {"institutions": own})


@router.get(f"{HOME}/{{number}}")
def edit_form(request: Request, session: Reading, actor: Acting, number: int, done: str = "") -> Response:
    return _edit(request, session, actor, _found(session, actor, number), done=done)


@router.post(f"{HOME}/{{number}}")
def edit(request: Request, session: Writing, actor: Acting, number: int, sent: Sent) -> Response:
    """Save, after the difference was seen. Whoever saves over another's change is shown both, and loses
    nothing typed."""
    found = _found(session, actor, number, to_change=True)
    typed = {name: "\n".join(str(sent[name]).splitlines()) for name in FIELDS if name in sent}
    values, wrong = institution_facts.read(typed, found)
    differences = _differences(request, found, values)
    if sent.get("version") != institution_facts.version(found):
        return _edit(request, session, actor, found, typed, changed_meanwhile=differences, status=409)
    if wrong:
        return _edit(request, session, actor, found, typed, wrong, status=422)
    now = room.now()
    batch = institution_facts.change(session, room.by(actor), found, values, now)
    if batch is None:
        return go(request, f"{HOME}/{number}?done=same")
    if sent.get("seen") != "1":
        # It could be done; whether it shall be is asked with the difference in sight.
        session.rollback()
        _ = room.words(request)
        context = {
            "own_page": f"{HOME}/{number}",
            "lead": _("Після цього вступники одразу побачать нове. Скасувати можна в історії."),
            "differences": differences,
            "sent": sent.multi_items(),
        }
        return room.page(request, "workspace_own_review", context)
    audit.note(session, now, actor.label, "institution_changed", f"institution:{number}", batch=batch)
    return go(request, f"{HOME}/{number}?done=saved")


@router.post(f"{HOME}/{{number}}/confirm")
def confirm(request: Request, session: Writing, actor: Acting, number: int) -> Response:
    """«Так, усе правильно»: all that is known stands on the institution's word of today."""
    found = _found(session, actor, number, to_change=True)
    institution_facts.confirm(session, room.by(actor), found, room.now())
    return go(request, f"{HOME}/{number}?done=confirmed")


@router.post(f"{HOME}/{{number}}/undo")
def undo(
    request: Request, session: Writing, actor: Acting, number: int, batch: Annotated[str, Form()] = ""
) -> Response:
    found = _found(session, actor, number, to_change=True)
    now = room.now()
    undone = institution_facts.undo(session, room.by(actor), found, batch, now)
    if undone is None:
        raise missing()
    audit.note(session, now, actor.label, "institution_undone", f"institution:{number}", batch=batch)
    return go(request, f"{HOME}/{number}?done={'partly' if undone.conflicts else 'undone'}")


def _found(session: Session, actor: Actor, number: int, *, to_change: bool = False) -> Institution:
    if not 0 < number < 2**31:
        raise missing()
    found = institution_facts.find(session, room.by(actor), number, to_change=to_change)
    if found is None:
        raise missing()
    return found


def _label(request: Request, name: str) -> str:
    """«Укриття: чи є»: what of a place it is."""
    _, one = room.words(request), FIELDS[name]
    own = _(one.label)
    return own if one.topic is None else f"{words.place_topic(one.topic, _)}: {own[:1].lower()}{own[1:]}"


def _said(request: Request, name: str, value: Any) -> str | None:
    if value is None or not name.endswith(".answer"):
        return None if value is None else str(value)
    return words.yes_no(value, room.words(request))


def _differences(request: Request, institution: Institution, values: Mapping[str, Any]) -> list[Difference]:
    present = institution_facts.content(institution)
    return [
        Difference(
            _label(request, name), _said(request, name, present[name]), _said(request, name, values[name])
        )
        for name in FIELDS
        if name in values
    ]


def _past(request: Request, rows: Sequence[ListingChange], names: Mapping[str, str]) -> list[Past]:
    """The history as saves, newest first."""
    _ = room.words(request)

    def told(row: ListingChange) -> Iterable[Difference]:
        if row.field == CONFIRMED:
            return [Difference(_("Підтверджено все"), row.before, row.after)]
        said = [_said(request, row.field, value) for value in (row.before, row.after)]
        return [Difference(_label(request, row.field), said[0], said[1])]

    return saves(rows, names, lang_of(request.scope), told)


def _edit(
    request: Request,
    session: Session,
    actor: Actor,
    institution: Institution,
    typed: Mapping[str, str] | None = None,
    wrong: Sequence[BadValue] = (),
    *,
    changed_meanwhile: Sequence[Difference] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    _, lang, today = room.words(request), lang_of(request.scope), portal(request).today()
    value = {name: one or "" for name, one in institution_facts.content(institution).items()}
    value |= dict(typed or {})
    rows = own_history.history(session, institution_facts.history_id(institution))
    names = {
        label: _("команда кластера") if name is None else name
        for label, name in queries.names_of(session, {row.actor for row in rows}).items()
    }
    errors = {one.field: _(one.sentence) % one.params for one in wrong}
    stand = institution_facts.stamps_of(institution)
    context = {
        "institution": institution,
        "contacts": [(one.name, _(one.label)) for one in CONTACTS],
        "places": [
            (
                words.place_topic(topic, _),
                [(name, _(one.label)) for name, one in FIELDS.items() if one.topic == topic],
            )
            for topic in PLACE_TOPICS
        ],
        "answers": [(one, words.yes_no(one, _)) for one in ("yes", "no", "partly")],
        "value": value,
        "errors": errors,
        "wrong": [(name, _label(request, name), said) for name, said in errors.items()],
        "stand": {name: stamps.line(one, today, lang, _) for name, one in stand.items()},
        "version": institution_facts.version(institution),
        "past": _past(request, rows, names | {actor.label: _("ви")}),
        "changed_meanwhile": changed_meanwhile,
        "done": done,
    }
    return room.page(request, "workspace_institution", context, status=status)
