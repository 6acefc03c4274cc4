"""Signing in and out, setting a password, asking for access, and one's own account.

All of it is one person's: no copy is kept on the way, and answers tell nobody which addresses are known.
"""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from applicant_portal.accounts import queries, reminders, service, sessions
from applicant_portal.accounts.forms import AccessForm, Wrong, fault, read_email
from applicant_portal.accounts.models import Person
from applicant_portal.accounts.passwords import WeakPassword
from applicant_portal.accounts.state import (
    TRIES_SECONDS,
    accounts,
    forget,
    form_page,
    local,
    reading,
    remember,
    require,
    token_of,
    writing,
)
from applicant_portal.catalogue.naming import clean
from applicant_portal.kit.i18n import Gettext, lang_of
from applicant_portal.kit.web import go

router = APIRouter(include_in_schema=False)

HOME = "/account"
# Where somebody lands who signed in without having asked for a page: the room that accounts are for.
WORKSPACE = "/workspace"

Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing, scope="function")]
SignedIn = Annotated[Person, Depends(require)]
Typed = Annotated[str, Form()]


@router.get("/sign-in")
def sign_in_form(request: Request, next: str = "", set: str = "") -> Response:  # noqa: A002 (names in addresses)
    context = {"email": "", "next": local(next) or "", "password_set": set == "1"}
    return form_page(request, "sign_in", context)


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Typed = "",
    password: Typed = "",
    next: Typed = "",  # noqa: A002
) -> Response:
    here = accounts(request)
    _ = _words(request)
    context = {"email": email, "next": local(next) or "", "password_set": False}
    wrong = Wrong()
    address = read_email(email, wrong, _)
    if not password:
        wrong.add("password", _("Пароль"), _("Напишіть пароль."))
    if wrong:
        return form_page(request, "sign_in", context, wrong)
    if here.wrong_by_address.is_used_up(address) or here.wrong_by_caller.is_used_up(_caller(request)):
        wrong.add("email", _("Пошта"), _("Забагато спроб. Зачекайте 15 хвилин або встановіть новий пароль."))
        return _too_many(form_page(request, "sign_in", context, wrong, status=429))
    token = sessions.sign_in(
        here.database,
        here.passwords,
        email=address,
        password=password,
        agent=clean(request.headers.get("user-agent", "")),
        now=here.now(),
    )
    if token is None:
        # Only wrong ones count: a whole admissions office may come from one address.
        here.wrong_by_address.allows(address)
        here.wrong_by_caller.allows(_caller(request))
        wrong.add("email", _("Пошта"), _("Пошта й пароль не підходять одне до одного. Перевірте обидва."))
        return form_page(request, "sign_in", context, wrong)
    after = local(next)
    response: Response = RedirectResponse(after, 303) if after else go(request, WORKSPACE)
    response.headers["cache-control"] = "no-store"
    remember(request, response, token)
    return response


@router.post("/sign-out")
def sign_out(request: Request, session: Writing) -> Response:
    sessions.sign_out(session, token_of(request), accounts(request).now())
    response = go(request, "/")
    forget(response)
    return response


@router.get("/password")
def reset_form(request: Request, sent: str = "") -> Response:
    return form_page(request, "password", {"email": "", "sent": sent == "1"})


@router.post("/password")
def reset(request: Request, email: Typed = "") -> Response:
    """Known and unknown addresses are answered alike, and as fast: the letter goes out by itself, after the
    commit."""
    here = accounts(request)
    _ = _words(request)
    wrong = Wrong()
    address = read_email(email, wrong, _)
    if wrong:
        return form_page(request, "password", {"email": email, "sent": False}, wrong)
    if not (here.resets_by_address.allows(address) and here.resets_by_caller.allows(_caller(request))):
        wrong.add("email", _("Пошта"), _("Забагато листів. Зачекайте годину й перевірте теку зі спамом."))
        return _too_many(form_page(request, "password", {"email": email, "sent": False}, wrong, status=429))
    with here.database.write() as session:
        asked = service.ask_reset(session, address, now=here.now())
    if asked is not None:
        here.mailer.later(partial(here.mailer.reset, asked, lang_of(request.scope)))
    return go(request, "/password?sent=1")


@router.get("/ticket/{token}")
def ticket_form(request: Request, session: Reading, token: str) -> Response:
    """Looking at it does not use it up: programs that check mail open every link."""
    return _ticket(request, queries.ticket(session, token, accounts(request).now()))


@router.post("/ticket/{token}")
def use_ticket(request: Request, token: str, password: Typed = "") -> Response:
    here = accounts(request)
    wrong = Wrong()
    try:
        used = service.accept(here.database, here.passwords, token=token, password=password, now=here.now())
    except WeakPassword as error:
        _ = _words(request)
        wrong.add("password", _("Новий пароль"), fault(error, _))
        with here.database.read() as session:
            return _ticket(request, queries.ticket(session, token, here.now()), wrong)
    if not used:
        return _ticket(request, None)
    return _private(go(request, "/sign-in?set=1"))


@router.get("/access")
def access_form(request: Request, session: Reading, sent: str = "") -> Response:
    return _access(request, AccessForm(), queries.institution_choices(session), sent=sent == "1")


