"""Speciality codes, old (2015) and new (2024): both are understood, the new one is shown.

Source: Cabinet resolutions 266 of 2015 and 1021 of 30.08.2024, as listed in seed_data/specialities*.csv.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache

from applicant_portal.catalogue.naming import clean, fold_code
from applicant_portal.settings import SEED_DATA


@dataclass(frozen=True, slots=True)
class Speciality:
    """A speciality of the list in force. `is_it`: "yes" (field F), "near" or "no"."""

    code: str
    old_codes: tuple[str, ...]
    name_uk: str
    name_en: str | None
    field_code: str
    field_name: str
    is_it: str

    @property
    def old_code(self) -> str | None:
        return self.old_codes[0] if self.old_codes else None

    def name(self, lang: str) -> str:
        return (self.name_en if lang == "en" else None) or self.name_uk


@dataclass(frozen=True, slots=True)
class Codes:
    """A speciality in the two lists: `new` is F3, `old` is 122; each may be unknown."""

    new: str | None
    old: str | None

    @property
    def key(self) -> str | None:
        """What stands for the speciality in a programme's identity: the new code where there is one."""
        return self.new or self.old


class UnknownCode(ValueError):
    """A code in neither list."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@cache
def new_list() -> dict[str, Speciality]:
    """Every code of the new list -> its speciality."""
    with (SEED_DATA / "specialities.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Speciality(
                code=row["code"],
                old_codes=tuple(filter(None, row["old_codes"].split(";"))),
                name_uk=clean(row["name_uk"]),
                name_en=row["name_en"] or None,
                field_code=row["field_code"],
                field_name=row["field_name_uk"],
                is_it=row["is_it"],
            )
            for row in csv.DictReader(file)
        }


@cache
def old_list() -> dict[str, tuple[str, str | None]]:
    """Every code of the old list -> (its name, the new code where it is known)."""
    with (SEED_DATA / "specialities_old.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (clean(row["name_uk"]), row["new_code"] or None) for row in csv.DictReader(file)}


def it_specialities() -> list[Speciality]:
    """The specialities of field F, in order of code."""
    return [found for found in new_list().values() if found.is_it == "yes"]


def find(code: str) -> Speciality | None:
    """The speciality behind an old or a new code in any spelling («Ф3», «f3», «122»), or None.

    An old code without a known successor answers None here; `known` tells it from a made-up one.
    """
    folded = fold_code(code)
    found = new_list().get(folded)
    if found is None and folded in old_list():
        found = new_list().get(old_list()[folded][1] or "")
    return found


def known(code: str) -> bool:
    """Whether the code stands in either list."""
    folded = fold_code(code)
    return folded in new_list() or folded in old_list()


@cache
def texts() -> dict[str, dict[str, str]]:
    """Code -> {"study_uk", "study_en", "work_uk", "work_en"}: what one studies and where one works."""
    return tomllib.loads((SEED_DATA / "speciality_texts.toml").read_text(encoding="utf-8"))


def codes(raw: str | None) -> Codes:
    """Both codes of a speciality given by either, in any spelling. Raises `UnknownCode` for a made-up one."""
    if not raw:
        return Codes(None, None)
    folded = fold_code(raw)
    found = find(folded)
    if found is not None:
        return Codes(found.code, folded if folded != found.code else found.old_code)
    if known(folded):
        return Codes(None, folded)
    base, dot, _ = folded.partition(".")
    if dot and known(base):
        return codes(base)
    raise UnknownCode(folded)
