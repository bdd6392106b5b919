"""Web push (RFC 8030): notices of the browser itself, by the push service of the browser's maker."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.translation import gettext_lazy

from wangge.notifications.channels.base import Again, ForGood, Message, NoAnswer
from wangge.notifications.channels.http import PATIENCE, opener
from wangge.notifications.channels.push_encryption import b64, encrypt, point, vapid

HOLDS = 24 * 3600  # seconds the push service keeps it for a browser that is off
MOST_BYTES = 3072  # of the text; services take 4096 encrypted
HERE = ("127.0.0.1", "localhost")  # a push service of one's own machine may do without TLS


class Push:
    """The push services of the browsers' makers."""

    code = "push"
    label = gettext_lazy("Browser")

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def is_wanted(self) -> bool:
        return bool(self.config["key_file"])

    def faults(self) -> list[str]:
        found = []
        if not self.config["contact"].startswith(("mailto:", "https://")):
            found.append("WANGGE_PUSH_CONTACT must be a mailto: or https:// address.")
        try:
            self._key()
        except (OSError, ValueError, TypeError) as error:
            found.append(f"WANGGE_PUSH_KEY_FILE is no P-256 private key in PEM: {type(error).__name__}.")
        return found

    def takes(self, wording: str) -> bool:
        return True

    def public_key(self) -> str:
        """The point that browsers ask for before they subscribe, in base64url."""
        return b64(point(self._key().public_key()))

    def is_known(self, endpoint: str) -> bool:
        """Tell whether an address belongs to a push service: we post to whatever a browser names."""
        parts = urlsplit(endpoint)
        name = parts.hostname or ""
        safe = parts.scheme == "https" or name in HERE
        return safe and any(
            name == host or (host.startswith(".") and name.endswith(host)) for host in self.config["hosts"]
        )

    def send(self, address: str, message: Message) -> str:
        subscription = json.loads(address)
        endpoint = subscription["endpoint"]
        if not self.is_known(endpoint):
            raise ForGood("This is not the address of a push service we know.", address=True)
        try:
            body = encrypt(_payload(message), **subscription["keys"])
        except ValueError:
            raise ForGood("The browser's keys cannot be used.", address=True) from None
        return _post(endpoint, body, self._headers(endpoint, message))

    def _headers(self, endpoint: str, message: Message) -> dict[str, str]:
        return {
            "Authorization": vapid(self._key(), endpoint, self.config["contact"], now=int(time.time())),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(HOLDS),
            # A newer copy with the same topic replaces one that still waits.
            "Topic": message.reference[:32],
        }

    def _key(self) -> EllipticCurvePrivateKey:
        key = load_pem_private_key(Path(self.config["key_file"]).read_bytes(), None)
        if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise ValueError("another kind of key")
        return key


def _payload(message: Message) -> bytes:
    sentence = message.sentence.encode()[:MOST_BYTES].decode(errors="ignore")
    told = {"heading": message.heading, "sentence": sentence, "link": message.link, "tag": message.reference}
    return json.dumps(told, ensure_ascii=False).encode()


def _post(endpoint: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Hand an encrypted message over and return where the service keeps it."""
    host = urlsplit(endpoint).hostname
    request = Request(endpoint, body, dict(headers))  # noqa: S310  # `is_known` has seen to the scheme
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return str(answer.headers.get("Location", ""))
    except HTTPError as error:
        with error:
            raise _failure(f"{host} answered {error.code}.", error.code) from None
    except URLError as error:
        # One maker's service may be down; the others' are not.
        raise Again(f"{host} cannot be reached: {error.reason}.") from None
    except (TimeoutError, ConnectionError, HTTPException) as error:
        raise NoAnswer(f"{host} did not answer: {type(error).__name__}.") from None


def _failure(words: str, status: int) -> Again | ForGood:
    if status in {404, 410}:
        return ForGood(f"{words} The browser takes no more.", address=True)
    if status in {400, 413}:
        return ForGood(words)
    return Again(words)
