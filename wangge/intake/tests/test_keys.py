"""Keys of other systems: shown once, recognised by their fingerprint, worthless once revoked."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from wangge.common.refusals import Refused
from wangge.intake import keys
from wangge.intake.models import ApiKey

pytestmark = pytest.mark.django_db


def test_a_key_is_printed_once_and_stored_as_a_fingerprint(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("apikey", "create", "hotline-app")
    key = capsys.readouterr().out.strip()
    assert keys.holder_of(key) == "hotline-app"
    assert key.encode() not in bytes(ApiKey.objects.get().key_hash)


def test_the_list_tells_states_and_last_use_but_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    key = keys.create_key("hotline-app", at=timezone.now())
    keys.create_key("old-app", at=timezone.now())
    keys.revoke_key("old-app", at=timezone.now())
    keys.holder_of(key)
    call_command("apikey", "list")
    working, revoked = capsys.readouterr().out.splitlines()
    assert working.startswith("hotline-app\tworking")
    assert str(timezone.localdate()) in working
    assert revoked.startswith("old-app\trevoked")
    assert key not in working


def test_a_revoked_key_is_unknown_and_cannot_be_revoked_twice() -> None:
    key = keys.create_key("hotline-app", at=timezone.now())
    assert keys.holder_of(key)
    call_command("apikey", "revoke", "hotline-app")
    assert keys.holder_of(key) is None
    with pytest.raises(Refused):
        keys.revoke_key("hotline-app", at=timezone.now())


def test_a_name_is_used_once_and_must_say_something() -> None:
    keys.create_key("hotline-app", at=timezone.now())
    for name in ("hotline-app", "", "  ", "x" * 81):
        with pytest.raises(Refused):
            keys.create_key(name, at=timezone.now())


def test_a_known_key_costs_no_query_for_half_a_minute(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    key = keys.create_key("hotline-app", at=timezone.now())
    keys.holder_of(key)
    with django_assert_num_queries(0):
        assert keys.holder_of(key) == "hotline-app"
    monkeypatch.setattr(keys, "REMEMBER_SECONDS", 0.0)
    with django_assert_num_queries(1):
        assert keys.holder_of(key) == "hotline-app"


def test_a_wrong_key_is_looked_up_and_not_remembered() -> None:
    for _ in range(3):
        assert keys.holder_of("wrong") is None
    assert keys.holder_of("") is None
    assert keys.holder_of("x" * 10_000) is None
