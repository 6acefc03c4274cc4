"""Letters: what they say, where they go, and what happens when they cannot."""

import logging
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from applicant_portal.accounts.mail import Mailer
from applicant_portal.accounts.service import Invitation
from applicant_portal.kit.i18n import LANGUAGES
from applicant_portal.settings import Settings
from applicant_portal.workspace.reminding import House
from tests.servers import free_port

TOKEN = "a-token-of-a-ticket"
INVITED = Invitation(7, "new@knu.example", TOKEN, 1)
BASE = "https://vstup.example"


def letters(folder: Path) -> list[EmailMessage]:
    files = sorted(folder.glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def mailer(data_dir: Path, **given: Any) -> Mailer:
    return Mailer(Settings(data_dir=data_dir, base_url=BASE, mail_from="portal@vstup.example", **given))


def test_without_a_server_a_letter_is_a_file_for_its_owner_only(data_dir: Path) -> None:
    assert mailer(data_dir).invitation(INVITED, "ХНУРЕ", "uk")
    folder = data_dir / "mail"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]
    (letter,) = letters(folder)
    assert (letter["To"], letter["From"]) == ("new@knu.example", "portal@vstup.example")
    assert letter["Subject"] == "Запрошення на ІТ-портал вступника"
    body = letter.get_content()
    assert f"{BASE}/ticket/{TOKEN}\n" in body
    assert "«ХНУРЕ»" in body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_is_in_both_languages_and_whole(data_dir: Path, lang: Any) -> None:
    one = mailer(data_dir)
    assert one.invitation(INVITED, "R&D 'KNU'", lang)
    assert one.invitation(INVITED, None, lang)
    assert one.invitation(Invitation(7, "new@knu.example", None, 1), "KNU", lang)
    assert one.reset(INVITED, lang)
    assert one.reminder("new@knu.example", [House("KNU", {"offer": 1, "stale": 2})], 2026, lang)
    assert one.access_request(
        ["s@p.example", "t@p.example"],
        number=3,
        institution="KNU",
        email="a@b.ua",
        message="x " * 900,
        lang=lang,
    )
    found = letters(data_dir / "mail")
    assert len(found) == 7
    prefix = "/en" if lang == "en" else ""
    for letter in found:
        text = letter.get_content()
        assert letter["Subject"]
        assert text.strip()
        assert "{" not in text
        assert "&amp;" not in text
        assert "\n\n\n" not in text
        assert max(len(line.encode()) for line in text.splitlines()) < 998
        assert any("а" <= sign <= "я" for sign in text.lower()) == (lang == "uk")
    told = "".join(letter.get_content() for letter in found)
    assert f"{BASE}{prefix}/ticket/{TOKEN}" in told
    assert f"{BASE}{prefix}/sign-in" in told
    assert "R&D 'KNU'" in told
    assert [one["To"] for one in found].count("s@p.example") == 1


def test_a_server_that_is_away_is_told_and_logged_without_address_or_ticket(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sent = mailer(data_dir, smtp_url=f"smtp://127.0.0.1:{free_port()}").invitation(INVITED, "KNU", "uk")
    assert not sent
    assert "ConnectionRefusedError" in caplog.text
    assert TOKEN not in caplog.text
    assert INVITED.email not in caplog.text


@pytest.mark.parametrize("address", ["localhost:25", "http://mail.example", "smtp://"])
def test_an_address_that_is_no_mail_server_is_refused(data_dir: Path, address: str) -> None:
    with pytest.raises(ValidationError):
        Settings(data_dir=data_dir, smtp_url=address)


def test_the_password_of_the_server_is_not_shown(data_dir: Path) -> None:
    assert "hidden-word" not in repr(
        Settings(data_dir=data_dir, smtp_url="smtp://me:hidden-word@mail.example")
    )


def test_a_letter_goes_out_by_smtp(data_dir: Path) -> None:
    with smtp_server() as (port, received):
        assert mailer(data_dir, smtp_url=f"smtp://127.0.0.1:{port}").reset(INVITED, "en")
    assert not (data_dir / "mail").exists()
    letter = message_from_bytes(b"".join(received), policy=policy.default)
    assert letter["To"] == "new@knu.example"
    assert f"{BASE}/en/ticket/{TOKEN}" in letter.get_payload(decode=False)


def test_a_letter_sent_later_is_sent(data_dir: Path) -> None:
    one = mailer(data_dir)
    one.later(lambda: one.reset(INVITED, "uk"))
    one.wait()
    assert len(letters(data_dir / "mail")) == 1


@contextmanager
def smtp_server() -> Iterator[tuple[int, list[bytes]]]:
    """A server that takes one letter: (its port, the lines of the letter)."""
    received: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as file:

            def say(line: bytes) -> None:
                file.write(line + b"\r\n")
                file.flush()

            say(b"220 here")
            while line := file.readline():
                if line.upper().startswith(b"DATA"):
                    say(b"354 go on")
                    while (part := file.readline()) != b".\r\n":
                        received.append(part)
                say(b"221 bye" if line.upper().startswith(b"QUIT") else b"250 fine")

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield listening.getsockname()[1], received
    finally:
        thread.join(10)
        listening.close()
