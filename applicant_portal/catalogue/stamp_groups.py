"""Which fields share a stamp: what a source says of a listing or an offer as a whole stands on one word.

A field that stands on another word has a stamp of its own, under its own name.
"""

from collections.abc import Mapping

LISTING_FIELDS = (
    "title",
    "title_en",
    "provider",
    "summary_uk",
    "summary_en",
    "description_uk",
    "description_en",
    "languages",
    "duration_uk",
    "duration_en",
    "official_url",
    "confidence",
    "state",
)
PRICE_FIELDS = ("price_uah", "price_year")
PLACE_FIELDS = ("city", "region", "format")
PART_FIELDS: Mapping[str, tuple[str, ...]] = {
    "programme": (
        "degree",
        "speciality",
        "old_speciality",
        "faculty",
        "department",
        "edebo_programme_id",
        "record_level",
    ),
    "course": ("provider_kind", "pace", "audience_uk", "audience_en", "for_veterans", "certificate"),
    "track": (
        "organiser_uk",
        "organiser_en",
        "who_pays_uk",
        "who_pays_en",
        "funding",
        "degree",
        "amount_uah",
        "amount_year",
        "amount_note_uk",
        "amount_note_en",
        "legal_basis_uk",
        "legal_basis_en",
        "example_price_uah",
        "valid_from",
        "valid_to",
        "eligibility",
        "barriers",
        "steps",
        "key_facts",
        "specialities",
    ),
}
OFFER_FIELDS = (
    "listing_id",
    "year",
    "name",
    "form",
    "entry_base",
    "offer_type",
    "course",
    "faculty",
    "licence_volume",
    "budget_places",
    "contract_places",
    "price_uah",
    "regional_coefficient",
    "term",
    "study_from",
    "study_to",
    "applications_from",
    "applications_to",
)


def place_stamp(topic: str) -> str:
    """Under this name an institution keeps its word that nothing is known of a place any more."""
    return f"place.{topic}"
