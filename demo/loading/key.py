"""The key with which the live mode posts: derived from the installation's secret, so that it need not be kept."""

from __future__ import annotations

from datetime import datetime

from wangge.common.sealing import fingerprint
from wangge.intake.models import ApiKey

NAME = "demo"


def demo_key() -> str:
    """The key itself; only a program that holds the installation's secret can tell it."""
    return f"wg_demo_{fingerprint('key of the live demo').hex()[:40]}"


def ensure_key(at: datetime) -> None:
    """Store the key's fingerprint unless it is there; a revoked key stays revoked."""
    ApiKey.objects.get_or_create(name=NAME, defaults={"key_hash": fingerprint(demo_key()), "created_at": at})