@router.post("/access")
def ask_access(
    request: Request,
    institution: Typed = "",
    institution_text: Typed = "",
    email: Typed = "",
    message: Typed = "",
) -> Response:
    """Keep a university's request and tell the staff of it."""
    here = accounts(request)
    _ = _words(request)
    text = "\n".join(clean(line) for line in message.splitlines()).strip()
    typed = AccessForm(clean(institution), institution_text, email, text)
    wrong = Wrong()
    with here.database.read() as session:
        choices = queries.institution_choices(session)
        staff = queries.staff_addresses(session)
    institution_id, name = typed.read(choices, wrong, _)
    if wrong:
        return _access(request, typed, choices, wrong)
    if not here.requests_by_caller.allows(_caller(request)):
        wrong.add("message", _("Повідомлення"), _("Забагато запитів. Надішліть його за годину."))
        return _too_many(_access(request, typed, choices, wrong, status=429), 3600)
    address = service.address(clean(email)) or ""
    with here.database.write() as session:
        number = service.ask_access(
            session,
            institution_id=institution_id,
            institution_text="" if institution_id else name,
            email=address,
            message=text,
            lang=lang_of(request.scope),
            now=here.now(),
        )
    here.mailer.later(
        partial(
            here.mailer.access_request,
            staff,
            number=number,
            institution=name,
            email=address,
            message=text,
            lang="uk",
        )
    )
    return go(request, "/access?sent=1")


@router.get(HOME)
def account(
    request: Request, person: SignedIn, changed: str = "", ended: str = "", chosen: str = ""
) -> Response:
    asked = {"changed": changed, "ended": ended, "chosen": chosen}
    return _account(request, person, done=next((name for name, value in asked.items() if value == "1"), ""))


@router.post(f"{HOME}/sessions")
def end_session(request: Request, person: SignedIn, session: Writing, which: Typed = "") -> Response:
    """End one of one's own sessions; `which` "" ends all but this one."""
    here = accounts(request)
    if which:
        sessions.end(session, person.id, which, here.now())
    else:
        sessions.end_all(session, person.id, here.now(), but=token_of(request))
    return go(request, f"{HOME}?ended=1")


@router.post(f"{HOME}/reminders")
def choose_reminders(request: Request, person: SignedIn, session: Writing, wanted: Typed = "") -> Response:
    """Whether letters about what has aged come; `wanted` "1" or "0"."""
    reminders.choose(session, person.id, wanted=wanted == "1", now=accounts(request).now())
    return go(request, f"{HOME}?chosen=1")


@router.post(f"{HOME}/password")
def change_password(
    request: Request, person: SignedIn, password: Typed = "", new_password: Typed = ""
) -> Response:
    here = accounts(request)
    _ = _words(request)
    wrong = Wrong()
    if here.wrong_by_address.is_used_up(person.email):
        wrong.add("password", _("Теперішній пароль"), _("Забагато спроб. Зачекайте 15 хвилин."))
        return _too_many(_account(request, person, wrong, status=429))
    try:
        changed = service.change_password(
            here.database,
            here.passwords,
            person,
            password=password,
            new_password=new_password,
            keep=token_of(request),
            now=here.now(),
        )
    except WeakPassword as error:
        wrong.add("new_password", _("Новий пароль"), fault(error, _))
        return _account(request, person, wrong)
    if not changed:
        here.wrong_by_address.allows(person.email)
        wrong.add("password", _("Теперішній пароль"), _("Це не теперішній пароль. Перевірте його."))
        return _account(request, person, wrong)
    return go(request, f"{HOME}?changed=1")


@router.get("/sign-out")
@router.get(f"{HOME}/sessions")
@router.get(f"{HOME}/reminders")
@router.get(f"{HOME}/password")
def sent_here(request: Request) -> Response:
    """A page that came as the answer to a form has the form's address: here it is opened again, perhaps in
    the other language."""
    return go(request, HOME)


def _ticket(request: Request, found: tuple[Any, Person] | None, wrong: Wrong | None = None) -> Response:
    """One that is unknown, used or expired is told apart by nothing."""
    values = {"kind": found[0].kind, "email": found[1].email} if found else {"kind": None, "email": ""}
    return _private(form_page(request, "ticket", values, wrong, status=None if found else 404))


def _access(
    request: Request,
    typed: AccessForm,
    choices: list[tuple[str, str]],
    wrong: Wrong | None = None,
    *,
    sent: bool = False,
    status: int | None = None,
) -> Response:
    values = {"typed": typed, "choices": choices, "sent": sent}
    return form_page(request, "access", values, wrong, status=status)


def _account(
    request: Request,
    person: Person,
    wrong: Wrong | None = None,
    *,
    done: str = "",
    status: int | None = None,
) -> Response:
    here = accounts(request)
    with here.database.read() as session:
        values = {
            "person": person,
            "sessions": queries.sessions_of(session, person.id, token_of(request), here.now()),
            "memberships": queries.memberships(session, person.id),
            "reminded": reminders.wanted(session, person.id),
            "done": done,
        }
    return form_page(request, "account", values, wrong, status=status)


def _words(request: Request) -> Gettext:
    return accounts(request).pages.gettext(lang_of(request.scope))


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""


def _too_many(response: Response, seconds: int = TRIES_SECONDS) -> Response:
    response.headers["retry-after"] = str(seconds)
    return response


def _private(response: Response) -> Response:
    """The address itself is a secret: no page that is opened from here is told of it."""
    response.headers["referrer-policy"] = "no-referrer"
    return response
