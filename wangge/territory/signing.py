"""Who is signed in, with what they may reach: nearly every request asks for both, so one statement reads both."""

from functools import cache

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.common import rows
from wangge.common.statements import prepared
from wangge.territory.scopes import Reach, Scope, remember


@cache
def _account_with_posts() -> str:
    return f"""
SELECT {rows.columns(Account)}, posts
FROM accounts_account CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_array(post.role, area.path, area.id)), '[]') AS posts
    FROM territory_post post JOIN territory_area area ON area.id = post.area_id
    WHERE post.account_id = accounts_account.id
      AND post.starts_on <= %s AND (post.ends_on IS NULL OR post.ends_on > %s)
) held
WHERE accounts_account.id = %s AND accounts_account.is_active
"""  # noqa: S608  # names of our own table


class People(BaseBackend):
    """Accounts of those who are signed in; passwords are asked by the backend after this one."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account unless it is gone or closed."""
        today = timezone.localdate()
        with prepared() as cursor:
            cursor.execute(_account_with_posts(), [today, today, user_id])
            found = cursor.fetchone()
        if found is None:
            return None
        *values, posts = found
        account = rows.made_of(Account, values)
        reaches = tuple(Reach(Role(role), path, area_id) for role, path, area_id in posts)
        remember(account, Scope(reaches, account.unit_id))
        return account
