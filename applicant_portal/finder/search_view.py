"""An answer of the search -> what its page shows: the sentence, chips, filters, cards, ways on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from markupsafe import Markup

from applicant_portal.catalogue import places
from applicant_portal.finder import words
from applicant_portal.finder.params import SearchParams
from applicant_portal.finder.service import Found, Relaxation
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Gettext, Lang, Ngettext, localized
from search.schema import SORTS

# Filters in the order people ask for them. The region stays in the address: the city says it better.
SHOWN_FACETS = (
    "kind", "city", "institution", "degree", "speciality", "form", "format", "funding", "route", "shelter",
    "language", "status",
)  # fmt: skip
FIRST_VALUES = 7

DrawTicks = Callable[[str, list[tuple[str, int, bool]], words.Words], Markup]


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One filter of the panel."""

    legend: str
    ticks: Markup
    more_url: str | None
    hint: str | None


@dataclass(frozen=True, slots=True)
class Pager:
    """Numbers to click: (number, address), None for a gap."""

    pages: Sequence[tuple[int | None, str | None]]
    current: int
    prev_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class SearchView:
    """All that pages/search.html draws."""

    heading: str
    params: SearchParams
    action: str
    total: int
    cards: Sequence[Markup]
    beside: Sequence[Markup]
    chips: Sequence[tuple[str, str]]
    reset_url: str
    groups: Sequence[FacetGroup]
    hidden: Sequence[tuple[str, str]]
    sorts: Sequence[tuple[str, str]]
    pager: Pager | None
    understood: tuple[str, str, str] | None
    read_filters: tuple[Sequence[str], str] | None
    left_out: Sequence[str]
    cut: bool
    unknown_words: Sequence[str]
    relaxations: Sequence[tuple[str, str, str]]
    nearest: Sequence[Markup]
    for_veterans: bool


def view(
    found: Found,
    asked: SearchParams,
    cards: Sequence[Markup],
    beside: Sequence[Markup],
    nearest: Sequence[Markup],
    *,
    lang: Lang,
    gettext: Gettext,
    ngettext: Ngettext,
    institutions: Mapping[str, str],
    all_of: str,
    draw_ticks: DrawTicks,
) -> SearchView:
    """The page of an answer. `asked`: what the address says; `cards`: the hits as HTML; `beside`: those
    that come close; `nearest`: those of the rescue; `all_of`: the filter shown in full; `draw_ticks`:
    (filter, its values, names) -> their boxes as HTML."""
    params, result = found.params, found.result
    names = words.Words(lang, gettext, institutions)
    action = localized("/search", lang)
    rescue = found.rescue
    return SearchView(
        heading=heading(params, result.total, names, ngettext),
        params=params,
        action=action,
        total=result.total,
        cards=cards,
        beside=beside,
        chips=_chips(params, names, action),
        reset_url=params.without_filters().address(action),
        groups=_groups(params, result.facets, names, action, all_of, draw_ticks),
        hidden=_hidden(params),
        sorts=[(sort, words.sort_name(sort, gettext)) for sort in SORTS],
        pager=pager(params, result.total, action),
        understood=(result.understood.query, asked.text, replace(asked, exact=True, page=1).address(action))
        if result.understood.changed and not params.exact
        else None,
        read_filters=_read_filters(found, asked, names, action),
        left_out=found.left_out,
        cut=result.understood.cut,
        unknown_words=result.understood.unknown_words,
        relaxations=[_relaxation(item, names, action, ngettext) for item in rescue.relaxations]
        if rescue
        else (),
        nearest=nearest,
        for_veterans=_has_programmes(params, result.facets["kind"]),
    )


def _has_programmes(params: SearchParams, kinds: Mapping[str, int]) -> bool:
    chosen = params.filters.get("kind")
    return bool(kinds.get("programme")) and (not chosen or "programme" in chosen)


def heading(params: SearchParams, total: int, names: words.Words, ngettext: Ngettext) -> str:
    """The sentence that says what was found: «6 програм у Харкові за запитом «комп’ютерні науки»»."""
    _ = names._
    kinds = params.filters.get("kind", ())
    cities = [city for city in params.filters.get("city", ()) if city != "unknown"]
    where = places.in_city(cities[0], names.lang) if len(cities) == 1 else ""
    values = {"n": typography.number(total, names.lang), "where": where, "query": params.text}
    if total == 0:
        return _nothing(params, where, _)
    what = _counted(kinds[0] if len(kinds) == 1 else "", total, ngettext) % values
    values["what"] = what
    if where and params.text:
        return _("%(what)s %(where)s за запитом «%(query)s»") % values
    if where:
        return _("%(what)s %(where)s") % values
    if params.text:
        return _("%(what)s за запитом «%(query)s»") % values
    if not params.filters:
        return _("Усі програми, курси й шляхи: %(n)s") % values
    return what


