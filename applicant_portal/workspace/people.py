"""Who keeps an institution's listings: its people and the keys of its programs; for the staff, what waits for
an answer.

Whoever owns an institution is asked twice: of the actor, and of the database in the transaction of the act.
A letter goes out after the commit, and the page says when it could not.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from applicant_portal.accounts import audit, keys, queries, service
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.forms import Wrong, read_email
from applicant_portal.accounts.keys import LONGEST_NAME
from applicant_portal.accounts.models import ROLES, AccessRequest
from applicant_portal.accounts.service import Invitation, LastOwner
from applicant_portal.accounts.state import accounts, acting, form_page, missing
from applicant_portal.catalogue import reports
from applicant_portal.catalogue.models import Institution
from applicant_portal.catalogue.naming import clean
from applicant_portal.finder.report_pages import topics
from applicant_portal.finder.state import portal, reading, writing
from applicant_portal.kit.i18n import Gettext, Lang, lang_of
from applicant_portal.kit.limits import Throttle
from applicant_portal.kit.web import go
from applicant_portal.workspace import service as listings

router = APIRouter(include_in_schema=False)

PEOPLE = "/workspace/people"
REQUESTS = "/workspace/requests"
MAY = {"read": ("read",), "write": ("read", "write")}
"""What a new key may do, by the answer in the form."""
REPORTS = 50
_LETTERS_SECONDS = 3600
_letters = Throttle(times=50, seconds=_LETTERS_SECONDS)

Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing, scope="function")]
Acting = Annotated[Actor, Depends(acting)]
Typed = Annotated[str, Form()]


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]


@router.get(PEOPLE)
def people(
    request: Request,
    session: Reading,
    actor: Acting,
    institution: str = "",
    edebo: str = "",
    done: str = "",
) -> Response:
    """One institution at a time: the one asked for, else the first that the person owns. The staff find any,
    by its number here or in EDEBO."""
    own = queries.all_owned(session, actor.person_id)
    if not own and not actor.is_staff:
        raise missing()
    if actor.is_staff and edebo:
        found = queries.institution_by_edebo_id(session, clean(edebo))
        if found is not None:
            return go(request, f"{PEOPLE}?institution={found.id}")
        _ = _words(request)
        wrong = Wrong()
        wrong.add("edebo", _("Код ЄДЕБО"), _("Закладу з таким кодом немає. Перевірте число."))
        return _people(request, session, actor, None, {"edebo": edebo}, wrong)
    if institution:
        return _people(request, session, actor, _owned(session, actor, institution), done=done)
    return _people(request, session, actor, own[0] if own else None, done=done)


@router.post(f"{PEOPLE}/invite")
def invite(
    request: Request, actor: Acting, institution: Typed = "", email: Typed = "", role: Typed = ""
) -> Response:
    """Invite somebody, or once more whoever has not come; a member's role is changed."""
    here, _ = portal(request), _words(request)
    typed = {"email": email, "role": role}
    wrong = Wrong()
    with here.database.read() as session:
        own = _owned(session, actor, institution)
        address = read_email(email, wrong, _)
        if role not in ROLES:
            wrong.add("role", _("Роль"), _("Оберіть один варіант."))
        if wrong:
            return _people(request, session, actor, own, typed, wrong)
        if not _letters.allows(actor.label):
            wrong.add("email", _("Пошта"), _("Забагато запрошень за годину. Надішліть решту трохи пізніше."))
            response = _people(request, session, actor, own, typed, wrong, status=429)
            response.headers["retry-after"] = str(_LETTERS_SECONDS)
            return response
    try:
        with here.database.write() as session:
            own = _owned(session, actor, institution)
            invited = service.invite(session, address, own.id, role, by=actor, now=_now())
            name = queries.institution_name(session, own.id)
    except LastOwner:
        wrong.add("role", _("Роль"), _last_owner(_))
        with here.database.read() as session:
            own = _owned(session, actor, institution)
            return _people(request, session, actor, own, typed, wrong)
    done = _tell(request, invited, name, lang_of(request.scope))
    return go(request, f"{PEOPLE}?institution={own.id}&done={done}")


