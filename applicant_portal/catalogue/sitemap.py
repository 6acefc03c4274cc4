"""The addresses of all pages of the catalogue."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.institution_queries import institutions_with_listings
from applicant_portal.catalogue.models import Listing, Profession
from applicant_portal.catalogue.queries import public


def page_addresses(session: Session) -> Iterator[tuple[str, str]]:
    """(path, ISO day of the last change or "") of every page of the catalogue, for the site map."""
    for kind, slug, updated in session.execute(
        select(Listing.kind, Listing.slug, Listing.updated_at)
        .where(public(), Listing.origin != "synthetic")
        .order_by(Listing.id)
    ):
        yield f"/{kind}s/{slug}", updated.date().isoformat()
    for row in institutions_with_listings(session):
        yield f"/universities/{row.institution.slug}", ""
    for key in session.scalars(select(Profession.key).order_by(Profession.key)):
        yield f"/professions/{key}", ""
