"""Who acts: a person, an institution's key, or the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from applicant_portal.accounts.models import ApiKey, Person

OWNER = "owner"
EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Actor:
    """`institutions`: id -> role, all that the actor may act for (staff may act for every one beside these).
    A key is an editor of its one institution, within its scopes. Neither person nor key: the command line."""

    person: Person | None = None
    key: ApiKey | None = None
    institutions: Mapping[int, str] = field(default_factory=dict)
    is_staff: bool = False

    @property
    def label(self) -> str:
        """How the audit trail names it."""
        if self.person is not None:
            return f"person:{self.person.id}"
        return f"key:{self.key.id}" if self.key is not None else "command"

    @property
    def person_id(self) -> int | None:
        return self.person.id if self.person is not None else None

    def edits(self, institution_id: int) -> bool:
        """Whether it may keep the institution's listings; a key needs the scope "write"."""
        if self.key is not None and "write" not in self.key.scopes:
            return False
        return self.is_staff or institution_id in self.institutions

    def owns(self, institution_id: int) -> bool:
        """Whether it may invite and remove members and make keys."""
        return self.is_staff or self.institutions.get(institution_id) == OWNER


COMMAND = Actor(is_staff=True)
"""Whoever has the machine."""


def of_person(person: Person, roles: Mapping[int, str]) -> Actor:
    return Actor(person=person, institutions=roles, is_staff=person.is_staff)


def of_key(key: ApiKey) -> Actor:
    return Actor(key=key, institutions={key.institution_id: EDITOR})
