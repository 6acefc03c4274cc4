"""The tables of the catalogue, the portal's one source of truth."""

from applicant_portal.catalogue.models.identity import Identity
from applicant_portal.catalogue.models.institution import (
    PLACE_ANSWERS,
    PLACE_TOPICS,
    FormerEdeboId,
    Institution,
    InstitutionAlias,
    PlaceFact,
)
from applicant_portal.catalogue.models.listing import (
    DEGREES,
    FORMATS,
    FORMS,
    KINDS,
    ROUTES,
    STATES,
    VISIBILITIES,
    Course,
    EntryRoute,
    FormerSlug,
    Listing,
    Programme,
    Track,
)
from applicant_portal.catalogue.models.offer import (
    OFFER_TYPES,
    SUBJECTS,
    AdmissionResult,
    Offer,
    OfferSubject,
)
from applicant_portal.catalogue.models.outbox import MistakeReport, OutboxEntry, SetAside
from applicant_portal.catalogue.models.profession import (
    ListingProfession,
    ListingSkill,
    Profession,
    ProfessionSkill,
    Skill,
)
from applicant_portal.catalogue.models.questionnaire import EVENTS, PathEvent, Questionnaire
from applicant_portal.catalogue.models.search_log import LONGEST_QUERY, OUTCOMES, SearchCount

__all__ = [
    "DEGREES",
    "EVENTS",
    "FORMATS",
    "FORMS",
    "KINDS",
    "LONGEST_QUERY",
    "OFFER_TYPES",
    "OUTCOMES",
    "PLACE_ANSWERS",
    "PLACE_TOPICS",
    "ROUTES",
    "STATES",
    "SUBJECTS",
    "VISIBILITIES",
    "AdmissionResult",
    "Course",
    "EntryRoute",
    "FormerEdeboId",
    "FormerSlug",
    "Identity",
    "Institution",
    "InstitutionAlias",
    "Listing",
    "ListingProfession",
    "ListingSkill",
    "MistakeReport",
    "Offer",
    "OfferSubject",
    "OutboxEntry",
    "PathEvent",
    "PlaceFact",
    "Profession",
    "ProfessionSkill",
    "Programme",
    "Questionnaire",
    "SearchCount",
    "SetAside",
    "Skill",
    "Track",
]