@router.post(f"{PEOPLE}/remove")
def remove(request: Request, actor: Acting, institution: Typed = "", person: Typed = "") -> Response:
    """Take a membership away; whoever is no member is none after it either."""
    here, _ = portal(request), _words(request)
    number = _number(person)
    try:
        with here.database.write() as session:
            own = _owned(session, actor, institution)
            service.remove_member(session, number, own.id, by=actor, now=_now())
    except LastOwner:
        with here.database.read() as session:
            own = _owned(session, actor, institution)
            emails = {one.person_id: one.email for one in queries.members(session, own.id)}
            wrong = Wrong()
            wrong.add(f"member-{number}", emails.get(number, ""), _last_owner(_))
            return _people(request, session, actor, own, None, wrong, title=_("Людину не прибрано"))
    if number == actor.person_id and not actor.is_staff:
        return go(request, "/workspace?done=left")
    return go(request, f"{PEOPLE}?institution={own.id}&done=removed")


@router.post(f"{PEOPLE}/keys/new")
def new_key(
    request: Request, actor: Acting, institution: Typed = "", name: Typed = "", scope: Typed = ""
) -> Response:
    """The answer itself shows the key, this once: it comes into no address and no history."""
    here, _ = portal(request), _words(request)
    wrong = Wrong()
    called = clean(name)
    if not called:
        wrong.add("name", _("Назва ключа"), _("Назвіть програму, якій даєте ключ, наприклад «наш сайт»."))
    elif len(called) > LONGEST_NAME:
        wrong.add("name", _("Назва ключа"), _("Скоротіть до 80 знаків."))
    if scope not in MAY:
        wrong.add("scope", _("Що може"), _("Оберіть один варіант."))
    if wrong:
        with here.database.read() as session:
            own = _owned(session, actor, institution)
            return _people(request, session, actor, own, {"name": name, "scope": scope}, wrong)
    with here.database.write() as session:
        own = _owned(session, actor, institution)
        made = keys.make_key(session, own.id, called, MAY[scope], by=actor, now=_now())
    context = {"institution": own, "name": called, "shown": made.shown, "scope": scope}
    return form_page(request, "workspace_key", context)


@router.post(f"{PEOPLE}/keys/revoke")
def revoke_key(
    request: Request, session: Writing, actor: Acting, institution: Typed = "", key: Typed = ""
) -> Response:
    own = _owned(session, actor, institution)
    number = _number(key)
    if number not in {one.id for one in queries.keys(session, own.id)}:
        raise missing()
    keys.revoke_key(session, own.id, number, by=actor, now=_now())
    return go(request, f"{PEOPLE}?institution={own.id}&done=revoked")


@router.get(REQUESTS)
def requests(request: Request, session: Reading, actor: Acting, done: str = "") -> Response:
    """What waits for the staff: requests for access, and mistakes that readers report."""
    _only_staff(actor)
    return _requests(request, session, done=done)


@router.post(f"{REQUESTS}/{{request_id}}")
def answer_request(request: Request, actor: Acting, request_id: str, sent: Sent) -> Response:
    """Accept (whoever asked becomes an owner and is invited) or refuse."""
    _only_staff(actor)
    here, _ = portal(request), _words(request)
    number, accepted = _number(request_id), sent.get("answer") == "accept"
    typed = {name: str(sent.get(name, "")) for name in (f"institution-{number}", f"edebo-{number}")}
    wrong = Wrong()
    name = None
    with here.database.write() as session:
        asked = session.get(AccessRequest, number)
        if asked is None or (not accepted and sent.get("answer") != "refuse"):
            raise missing()
        if asked.state != "open":
            return go(request, f"{REQUESTS}?done=before")
        chosen = asked.institution_id
        if accepted and chosen is None:
            chosen = _chosen(session, number, typed, wrong, _)
        if wrong:
            return _requests(request, session, typed, wrong)
        invited = service.answer_request(
            session, number, accept=accepted, by=actor, now=_now(), institution_id=chosen
        )
        if chosen is not None:
            name = queries.institution_name(session, chosen)
        lang: Lang = "en" if asked.lang == "en" else "uk"
    if not accepted:
        return go(request, f"{REQUESTS}?done=refused")
    done = "before" if invited is None else _tell(request, invited, name, lang)
    return go(request, f"{REQUESTS}?done={done}")


@router.post(f"{REQUESTS}/reports/{{code}}")
def answer_report(request: Request, session: Writing, actor: Acting, code: str, sent: Sent) -> Response:
    """The reader reads the answer under the report's code."""
    _only_staff(actor)
    _ = _words(request)
    found = reports.find(session, clean(code)[:16])
    if found is None:
        raise missing()
    if found.answered_at is not None:
        return go(request, f"{REQUESTS}?done=before")
    field = f"answer-{found.code}"
    typed = {field: str(sent.get(field, ""))}
    text = "\n".join(clean(line) for line in typed[field].splitlines()).strip()
    wrong = Wrong()
    if not text:
        wrong.add(field, _("Відповідь"), _("Напишіть хоча б одне речення: що зроблено."))
    elif len(text) > reports.MAX_MESSAGE:
        wrong.add(field, _("Відповідь"), _("Скоротіть до 2000 знаків."))
    if wrong:
        return _requests(request, session, typed, wrong)
    now = _now()
    reports.answer(session, found.code, text, now)
    audit.note(session, now, actor.label, "report_answered", f"report:{found.code}")
    return go(request, f"{REQUESTS}?done=answered")


