"""The columns of a spreadsheet of listings, and what a line of one says.

A line speaks of one listing: of the one with its number, else of the one with its title (and degree and
speciality). Where its columns of admission are filled, it speaks of one offer of the programme as well. An
empty cell says nothing; a dash says that the value is not known any more.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from applicant_portal.catalogue.naming import fold_name
from applicant_portal.kit import i18n
from applicant_portal.kit.i18n import N_, Gettext
from applicant_portal.workspace import fields, wording
from applicant_portal.workspace.fields import Field
from applicant_portal.workspace.sheets import UNSEEN_FORMULA, without_guard

ID, KIND = "id", "kind"
OFFER = "offer."
KINDS = ("programme", "course")
OFFER_ID = "offer.edebo_offer_id"
IDENTITY = (
    ID,
    "title",
    "degree",
    "speciality",
    *(f"{OFFER}{name}" for name in ("year", "form", "entry_base", "offer_type")),
)
"""By these a line says which listing it means, and which offer of it."""
_OFFER_ID_LABEL = N_("Вступ: номер у ЄДЕБО")
_ID_LABEL, _KIND_LABEL, _OFFER_LABEL = N_("Номер запису"), N_("Що це"), N_("Вступ: %(field)s")
_KIND_WORDS = {"programme": N_("Програма"), "course": N_("Курс")}
_DASHES = frozenset("-–—−")
_SHEET_ERRORS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
# A text that is nothing but one of these has ' before it.
_SAYS_MORE = _DASHES | _SHEET_ERRORS | {UNSEEN_FORMULA}
_BETWEEN = re.compile(r"\s*[;,\n]\s*")
# Other names that officers' own sheets have for them.
_ALIASES = {
    "id": ("№ запису", "код запису"),
    "title": ("назва програми", "назва освітньої програми", "освітня програма", "назва курсу"),
    "degree": ("ступінь", "освітній ступінь", "рівень"),
    "speciality": ("код спеціальності", "шифр спеціальності"),
    "official_url": ("сайт", "посилання", "сторінка програми"),
    "offer.year": ("рік", "вступ: рік"),
    "offer.price_uah": ("вартість", "вартість навчання", "вартість навчання за рік", "ціна за рік"),
    "offer.licence_volume": ("ліцензований обсяг", "ліцензійний обсяг"),
    "offer.budget_places": ("бюджетні місця",),
    "offer.contract_places": ("контрактні місця",),
}
# What officers and EDEBO call the values beside the portal's own words.
_FORM_WORDS = {
    "full_time": ("очна", "очна (денна)", "денна (очна)"),
    "part_time": ("заочна форма",),
    "distance": ("дистанційна (заочна)",),
}
_USUAL_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "degree": {
        "bachelor": ("бакалаврат", "перший (бакалаврський)", "перший (бакалаврський) рівень"),
        "master": ("магістратура", "другий (магістерський)", "другий (магістерський) рівень"),
        "phd": ("аспірантура", "третій (освітньо-науковий)", "третій (освітньо-науковий) рівень"),
    },
    "form": _FORM_WORDS,
    "forms": _FORM_WORDS,
    "entry_base": {"40": ("ПЗСО", "повна загальна середня освіта (ПЗСО)"), "30": ("БЗСО",)},
    "offer_type": {
        "open": ("відкрита",),
        "fixed": ("фіксована",),
        "contract": ("небюджетна", "контракт"),
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """`name`: "id", "kind", a field's name, or "offer." and the name of an offer's field."""

    name: str
    field: Field | None

    def label(self, _: Gettext) -> str:
        if self.field is None:
            return _({ID: _ID_LABEL, KIND: _KIND_LABEL, OFFER_ID: _OFFER_ID_LABEL}[self.name])
        own = _(self.field.label)
        if self.name.startswith(OFFER) and self.name != f"{OFFER}year":
            return _(_OFFER_LABEL) % {"field": own[:1].lower() + own[1:]}
        return own


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a cell of a line; `column` None: with the line as a whole."""

    column: str | None
    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def said(self, _: Gettext) -> str:
        """The sentence in a language, with the values that there are in words."""
        params = dict(self.params)
        own = columns().get(self.column or "")
        if own is not None and own.field is not None and isinstance(params.get("values"), list):
            params["values"] = ", ".join(wording.word(own.field, one, _) for one in params["values"])
        return _(self.sentence) % params if params else _(self.sentence)

    def as_json(self) -> list[Any]:
        return [self.column, self.sentence, dict(self.params)]


