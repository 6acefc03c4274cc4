"""What the description of the catalogue's API shows: requests and answers, all tried out by a test. The
institution and its programme are made up; no example says anything of a real one."""

from typing import Any
from urllib.parse import urlencode

from applicant_portal.kit.described import Exchange, exchanges
from applicant_portal.kit.errors import told_problem

LISTING = "p-example001"
PLACEHOLDERS = {LISTING: "The id of a published programme; where a key is asked, of the key's institution."}
NOBODYS = "p-0000000000"

INSTITUTION = {
    "edebo_id": "0000",
    "name": "Навчальний університет «Приклад»",
    "short_name": "НУ «Приклад»",
}
TITLE = "Кібербезпека розподілених систем"
TITLE_EN = "Security of Distributed Systems"
SUMMARY = "Як побудувати мережу й захистити її."
OFFICIAL_URL = "https://example.edu/cybersecurity"
PATH = "/programmes/kiberbezpeka-rozpodilenykh-system-nu-pryklad"
SKILLS = ["networks", "linux"]
PROFESSIONS = ["network-architect", "security-analyst", "system-administrator"]

_WITH_ENGLISH = {**INSTITUTION, "name_en": "Example Training University"}
_STAMP = {
    "as_of": "2026-11-26",
    "origin": "institution",
    "source_name": INSTITUTION["name"],
    "source_url": None,
}
_WORDS = "кібербезпека розподілених систем"
_FACETS = (
    "kind", "institution", "city", "region", "speciality", "degree", "form", "format", "language", "funding",
    "status", "shelter", "route",
)  # fmt: skip
BRIEF: dict[str, Any] = {
    "id": LISTING,
    "kind": "programme",
    "title": TITLE,
    "title_en": TITLE_EN,
    "institution": INSTITUTION,
    "provider": None,
    "city": "Харків",
    "speciality": {"code": "F5", "old_code": "125", "name": "Cybersecurity and Information Protection"},
    "degree": "bachelor",
    "state": "running",
    "url": f"/en{PATH}",
}


def unreadable(field: str, message: str) -> dict[str, Any]:
    """The answer to a parameter that cannot be read."""
    return told_problem(422, "Some parameters cannot be read.", [{"field": field, "message": message}])


def no_such_language(**sent: str) -> Exchange:
    """The answer to a language that there is not."""
    return Exchange(
        "no-such-language",
        422,
        "A language that there is not.",
        unreadable("lang", "Input should be 'uk' or 'en'"),
        {**sent, "lang": "de"},
    )


