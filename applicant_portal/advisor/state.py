"""The advisor within one process, and who is asking: the code in the visitor's cookie."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from starlette.responses import Response

from applicant_portal.advisor import codes
from applicant_portal.advisor.service import Advisor
from applicant_portal.advisor.store import KEPT_FOR
from applicant_portal.finder.state import portal
from applicant_portal.kit import cookies

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
    """Set the cookie. It is sent to the advisor's own pages only."""
    secure = portal(request).settings.base_url.startswith("https")
    cookies.remember(response, COOKIE, code, (HOME,), lasts=KEPT_FOR, secure=secure)


def forget(response: Response) -> None:
    cookies.forget(response, COOKIE, (HOME,))