def _read_filters(
    found: Found, asked: SearchParams, names: words.Words, action: str
) -> tuple[Sequence[str], str] | None:
    """The filters that were read out of the words, and the address of the search for the words themselves."""
    if not found.read_filters:
        return None
    labels = [names.value(facet, value) for facet, values in found.read_filters.items() for value in values]
    return labels, replace(asked, exact=True, page=1).address(action)


def _counted(kind: str, total: int, ngettext: Ngettext) -> str:
    if kind == "programme":
        return ngettext("%(n)s програма", "%(n)s програм", total)
    if kind == "course":
        return ngettext("%(n)s курс", "%(n)s курсів", total)
    if kind == "track":
        return ngettext("%(n)s шлях для ветеранів", "%(n)s шляхів для ветеранів", total)
    return ngettext("%(n)s результат", "%(n)s результатів", total)


def _nothing(params: SearchParams, where: str, _: Gettext) -> str:
    values = {"where": where, "query": params.text}
    if where and params.text:
        return _("Поки немає нічого %(where)s за запитом «%(query)s»") % values
    if params.text:
        return _("Поки немає нічого за запитом «%(query)s»") % values
    return _("Поки немає нічого з такими фільтрами")


def _chips(params: SearchParams, names: words.Words, action: str) -> list[tuple[str, str]]:
    chips = []
    for facet, values in params.filters.items():
        for value in values:
            label = names.value(facet, value)
            if value == "unknown":
                label = f"{words.facet_name(facet, names._)}: {label}"
            chips.append((label, params.without(facet, value).address(action)))
    return chips


def _groups(
    params: SearchParams,
    facets: Mapping[str, Mapping[str, int]],
    names: words.Words,
    action: str,
    all_of: str,
    draw: DrawTicks,
) -> list[FacetGroup]:
    groups = []
    for facet in SHOWN_FACETS:
        chosen = params.filters.get(facet, ())
        counts = facets[facet]
        shown = _shown_values(counts, chosen, every=facet == all_of)
        if shown in ([], ["unknown"]) and not chosen:
            continue
        more = None
        if not counts.keys() <= set(shown):
            more = f"{params.with_page(1).address(action, all=facet)}#filters"
        ticks = [(value, counts.get(value, 0), value in chosen) for value in shown]
        groups.append(
            FacetGroup(
                words.facet_name(facet, names._),
                draw(facet, ticks, names),
                more,
                names._("«Невідомо» — не «немає». Запитайте приймальну комісію.")
                if facet == "shelter" and "unknown" in counts
                else None,
            )
        )
    return groups


def _shown_values(counts: Mapping[str, int], chosen: Sequence[str], *, every: bool) -> list[str]:
    """The values of a filter in their order: the most common first, as engines give them, then what was
    chosen besides; the unknown come last, also where they are the most."""
    first = None if every or len(counts) <= FIRST_VALUES + 1 else FIRST_VALUES
    known = (value for value in counts if value != "unknown")
    shown = list(islice(known, first))
    also = {value for value in chosen if value != "unknown"}.difference(shown)
    shown += sorted(also, key=lambda value: (-counts.get(value, 0), value))
    return shown + ["unknown"] * ("unknown" in counts or "unknown" in chosen)


def _hidden(params: SearchParams) -> list[tuple[str, str]]:
    """Filters that the panel does not show must not be lost when the form is sent."""
    return [
        (facet, value)
        for facet, values in params.filters.items()
        if facet not in SHOWN_FACETS
        for value in values
    ] + ([("exact", "1")] if params.exact else [])


def pager(params: SearchParams, total: int, action: str) -> Pager | None:
    """Numbers around the current page; None when one page holds all."""
    last = -(-total // params.per_page)
    if last <= 1 and params.page == 1:
        return None
    current = params.page
    address = params.pages(action)
    near = range(max(1, current - 1), min(last, current + 1) + 1)
    numbers = sorted({1, last, *near} if last else {1})
    pages: list[tuple[int | None, str | None]] = []
    for index, number in enumerate(numbers):
        if index and number - numbers[index - 1] > 1:
            pages.append((None, None))
        pages.append((number, address(number)))
    return Pager(
        pages,
        current,
        address(min(current - 1, max(last, 1))) if current > 1 else None,
        address(current + 1) if current < last else None,
    )


def _relaxation(
    item: Relaxation, names: words.Words, action: str, ngettext: Ngettext
) -> tuple[str, str, str]:
    count = ngettext("%(n)s результат", "%(n)s результатів", item.total) % {
        "n": typography.number(item.total, names.lang)
    }
    return relaxation_label(item, names), count, item.params.address(action)


def relaxation_label(item: Relaxation, names: words.Words) -> str:
    """What is given up, in words."""
    _ = names._
    if item.facet == "all":
        return _("шукати без фільтрів")
    if item.facet == "city":
        return _("шукати в усіх містах")
    if item.facet:
        return _("не зважати на фільтр «%(filter)s»") % {"filter": words.facet_name(item.facet, _)}
    if not item.params.text:
        return _("без слів запиту, лише з фільтрами")
    return _("без слова «%(word)s»") % {"word": item.word}
