"""Web push (RFC 8030, 8291, 8292): notices of the browser itself, encrypted so that only that browser reads them."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.utils.translation import gettext_lazy

from wangge.notifications.channels.base import Again, ForGood, Message, NoAnswer
from wangge.notifications.channels.http import PATIENCE

HOLDS = 24 * 3600  # seconds the push service keeps it for a browser that is off
MOST_BYTES = 3072  # of the text; services take 4096 encrypted


class Push:
    """The push services of the browsers' makers."""

    code = "push"
    label = gettext_lazy("This browser")

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def is_wanted(self) -> bool:
        return bool(self.config["key_file"])

    def faults(self) -> list[str]:
        found = []
        if find_spec("pywebpush") is None:
            found.append("Web push needs the extra: pip install 'wangge[push]'.")
        if not self.config["contact"].startswith(("mailto:", "https://")):
            found.append("WANGGE_PUSH_CONTACT must be a mailto: or https:// address.")
        try:
            _key(self.config["key_file"])
        except (OSError, ValueError, TypeError) as error:
            found.append(f"WANGGE_PUSH_KEY_FILE is no P-256 private key in PEM: {type(error).__name__}.")
        return found

    def takes(self, wording: str) -> bool:
        return True

    def public_key(self) -> bytes:
        """The uncompressed point that browsers ask for before they subscribe (65 bytes)."""
        return (
            _key(self.config["key_file"])
            .public_key()
            .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        )

    def is_known(self, endpoint: str) -> bool:
        """Tell whether an address belongs to a push service: we post to whatever a browser names."""
        parts = urlsplit(endpoint)
        hosts = self.config["hosts"]
        return parts.scheme == "https" and any(
            parts.hostname == host or (host.startswith(".") and (parts.hostname or "").endswith(host))
            for host in hosts
        )

    def send(self, address: str, message: Message) -> str:
        from py_vapid import Vapid
        from pywebpush import WebPushException, webpush
        from requests import RequestException
        from requests.exceptions import ConnectionError as NoConnection
        from requests.exceptions import ConnectTimeout

        subscription = json.loads(address)
        if not self.is_known(subscription["endpoint"]):
            raise ForGood("This is not the address of a push service we know.", address=True)
        try:
            answer = webpush(
                subscription,
                _payload(message),
                vapid_private_key=Vapid.from_file(self.config["key_file"]),
                vapid_claims={"sub": self.config["contact"]},
                ttl=HOLDS,
                timeout=PATIENCE,
                # A newer copy with the same topic replaces one that still waits.
                headers={"Topic": message.reference[:32], "Urgency": "normal"},
            )
        except WebPushException as error:
            raise _failure(error.response) from None
        except (NoConnection, ConnectTimeout) as error:
            raise Again(f"The push service cannot be reached: {type(error).__name__}.") from None
        except RequestException as error:
            raise NoAnswer(f"The push service did not answer: {type(error).__name__}.") from None
        return str(answer.headers.get("Location", ""))[:120]


def _key(path: str) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(Path(path).read_bytes(), None)
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError("another kind of key")
    return key


def _payload(message: Message) -> str:
    sentence = message.sentence.encode()[:MOST_BYTES].decode(errors="ignore")
    return json.dumps(
        {"heading": message.heading, "sentence": sentence, "link": message.link, "tag": message.reference},
        ensure_ascii=False,
    )


def _failure(answer: Any) -> Again | ForGood:
    if answer is None:
        return ForGood("The browser's keys cannot be used.", address=True)
    words = f"The push service answered {answer.status_code}."
    if answer.status_code in {404, 410}:
        return ForGood(f"{words} The browser takes no more.", address=True)
    if answer.status_code == 413:
        return ForGood(words)
    return Again(words, everybody=answer.status_code in {401, 403})
