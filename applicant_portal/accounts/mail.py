"""Letters: put together from plain-text templates, sent by SMTP or written into a folder."""

import logging
import os
import secrets
import smtplib
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from textwrap import fill
from urllib.parse import SplitResult, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from applicant_portal.accounts.reminders import EVERY
from applicant_portal.accounts.service import Invitation
from applicant_portal.kit.i18n import Lang, localized
from applicant_portal.settings import TEMPLATES, Settings

log = logging.getLogger(__name__)

FOLDER = "mail"
_SECONDS = 10.0


class Unprotected(OSError):
    """The mail server wants a password and offers no encryption."""


class Mailer:
    """Sends letters, one to each address, and tells whether it could: a letter that fails never undoes what
    it speaks of. To be called after the commit. A failure is logged by its kind, without address or text."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Plain text has nothing to escape.
        self._templates = Environment(  # noqa: S701
            loader=FileSystemLoader(TEMPLATES / "email"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._later = ThreadPoolExecutor(1, thread_name_prefix="mail")

    def later(self, letter: Callable[[], bool]) -> None:
        """Send it in a thread of its own: the answer must not tell by its time whether a letter went out."""
        self._later.submit(letter)

    def wait(self) -> None:
        """Until all that was to be sent later has been tried."""
        self._later.submit(bool).result()

    def invitation(self, invited: Invitation, institution: str | None, lang: Lang) -> bool:
        """Whether the letter to somebody invited went out; the ticket works in any case."""
        return self._send(
            "invitation",
            lang,
            [invited.email],
            institution=institution,
            url=self.ticket_url(invited.token, lang) if invited.token else None,
            sign_in_url=self._settings.base_url + localized("/sign-in", lang),
        )

    def reset(self, asked: Invitation, lang: Lang) -> bool:
        url = self.ticket_url(asked.token or "", lang)
        return self._send("reset", lang, [asked.email], url=url)

    def access_request(
        self, to: Sequence[str], *, number: int, institution: str, email: str, message: str, lang: Lang
    ) -> bool:
        """To the staff."""
        # A line of a letter may have 998 bytes (RFC 5321).
        message = "\n".join(fill(line, 72) for line in message.splitlines())
        return self._send(
            "access_request", lang, to, number=number, institution=institution, email=email, message=message
        )

    def reminder(self, email: str, houses: Sequence[object], year: int, lang: Lang) -> bool:
        """To a member: what is due in the listings of their institutions (`workspace.reminding.House`)."""
        return self._send(
            "reminder",
            lang,
            [email],
            houses=houses,
            year=year,
            days=EVERY.days,
            url=self._settings.base_url + localized("/workspace", lang),
            account_url=self._settings.base_url + localized("/account", lang),
        )

    def ticket_url(self, token: str, lang: Lang = "uk") -> str:
        """The whole address of a ticket."""
        return self._settings.base_url + localized(f"/ticket/{token}", lang)

    def _send(self, template: str, lang: Lang, to: Sequence[str], **values: object) -> bool:
        try:
            text = self._templates.get_template(f"{template}.txt").render(lang=lang, **values)
            subject, _, body = text.strip().partition("\n")
            for address in to:
                self._deliver(_letter(self._settings.mail_from, address, subject, body.strip() + "\n"))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            log.error("a letter (%s) was not sent: %s", template, type(error).__name__)
            return False
        return True

    def _deliver(self, letter: EmailMessage) -> None:
        server = self._settings.smtp_url.get_secret_value()
        if server:
            _send_by_smtp(urlsplit(server), letter)
            return
        folder = self._settings.data_folder / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.eml"
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(letter.as_bytes())


def _letter(sender: str, to: str, subject: str, body: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body, cte="8bit")
    return letter


def _send_by_smtp(server: SplitResult, letter: EmailMessage) -> None:
    host = server.hostname or ""
    if server.scheme == "smtps":
        with smtplib.SMTP_SSL(
            host, server.port or 465, timeout=_SECONDS, context=ssl.create_default_context()
        ) as smtp:
            _log_in_and_send(smtp, server, letter)
        return
    with smtplib.SMTP(host, server.port or 587, timeout=_SECONDS) as smtp:
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        elif server.username and not _is_here(host):
            raise Unprotected
        _log_in_and_send(smtp, server, letter)


def _log_in_and_send(smtp: smtplib.SMTP, server: SplitResult, letter: EmailMessage) -> None:
    if server.username:
        smtp.login(unquote(server.username), unquote(server.password or ""))
    smtp.send_message(letter)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
