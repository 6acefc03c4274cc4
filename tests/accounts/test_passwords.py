"""Which passwords will do, and how they are kept."""

import pytest
from argon2 import PasswordHasher

from applicant_portal.accounts import passwords as module
from applicant_portal.accounts.passwords import COMMON, LONGEST, SHORTEST, Passwords, WeakPassword, checked
from tests.accounts.conftest import PASSWORD, CountingHasher

EMAIL = "vstup.office.it@knu.example"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "short"),
        ("я" * 3 + "abcdefgh", "short"),
        ("слово " * 40, "long"),
        (EMAIL, "address"),
        (EMAIL.upper(), "address"),
        ("Vstup.Office.IT", "address"),
        ("Password1234", "common"),
        ("Йцукен123456", "common"),
        ("ababababababab", "common"),
        ("111111111111", "common"),
    ],
)
def test_a_password_that_will_not_do_is_refused_for_a_reason(password: str, fault: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        checked(password, EMAIL)
    assert refused.value.fault == fault


@pytest.mark.parametrize("password", [PASSWORD, "a1b2c3d4e5f6", "слово" * 40, "🐎 correct horse"])
def test_whatever_else_has_twelve_to_two_hundred_signs_will_do(password: str) -> None:
    checked(password, EMAIL)


def test_the_list_names_only_what_would_do_otherwise() -> None:
    assert all(SHORTEST <= len(one) <= LONGEST and one == one.casefold() for one in COMMON)


def test_it_is_kept_as_argon2id_with_the_librarys_defaults() -> None:
    kept = Passwords().hash(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert not PasswordHasher().check_needs_rehash(kept)
    assert not PasswordHasher().check_needs_rehash(module._NOBODYS), "or nobody's check costs something else"


def test_the_same_letters_are_the_same_password_however_they_are_composed(passwords: Passwords) -> None:
    composed = "їжак і йогурт ї"
    kept = passwords.hash(composed)
    assert passwords.fits(composed.replace("ї", "\u0456\u0308").replace("й", "\u0438\u0306"), kept)
    assert not passwords.fits("їжак і йогурт", kept)


def test_without_a_hash_the_answer_is_no_after_the_same_work(
    passwords: Passwords, hasher: CountingHasher
) -> None:
    assert not passwords.fits(PASSWORD, None)
    assert hasher.verified == 1
    assert not passwords.fits(PASSWORD, "no hash at all")
    assert hasher.verified == 2


def test_a_hash_of_other_parameters_is_known_as_outdated(passwords: Passwords) -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.is_outdated(passwords.hash("x"))
