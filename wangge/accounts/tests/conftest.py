"""Three administrators, and a browser for each person."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from wangge.accounts.models import Account, AdminPost, AdminRole

PASSWORD = "Korrekt-Pferd-7"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Argon2 is slow on purpose; these stories are not about its strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make(username: str, name: str, **more: object) -> Account:
    account = Account.objects.create_user(username, PASSWORD, name=name, password_changed_at=timezone.now())
    for field, value in more.items():
        setattr(account, field, value)
    account.save()
    return account


def administrator(role: AdminRole, name: str) -> Account:
    account = make(role.value, name)
    AdminPost.objects.create(account=account, role=role)
    return account


@pytest.fixture
def system(db: None) -> Account:
    return administrator(AdminRole.SYSTEM, "系统管理员老马")


@pytest.fixture
def security(db: None) -> Account:
    return administrator(AdminRole.SECURITY, "安全管理员小何")


@pytest.fixture
def audit(db: None) -> Account:
    return administrator(AdminRole.AUDIT, "审计管理员小林")


@pytest.fixture
def worker(db: None) -> Account:
    return make("zhang.wei", "张伟", phone="13812341234")


@pytest.fixture
def browser() -> Callable[[Account], Client]:
    """A browser in which this person has signed in."""

    def signed_in(account: Account) -> Client:
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
