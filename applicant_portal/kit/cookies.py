"""A cookie of some rooms only, one for each language, because their addresses begin differently.

It never goes to "/": the pages of the catalogue stay the same for everybody and can be kept whole.
"""

from collections.abc import Sequence
from datetime import timedelta

from starlette.responses import Response

from applicant_portal.kit.i18n import LANGUAGES, localized


def remember(
    response: Response, name: str, value: str, rooms: Sequence[str], *, lasts: timedelta, secure: bool
) -> None:
    """Set the cookie for these paths and what is below them."""
    for path in _paths(rooms):
        response.set_cookie(
            name,
            value,
            max_age=int(lasts.total_seconds()),
            path=path,
            httponly=True,
            samesite="lax",
            secure=secure,
        )


def forget(response: Response, name: str, rooms: Sequence[str]) -> None:
    """Take it back."""
    for path in _paths(rooms):
        response.delete_cookie(name, path=path)


def _paths(rooms: Sequence[str]) -> list[str]:
    return [localized(room, lang) for room in rooms for lang in LANGUAGES]
