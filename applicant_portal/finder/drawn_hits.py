"""Hits of the JSON search, written once for each listing but for what a question marks in the title."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from applicant_portal.finder.cards import shown_title
from applicant_portal.finder.drawn_cards import marked
from applicant_portal.finder.kept_parts import KeptParts
from applicant_portal.kit.i18n import Lang, localized
from search.highlight import Marking
from search.query import Hit

MOST_KEPT = 10_000
"""Some 1 KB each."""


class _Written(NamedTuple):
    """JSON of a hit up to the value of its last field, `highlight`."""

    title: Marking
    before: bytes


class DrawnHits:
    """Kept hits of one process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._parts: KeptParts[tuple[Lang, Hashable], _Written] = KeptParts(MOST_KEPT)

    def written(
        self, hits: Iterable[Hit], terms: frozenset[str], *, generation: str, lang: Lang
    ) -> Sequence[orjson.Fragment]:
        """The hits of an answer as JSON, `terms` marked in `highlight`."""
        kept = self._parts.of(generation)
        written = []
        for hit in hits:
            key = lang, hit.key
            one = kept.get(key) or self._parts.add(kept, key, partial(_write, hit, lang))
            title = orjson.dumps(marked(one.title.fragments(terms)))
            written.append(orjson.Fragment(b"%b%b}" % (one.before, title)))
        return written


def _write(hit: Hit, lang: Lang) -> _Written:
    listing_id, payload = hit.read()
    written = orjson.dumps(fields(listing_id, payload, lang))
    return _Written(Marking(shown_title(payload, lang)), written.removesuffix(b"}") + b',"highlight":')


def fields(listing_id: str, payload: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """What the JSON answers say of a listing, from its stored document."""
    institution: Mapping[str, Any] | None = payload["institution"]
    speciality: Mapping[str, Any] | None = payload.get("speciality")
    return {
        "id": listing_id,
        "kind": payload["kind"],
        "title": payload["title"],
        "title_en": payload["title_en"],
        "institution": institution and {key: institution[key] for key in ("edebo_id", "name", "short_name")},
        "provider": payload["provider"],
        "city": payload["city"],
        "speciality": speciality
        and {
            "code": speciality["code"],
            "old_code": speciality["old_code"],
            "name": (speciality["name_en"] if lang == "en" else None) or speciality["name"],
        },
        "degree": payload.get("degree"),
        "state": payload["state"],
        "url": localized(payload["path"], lang),
    }
