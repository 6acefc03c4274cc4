"""What the workspace's API answers, as types: they are the schemas of its description."""

from typing import Any, Literal

from pydantic import Field

from applicant_portal.finder.api_models import Institution, Kind, Problem, State, Told


class AdmissionOffer(Told):
    """Admission of one year in one form. Days are YYYY-MM-DD; unknown is null."""

    id: int
    year: int
    form: str | None
    entry_base: int | None = Field(
        description="EDEBO's code of the education an entrant has: 40 is a school certificate."
    )
    offer_type: str | None
    licence_volume: int | None
    budget_places: int | None
    contract_places: int | None
    price_uah: int | None
    study_from: str | None
    study_to: str | None
    applications_from: str | None
    applications_to: str | None


class Completeness(Told):
    """How much is known of what applicants ask for."""

    filled: int
    of: int
    missing: list[str] = Field(description="Names of fields, in the order of the form.")


class Confirmed(Told):
    """Whose word a field stands on, and of which day."""

    as_of: str | None
    by: str | None
    origin: Literal["institution", "portal", "registry", "offer", "synthetic"]


class Listing(Told):
    """A listing as `GET` answers it and `PUT` takes it. What may be changed: `fields`, `offers` (one without
    an `id` is new), `skills`, `professions`; all else is told, and refused where it differs."""

    id: str
    kind: Kind
    visibility: Literal["draft", "published", "withdrawn"]
    state: State
    url: str = Field(description="Its public page.")
    institution: Institution | None
    fields: dict[str, Any] = Field(description="Every field of its kind by name; unknown is null, or [].")
    offers: list[AdmissionOffer] = Field(description="Newest year first; a programme's alone.")
    skills: list[str] = Field(description="Keys of skills, the main one first.")
    professions: list[str] = Field(description="Keys of professions; some follow from the speciality.")
    completeness: Completeness
    confirmed: dict[str, Confirmed] = Field(
        description="Field -> whose word it stands on; a field of an offer is `offers.<id>.<name>`."
    )


class Listings(Told):
    """One page of the institution's listings, drafts and withdrawn ones included."""

    total: int
    page: int
    per_page: int
    next: str | None = Field(description="The address of the page after this one; null on the last.")
    listings: list[Listing]


class Changed(Problem):
    """Somebody changed it meanwhile."""

    present: Listing = Field(description="The version there is, as `GET` answers it; its ETag is a header.")
