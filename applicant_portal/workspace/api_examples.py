"""What the description of the workspace's API shows, about the made-up institution of the catalogue."""

from collections.abc import Mapping
from typing import Any

from applicant_portal.finder.api_examples import (
    INSTITUTION,
    LISTING,
    NOBODYS,
    OFFICIAL_URL,
    PATH,
    PROFESSIONS,
    SKILLS,
    SUMMARY,
    TITLE,
    TITLE_EN,
    unreadable,
)
from applicant_portal.kit.described import Exchange, exchanges
from applicant_portal.kit.errors import told_problem

DRAFT = "p-example002"
ETAG = '"5f0c9b1e7a3d4c2b8e6f0a1d2c3b4e5f6a7b8c9d"'
FORMER_ETAG = '"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"'
PLACEHOLDERS = {
    DRAFT: "The id of a draft of the key's institution that has a title and nothing else.",
    ETAG: f"The ETag that GET gives for {LISTING} now.",
}

_CONFIRMED = {"as_of": "2026-11-26", "by": INSTITUTION["name"], "origin": "institution"}
PROGRAMME: dict[str, Any] = {
    "id": LISTING,
    "kind": "programme",
    "visibility": "published",
    "state": "running",
    "url": PATH,
    "institution": INSTITUTION,
    "fields": {
        "title": TITLE,
        "title_en": TITLE_EN,
        "degree": "bachelor",
        "speciality": "F5",
        "forms": ["full_time"],
        "faculty": "Факультет прикладів",
        "department": None,
        "languages": ["uk"],
        "summary_uk": SUMMARY,
        "summary_en": None,
        "description_uk": None,
        "description_en": None,
        "duration_uk": None,
        "duration_en": None,
        "state": "running",
        "price_uah": 50000,
        "price_year": 2026,
        "format": None,
        "city": "Харків",
        "region": "Харківська область",
        "official_url": OFFICIAL_URL,
    },
    "offers": [
        {
            "id": 1024,
            "year": 2026,
            "form": "full_time",
            "entry_base": 40,
            "offer_type": None,
            "licence_volume": 50,
            "budget_places": None,
            "contract_places": 40,
            "price_uah": 50000,
            "study_from": None,
            "study_to": None,
            "applications_from": "2026-08-01",
            "applications_to": "2026-08-20",
        }
    ],
    "skills": SKILLS,
    "professions": PROFESSIONS,
    "completeness": {
        "filled": 13,
        "of": 17,
        "missing": ["summary_en", "description_uk", "duration_uk", "format"],
    },
    "confirmed": dict.fromkeys(("title", "price_uah", "offers.1024.contract_places"), _CONFIRMED),
}
_PRICE = {"fields": {"price_uah": 52000, "price_year": 2026}}
_WITH_PRICE = PROGRAMME | {"fields": PROGRAMME["fields"] | _PRICE["fields"]}
_COURSE = {
    "kind": "course",
    "fields": {"title": "Основи мереж для початківців", "languages": ["uk"], "format": "online"},
    "skills": ["networks"],
}
_COURSE_DRAFT = {
    "id": "c-example003",
    "kind": "course",
    "visibility": "draft",
    "state": "unverified",
    "url": "/courses/osnovy-merezh-dlia-pochatkivtsiv-nu-pryklad",
    "institution": INSTITUTION,
    "fields": {
        "title": "Основи мереж для початківців",
        "title_en": None,
        "provider": None,
        "provider_kind": None,
        "languages": ["uk"],
        "summary_uk": None,
        "summary_en": None,
        "description_uk": None,
        "description_en": None,
        "audience_uk": None,
        "audience_en": None,
        "for_veterans": False,
        "pace": None,
        "certificate": None,
        "duration_uk": None,
        "duration_en": None,
        "state": "unverified",
        "price_uah": None,
        "price_year": None,
        "format": "online",
        "city": None,
        "region": None,
        "official_url": None,
    },
    "offers": [],
    "skills": ["networks"],
    "professions": [],
    "completeness": {"filled": 4, "of": 6, "missing": ["provider", "summary_uk"]},
    "confirmed": dict.fromkeys(("title", "languages", "format", "skills"), _CONFIRMED),
}

NO_KEY = told_problem(401, "Send the institution's key: Authorization: Bearer ptl_…")
TOO_MANY = told_problem(429, "Too many requests with this key: wait a minute.")
ONLY_READS = told_problem(403, "This key may only read.")
NOT_THERE = told_problem(404, "The institution of this key has no such listing.")


def _refused(detail: str, *wrong: tuple[str, str]) -> dict[str, Any]:
    return told_problem(422, detail, [{"field": field, "message": message} for field, message in wrong])


def _with_key(
    *own: Exchange, sent: Mapping[str, Any] | None = None, body: Any = None, writes: bool = True
) -> dict[str, Any]:
    """The exchanges of an operation, and what whoever has no right key is answered. `sent`, `body`: what they
    would send."""
    would = sent or {}
    turned_away = [
        Exchange("no-key", 401, "No key, an unknown or a revoked one.", NO_KEY, would, body),
        Exchange("too-many", 429, "More than 600 requests in a minute.", TOO_MANY, would, body),
    ]
    if writes:
        turned_away.append(Exchange("only-reads", 403, "A key that may only read.", ONLY_READS, would, body))
    return exchanges(*own, *turned_away)


