"""What people are told about posts."""

from django.utils.translation import gettext_lazy as _

from wangge.notifications.wordings import Wording

WORDINGS = (
    Wording(
        "stands_in",
        _("You stand in for a colleague"),
        _("%(place)s, from %(day)s on. The tasks, rights and notices of the post are yours on these days."),
    ),
)
