"""Signing in and out. A session slides on while it is used, and ends at the latest after `AT_MOST`."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from applicant_portal.accounts import audit, queries, tokens
from applicant_portal.accounts.models import Person, SignInSession
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.kit.db import Database

UNUSED_FOR = timedelta(days=14)
AT_MOST = timedelta(days=90)
NOTED_EVERY = timedelta(hours=1)
LONGEST_AGENT = 120


def sign_in(
    database: Database,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    agent: str,
    now: datetime,
    token: str | None = None,
) -> str | None:
    """The token of a new session; None when address and password do not fit.

    An unknown address, a disabled person, one without a password and a wrong password are told apart by
    nothing: one check of a hash, one line of audit, None. The check runs between two transactions, because it
    takes long and a writer on SQLite keeps all others waiting.
    """
    with database.read() as session:
        person = queries.person_by_email(session, email)
    known = person is not None and not person.disabled
    kept = person.password_hash if person is not None and known else None
    fits = passwords.fits(password, kept)
    anew = passwords.hash(password) if fits and kept and passwords.is_outdated(kept) else None
    with database.write() as session:
        # Somebody may have been disabled or given another password meanwhile.
        still = fits and person is not None and _still(session, person.id, kept)
        if not still or person is None:
            subject = f"person:{person.id}" if person is not None else audit.NOBODY
            audit.note(session, now, audit.NOBODY, "sign_in_refused", subject)
            return None
        if anew is not None:
            session.execute(update(Person).where(Person.id == person.id).values(password_hash=anew))
        session.execute(delete(SignInSession).where(SignInSession.expires_at <= now))
        token = token or tokens.new()
        session.add(
            SignInSession(
                token_hash=tokens.hashed(token),
                person_id=person.id,
                started_at=now,
                seen_at=now,
                expires_at=now + UNUSED_FOR,
                agent=agent[:LONGEST_AGENT],
            )
        )
        audit.note(session, now, f"person:{person.id}", "signed_in", f"person:{person.id}")
    return token


def _still(session: Session, person_id: int, kept: str | None) -> bool:
    found = session.scalar(
        select(Person.id)
        .where(Person.id == person_id, Person.password_hash == kept, Person.disabled.is_(False))
        .with_for_update()
    )
    return found is not None


def person_of(database: Database, token: str, now: datetime) -> Person | None:
    """Whose session it is, or None. That it was used is noted at most once an hour, in a transaction of its
    own: whoever only looks must not wait for those who write."""
    with database.read() as session:
        found = queries.signed_in(session, token, now)
    if found is None:
        return None
    person, kept = found
    if now - kept.seen_at >= NOTED_EVERY:
        with database.write() as session:
            session.execute(
                update(SignInSession)
                .where(SignInSession.token_hash == kept.token_hash, SignInSession.expires_at > now)
                .values(seen_at=now, expires_at=min(now + UNUSED_FOR, kept.started_at + AT_MOST))
            )
    return person


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End the session of this token; one that is nobody's is no mistake."""
    ended = session.scalar(
        delete(SignInSession)
        .where(SignInSession.token_hash == tokens.hashed(token))
        .returning(SignInSession.person_id)
    )
    if ended is not None:
        audit.note(session, now, f"person:{ended}", "signed_out", f"person:{ended}")


def end(session: Session, person_id: int, handle: str, now: datetime) -> bool:
    """End one of the person's own sessions; False when no such session is theirs."""
    ended = session.scalars(
        delete(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            func.substr(SignInSession.token_hash, 1, queries.HANDLE) == handle,
        )
        .returning(SignInSession.person_id)
    ).all()
    if not ended:
        return False
    audit.note(session, now, f"person:{person_id}", "session_ended", f"person:{person_id}")
    return True


def end_all(session: Session, person_id: int, now: datetime, *, but: str | None = None) -> int:
    """End all sessions of a person, `but` the one with this token; how many there were."""
    ended = session.scalars(
        delete(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.token_hash != tokens.hashed(but or ""))
        .returning(SignInSession.person_id)
    ).all()
    if ended:
        audit.note(
            session, now, f"person:{person_id}", "sessions_ended", f"person:{person_id}", number=len(ended)
        )
    return len(ended)
