"""Addresses: each one unique within its kind, and a former one is never lost."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import naming
from applicant_portal.catalogue.models import FormerSlug, Institution, Listing


class Slugs:
    """Every address in use, kept in memory while an import runs.

    `owner` is what a former address leads to: the id of a listing, or an institution's primary key as text.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._taken: dict[tuple[str, str], str | None] = {}
        for kind, slug, owner in session.execute(select(Listing.kind, Listing.slug, Listing.id)):
            self._taken[kind, slug] = owner
        for slug, number in session.execute(select(Institution.slug, Institution.id)):
            self._taken["university", slug] = str(number)
        self._former = {(row.kind, row.slug): row for row in session.scalars(select(FormerSlug))}

    def assign(self, kind: str, owner: str | None, bases: Iterable[str], tail: str) -> str:
        """The first of `bases` that is free, else the last of them with `tail`, else with a number too.

        An address that the owner itself had before may come back to it.
        """
        last = ""
        for last in bases:
            if self._free(kind, last, owner):
                return self._take(kind, last, owner)
        slug = naming.slug(last[: naming.SLUG_LENGTH - 20], tail)
        number = 2
        while not self._free(kind, slug, owner):
            slug = naming.slug(last[: naming.SLUG_LENGTH - 20], tail, str(number))
            number += 1
        return self._take(kind, slug, owner)

    def _free(self, kind: str, slug: str, owner: str | None) -> bool:
        former = self._former.get((kind, slug))
        if former is not None and former.target != owner:
            return False
        return (kind, slug) not in self._taken or (owner is not None and self._taken[kind, slug] == owner)

    def _take(self, kind: str, slug: str, owner: str | None) -> str:
        former = self._former.pop((kind, slug), None)
        if former is not None:
            self._session.delete(former)
        self._taken[kind, slug] = owner
        return slug

    def retire(self, kind: str, slug: str, owner: str) -> None:
        """Note that `slug` was an address of `owner`: it redirects from now on."""
        self._taken.pop((kind, slug), None)
        if (kind, slug) not in self._former:
            former = FormerSlug(kind=kind, slug=slug, target=owner)
            self._session.add(former)
            self._former[kind, slug] = former