def _not_there(body: Any = None, **sent: str) -> Exchange:
    summary = "An id of nobody's, or of another institution's."
    return Exchange("not-there", 404, summary, NOT_THERE, sent | {"listing_id": NOBODYS}, body)


def _former(name: str, summary: str, body: Any = None) -> Exchange:
    return Exchange(
        name,
        412,
        summary,
        told_problem(412, "It was changed meanwhile: `present` is the version there is.", present=PROGRAMME),
        {"listing_id": LISTING, "If-Match": FORMER_ETAG},
        body,
    )


LIST = _with_key(
    Exchange(
        "first-page",
        200,
        "The first page.",
        {"total": 1, "page": 1, "per_page": 50, "next": None, "listings": [PROGRAMME]},
        {"page": 1, "per_page": 50},
    ),
    Exchange(
        "too-many-a-page",
        422,
        "More listings on a page than there may be.",
        unreadable("per_page", "Input should be less than or equal to 100"),
        {"per_page": 101},
    ),
    writes=False,
)
GET = _with_key(
    Exchange("programme", 200, "A programme.", PROGRAMME, {"listing_id": LISTING}),
    _not_there(),
    writes=False,
    sent={"listing_id": LISTING},
)
PUT = _with_key(
    Exchange(
        "new-price",
        200,
        "One field changes, in the version that was read. The answer has the ETag of the new one.",
        _WITH_PRICE,
        {"listing_id": LISTING, "If-Match": ETAG, "Idempotency-Key": "price-2026-1"},
        _PRICE,
    ),
    _not_there(_PRICE, **{"If-Match": ETAG}),
    _former(
        "changed-meanwhile", "Somebody changed it after you read it: look at `present`, and decide.", _PRICE
    ),
    Exchange(
        "no-version",
        428,
        "`If-Match` is missing.",
        told_problem(428, "Name the version you change: If-Match with the ETag of GET."),
        {"listing_id": LISTING},
        _PRICE,
    ),
    Exchange(
        "wrong-fields",
        422,
        "A field that there is not, one that is read only and differs, a value that cannot be: all are "
        "named, and nothing is changed.",
        _refused(
            "Some fields cannot be set so.",
            ("colour", "There is no such field"),
            ("price_uah", "This has to be a whole number"),
            ("visibility", "This field is not changed here: the portal works it out"),
        ),
        {"listing_id": LISTING, "If-Match": ETAG},
        {"fields": {"colour": "red", "price_uah": "багато"}, "visibility": "withdrawn"},
    ),
    Exchange(
        "there-already",
        409,
        "It would become a programme that there is: the same degree, speciality and title.",
        told_problem(409, f"There is such a listing already: {LISTING}."),
        {"listing_id": DRAFT, "If-Match": "*"},
        {"fields": {"title": TITLE, "degree": "bachelor", "speciality": "F5"}},
    ),
    sent={"listing_id": LISTING, "If-Match": ETAG},
    body=_PRICE,
)
POST = _with_key(
    Exchange(
        "course",
        201,
        "A draft of a course. Sent twice under one Idempotency-Key, it is made once.",
        _COURSE_DRAFT,
        {"Idempotency-Key": "course-2026-1"},
        _COURSE,
    ),
    Exchange(
        "there-already",
        409,
        "A programme that there is: the same degree, speciality and title.",
        told_problem(409, f"There is such a listing already: {LISTING}."),
        body={"kind": "programme", "fields": {"title": TITLE, "degree": "bachelor", "speciality": "F5"}},
    ),
    Exchange(
        "no-title",
        422,
        "A draft needs a title.",
        _refused("Some fields cannot be set so.", ("title", "This field cannot be empty")),
        body={"kind": "course", "fields": {"format": "online"}},
    ),
    body=_COURSE,
)
PUBLISH = _with_key(
    Exchange(
        "shown",
        200,
        "It is on the site now, and in the search in a second.",
        PROGRAMME,
        {"listing_id": LISTING, "Idempotency-Key": "publish-2026-1"},
    ),
    _not_there(),
    _former("changed-meanwhile", "`If-Match` is sent, and it was changed meanwhile."),
    Exchange(
        "gaps",
        422,
        "What the public cannot do without is missing: every field of it is named.",
        _refused(
            "Some fields are missing.",
            *(
                (name, "This has to be known before the public sees it.")
                for name in (
                    "degree",
                    "speciality",
                    "forms",
                    "languages",
                    "summary_uk",
                    "city",
                    "official_url",
                )
            ),
        ),
        {"listing_id": DRAFT},
    ),
    sent={"listing_id": LISTING},
)
WITHDRAW = _with_key(
    Exchange(
        "hidden",
        200,
        "The public does not see it any more.",
        PROGRAMME | {"visibility": "withdrawn"},
        {"listing_id": LISTING, "Idempotency-Key": "withdraw-2026-1"},
    ),
    _not_there(),
    _former("changed-meanwhile", "`If-Match` is sent, and it was changed meanwhile."),
    Exchange(
        "long-name",
        422,
        "An Idempotency-Key of more than 80 characters.",
        unreadable("Idempotency-Key", "String should have at most 80 characters"),
        {"listing_id": LISTING, "Idempotency-Key": "withdraw-" * 9},
    ),
    sent={"listing_id": LISTING},
)
