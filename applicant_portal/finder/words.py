"""The words of the search in both languages: kinds, filters and their values.

Each function takes `_`, the page's gettext, so that the words are translated with the rest.
"""

from collections.abc import Callable

Gettext = Callable[[str], str]


def kind(value: str, _: Gettext) -> str:
    return {"programme": _("Програма"), "course": _("Курс"), "track": _("Шлях для ветеранів")}[value]


def kind_many(value: str, _: Gettext) -> str:
    return {"programme": _("Програми"), "course": _("Курси"), "track": _("Шляхи для ветеранів")}.get(
        value, value
    )


def degree(value: str | None, _: Gettext) -> str | None:
    return {
        "bachelor": _("бакалавр"),
        "master": _("магістр"),
        "phd": _("доктор філософії"),
        "junior_bachelor": _("молодший бакалавр"),
        "professional_junior_bachelor": _("фаховий молодший бакалавр"),
    }.get(value or "")


def form(value: str, _: Gettext) -> str:
    return {
        "full_time": _("денна"),
        "part_time": _("заочна"),
        "evening": _("вечірня"),
        "distance": _("дистанційна"),
        "dual": _("дуальна"),
    }.get(value, value)


def format_(value: str, _: Gettext) -> str:
    return {
        "on_site": _("на місці"),
        "online": _("онлайн"),
        "blended": _("змішаний"),
    }.get(value, value)


def language(value: str, _: Gettext) -> str:
    return {"uk": _("українська"), "en": _("англійська"), "de": _("німецька"), "fr": _("французька")}.get(
        value, value
    )


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


def funding(value: str, _: Gettext) -> str:
    return {
        "budget": _("є бюджетні місця"),
        "contract": _("контракт"),
        "free": _("безкоштовно"),
        "paid": _("платно"),
        "state": _("платить держава"),
    }.get(value, value)


def state(value: str, _: Gettext) -> str:
    return {
        "running": _("діє"),
        "unverified": _("не перевірено"),
        "closed": _("закрито"),
    }.get(value, value)


def yes_no(value: str, _: Gettext) -> str:
    return {"yes": _("є"), "no": _("немає"), "partly": _("частково")}.get(value, value)


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


def sort_name(value: str, _: Gettext) -> str:
    return {
        "relevance": _("Найближчі до запиту"),
        "title": _("За назвою"),
        "price": _("Ціна, від нижчої"),
        "score": _("Бал на бюджет, від нижчого"),
        "fresh": _("Найсвіжіші дані"),
    }[value]
