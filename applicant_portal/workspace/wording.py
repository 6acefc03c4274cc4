"""Values of a field in words, for screens and spreadsheets."""

from collections.abc import Mapping
from typing import Any

from applicant_portal.finder import words
from applicant_portal.kit.i18n import Gettext
from applicant_portal.workspace.fields import Field


def word(field: Field, value: Any, _: Gettext) -> str:
    """One of the values that the field can have; whatever has no word of its own is told as it is."""
    said: str | None = None
    if field.name == "degree":
        said = words.degree(value, _)
    elif field.name in ("forms", "form"):
        said = words.form(value, _)
    elif field.name == "format":
        said = words.format_(value, _)
    elif field.name == "languages":
        said = words.language(value, _)
    elif field.name == "entry_base":
        said = words.entry_base(value, _)
    elif field.name == "state":
        said = words.state(value, _)
    elif field.name == "offer_type":
        said = words.offer_type(value, _)
    else:
        said = _others(field.name, _).get(str(value))
    return said or str(value)


def _others(name: str, _: Gettext) -> Mapping[str, str]:
    if name == "provider_kind":
        return {
            "open_platform": _("відкрита платформа"),
            "company_academy": _("академія компанії"),
            "university": _("університет"),
            "ngo": _("громадська організація"),
            "private_school": _("приватна школа"),
            "state": _("державна установа"),
        }
    if name == "pace":
        return {"self_paced": _("у своєму темпі"), "scheduled": _("за розкладом")}
    if name == "funding":
        return {"state": _("платить держава"), "free": _("безкоштовно")}
    return {}
