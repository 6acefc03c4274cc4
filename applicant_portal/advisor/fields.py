"""Names of the fields of study that interests lean to."""

import tomllib
from collections.abc import Mapping
from functools import cache

from applicant_portal.kit.i18n import Lang
from applicant_portal.settings import SEED_DATA


@cache
def _fields() -> Mapping[str, Mapping[str, str]]:
    with (SEED_DATA / "advisor_fields.toml").open("rb") as file:
        return {row["key"]: row for row in tomllib.load(file)["field"]}


def field_name(key: str, lang: Lang) -> str:
    """A field's name in a language; it stands after "direction", in lower case."""
    return _fields()[key][f"name_{lang}"]
