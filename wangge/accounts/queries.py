"""Reading about accounts."""

from collections.abc import Sequence

from django.conf import settings

from wangge.accounts.models import Account
from wangge.audit.models import AccessEntry


def demo_people() -> Sequence[Account]:
    """Return the people a visitor may be in a demo; nobody anywhere else."""
    if not settings.DEMO:
        return []
    people = Account.objects.exclude(demo_hint="").filter(is_active=True)
    return list(people.select_related("unit", "admin_post").order_by("pk"))


def demo_person(username: str) -> Account | None:
    """Return one of them by account name."""
    return next((person for person in demo_people() if person.username == username), None)


def recent_sign_ins(account: Account, limit: int = 10) -> Sequence[AccessEntry]:
    """Return the last sign-ins of an account, failed ones included, newest first."""
    own = AccessEntry.objects.filter(act="sign_in", account=account)
    failed = AccessEntry.objects.filter(
        act="sign_in_failed", subject_kind="account", subject_id=str(account.pk)
    )
    return list((own | failed).order_by("-id")[:limit])
