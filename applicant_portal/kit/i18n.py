"""Two languages: Ukrainian at "/", English under "/en".

Messages are the Ukrainian sentences themselves; `locale/uk` adds only the plural forms, `locale/en` the
translations. Catalogues are read from the .po files at start: there is nothing to compile and to forget.
"""

import re
from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.types import ASGIApp, Receive, Scope, Send

Lang = Literal["uk", "en"]
Gettext = Callable[[str], str]
Ngettext = Callable[[str, str, int], str]
LANGUAGES: tuple[Lang, ...] = ("uk", "en")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LOCALE = Path(__file__).parents[1] / "locale"


def N_(message: str) -> str:  # noqa: N802 (the name that Babel looks for)
    """Marks a sentence for translation where it stands as data; who shows it translates it."""
    return message


@cache
def translations(lang: Lang) -> GNUTranslations:
    """The catalogue of one language."""
    with (LOCALE / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def other(lang: Lang) -> Lang:
    return "en" if lang == "uk" else "uk"


def localized(path: str, lang: Lang) -> str:
    """The same page in another language: a path without prefix, given one where the language has it."""
    if lang == "uk":
        return path
    return "/en" + path if path != "/" else "/en"


def without_prefix(path: str) -> tuple[Lang, str]:
    """The language of a path that was asked for, and the path that is routed."""
    if path == "/en" or path.startswith("/en/"):
        return "en", path[3:] or "/"
    return "uk", path


class LanguagePrefix:
    """Takes "/en" off the path before routing and notes the language in `scope["state"]["lang"]`,
    so that every page is routed once. Control characters in a path mean nothing: they are dropped here,
    before a page repeats the path or a database is asked with it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            lang, path = without_prefix(_CONTROL.sub("", scope["path"]))
            scope = {**scope, "state": {**scope.get("state", {}), "lang": lang}, "path": path}
            scope["raw_path"] = scope["path"].encode("utf-8", "replace")
        await self.app(scope, receive, send)


def lang_of(scope: Scope) -> Lang:
    return cast("Lang", scope.get("state", {}).get("lang", "uk"))
