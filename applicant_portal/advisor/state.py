"""The advisor within one process, and who is asking: the code in the visitor's cookie."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from starlette.responses import Response

from applicant_portal.advisor import codes
from applicant_portal.advisor.service import Advisor
from applicant_portal.advisor.store import KEPT_FOR
from applicant_portal.finder.state import portal
from applicant_portal.kit.i18n import LANGUAGES, localized

COOKIE = "questionnaire"
HOME = "/questionnaire"


def advisor(request: Request) -> Advisor:
    return cast("Advisor", request.app.state.advisor)


@dataclass(frozen=True, slots=True)
class Visitor:
    """`code`: as people see it; `owner`: as the database knows it."""

    code: str
    owner: str


def visitor(request: Request) -> Visitor | None:
    """Who has a code in the cookie; whether anything is kept under it is another question."""
    code = codes.read(request.cookies.get(COOKIE, ""))
    return None if code is None else of_code(request, code)


def of_code(request: Request, code: str) -> Visitor:
    return Visitor(code, codes.hashed(code, portal(request).settings.signing_secret))


def remember(request: Request, response: Response, code: str) -> None:
    """Set the cookie. It is sent to the advisor's own pages only, so that all others stay the same for
    everybody; one for each language, because their addresses begin differently."""
    for lang in LANGUAGES:
        response.set_cookie(
            COOKIE,
            code,
            max_age=int(KEPT_FOR.total_seconds()),
            path=localized(HOME, lang),
            httponly=True,
            samesite="lax",
            secure=portal(request).settings.base_url.startswith("https"),
        )


def forget(response: Response) -> None:
    for lang in LANGUAGES:
        response.delete_cookie(COOKIE, path=localized(HOME, lang))
