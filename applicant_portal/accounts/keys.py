"""Keys with which an institution's own program keeps its listings: `ptl_<prefix>_<secret>`."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from applicant_portal.accounts import audit, tokens
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.models import SCOPES, ApiKey

_MARK = "ptl"
_PREFIX_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_PREFIX_LENGTH = 8
LONGEST_NAME = 80
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class NewKey:
    """`shown`: the key itself, this once."""

    key: ApiKey
    shown: str


def make_key(
    session: Session,
    institution_id: int,
    name: str,
    scopes: Collection[str],
    *,
    by: Actor,
    now: datetime,
) -> NewKey:
    """A new key of an institution. Raises `ValueError` for no scope or one that there is not."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError(f"a key may do some of {', '.join(SCOPES)}")
    prefix = "".join(secrets.choice(_PREFIX_SIGNS) for _ in range(_PREFIX_LENGTH))
    shown = f"{_MARK}_{prefix}_{tokens.new()}"
    key = ApiKey(
        institution_id=institution_id,
        name=name[:LONGEST_NAME],
        prefix=prefix,
        key_hash=tokens.hashed(shown),
        scopes=[scope for scope in SCOPES if scope in scopes],
        made_at=now,
        made_by=by.person_id,
    )
    session.add(key)
    session.flush()
    audit.note(session, now, by.label, "key_made", f"key:{key.id}", institution_id, scopes=key.scopes)
    return NewKey(key, shown)


def key_of(session: Session, bearer: str) -> ApiKey | None:
    """The key that a program sent, or None: unknown, revoked or no key at all."""
    mark, _, rest = bearer.partition("_")
    prefix = rest.partition("_")[0]
    if mark != _MARK or len(prefix) != _PREFIX_LENGTH or len(bearer) > _LONGEST_KEY:
        return None
    hashed = tokens.hashed(bearer)
    found = None
    for key in session.scalars(select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None))):
        if hmac.compare_digest(key.key_hash, hashed):
            found = key
    return found


def note_use(session: Session, key_id: int, now: datetime) -> None:
    """That a key is in use is known to the day; the first use of a day is a line of audit."""
    today = now.date()
    used = session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, or_(ApiKey.used_on.is_(None), ApiKey.used_on < today))
        .values(used_on=today)
        .returning(ApiKey.institution_id)
    ).first()
    if used is not None:
        audit.note(session, now, f"key:{key_id}", "key_used", f"key:{key_id}", used[0])


def revoke_key(session: Session, institution_id: int, key_id: int, *, by: Actor, now: datetime) -> bool:
    """End a key of this institution; False when it has no such key in use."""
    ended = session.scalar(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.institution_id == institution_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiKey.id)
    )
    if ended is None:
        return False
    audit.note(session, now, by.label, "key_revoked", f"key:{key_id}", institution_id)
    return True
