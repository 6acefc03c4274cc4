"""A code as people see it, copy it and type it, and what the database makes of it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.advisor import codes
from applicant_portal.catalogue.reports import CODE_ALPHABET

# Letters of the Ukrainian keyboard that look like the Latin ones of a code, small or capital.
LOOK_ALIKE = str.maketrans("aecpxykmhtb", "аесрхукмнтв")
SIGNS = st.text(alphabet=CODE_ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


def test_every_new_code_reads_back_from_how_it_is_shown() -> None:
    for _ in range(500):
        code = codes.new_code()
        assert codes.read(code) == codes.read(codes.shown(code)) == code


def test_new_codes_do_not_repeat_and_use_all_signs() -> None:
    made = [codes.new_code() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert set("".join(made)) == set(CODE_ALPHABET)


@given(SIGNS, st.randoms(use_true_random=False))
def test_capitals_spaces_dashes_and_cyrillic_letters_that_look_the_same_read_as_the_code(
    code: str, random: Random
) -> None:
    cyrillic = code.translate(LOOK_ALIKE)
    apart = " ".join(codes.shown(code))
    mixed = "".join(random.choice(pair) for pair in zip(code, cyrillic.upper(), strict=True))
    for typed in (
        code.upper(), codes.shown(code).upper(), f"  {code}\n", apart, code.replace("", " "),
        f"{code[:4]}–{code[4:]}", f"{code[:4]} — {code[4:]}.", cyrillic, cyrillic.upper(), mixed,
    ):  # fmt: skip
        assert codes.read(typed) == code, typed


@given(SIGNS, SIGNS)
def test_two_codes_are_never_read_as_one(one: str, other: str) -> None:
    assert (codes.read(one) == codes.read(other)) == (one == other)


@given(st.text())
def test_whatever_is_typed_is_read_as_a_code_or_as_none(typed: str) -> None:
    read = codes.read(typed)
    assert read is None or (len(read) == codes.LENGTH and set(read) <= set(CODE_ALPHABET))


@pytest.mark.parametrize(
    "typed",
    [
        "", "-", "        ", "kx7m-p2w", "kx7m-p2wdd", "kx7m-p2w0", "kx7m-p2wi", "kx7m-p2wl", "щщщщщщщщ",
        "\x00" * 8, "²" * 8, "٣" * 8, "kx7m p2wd kx7m p2wd", "😀" * 8, "\ud800" * 8, "a" * 100_000,
    ],
)  # fmt: skip
def test_garbage_is_no_code(typed: str) -> None:
    assert codes.read(typed) is None


def test_the_alphabet_has_no_signs_that_are_mistaken_for_one_another() -> None:
    assert CODE_ALPHABET.lower() == CODE_ALPHABET
    assert len(set(CODE_ALPHABET)) == len(CODE_ALPHABET) == 30
    assert not set("0o1lij") & set(CODE_ALPHABET)


@given(SIGNS, SIGNS, st.text(min_size=1), st.text(min_size=1))
def test_the_hash_depends_on_the_code_and_on_the_secret_and_shows_neither(
    code: str, other: str, secret: str, another: str
) -> None:
    known = codes.hashed(code, secret)
    assert len(known) == 64
    assert code not in known
    assert (known == codes.hashed(other, secret)) == (code == other)
    if secret.encode().rstrip(b"\0") != another.encode().rstrip(b"\0"):  # HMAC fills short keys with zeros
        assert known != codes.hashed(code, another)
