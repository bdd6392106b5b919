"""Password rules of MLPS practice: kinds of characters, and not one of the last five."""

import string

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wangge.accounts.models import Account

KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
WANTED = 3
REMEMBERED = 5


class ThreeKindsOfCharacters:
    """Asks for three of: lower case, upper case, digits, other characters."""

    def validate(self, password: str, user: Account | None = None) -> None:
        kinds = sum(any(character in kind for character in password) for kind in KINDS)
        kinds += any(all(character not in kind for kind in KINDS) for character in password)
        if kinds < WANTED:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return _("Use at least three of: lower-case letters, upper-case letters, digits, other characters.")


class NotOneOfTheLastFive:
    """Refuses the present password and the four before it."""

    def validate(self, password: str, user: Account | None = None) -> None:
        if user is None or user.pk is None:
            return
        old = list(user.old_passwords.order_by("-set_at").values_list("password", flat=True)[:REMEMBERED])
        if any(check_password(password, encoded) for encoded in [user.password, *old][:REMEMBERED]):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("Do not use one of your last five passwords again.")
