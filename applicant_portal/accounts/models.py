"""People, their memberships, sessions and tickets; requests for access, keys of programs, the audit trail.

All of it speaks of this one portal, so it stays behind when the catalogue is saved. Tokens and keys are kept
as hashes only: whoever reads the tables can sign in with nothing that is in them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from applicant_portal.kit.db import Base, UtcDateTime

ROLES = ("owner", "editor")
TICKETS = ("invitation", "reset")
ANSWERS = ("open", "accepted", "refused")
SCOPES = ("read", "write")
LONGEST_ADDRESS = 254
"""Signs of an e-mail address (RFC 5321)."""


class Person(Base):
    """Somebody who may sign in. `email` is trimmed and in lower case; without a password (invited, not yet
    come) or disabled nobody gets in. Numbers are never given twice: the audit trail names people by them."""

    __tablename__ = "people"
    __table_args__ = ({"info": {"stays": True}, "sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_staff: Mapped[bool] = mapped_column(Boolean, default=False)
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """What a person is of an institution: an owner also invites and removes others."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role IN ('owner', 'editor')", name="role"),
        {"info": {"stays": True}},
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("institutions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(8))


class SignInSession(Base):
    """A browser that somebody signed in with. `seen_at` is at most an hour behind; `agent`: what the browser
    calls itself, so that its owner knows it again."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = ({"info": {"stays": True}},)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    agent: Mapped[str] = mapped_column(String(120))


class Ticket(Base):
    """A link that lets one person set a password, once: an invitation or a reset."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),
        {"info": {"stays": True}},
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccessRequest(Base):
    """A university asks to keep its listings itself. `institution_text`: what it calls itself, where it was
    not found in the list."""

    __tablename__ = "access_requests"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'refused')", name="state"),
        {"info": {"stays": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id", ondelete="SET NULL"))
    institution_text: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    message: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="open", index=True)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A key with which an institution's own program keeps its listings. `prefix` is the part that may be
    shown; `scopes`: what of `SCOPES` it may do. Numbers are never given twice."""

    __tablename__ = "api_keys"
    __table_args__ = ({"info": {"stays": True}, "sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(12), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    used_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Reminder(Base):
    """Letters to a member about what has aged. No row: the person wants them and has had none. `sent_at` is
    when the last one was about to go."""

    __tablename__ = "reminders"
    __table_args__ = ({"info": {"stays": True}},)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    wanted: Mapped[bool] = mapped_column(Boolean, default=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Who did what, when. `actor` "person:12", "key:3", "command" or "nobody"; `subject` what it was done to,
    such as "person:7" or "listing:p-abc"; `detail` holds no secret."""

    __tablename__ = "audit_entries"
    __table_args__ = ({"info": {"stays": True}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(24))
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institutions.id", ondelete="SET NULL"), index=True
    )
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
