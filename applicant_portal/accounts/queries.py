"""Reading accounts. A statement about what is somebody's own names that person: no other way leads to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from applicant_portal.accounts import tokens
from applicant_portal.accounts.actor import OWNER
from applicant_portal.accounts.models import AccessRequest, ApiKey, Membership, Person, SignInSession, Ticket
from applicant_portal.catalogue.institution_queries import institutions_with_listings
from applicant_portal.catalogue.models import Institution

HANDLE = 16
"""Signs of a session's hash by which its owner points at it; they lead to no token."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser somebody is signed in with; `handle` names it to its owner only."""

    handle: str
    started_at: datetime
    seen_at: datetime
    agent: str
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a person is of an institution."""

    institution_id: int
    name: str
    slug: str
    role: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of an institution; `has_come` False: invited, no password yet."""

    person_id: int
    email: str
    role: str
    has_come: bool


def person_by_email(session: Session, email: str) -> Person | None:
    """`email` as `service.address` gives it."""
    return session.scalar(select(Person).where(Person.email == email))


def signed_in(session: Session, token: str, now: datetime) -> tuple[Person, SignInSession] | None:
    """Whose token it is, and the session; None when it is nobody's, has expired or the person is disabled."""
    row = session.execute(
        select(Person, SignInSession)
        .join(SignInSession, SignInSession.person_id == Person.id)
        .where(
            SignInSession.token_hash == tokens.hashed(token),
            SignInSession.expires_at > now,
            Person.disabled.is_(False),
        )
    ).first()
    return None if row is None else (row[0], row[1])


def sessions_of(session: Session, person_id: int, token: str, now: datetime) -> list[OwnSession]:
    """The person's own sessions that have not expired, last seen first; `token` is this browser's."""
    this = tokens.hashed(token)
    rows = session.scalars(
        select(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.expires_at > now)
        .order_by(SignInSession.seen_at.desc(), SignInSession.token_hash)
    )
    return [
        OwnSession(row.token_hash[:HANDLE], row.started_at, row.seen_at, row.agent, row.token_hash == this)
        for row in rows
    ]


def ticket(session: Session, token: str, now: datetime) -> tuple[Ticket, Person] | None:
    """A ticket that may still be used, and whose it is; None when it is none, used, expired or the person is
    disabled."""
    row = session.execute(
        select(Ticket, Person)
        .join(Person, Ticket.person_id == Person.id)
        .where(
            Ticket.token_hash == tokens.hashed(token),
            Ticket.used_at.is_(None),
            Ticket.expires_at > now,
            Person.disabled.is_(False),
        )
    ).first()
    return None if row is None else (row[0], row[1])


def roles(session: Session, person_id: int) -> Mapping[int, str]:
    """Institution id -> role, of all the person's memberships."""
    rows = session.execute(
        select(Membership.institution_id, Membership.role).where(Membership.person_id == person_id)
    )
    return {row.institution_id: row.role for row in rows}


def memberships(session: Session, person_id: int) -> list[Belonging]:
    """The person's own memberships by the institution's name."""
    rows = session.execute(
        select(Institution, Membership.role)
        .join(Membership, Membership.institution_id == Institution.id)
        .where(Membership.person_id == person_id)
        .order_by(Institution.name_key)
    )
    return [Belonging(one.id, one.display_name, one.slug, role) for one, role in rows]


def members(session: Session, institution_id: int) -> list[Member]:
    """The people of an institution, owners first."""
    rows = session.execute(
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.institution_id == institution_id)
        .order_by(Membership.role.desc(), Person.email)
    )
    return [Member(one.id, one.email, role, one.password_hash is not None) for one, role in rows]


def keys(session: Session, institution_id: int) -> Sequence[ApiKey]:
    """The keys of an institution, revoked ones too, newest first."""
    return session.scalars(
        select(ApiKey).where(ApiKey.institution_id == institution_id).order_by(ApiKey.id.desc())
    ).all()


def open_requests(session: Session) -> Sequence[AccessRequest]:
    """Requests for access that nobody has answered, from the oldest on."""
    return session.scalars(
        select(AccessRequest).where(AccessRequest.state == "open").order_by(AccessRequest.made_at)
    ).all()


def staff_addresses(session: Session) -> Sequence[str]:
    """Where requests for access are told."""
    return session.scalars(
        select(Person.email)
        .where(Person.is_staff, Person.disabled.is_(False), Person.password_hash.is_not(None))
        .order_by(Person.id)
    ).all()


def institution_choices(session: Session) -> list[tuple[str, str]]:
    """(id, name) of every institution that teaches IT, by name."""
    rows = (row.institution for row in institutions_with_listings(session))
    return [(str(one.id), one.name) for one in rows]


def institution_name(session: Session, institution_id: int) -> str | None:
    return session.scalar(
        select(func.coalesce(Institution.short_name, Institution.name)).where(
            Institution.id == institution_id
        )
    )


def institution_by_edebo_id(session: Session, edebo_id: str) -> Institution | None:
    return session.scalar(select(Institution).where(Institution.edebo_id == edebo_id))


def owned(session: Session, person_id: int | None, institution_id: int) -> Institution | None:
    """The institution, if the person owns it or is of the cluster's staff."""
    owner = exists().where(
        Membership.institution_id == Institution.id,
        Membership.person_id == person_id,
        Membership.role == OWNER,
    )
    staff = exists().where(Person.id == person_id, Person.is_staff)
    return session.scalar(select(Institution).where(Institution.id == institution_id, or_(owner, staff)))


def all_owned(session: Session, person_id: int | None) -> Sequence[Institution]:
    """The institutions that the person is an owner of, by name."""
    return session.scalars(
        select(Institution)
        .join(Membership, Membership.institution_id == Institution.id)
        .where(Membership.person_id == person_id, Membership.role == OWNER)
        .order_by(Institution.name_key)
    ).all()


def names_of(session: Session, labels: Collection[str]) -> dict[str, str | None]:
    """The actors' labels ("person:12", "key:3") with what people call them: an address, the name of a key,
    None for the cluster's staff. Whoever is there no more is left out."""
    ids = {"person": set[int](), "key": set[int]()}
    for label in labels:
        kind, _, number = label.partition(":")
        if kind in ids and number.isdigit():
            ids[kind].add(int(number))
    people = session.scalars(select(Person).where(Person.id.in_(sorted(ids["person"]))))
    keys = session.scalars(select(ApiKey).where(ApiKey.id.in_(sorted(ids["key"]))))
    return {f"person:{one.id}": None if one.is_staff else one.email for one in people} | {
        f"key:{one.id}": one.name for one in keys
    }
