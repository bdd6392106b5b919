"""What people call the acts of the access log."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "sign_out": _("Signed out"),
    "password_changed": _("Changed the password"),
    "password_issued": _("Issued a one-time password"),
    "account_created": _("Made an account"),
    "account_edited": _("Corrected an account"),
    "account_deactivated": _("Closed an account"),
    "account_reactivated": _("Opened an account again"),
    "account_unlocked": _("Unlocked an account"),
    "administrator_appointed": _("Appointed an administrator"),
    "administrator_dismissed": _("Took an administrator role away"),
    "unit_created": _("Made a unit"),
    "unit_edited": _("Corrected a unit"),
    "unit_closed": _("Closed a unit"),
    "unit_reopened": _("Opened a unit again"),
    "post_assigned": _("Assigned a post"),
    "post_ended": _("Ended a post"),
    "see_contact": _("Looked at a reporter's contact"),
    "log_exported": _("Exported the access log"),
    "log_verified": _("Verified the logs"),
}
SUBJECTS = {
    "account": _("account"),
    "unit": _("unit"),
    "report": _("report"),
    "case": _("case"),
}


def act_label(act: str) -> str:
    """Return the act in the reader's language; one that is not in the list speaks for itself."""
    return str(ACTS.get(act, act))


def subject_label(kind: str) -> str:
    """Return what kind of thing an act was done to."""
    return str(SUBJECTS.get(kind, kind))
