"""A fact's age in words: the line with the moon under each block of facts."""

from dataclasses import dataclass
from datetime import date

from applicant_portal.catalogue.facts import Age, FactStamp
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Gettext


@dataclass(frozen=True, slots=True)
class StampLine:
    """What the stamp component shows: the moon's shape, one sentence, and the source's address."""

    age: Age
    text: str
    url: str | None = None


def line(stamp: FactStamp | None, today: date, lang: str, _: Gettext) -> StampLine:
    """The sentence for a block of facts. Source and date are named as far as they are known."""
    if stamp is None:
        return StampLine("none", _("Джерело невідоме"))
    age = stamp.age(today)
    source = stamp.source_name or _("джерело невідоме")
    if stamp.as_of is None:
        return StampLine("none", _("%(source)s, дата невідома") % {"source": source}, stamp.source_url)
    when = typography.partial_day(stamp.as_of, lang)
    named = source if when in source else f"{source}, {when}"
    if stamp.origin == "institution" and age == "fresh":
        text = _("Підтвердив заклад, %(when)s") % {"when": when}
    elif age == "stale":
        text = _("%(source)s. Новіших даних не маємо") % {"source": named}
    else:
        text = named
    return StampLine(age, text, stamp.source_url)


def card_line(stamp: FactStamp | None, today: date, kind: str, lang: str, _: Gettext) -> StampLine:
    """The shorter line of a card: the year of the data, and whether this year's admission is confirmed."""
    if stamp is None or stamp.year is None:
        return line(stamp, today, lang, _)
    age = stamp.age(today)
    if age == "fresh" and stamp.origin == "institution":
        return line(stamp, today, lang, _)
    values = {"year": stamp.year, "now": today.year}
    if age == "stale":
        text = _("Дані %(year)d року, новіших не маємо") % values
    elif kind == "programme" and stamp.year < today.year:
        text = _("Дані %(year)d року. Набір %(now)d заклад ще не підтвердив") % values
    elif age == "fresh":
        text = _("Перевірено: %(when)s") % {"when": typography.partial_day(stamp.as_of or "", lang)}
    else:
        text = _("Дані %(year)d року") % values
    return StampLine(age, text)
