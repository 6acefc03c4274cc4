"""People and what they are of institutions: invited, let in by a ticket, removed; requests for access.

The caller decides who may do it (`Actor.owns`, `Actor.is_staff`); here it is done, with a line of audit.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from applicant_portal.accounts import audit, passwords, queries, sessions, tokens
from applicant_portal.accounts.actor import OWNER, Actor
from applicant_portal.accounts.models import (
    LONGEST_ADDRESS,
    ROLES,
    AccessRequest,
    Membership,
    Person,
    Ticket,
)
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.kit.db import Database

INVITATION_FOR = timedelta(days=7)
RESET_FOR = timedelta(hours=2)
_KEEP_TICKETS = timedelta(days=30)
_ADDRESS = re.compile(r"[^@\s<>\",;:()\[\]\\]+@[^@\s<>\",;:()\[\]\\]+\.[^@\s<>\",;:()\[\]\\.]{2,}")


class LastOwner(Exception):
    """The institution would be left without an owner who can sign in."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` of the ticket, to be told to its person alone; None: the person has a password already."""

    person_id: int
    email: str
    token: str | None
    institution_id: int | None


def address(typed: str) -> str | None:
    """An e-mail address as it is kept: trimmed, in lower case; None when it cannot be one."""
    email = typed.strip().lower()
    return email if len(email) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(email) else None


def invite(
    session: Session,
    email: str,
    institution_id: int | None,
    role: str,
    *,
    by: Actor,
    now: datetime,
    token: str | None = None,
) -> Invitation:
    """Make a person a member of an institution (`role` owner or editor), or of the staff (`role` "staff", no
    institution); whoever has no password yet gets a ticket. A member's role is changed.

    `email` as `address` gives it. Raises `LastOwner`.
    """
    person = _known(session, email, now)
    if institution_id is None:
        if role != "staff":
            raise ValueError("an owner or an editor belongs to an institution")
        person.is_staff = True
    else:
        _make_member(session, person.id, institution_id, role)
    subject = f"person:{person.id}"
    audit.note(session, now, by.label, "invited", subject, institution_id, role=role)
    made = None
    if person.password_hash is None and not person.disabled:
        made = _new_ticket(session, "invitation", person.id, now, INVITATION_FOR, token)
    return Invitation(person.id, email, made, institution_id)


def _known(session: Session, email: str, now: datetime) -> Person:
    """The person with this address, made when there is none. Two invitations at once wait for each other
    here, so that what the second finds is what the first left."""
    if queries.person_by_email(session, email) is None:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(
            dialect.insert(Person)
            .values(email=email, password_hash=None, is_staff=False, disabled=False, created_at=now)
            .on_conflict_do_nothing(index_elements=[Person.email])
        )
    return session.scalars(
        select(Person)
        .where(Person.email == email)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _make_member(session: Session, person_id: int, institution_id: int, role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r} of an institution")
    kept = session.get(Membership, (person_id, institution_id))
    if kept is None:
        session.add(Membership(person_id=person_id, institution_id=institution_id, role=role))
    elif kept.role == OWNER and role != OWNER:
        _must_not_be_last(session, person_id, institution_id)
        kept.role = role
    else:
        kept.role = role
    session.flush()


def remove_member(session: Session, person_id: int, institution_id: int, *, by: Actor, now: datetime) -> bool:
    """Take a membership away; False when there is none. Raises `LastOwner`."""
    kept = session.get(Membership, (person_id, institution_id))
    if kept is None:
        return False
    if kept.role == OWNER:
        _must_not_be_last(session, person_id, institution_id)
    session.delete(kept)
    audit.note(session, now, by.label, "member_removed", f"person:{person_id}", institution_id)
    return True


def _must_not_be_last(session: Session, person_id: int, institution_id: int) -> None:
    """Two owners who remove each other at once wait for each other at these rows."""
    session.execute(
        select(Membership.person_id)
        .where(Membership.institution_id == institution_id)
        .order_by(Membership.person_id)
        .with_for_update()
    ).all()
    others = session.scalars(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.institution_id == institution_id,
            Membership.role == OWNER,
            Membership.person_id != person_id,
            Person.disabled.is_(False),
            Person.password_hash.is_not(None),
        )
    ).all()
    if not others:
        raise LastOwner


def ask_reset(session: Session, email: str, *, now: datetime, token: str | None = None) -> Invitation | None:
    """A ticket to set a new password, for whoever has the mailbox; None (and a line of audit all the same)
    for an unknown address and a disabled person. Whoever was invited and has not come gets a new invitation
    in this way."""
    person = queries.person_by_email(session, email)
    if person is None or person.disabled:
        audit.note(session, now, audit.NOBODY, "reset_refused", audit.NOBODY)
        return None
    audit.note(session, now, audit.NOBODY, "reset_asked", f"person:{person.id}")
    made = _new_ticket(session, "reset", person.id, now, RESET_FOR, token)
    return Invitation(person.id, person.email, made, None)