SEARCH = exchanges(
    Exchange(
        "found",
        200,
        "Words and a filter.",
        {
            "total": 1,
            "page": 1,
            "per_page": 10,
            "engine": "embedded",
            "hits": [{**BRIEF, "highlight": TITLE_EN}],
            "beside": [],
            "facets": {name: {} for name in _FACETS}
            | {"kind": {"programme": 1}, "city": {"Харків": 1}, "degree": {"bachelor": 1}},
            "understood": {
                "query": _WORDS,
                "changed": False,
                "unknown_words": [],
                "filters": {},
                "left_out": [],
            },
            "rescue": None,
        },
        {"q": _WORDS, "degree": ["bachelor"], "per_page": 10, "lang": "en"},
    ),
    Exchange(
        "nothing-found",
        200,
        "Nothing is found: `rescue` has ways on, each with its count.",
        {
            "total": 0,
            "page": 1,
            "per_page": 20,
            "engine": "embedded",
            "hits": [],
            "beside": [],
            "facets": {name: {} for name in _FACETS},
            "understood": {
                "query": _WORDS,
                "changed": False,
                "unknown_words": [],
                "filters": {},
                "left_out": [],
            },
            "rescue": {
                "relaxations": [
                    {
                        "label": "search in all cities",
                        "total": 1,
                        "url": f"/en/search?{urlencode({'q': _WORDS})}",
                    }
                ],
                "nearest": [{**BRIEF, "highlight": TITLE_EN}],
            },
        },
        {"q": _WORDS, "city": ["Полтава"], "lang": "en"},
    ),
    Exchange(
        "too-many-a-page",
        422,
        "More hits on a page than there may be.",
        unreadable("per_page", "Input should be less than or equal to 100"),
        {"per_page": 101},
    ),
)
_OFFER: dict[str, Any] = {
    "edebo_offer_id": None,
    "year": 2026,
    "form": "full_time",
    "entry_base": 40,
    "offer_type": None,
    "licence_volume": 50,
    "budget_places": None,
    "contract_places": 40,
    "price_uah": 50000,
    "regional_coefficient": None,
    "study_from": None,
    "study_to": None,
    "applications_from": "2026-08-01",
    "applications_to": "2026-08-20",
    "subjects": [],
    "stamps": {"offer": _STAMP},
}
LISTING_FACTS = exchanges(
    Exchange(
        "programme",
        200,
        "A programme.",
        {
            "id": LISTING,
            "kind": "programme",
            "title": TITLE,
            "title_en": TITLE_EN,
            "summary": {"uk": SUMMARY, "en": None},
            "institution": _WITH_ENGLISH,
            "provider": None,
            "city": "Харків",
            "region": "Харківська область",
            "languages": ["uk"],
            "format": None,
            "price_uah": 50000,
            "price_year": 2026,
            "duration": {"uk": None, "en": None},
            "official_url": OFFICIAL_URL,
            "state": "running",
            "synthetic": False,
            "url": f"/en{PATH}",
            "skills": SKILLS,
            "professions": PROFESSIONS,
            "routes": [
                {"route": "contract", "basis": "rule", "year": 2025},
                {"route": "interview", "basis": "rule", "year": 2026},
                {"route": "nmt", "basis": "rule", "year": 2026},
            ],
            "stamps": dict.fromkeys(("place", "price", "record"), _STAMP),
            "updated_at": "2026-11-26T10:00:00+00:00",
            "degree": "bachelor",
            "speciality": "F5",
            "old_speciality": "125",
            "forms": ["full_time"],
            "faculty": "Факультет прикладів",
            "department": None,
            "record_level": "programme",
            "offers": [_OFFER],
            "results": [],
        },
        {"listing_id": LISTING, "lang": "en"},
    ),
    Exchange(
        "not-there",
        404,
        "An id that no published listing has.",
        told_problem(404, "Not Found"),
        {"listing_id": NOBODYS},
    ),
    no_such_language(listing_id=LISTING),
)
INSTITUTIONS = exchanges(
    Exchange(
        "by-name",
        200,
        "A part of the name.",
        {
            "total": 1,
            "page": 1,
            "per_page": 100,
            "institutions": [
                {
                    **_WITH_ENGLISH,
                    "city": "Харків",
                    "region": "Харківська область",
                    "site": "https://example.edu",
                    "url": "/universities/pryklad",
                }
            ],
        },
        {"q": "приклад"},
    ),
    no_such_language(),
)
SUGGEST = exchanges(
    Exchange(
        "title",
        200,
        "The beginning of a title.",
        {
            "query": "кібербезпека розп",
            "suggestions": [
                {"kind": "listing", "label": TITLE, "detail": "Програма · НУ «Приклад»", "url": PATH}
            ],
        },
        {"q": "кібербезпека розп", "limit": 5},
    ),
    Exchange(
        "none-wanted",
        422,
        "Fewer suggestions than one.",
        unreadable("limit", "Input should be greater than or equal to 1"),
        {"q": "кібербезпека", "limit": 0},
    ),
)
CHANGES = exchanges(
    Exchange(
        "since",
        200,
        "What changed since a moment. Go on at `next`, later too: it never ends.",
        {
            "changes": [
                {
                    "id": LISTING,
                    "kind": "programme",
                    "change": "updated",
                    "at": "2026-11-26T10:00:00+00:00",
                    "url": PATH,
                }
            ],
            "next": "/api/v1/changes?after=1024&limit=1&lang=uk",
            "more": True,
        },
        {"since": "2026-11-25T10:00:00Z", "limit": 1},
    ),
    Exchange(
        "unreadable-moment",
        422,
        "A moment that is none.",
        unreadable("since", "Write a moment as 2026-11-25T10:00:00Z"),
        {"since": "yesterday"},
    ),
    Exchange(
        "forgotten",
        410,
        "A place that the log has forgotten: it reaches back about 30 days.",
        told_problem(
            410,
            "The log reaches back about 30 days and no further: read the whole catalogue again, then go on "
            "from now.",
        ),
        {"after": 1},
    ),
)
