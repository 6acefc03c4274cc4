"""Rendering: the same address answers a page, or its named block when htmx asks for it."""

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from applicant_portal.kit import i18n, typography
from applicant_portal.kit.folding import FoldingGenerator
from applicant_portal.kit.i18n import Gettext, Lang, Ngettext
from applicant_portal.settings import STATIC, TEMPLATES

SITE_NAME = {"uk": "ІТ-портал вступника", "en": "IT Applicant Portal"}


class Pages:
    """The templates, once per language.

    `shared` are globals that every page sees (navigation, notices); values may be callables without
    arguments, read at render time.
    """

    def __init__(self, base_url: str, shared: Mapping[str, Any] | None = None) -> None:
        self.base_url = base_url
        self._environments = {lang: _environment(lang, base_url, shared or {}) for lang in i18n.LANGUAGES}

    def environment(self, lang: Lang) -> Environment:
        return self._environments[lang]

    @staticmethod
    def gettext(lang: Lang) -> Gettext:
        """The translation of a sentence, for words that are put together in Python."""
        return i18n.translations(lang).gettext

    @staticmethod
    def ngettext(lang: Lang) -> Ngettext:
        """The same for a sentence with a number in it."""
        return i18n.translations(lang).ngettext

    def component(self, lang: Lang, name: str) -> Callable[..., str]:
        """A component's macro, to be drawn from Python."""
        macro: Callable[..., str] = getattr(self._environments[lang].globals["ui"], name)
        return macro

    def render(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        block: str | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """The page, or `block` of it when htmx asks (but not when it restores history, which needs all)."""
        lang = i18n.lang_of(request.scope)
        environment = self._environments[lang]
        values = {"path": request.url.path, "query_string": request.url.query, **context}
        if block and wants_block(request):
            body = render_block(environment, template, block, **values)
        else:
            body = environment.get_template(template).render(**values)
        response = HTMLResponse(body, status_code=status)
        if block:
            response.headers["vary"] = "HX-Request"
        return response

    def personal(
        self, request: Request, name: str, context: Mapping[str, Any], *, status: int = 200
    ) -> HTMLResponse:
        """The page `name` of one person: no copy of it is kept on the way."""
        response = self.render(request, f"pages/{name}.html", context, status=status)
        response.headers["cache-control"] = "no-store"
        return response


def go(request: Request, path: str) -> RedirectResponse:
    """Send a person on (303), in the language they read; no copy is kept on the way."""
    response = RedirectResponse(i18n.localized(path, i18n.lang_of(request.scope)), 303)
    response.headers["cache-control"] = "no-store"
    return response


def wants_block(request: Request) -> bool:
    return (
        request.headers.get("hx-request") == "true"
        and request.headers.get("hx-history-restore-request") != "true"
    )


class _FoldingEnvironment(Environment):
    code_generator_class = FoldingGenerator


def _environment(lang: Lang, base_url: str, shared: Mapping[str, Any]) -> Environment:
    environment = _FoldingEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        cache_size=400,
    )
    catalogue = i18n.translations(lang)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    environment.globals.update(
        gettext_plain=catalogue.gettext,
        lang=lang,
        other_lang=i18n.other(lang),
        site_name=SITE_NAME[lang],
        base_url=base_url,
        url=partial(i18n.localized, lang=lang),
        url_in=i18n.localized,
        static=static_url,
        has_heading_font=(STATIC / "vendor/fonts/arsenal-bold-uk.woff2").exists(),
        pick=_pick(lang),
        **shared,
    )
    environment.filters.update(
        nbsp=typography.set_spaces,
        number=partial(typography.number, lang=lang),
        money=partial(typography.money, lang=lang),
        day=partial(typography.day, lang=lang),
        partial_day=partial(typography.partial_day, lang=lang),
        decimal=_decimal(lang),
    )
    # A block rendered alone does not see the imports at the top of its file: macros are a global.
    environment.globals["ui"] = environment.get_template("components/ui.html").module
    return environment


def _decimal(lang: Lang) -> Callable[..., str]:
    def decimal(value: Decimal, places: int | None = None) -> str:
        return typography.decimal(value, lang, places)

    return decimal


def _pick(lang: Lang) -> Callable[[Any, str], Any]:
    """`pick(row, "summary")`: the English text where the page is English and there is one, else Ukrainian."""

    def pick(row: Any, name: str) -> Any:
        found = _read(row, f"{name}_{lang}") if name else _read(row, lang)
        return found or (_read(row, f"{name}_uk") if name else _read(row, "uk"))

    return pick


def _read(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


@cache
def static_url(name: str) -> str:
    """Address of a static file with its content's hash, so that browsers may keep it for ever."""
    path = STATIC / name
    return f"/static/{name}?v={_fingerprint(path)}" if path.exists() else f"/static/{name}"


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