def _new_ticket(
    session: Session, kind: str, person_id: int, now: datetime, lasts: timedelta, token: str | None
) -> str:
    """Of one kind a person has one ticket that works: the newest."""
    session.execute(delete(Ticket).where(Ticket.expires_at < now - _KEEP_TICKETS))
    session.execute(
        delete(Ticket).where(Ticket.person_id == person_id, Ticket.kind == kind, Ticket.used_at.is_(None))
    )
    token = token or tokens.new()
    session.add(
        Ticket(
            token_hash=tokens.hashed(token),
            kind=kind,
            person_id=person_id,
            made_at=now,
            expires_at=now + lasts,
            used_at=None,
        )
    )
    return token


def accept(database: Database, hashing: Passwords, *, token: str, password: str, now: datetime) -> bool:
    """Set the password of the ticket's person, once; all their sessions and other tickets end.

    False when the ticket does not work (any more). Raises `WeakPassword`; then it still works. The hash is
    made between two transactions (see `sessions.sign_in`).
    """
    with database.read() as session:
        found = queries.ticket(session, token, now)
    if found is None:
        return False
    ticket, person = found
    passwords.checked(password, person.email)
    made = hashing.hash(password)
    with database.write() as session:
        # The statement itself decides which of two uses at once is the first.
        mine = session.scalar(
            update(Ticket)
            .where(Ticket.token_hash == ticket.token_hash, Ticket.used_at.is_(None), Ticket.expires_at > now)
            .values(used_at=now)
            .returning(Ticket.person_id)
        )
        if mine is None or not _set_password(session, mine, made):
            return False
        label = f"person:{mine}"
        audit.note(session, now, label, f"{ticket.kind}_accepted", label)
        _end_tickets(session, mine)
        sessions.end_all(session, mine, now)
    return True


def change_password(
    database: Database,
    hashing: Passwords,
    person: Person,
    *,
    password: str,
    new_password: str,
    keep: str,
    now: datetime,
) -> bool:
    """Change one's own password; all sessions but the one with the token `keep` end, and so do all tickets.

    False when `password` is not the present one. Raises `WeakPassword`.
    """
    passwords.checked(new_password, person.email)
    if not hashing.fits(password, person.password_hash):
        with database.write() as session:
            audit.note(session, now, f"person:{person.id}", "change_refused", f"person:{person.id}")
        return False
    made = hashing.hash(new_password)
    with database.write() as session:
        if not _set_password(session, person.id, made):
            return False
        audit.note(session, now, f"person:{person.id}", "password_changed", f"person:{person.id}")
        _end_tickets(session, person.id)
        sessions.end_all(session, person.id, now, but=keep)
    return True


def _set_password(session: Session, person_id: int, made: str) -> bool:
    changed = session.scalar(
        update(Person)
        .where(Person.id == person_id, Person.disabled.is_(False))
        .values(password_hash=made)
        .returning(Person.id)
    )
    return changed is not None


def _end_tickets(session: Session, person_id: int) -> None:
    session.execute(delete(Ticket).where(Ticket.person_id == person_id, Ticket.used_at.is_(None)))


def disable(session: Session, person_id: int, *, by: Actor, now: datetime) -> None:
    """Let somebody in no more: their sessions and tickets end; what they did stays on record."""
    session.execute(update(Person).where(Person.id == person_id).values(disabled=True))
    audit.note(session, now, by.label, "disabled", f"person:{person_id}")
    _end_tickets(session, person_id)
    sessions.end_all(session, person_id, now)


def ask_access(
    session: Session,
    *,
    institution_id: int | None,
    institution_text: str,
    email: str,
    message: str,
    lang: str,
    now: datetime,
) -> int:
    """Keep a university's request; its number."""
    asked = AccessRequest(
        institution_id=institution_id,
        institution_text=institution_text,
        email=email,
        message=message,
        lang=lang,
        made_at=now,
        state="open",
    )
    session.add(asked)
    session.flush()
    audit.note(session, now, audit.NOBODY, "access_asked", f"request:{asked.id}", institution_id)
    return asked.id


def answer_request(
    session: Session,
    request_id: int,
    *,
    accept: bool,
    by: Actor,
    now: datetime,
    institution_id: int | None = None,
    role: str = OWNER,
    token: str | None = None,
) -> Invitation | None:
    """Answer a request that is open; an accepted one becomes an invitation to its institution (or to
    `institution_id`, which a request in free text needs).

    None when it was refused, is not there or was answered before. Raises `ValueError` when it is to be
    accepted and no institution is known, `LastOwner` as `invite`.
    """
    asked = session.scalar(
        select(AccessRequest)
        .where(AccessRequest.id == request_id, AccessRequest.state == "open")
        .with_for_update()
    )
    if asked is None:
        return None
    institution_id = institution_id or asked.institution_id
    if accept and institution_id is None:
        raise ValueError("say which institution the request is of")
    asked.state = "accepted" if accept else "refused"
    asked.institution_id = institution_id
    asked.answered_by = by.person_id
    asked.answered_at = now
    audit.note(session, now, by.label, f"access_{asked.state}", f"request:{asked.id}", institution_id)
    if not accept:
        return None
    return invite(session, asked.email, institution_id, role, by=by, now=now, token=token)
