"""E-mail by SMTP, through Django's mail."""

import smtplib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.notifications.channels.base import Again, ForGood, Message, NoAnswer

SECURITIES = ("starttls", "tls", "none")
PATIENCE = 10  # seconds


class Email:
    """An SMTP server that takes our mail."""

    code = "email"
    label = gettext_lazy("E-mail")

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def is_wanted(self) -> bool:
        return bool(self.config["host"])

    def faults(self) -> list[str]:
        found = []
        try:
            validate_email(self.config["sender"])
        except ValidationError:
            found.append("WANGGE_EMAIL_FROM must be an e-mail address.")
        if self.config["security"] not in SECURITIES:
            found.append(f"WANGGE_EMAIL_SECURITY must be one of: {', '.join(SECURITIES)}.")
        if not str(self.config["port"]).isdigit():
            found.append("WANGGE_EMAIL_PORT must be a number.")
        if self.config["user"] and not self.config["password"]:
            found.append("WANGGE_EMAIL_USER is set and WANGGE_EMAIL_PASSWORD is not.")
        return found

    def takes(self, wording: str) -> bool:
        return True

    def send(self, address: str, message: Message) -> str:
        mail, connection = self._mail(address, message), self._connection()
        try:
            self._open(connection)
            self._send(connection, mail)
        finally:
            connection.close()  # also after a refused password: Django leaves that connection open
        return str(mail.extra_headers["Message-ID"])

    def _open(self, connection: EmailBackend) -> None:
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            said = f"The server refuses our name or password ({error.smtp_code})."
            raise Again(said, everybody=True) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Again(f"The server cannot be reached: {type(error).__name__}.", everybody=True) from None

    def _send(self, connection: EmailBackend, mail: EmailMessage) -> None:
        try:
            connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise self._refused(code, said) from None
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise NoAnswer(f"The server did not answer: {type(error).__name__}.") from None

    def _connection(self) -> EmailBackend:
        connection: EmailBackend = get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=self.config["host"],
            port=int(self.config["port"]),
            username=self.config["user"],
            password=self.config["password"],
            use_tls=self.config["security"] == "starttls",
            use_ssl=self.config["security"] == "tls",
            timeout=PATIENCE,
        )
        return connection

    def _mail(self, address: str, message: Message) -> EmailMessage:
        """One mail with the same Message-ID at every try, so that a second copy can be told from news."""
        sender = self.config["sender"]
        headers = {
            "Message-ID": f"<{message.reference}@{sender.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        }
        if message.stop:
            # RFC 8058: the mail program's own button for ending messages.
            headers["List-Unsubscribe"] = f"<{message.stop}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        lines = [message.sentence, message.link]
        if message.stop:
            lines += ["", _("No more messages about this: %(address)s") % {"address": message.stop}]
        subject = " ".join(f"{message.heading} · {settings.INSTALLATION_NAME}".rstrip(" ·").split())
        return EmailMessage(
            subject, "\n".join(filter(None, lines)) + "\n", sender, [address], headers=headers
        )

    @staticmethod
    def _refused(code: int, said: bytes | str) -> Again | ForGood:
        """4yz: later; 5yz: never. 550, 551 and 553 speak of the mailbox (RFC 5321)."""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        if 500 <= code < 600:
            return ForGood(f"The server refused it ({code}): {words}", address=code in {550, 551, 553})
        return Again(f"The server wants it later ({code}): {words}")
