"""The staff's screens for professions: what is missing in each, and an edit screen for its public page."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from applicant_portal.accounts import audit, queries
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import missing
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Profession
from applicant_portal.finder import stamps
from applicant_portal.finder.stamps import StampLine
from applicant_portal.finder.state import portal
from applicant_portal.kit.i18n import Gettext, Lang, lang_of
from applicant_portal.kit.web import go
from applicant_portal.workspace import own_history, profession_fields, professions, room
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.profession_fields import FIELDS
from applicant_portal.workspace.refusals import BadValue
from applicant_portal.workspace.room import Acting, Reading, Sent, Writing
from applicant_portal.workspace.telling import Difference, Past, saves

router = APIRouter(include_in_schema=False)

HOME = "/workspace/professions"
SPARE_TASKS = 3
SOURCE_FIELDS = ("basis", "source_name", "source_url", "as_of")


def _of_staff(actor: Acting) -> Actor:
    """For everybody else there are no such pages."""
    if not actor.is_staff:
        raise missing()
    return actor


Staff = Annotated[Actor, Depends(_of_staff)]


@router.get(HOME)
def listed(request: Request, session: Reading, _actor: Staff) -> Response:
    """All professions: what each still lacks, and on whose word it stands."""
    words = _Words(request, session)
    rows = [
        {
            "profession": one,
            "missing": [words.say(gap) for gap in _missing(one)],
            "stamp": words.line(one.stamps.get(professions.RECORD)),
        }
        for one in professions.professions(session)
    ]
    return room.page(request, "workspace_professions", {"rows": rows})


@router.get(f"{HOME}/{{key}}")
def edit_form(request: Request, session: Reading, actor: Staff, key: str, done: str = "") -> Response:
    return _edit(request, session, actor, _found(session, key), done=done)


@router.post(f"{HOME}/{{key}}")
def edit(request: Request, session: Writing, actor: Staff, key: str, sent: Sent) -> Response:
    """Save, after the difference was seen. Whoever saves over another's change is shown both, and loses
    nothing typed."""
    found = _found(session, key, to_change=True)
    words = _Words(request, session)
    shown, typed = words.typed_of(found), _typed(sent)
    # What was not touched is not read: an old value that would be refused today stands in nobody's way.
    values, wrong = profession_fields.read(
        {name: raw for name, raw in typed.items() if name in FIELDS and raw != shown[name]}, words.keys
    )
    differences = words.differences(found, values)
    if sent.get("version") != professions.version(found):
        return _edit(request, session, actor, found, typed, changed_meanwhile=differences, status=409)
    source, unknown = profession_fields.read_source(
        typed, portal(request).today(), has_source=professions.RECORD in found.stamps
    )
    if not differences and not wrong and typed.get("basis") != "new":
        return go(request, f"{HOME}/{key}?done=same")
    if wrong or unknown:
        return _edit(request, session, actor, found, typed, [*wrong, *unknown], status=422)
    now = room.now()
    before = found.stamps.get(professions.RECORD)
    batch = professions.change(session, room.by(actor), found, values, source, now)
    if batch is None:
        return go(request, f"{HOME}/{key}?done=same")
    if sent.get("seen") != "1":
        # It could be done; whether it shall be is asked with the difference in sight.
        session.rollback()
        if source is not None:
            differences = [*differences, words.source(before, source)]
        _ = words.say
        context = {
            "own_page": f"{HOME}/{key}",
            "lead": _(
                "Після цього всі одразу побачать нове на сторінці професії та в пошуку. "
                "Скасувати можна в історії."
            ),
            "differences": differences,
            "sent": sent.multi_items(),
        }
        return room.page(request, "workspace_own_review", context)
    audit.note(session, now, actor.label, "profession_changed", f"profession:{key}", batch=batch)
    return go(request, f"{HOME}/{key}?done=saved")


@router.post(f"{HOME}/{{key}}/undo")
def undo(
    request: Request, session: Writing, actor: Staff, key: str, batch: Annotated[str, Form()] = ""
) -> Response:
    found = _found(session, key, to_change=True)
    now = room.now()
    undone = professions.undo(session, room.by(actor), found, batch, now)
    if undone is None:
        raise missing()
    audit.note(session, now, actor.label, "profession_undone", f"profession:{key}", batch=batch)
    return go(request, f"{HOME}/{key}?done={'partly' if undone.conflicts else 'undone'}")


class _Words:
    """What the screens say of a profession, in one language."""

    def __init__(self, request: Request, session: Session) -> None:
        self._lang: Lang = lang_of(request.scope)
        self._today = portal(request).today()
        self.say: Gettext = room.words(request)
        known = professions.skills(session)
        self.keys = profession_fields.skill_names(known)
        self.skills = {one.key: one.name_uk for one in known}

    def line(self, stamp: FactStamp | None) -> StampLine:
        return stamps.line(stamp, self._today, self._lang, self.say)

    def typed_of(self, profession: Profession) -> dict[str, Any]:
        """What stands there, as the form shows it and sends it back."""
        return {name: self._typed(name, value) for name, value in professions.content(profession).items()}

    def source(self, before: FactStamp | None, after: FactStamp | None) -> Difference:
        _ = self.say
        said = [self.line(one).text if one is not None else None for one in (before, after)]
        return Difference(_("Джерело й дата"), said[0], said[1])

    def differences(self, profession: Profession, values: Mapping[str, Any]) -> list[Difference]:
        present = professions.content(profession)
        return [
            one
            for name in FIELDS
            if name in values and values[name] != present[name]
            for one in self._differences(name, present[name], values[name])
        ]

    def past(self, rows: Sequence[ListingChange], names: Mapping[str, str]) -> list[Past]:
        """The history as saves, newest first."""
        return saves(rows, names, self._lang, lambda row: self._differences(row.field, row.before, row.after))

    def _differences(self, name: str, before: Any, after: Any) -> list[Difference]:
        """One for a field; of tasks one for each place in the list."""
        if name == professions.SOURCE:
            return [self.source(*(FactStamp(**one) if one else None for one in (before, after)))]
        label = self.say(FIELDS[name].label)
        if name != "tasks":
            return [Difference(label, self._said(name, before), self._said(name, after))]
        return [
            Difference(f"{label}: {number}", _task(old), _task(new))
            for number, (old, new) in enumerate(zip_longest(before, after), start=1)
            if old != new
        ]

    def _said(self, name: str, value: Any) -> str | None:
        return ", ".join(self._typed(name, value).splitlines()) or None

    def _typed(self, name: str, value: Any) -> Any:
        if name == "tasks":
            return [{"uk": one["uk"], "en": one.get("en") or ""} for one in value]
        if name == "skills":
            return "\n".join(self.skills.get(key, key) for key in value)
        if name == "specialities":
            return ", ".join(value)
        return "\n".join(value) if name == "aliases" else value or ""


def _edit(
    request: Request,
    session: Session,
    actor: Actor,
    profession: Profession,
    typed: Mapping[str, Any] | None = None,
    wrong: Sequence[BadValue] = (),
    *,
    changed_meanwhile: Sequence[Difference] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    words = _Words(request, session)
    _ = words.say
    rows = own_history.history(session, professions.history_id(profession.key))
    names = {
        label: _("команда кластера") if name is None else name
        for label, name in queries.names_of(session, {row.actor for row in rows}).items()
    }
    record = profession.stamps.get(professions.RECORD)
    own = {name: words.line(stamp) for name, stamp in profession.stamps.items() if stamp != record}
    value = words.typed_of(profession) | dict.fromkeys(SOURCE_FIELDS, "") | dict(typed or {})
    value["tasks"] = [*value["tasks"], *({"uk": "", "en": ""} for _ignored in range(SPARE_TASKS))]
    errors = {one.field: _(one.sentence) % one.params for one in wrong}
    labels = {name: _(field.label) for name, field in FIELDS.items()} | {
        "basis": _("На чому стоїть змінене"),
        "source_name": _("Джерело"),
        "source_url": _("Адреса джерела"),
        "as_of": _("Станом на"),
    }
    context = {
        "profession": profession,
        "fields": FIELDS.values(),
        "labels": labels,
        "hints": {name: _(field.hint) for name, field in FIELDS.items() if field.hint},
        "value": value,
        "errors": errors,
        "wrong": [(name, labels[name], sentence) for name, sentence in errors.items()],
        "own": own,
        "stamp": words.line(record),
        "skills": sorted(words.skills.values(), key=str.casefold),
        "missing": [_(gap) for gap in _missing(profession)],
        "version": professions.version(profession),
        "past": words.past(rows, names | {actor.label: _("ви")}),
        "changed_meanwhile": changed_meanwhile,
        "done": done,
    }
    return room.page(request, "workspace_profession", context, status=status)


def _typed(sent: FormData) -> dict[str, Any]:
    """The form as typed, by the names of fields; rows of nothing are left out."""
    typed: dict[str, Any] = {name: str(sent.get(name, "")) for name in SOURCE_FIELDS}
    for name, field in FIELDS.items():
        if field.kind == "pairs":
            count = sum(one.startswith(f"{name}.") for one in sent)
            rows = [
                {lang: str(sent.get(f"{name}.{number}.{lang}", "")).strip() for lang in ("uk", "en")}
                for number in range(count)
            ]
            typed[name] = [row for row in rows if any(row.values())]
        elif name in sent:
            lines = str(sent[name]).splitlines()
            typed[name] = "\n".join(lines)
    return typed


def _task(task: Mapping[str, str] | None) -> str | None:
    return "\n".join(filter(None, (task["uk"], task.get("en")))) if task else None


def _missing(profession: Profession) -> Sequence[str]:
    return profession_fields.missing(
        professions.content(profession), profession.stamps.get(professions.RECORD)
    )


def _found(session: Session, key: str, *, to_change: bool = False) -> Profession:
    found = professions.find(session, key, to_change=to_change)
    if found is None:
        raise missing()
    return found
