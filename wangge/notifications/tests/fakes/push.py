"""A push service with one browser behind it: verifies who sends (RFC 8292) and decrypts as the browser would (RFC 8291)."""

import json
import re
import time
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wangge.notifications.channels.push_encryption import b64, point, unb64
from wangge.notifications.tests.fakes.serving import Answer, Asked, Provider


class FakePush(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.browser = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"sixteen bytes ok"
        self.gone = False
        self.expected_key = ""
        self.headers = {"Location": "https://push.example/message/1"}

    @property
    def subscription(self) -> str:
        keys = {"p256dh": b64(point(self.browser.public_key())), "auth": b64(self.secret)}
        return json.dumps({"endpoint": f"{self.url}/subscription/1", "keys": keys})

    def answer(self, asked: Asked) -> Answer:
        if self.gone:
            return 410, {}
        if not self._knows(asked.headers.get("Authorization", "")):
            return 403, {}
        if asked.headers.get("Content-Encoding") != "aes128gcm" or not asked.headers.get("TTL", "").isdigit():
            return 400, {}
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", asked.headers.get("Topic", "x")):
            return 400, {}
        if len(asked.body) > 4096:
            return 413, {}
        try:
            self.taken.append(self._read(asked.body))
        except InvalidTag:
            return 400, {}
        return 201, {}

    def _knows(self, header: str) -> bool:
        found = re.fullmatch(r"vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(\S+)", header)
        if not found or found[4] != self.expected_key:
            return False
        claims = json.loads(unb64(found[2]))
        signature = unb64(found[3])
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(found[4]))
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        try:
            key.verify(encode_dss_signature(r, s), f"{found[1]}.{found[2]}".encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        fresh = time.time() < claims["exp"] <= time.time() + 24 * 3600
        return bool(fresh and claims["aud"] == self.url and claims["sub"].startswith("mailto:"))

    def _read(self, body: bytes) -> Any:
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        info = b"WebPush: info\0" + point(self.browser.public_key()) + sender
        material = HKDF(SHA256(), 32, self.secret, info).derive(self.browser.exchange(ec.ECDH(), other))
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text.endswith(b"\x02")
        return json.loads(text[:-1])
