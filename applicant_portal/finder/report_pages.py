"""Readers report mistakes, and read the answer under the code they got."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from applicant_portal.catalogue import queries, reports
from applicant_portal.catalogue.naming import clean
from applicant_portal.finder.state import portal, reading, writing
from applicant_portal.kit.errors import NotFound
from applicant_portal.kit.i18n import Gettext, lang_of, localized
from applicant_portal.kit.limits import Throttle

router = APIRouter(include_in_schema=False)

SHORTEST_MESSAGE = 10
_PAGE = re.compile(r"/(?:en/)?[a-z0-9/-]{0,200}")
_throttle = Throttle(times=10, seconds=3600)


def topics(_: Gettext) -> list[tuple[str, str]]:
    """What can be wrong."""
    return [
        ("price", _("ціна")),
        ("dates", _("дати")),
        ("admission", _("місця, бали або предмети")),
        ("place", _("адреса, укриття чи доступність")),
        ("closed", _("цього вже немає")),
        ("other", _("інше")),
    ]


@router.get("/report")
def ask(request: Request, about: str = "") -> Response:
    return _form(request, {"about": _local(about), "topic": "other", "message": ""}, [])


@router.post("/report")
def keep(
    request: Request,
    session: Annotated[Session, Depends(writing, scope="function")],
    about: Annotated[str, Form()] = "",
    topic: Annotated[str, Form()] = "other",
    message: Annotated[str, Form()] = "",
) -> Response:
    here = portal(request)
    lang = lang_of(request.scope)
    _ = here.pages.gettext(lang)
    text = "\n".join(clean(line) for line in message.splitlines()).strip()
    typed = {"about": _local(about), "topic": topic, "message": text}
    wrong = []
    if len(text) < SHORTEST_MESSAGE:
        wrong.append(
            ("message", _("Що не так"), _("Напишіть хоча б одне речення: що не так і де ви це бачили."))
        )
    if len(text) > reports.MAX_MESSAGE:
        wrong.append(("message", _("Що не так"), _("Скоротіть до 2000 знаків.")))
    if topic not in reports.TOPICS:
        wrong.append(("topic", _("Чого це стосується"), _("Оберіть один варіант.")))
    if not wrong and not _throttle.allows(request.client.host if request.client else ""):
        wrong.append(
            ("message", _("Що не так"), _("Забагато повідомлень за годину. Надішліть це трохи пізніше."))
        )
    if wrong:
        return _form(request, typed, wrong)
    code = reports.keep(
        session,
        page=typed["about"] or "/",
        listing_id=_listing_id(session, typed["about"]),
        topic=topic,
        message=text,
        lang=lang,
        now=datetime.now(UTC),
    )
    return RedirectResponse(localized(f"/reports/{code}", lang), 303)


@router.get("/reports/{code}")
def status(request: Request, code: str, session: Annotated[Session, Depends(reading)]) -> Response:
    found = reports.find(session, clean(code)[:16])
    if found is None:
        raise NotFound
    return portal(request).pages.render(request, "pages/report_status.html", {"report": found})


def _form(request: Request, typed: dict[str, str], wrong: list[tuple[str, str, str]]) -> Response:
    here = portal(request)
    context: dict[str, Any] = {
        "typed": typed,
        "wrong": wrong,
        "errors": {name: sentence for name, _label, sentence in wrong},
        "topics": topics(here.pages.gettext(lang_of(request.scope))),
    }
    return here.pages.render(request, "pages/report.html", context, status=422 if wrong else 200)


def _local(about: str) -> str:
    """The page the report is about: a path of this site, or nothing."""
    about = clean(about)
    return about.removeprefix("/en") or "/" if _PAGE.fullmatch(about) and "//" not in about else ""


def _listing_id(session: Session, page: str) -> str | None:
    kind, _, slug = page.strip("/").partition("/")
    return queries.listing_id(session, kind.removesuffix("s"), slug) if slug else None
