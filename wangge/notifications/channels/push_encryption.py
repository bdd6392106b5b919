"""The two standards behind web push: encryption for one browser (RFC 8291) and who we are (VAPID, RFC 8292)."""

import base64
import json
import os
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096  # bytes; one record holds the whole message
LAST_RECORD = b"\x02"
CLAIM_HOLDS = 12 * 3600  # seconds; services take at most a day


def encrypt(
    text: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Encrypt so that only the browser with these keys (base64url) reads it; raises ValueError for keys that are none.

    Salt (16 bytes) and key are fresh for each message, and given only by the test of the standard's own example.
    """
    browser_point, secret = unb64(p256dh), unb64(auth)
    browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_point)
    own, salt = own or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    own_point = point(own.public_key())
    shared = own.exchange(ec.ECDH(), browser)
    key_material = _derive(shared, secret, b"WebPush: info\0" + browser_point + own_point, 32)
    key = _derive(key_material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(key_material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(own_point)]) + own_point
    return head + AESGCM(key).encrypt(nonce, text + LAST_RECORD, None)


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)


def vapid(key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, *, now: int) -> str:
    """The Authorization header that names us to a push service; `now` in seconds since 1970."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + CLAIM_HOLDS, "sub": contact}
    said = ".".join(b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(SHA256())))
    signature = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={b64(point(key.public_key()))}"


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as an uncompressed point (65 bytes)."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """Read base64url without padding; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
