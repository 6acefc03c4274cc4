"""Passwords: which ones will do, how they are kept (argon2id) and checked."""

import unicodedata
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
Fault = Literal["short", "long", "address", "common"]

# The commonest of those that are long enough (and their Ukrainian sisters); shorter ones are refused anyway.
COMMON = frozenset(
    (
        "123456789012", "1234567890123", "12345678901234", "123456789012345", "1234567890123456",
        "012345678910", "098765432109", "123123123123", "123456123456", "1q2w3e4r5t6y", "1qaz2wsx3edc",
        "qwertyuiop12", "qwertyuiop123", "qwertyuiop[]", "qwerty123456", "qwerty1234567", "qwertyqwerty",
        "asdfghjkl123", "zxcvbnm12345", "abcdefghijkl", "abcd12345678", "password1234", "password12345",
        "password123456", "passwordpassword", "passw0rd1234", "adminadminadmin", "administrator",
        "administrator1", "admin1234567", "letmein12345", "welcome12345", "iloveyou1234", "changeme1234",
        "йцукенгшщзхї", "йцукенгшщзхї1", "йцукен123456", "пароль123456", "парольпароль", "абвгґдеєжзиі",
        "адміністратор", "університет1", "університет123", "слава україні", "славаукраїні", "кохаютебе123",
    )
)  # fmt: skip
_FEWEST_SIGNS = 4

# Of a password that nobody knows, with the hasher's defaults: where there is no hash to check, this one is.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$+l8ZmzFUOHsIBps+cDTfTA$KWbDlyMGZ/1bYaLwC5ujDNG4AwPuDYu1xpsJyAau4qU"


class WeakPassword(Exception):
    """It will not do; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def checked(password: str, email: str) -> None:
    """Raises `WeakPassword`."""
    text = _one_form(password)
    plain = text.casefold()
    if len(text) < SHORTEST:
        raise WeakPassword("short")
    if len(text) > LONGEST:
        raise WeakPassword("long")
    if plain in (email, email.partition("@")[0]):
        raise WeakPassword("address")
    if plain in COMMON or len(set(plain)) < _FEWEST_SIGNS:
        raise WeakPassword("common")


class Passwords:
    """Hashes and checks them. One check takes 0.1 s and 64 MB on purpose."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        return self._hasher.hash(_one_form(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password behind the hash. Without a hash the answer is no after the same work, so
        that nobody learns from the time whether an address is known."""
        try:
            self._hasher.verify(kept or _NOBODYS, _one_form(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)


def _one_form(password: str) -> str:
    """The same letters are the same password, however a keyboard composes «й» and «ї»."""
    return unicodedata.normalize("NFC", password)
