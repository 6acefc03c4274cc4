"""The code under which answers are kept: short enough to copy by hand, too long to guess."""

import hashlib
import hmac
import secrets

from applicant_portal.catalogue.reports import CODE_ALPHABET

LENGTH = 8
# The same keys with a Ukrainian layout, or letters that look the same.
_ALIKE = str.maketrans("аесрхукмнтвАЕСРХУКМНТВ", "aecpxykmhtbaecpxykmhtb")


def new_code() -> str:
    """A code of `LENGTH` letters and digits nobody mistakes for one another (30 to the eighth)."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(LENGTH))


def read(typed: str) -> str | None:
    """The code somebody typed, with or without its dash, in any case; None when it cannot be one."""
    code = "".join(sign for sign in typed.translate(_ALIKE).lower() if sign.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(CODE_ALPHABET) else None


def shown(code: str) -> str:
    """In two groups, as people read it: kx7m-p2wd."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def hashed(code: str, secret: str) -> str:
    """What the database knows a code by: without the portal's secret it leads back to no code."""
    return hmac.new(secret.encode(), code.encode(), hashlib.sha256).hexdigest()
