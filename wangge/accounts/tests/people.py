"""The three administrators, for the stories of every domain."""

from wangge.accounts.models import Account, AdminPost, AdminRole


def administrator(
    role: AdminRole = AdminRole.SYSTEM, username: str = "sysadmin", name: str = "系统管理员"
) -> Account:
    """Somebody appointed to a role of administration, who never signs in by a password."""
    account = Account.objects.create(username=username, name=name, password="!")
    AdminPost.objects.create(account=account, role=role)
    return account
