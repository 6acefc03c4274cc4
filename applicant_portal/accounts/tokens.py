"""Tokens: long enough not to be guessed, kept as hashes only."""

import hashlib
import secrets
from datetime import UTC, datetime


def new() -> str:
    """256 random bits in signs that may stand in an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What the database knows a token by. A plain hash is enough: what is random cannot be tried out."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def now() -> datetime:
    """This moment, where no test says another."""
    return datetime.now(UTC)
