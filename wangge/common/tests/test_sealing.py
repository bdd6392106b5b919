"""Sealed values can be read with the installation's key only, and a changed key ring still opens the old ones."""

import os
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from wangge.common import sealing
from wangge.common.masking import is_masked, mask_email, mask_name, mask_phone


@pytest.fixture(autouse=True)
def _fresh_keys():
    sealing._keys.cache_clear()
    yield
    sealing._keys.cache_clear()


def test_the_same_words_never_look_the_same_twice() -> None:
    once, twice = sealing.seal("13812341234"), sealing.seal("13812341234")
    assert once != twice
    assert b"1381234" not in once
    assert sealing.unseal(once) == sealing.unseal(twice) == "13812341234"


def test_an_altered_value_is_refused() -> None:
    sealed = bytearray(sealing.seal("张三"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        sealing.unseal(bytes(sealed))


def test_after_a_change_of_keys_old_values_open_and_new_ones_use_the_new_key(settings: Any) -> None:
    old_key, sealed = settings.SEALING_KEY, sealing.seal("张三")
    settings.SEALING_KEY, settings.OLD_SEALING_KEYS = os.urandom(32), [old_key]
    sealing._keys.cache_clear()

    assert sealing.unseal(sealed) == "张三"
    assert sealing.seal("张三")[1:5] != sealed[1:5]


def test_without_its_key_a_value_stays_shut(settings: Any) -> None:
    sealed = sealing.seal("张三")
    settings.SEALING_KEY = os.urandom(32)
    sealing._keys.cache_clear()
    with pytest.raises(KeyError):
        sealing.unseal(sealed)


def test_masks_show_enough_to_recognise_and_not_enough_to_copy() -> None:
    assert mask_name("张三丰") == "张**"
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("110") == "***"
    assert mask_email("someone@example.org") == "s***@example.org"
    assert all(is_masked(value) for value in ("张**", "138****1234", "s***@example.org"))
