"""The words of the search in both languages: kinds, filters and their values.

Each function takes `_`, the page's gettext, so that the words are translated with the rest.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import ParamSpec, TypeVar

from applicant_portal.catalogue import places, specialities
from applicant_portal.kit.i18n import Gettext, Lang

P = ParamSpec("P")
R = TypeVar("R")


def _remembered(words: Callable[P, R]) -> Callable[P, R]:
    """A page says some five hundred of these, and they are always the same."""
    return lru_cache(maxsize=512)(words)  # type: ignore[return-value]


@_remembered
def kind(value: str, _: Gettext) -> str:
    return {"programme": _("Програма"), "course": _("Курс"), "track": _("Шлях для ветеранів")}[value]


@_remembered
def kind_many(value: str, _: Gettext) -> str:
    return {"programme": _("Програми"), "course": _("Курси"), "track": _("Шляхи для ветеранів")}.get(
        value, value
    )


@_remembered
def degree(value: str | None, _: Gettext) -> str | None:
    return {
        "bachelor": _("бакалавр"),
        "master": _("магістр"),
        "phd": _("доктор філософії"),
        "junior_bachelor": _("молодший бакалавр"),
        "professional_junior_bachelor": _("фаховий молодший бакалавр"),
    }.get(value or "")


@_remembered
def form(value: str, _: Gettext) -> str:
    return {
        "full_time": _("денна"),
        "part_time": _("заочна"),
        "evening": _("вечірня"),
        "distance": _("дистанційна"),
        "dual": _("дуальна"),
    }.get(value, value)


@_remembered
def format_(value: str, _: Gettext) -> str:
    return {
        "on_site": _("на місці"),
        "online": _("онлайн"),
        "blended": _("змішаний"),
    }.get(value, value)


@_remembered
def language(value: str, _: Gettext) -> str:
    return {
        "uk": _("українська"),
        "en": _("англійська"),
        "de": _("німецька"),
        "fr": _("французька"),
        "pl": _("польська"),
    }.get(value, value)


@_remembered
def route(value: str, _: Gettext) -> str:
    return {
        "nmt": _("НМТ"),
        "interview": _("співбесіда замість НМТ"),
        "quota_1": _("квота-1"),
        "quota_2": _("квота-2"),
        "earlier_degree": _("на основі здобутого диплома"),
        "contract": _("контракт"),
        "voucher": _("навчання за ваучером"),
    }.get(value, value)


@_remembered
def funding(value: str, _: Gettext) -> str:
    return {
        "budget": _("є бюджетні місця"),
        "contract": _("контракт"),
        "free": _("безкоштовно"),
        "paid": _("платно"),
        "state": _("платить держава"),
    }.get(value, value)


@_remembered
def state(value: str, _: Gettext) -> str:
    return {
        "running": _("діє"),
        "unverified": _("не перевірено"),
        "closed": _("закрито"),
    }.get(value, value)


@_remembered
def place_topic(value: str, _: Gettext) -> str:
    return {
        "shelter": _("Укриття"),
        "accessibility": _("Доступність будівель"),
        "dormitory": _("Гуртожиток"),
        "backup_power": _("Живлення під час відключень"),
    }[value]


@_remembered
def yes_no(value: str, _: Gettext) -> str:
    return {"yes": _("є"), "no": _("немає"), "partly": _("частково")}.get(value, value)


@_remembered
def facet_name(facet: str, _: Gettext) -> str:
    return {
        "kind": _("Що шукаєте"),
        "institution": _("Заклад"),
        "city": _("Місто"),
        "region": _("Область"),
        "speciality": _("Спеціальність"),
        "degree": _("Рівень"),
        "form": _("Форма навчання"),
        "format": _("Формат"),
        "language": _("Мова викладання"),
        "funding": _("Хто платить"),
        "status": _("Стан"),
        "shelter": _("Укриття"),
        "route": _("Двері до вступу"),
    }[facet]


@_remembered
def sort_name(value: str, _: Gettext) -> str:
    return {
        "relevance": _("Найближчі до запиту"),
        "title": _("За назвою"),
        "price": _("Ціна, від нижчої"),
        "score": _("Бал на бюджет, від нижчого"),
        "fresh": _("Найсвіжіші дані"),
    }[value]


@_remembered
def offer_type(value: str | None, _: Gettext) -> str | None:
    """What is competed for."""
    return {
        "open": _("відкритий, є бюджет"),
        "fixed": _("фіксований, є бюджет"),
        "contract": _("лише контракт"),
    }.get(value or "")


@_remembered
def entry_base(code: int | None, _: Gettext) -> str | None:
    """EDEBO's entry base in words."""
    return {
        30: _("базова середня освіта"),
        40: _("повна загальна середня освіта"),
        510: _("кваліфікований робітник"),
        520: _("молодший спеціаліст"),
        530: _("фаховий молодший бакалавр"),
        610: _("молодший бакалавр"),
        620: _("бакалавр"),
        640: _("магістр"),
    }.get(code or 0)


@_remembered
def subject(code: str, _: Gettext) -> str:
    return {
        "ukrainian": _("Українська мова"),
        "mathematics": _("Математика"),
        "history": _("Історія України"),
        "ukrainian_literature": _("Українська література"),
        "foreign_language": _("Іноземна мова"),
        "biology": _("Біологія"),
        "geography": _("Географія"),
        "physics": _("Фізика"),
        "chemistry": _("Хімія"),
        "creative": _("Творчий конкурс"),
    }.get(code, code)


class Words:
    """Names of filter values in the page's language. `institutions`: EDEBO id -> short name."""

    def __init__(self, lang: Lang, gettext: Gettext, institutions: Mapping[str, str]) -> None:
        self.lang = lang
        self._ = gettext
        self.institutions = institutions

    def value(self, facet: str, value: str) -> str:
        _ = self._
        if value == "unknown":
            return _("невідомо")
        if facet == "city":
            return places.city_name(value, self.lang)
        if facet == "region":
            return places.region_name(value, self.lang)
        if facet == "institution":
            return self.institutions.get(value, value)
        if facet == "speciality":
            found = specialities.find(value)
            return f"{value} · {found.name(self.lang)}" if found else value
        namer: Callable[[str, Gettext], str | None] | None = {
            "kind": kind_many,
            "degree": degree,
            "form": form,
            "format": format_,
            "language": language,
            "funding": funding,
            "route": route,
            "shelter": yes_no,
            "status": state,
        }.get(facet)
        return (namer(value, _) if namer else None) or value