@dataclass(slots=True)
class Says:
    """What a line says: raw values by the name of their field, as a form sends them; None empties one."""

    id: str | None = None
    kind: str | None = None
    offer_id: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Skills and professions by what people call them, folded."""

    skills: Mapping[str, str]
    professions: Mapping[str, str]


@cache
def columns() -> Mapping[str, Column]:
    """Every column that a sheet may have, in the order of the template."""
    found = [Column(ID, None), Column(KIND, None)]
    for kind in KINDS:
        for one in fields.of_kind(kind).values():
            if one.name not in {column.name for column in found} and one.type.name != "pairs":
                found.append(Column(one.name, one))
    found += [Column(one.name, one) for one in fields.TIES]
    found.append(Column(OFFER_ID, None))
    found += [Column(f"{OFFER}{name}", one) for name, one in fields.of_offer().items()]
    return {column.name: column for column in found}


@cache
def _by_heading() -> Mapping[str, Column]:
    found: dict[str, Column] = {}
    for name, column in columns().items():
        own = [name, *_ALIASES.get(name, ())]
        own += [column.label(i18n.translations(lang).gettext) for lang in i18n.LANGUAGES]
        if name.startswith(OFFER):
            bare = name.removeprefix(OFFER)
            own += [f"offer_{bare}", f"offers.{bare}", bare]
            if column.field is not None:
                own += [i18n.translations(lang).gettext(column.field.label) for lang in i18n.LANGUAGES]
        for heading in own:
            # «Форма навчання» is the programme's, which comes first; the offer's has «Вступ:» before it.
            found.setdefault(_fold(heading), column)
    return found


def _fold(heading: str) -> str:
    return fold_name(heading.replace("_", " ").replace(".", " "))


def of_heading(heading: str) -> Column | None:
    """The column that a heading means: the name of its field, or its label in either language."""
    return _by_heading().get(_fold(heading))


def read_line(headings: Sequence[Column | None], cells: Sequence[str], dictionary: Dictionary) -> Says:
    """What the cells say under these columns; those under None are passed over."""
    says = Says()
    if any(cell for cell in cells[len(headings) :]):
        says.flaws.append(Flaw(None, N_("У рядку більше клітинок, ніж у файлі заголовків")))
    for column, cell in zip(headings, cells, strict=False):
        text = without_guard(cell.strip())
        if column is None or not text:
            continue
        if text == UNSEEN_FORMULA:
            says.flaws.append(
                Flaw(column.name, N_("Тут формула, якої таблиця не порахувала: впишіть саме значення"))
            )
        elif text in _SHEET_ERRORS:
            says.flaws.append(Flaw(column.name, N_("Тут помилка таблиці: впишіть саме значення")))
        else:
            told = None if text in _DASHES else text[1:] if _is_literal(text) else text
            _read_cell(says, column, told, dictionary)
    if f"{OFFER}form" not in {column.name for column in headings if column is not None}:
        _follow_form(says)
    return says


def _read_cell(says: Says, column: Column, text: str | None, dictionary: Dictionary) -> None:
    if column.name == ID:
        says.id = text
        return
    if column.name == OFFER_ID:
        says.offer_id = text
        return
    if column.name == KIND:
        says.kind = _kind(text)
        if text is not None and says.kind is None:
            says.flaws.append(Flaw(KIND, N_("Напишіть «програма» або «курс»")))
        return
    one = column.field
    assert one is not None  # noqa: S101 (only those above have none)
    try:
        raw = _raw(one, text, dictionary)
    except LookupError:
        values = list(getattr(one.type, "values", ()))
        says.flaws.append(
            Flaw(column.name, N_("Такого значення немає. Можна: %(values)s"), {"values": values})
        )
        return
    if column.name.startswith(OFFER):
        says.offer[one.name] = raw
    else:
        says.values[one.name] = raw


def _is_literal(text: str) -> bool:
    return text.startswith("'") and text.lstrip("'") in _SAYS_MORE


def _follow_form(says: Says) -> None:
    """A sheet with one column of forms means the offer's as well."""
    forms = says.values.get("forms")
    if says.offer and "form" not in says.offer and isinstance(forms, list) and len(forms) == 1:
        says.offer["form"] = forms[0]


def _kind(text: str | None) -> str | None:
    folded = fold_name(text or "")
    for kind, said in _KIND_WORDS.items():
        if folded in {kind, *(fold_name(i18n.translations(lang).gettext(said)) for lang in i18n.LANGUAGES)}:
            return kind
    return None


def _raw(one: Field, text: str | None, dictionary: Dictionary) -> Any:
    """The text as the field's type reads it. Raises LookupError for a value that it has no word for."""
    name = one.type.name
    if text is None:
        return [] if name in ("several", "keys") else None
    if name == "one":
        return _value_of(one)[fold_name(text)]
    if name == "several":
        return [_value_of(one)[fold_name(part)] for part in _BETWEEN.split(text) if part]
    if name == "keys":
        known = dictionary.skills if one.name == "skills" else dictionary.professions
        # A comma may stand inside a name, and a name that nobody knows is for the listing to refuse.
        parts = [part for part in re.split(r"\s*[;\n]\s*", text) if part]
        if len(parts) == 1 and fold_name(parts[0]) not in known:
            parts = [part for part in _BETWEEN.split(text) if part]
        return [known.get(fold_name(part), part) for part in parts]
    if name == "speciality":
        # «F3 Комп’ютерні науки»: the code says it all.
        found = re.match(r"[^\W\d_]?\d{1,3}(?:\.\d+)?(?=\s)", text)
        return found[0] if found else text
    return text


@cache
def _value_of(one: Field) -> Mapping[str, Any]:
    """What a field can hold by its code and by its words in both languages, folded."""
    found: dict[str, Any] = {}
    for value in one.type.values:  # type: ignore[attr-defined]
        for lang in i18n.LANGUAGES:
            found[fold_name(wording.word(one, value, i18n.translations(lang).gettext))] = str(value)
        found[fold_name(str(value))] = str(value)
    for value, names in _USUAL_WORDS.get(one.name, {}).items():
        found |= {fold_name(name): value for name in names}
    return found


def cell(column: Column, value: Any, _: Gettext, names: Mapping[str, str]) -> str:
    """A value, as JSON has it, as a cell of a sheet says it; `read_line` reads it back. `names`: skills and
    professions by key."""
    one = column.field
    if value is None or one is None:
        return "" if value is None else _(_KIND_WORDS.get(value, value))
    if isinstance(value, bool):
        return _("так") if value else _("ні")
    if isinstance(value, list):
        if one.type.name == "keys":
            return "; ".join(names.get(key, key) for key in value)
        return "; ".join(wording.word(one, item, _) for item in value)
    if one.type.name == "one":
        return wording.word(one, value, _)
    text = str(value)
    return f"'{text}" if text in _SAYS_MORE or _is_literal(text) else text