@router.get(f"{PEOPLE}/invite")
@router.get(f"{PEOPLE}/remove")
@router.get(f"{PEOPLE}/keys/new")
@router.get(f"{PEOPLE}/keys/revoke")
def sent_to_people(request: Request) -> Response:
    """A page that came as the answer to a form has the form's address: here it is opened again, perhaps in
    the other language."""
    return go(request, PEOPLE)


@router.get(f"{REQUESTS}/{{request_id}}")
@router.get(f"{REQUESTS}/reports/{{code}}")
def sent_to_requests(request: Request) -> Response:
    """The same."""
    return go(request, REQUESTS)


def _owned(session: Session, actor: Actor, institution_id: str | int) -> Institution:
    """The institution, when the database too says now that the actor owns it."""
    number = _number(str(institution_id))
    found = queries.owned(session, actor.person_id, number)
    if found is None or not actor.owns(number):
        raise missing()
    return found


def _only_staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise missing()


def _chosen(session: Session, number: int, typed: Mapping[str, str], wrong: Wrong, _: Gettext) -> int | None:
    """The institution that the staff name for a request in free text: its EDEBO code, or one of the list."""
    code, listed = clean(typed[f"edebo-{number}"]), _number(typed[f"institution-{number}"])
    if code:
        found = queries.institution_by_edebo_id(session, code)
        if found is None:
            wrong.add(f"edebo-{number}", _("Код ЄДЕБО"), _("Закладу з таким кодом немає. Перевірте число."))
    else:
        found = session.get(Institution, listed)
        if found is None:
            wrong.add(
                f"institution-{number}",
                _("Заклад"),
                _("Оберіть заклад зі списку або впишіть його код нижче."),
            )
    return found.id if found is not None else None


def _tell(request: Request, invited: Invitation, institution: str | None, lang: Lang) -> str:
    """Send the letter; what is said of it."""
    return "invited" if accounts(request).mailer.invitation(invited, institution, lang) else "unsent"


def _last_owner(_: Gettext) -> str:
    return _("Це єдиний власник, який може ввійти. Спершу запросіть іншого й дочекайтеся його.")


def _people(
    request: Request,
    session: Session,
    actor: Actor,
    institution: Institution | None,
    typed: Mapping[str, str] | None = None,
    wrong: Wrong | None = None,
    *,
    done: str = "",
    title: str = "",
    status: int | None = None,
) -> Response:
    context = {
        "institution": institution,
        "own": queries.all_owned(session, actor.person_id),
        "choices": queries.institution_choices(session) if actor.is_staff else [],
        "is_staff": actor.is_staff,
        "me": actor.person_id,
        "members": queries.members(session, institution.id) if institution else [],
        "keys": queries.keys(session, institution.id) if institution else [],
        "typed": typed or {},
        "wrong_title": title,
        "done": done,
    }
    return form_page(request, "workspace_people", context, wrong, status=status)


def _requests(
    request: Request,
    session: Session,
    typed: Mapping[str, str] | None = None,
    wrong: Wrong | None = None,
    *,
    done: str = "",
) -> Response:
    asked = queries.open_requests(session)
    reported = reports.listed(session, everything=False)
    ids = {one.institution_id for one in asked if one.institution_id is not None}
    context = {
        "asked": asked,
        "names": {one.id: one.display_name for one in listings.institutions(session, ids)},
        "choices": queries.institution_choices(session),
        "reported": list(reversed(reported))[:REPORTS],
        "reported_total": len(reported),
        "topics": dict(topics(_words(request))),
        "typed": typed or {},
        "done": done,
    }
    return form_page(request, "workspace_requests", context, wrong)


def _number(typed: str) -> int:
    """A row's number as it was sent; 0, which no row has, for anything else."""
    return int(typed) if len(typed) < 10 and typed.isascii() and typed.isdigit() else 0


def _words(request: Request) -> Gettext:
    return portal(request).pages.gettext(lang_of(request.scope))


def _now() -> datetime:
    return datetime.now(UTC)
