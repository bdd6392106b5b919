"""A small SMTP server (RFC 5321, AUTH PLAIN and LOGIN), as strict as the large ones."""

import socketserver
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default

USER, PASSWORD = "platform", "smtp-secret"
MOST_BYTES = 20_000


class FakeSmtp:
    def __init__(self) -> None:
        self.taken: list[tuple[str, str, Message]] = []
        self.lose_answers = 0
        self.later = 0  # answer 451 to so many recipients
        self.port = 0


class _Session(socketserver.StreamRequestHandler):
    fake: FakeSmtp

    def handle(self) -> None:
        self.signed_in, self.sender, self.recipient = False, "", ""
        self.say("220 fake ESMTP")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if getattr(self, f"do_{verb}", self.unknown)(line) == "gone":
                return None
        return None

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def unknown(self, line: str) -> None:
        self.say("502 not implemented")

    def do_EHLO(self, line: str) -> None:
        self.say("250-fake")
        self.say(f"250-SIZE {MOST_BYTES}")
        self.say("250 AUTH PLAIN LOGIN")

    def do_RSET(self, line: str) -> None:
        self.say("250 ok")

    def do_AUTH(self, line: str) -> None:
        kind, _, given = line[5:].partition(" ")
        if kind == "PLAIN":
            _none, user, password = b64decode(given).decode().split("\0")
        else:
            user = b64decode(given).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = b64decode(self.rfile.readline()).decode()
        self.signed_in = (user, password) == (USER, PASSWORD)
        self.say("235 welcome" if self.signed_in else "535 5.7.8 authentication failed")

    def do_MAIL(self, line: str) -> None:
        self.sender = line
        self.say("250 ok" if self.signed_in else "530 5.7.0 authentication required")

    def do_RCPT(self, line: str) -> None:
        if "nobody@" in line:
            self.say(f"550 5.1.1 {line.partition(':')[2]}: no such user here")  # as most do
        elif self.fake.later:
            self.fake.later -= 1
            self.say("451 4.7.1 greylisted, try later")
        else:
            self.recipient = line.partition("<")[2].partition(">")[0]
            self.say("250 ok")

    def do_DATA(self, line: str) -> str | None:
        self.say("354 go on")
        body = b""
        while (part := self.rfile.readline()) not in (b".\r\n", b""):
            body += part.removeprefix(b".") if part.startswith(b"..") else part
        mail = message_from_bytes(body, policy=default)
        if len(body) > MOST_BYTES:
            self.say("552 5.3.4 too big")
        elif not mail["From"] or not mail["Message-ID"] or not mail["Date"]:
            self.say("550 5.6.0 header missing")
        else:
            self.fake.taken.append((self.sender, self.recipient, mail))
            if self.fake.lose_answers:
                self.fake.lose_answers -= 1
                return "gone"
            self.say("250 queued")
        return None


@contextmanager
def mail_server() -> Iterator[FakeSmtp]:
    fake = FakeSmtp()
    handler = type("Session", (_Session,), {"fake": fake})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    fake.port = server.server_address[1]
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
