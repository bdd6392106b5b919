"""What people are told about matters: facts of the work, never a person, never a reporter's words."""

from django.utils.translation import gettext_lazy as _

from wangge.notifications.wordings import Wording

FACTS = _("%(kind)s, %(place)s (%(number)s)")

WORDINGS = (
    # To units
    Wording("dispatched", _("A case for your unit"), _("%(kind)s, %(place)s (%(number)s). To be handled by %(due)s.")),
    Wording("forwarded", _("A case was forwarded to your unit"), FACTS),
    Wording("recalled", _("A case was taken back"), _("%(kind)s, %(place)s (%(number)s). Nothing more is to be done.")),
    Wording("rework", _("Checked and not mended: rework"), _("%(kind)s, %(place)s (%(number)s). To be handled by %(due)s.")),
    Wording("corrected", _("A case was corrected"), FACTS),
    Wording("extended", _("More time was granted"), _("%(kind)s, %(place)s (%(number)s). To be handled by %(due)s.")),
    Wording("extension_refused", _("More time was refused"), FACTS),
    Wording("suspended", _("The case is suspended"), FACTS),
    Wording("suspension_refused", _("The suspension was refused"), FACTS),
    Wording("resumed", _("The case goes on"), _("%(kind)s, %(place)s (%(number)s). To be handled by %(due)s.")),
    Wording("voided", _("A case was declared void"), _("%(kind)s, %(place)s (%(number)s). Nothing more is to be done.")),
    Wording("help_wanted", _("Your unit is asked to help"), FACTS),
    Wording("help_given", _("A helping unit has done its part"), _("%(unit)s: %(kind)s, %(place)s (%(number)s)")),
    Wording("urged", _("The reporter urges"), FACTS),
    Wording("added", _("The reporter added something"), FACTS),
    Wording("supervised", _("A supervision order"), FACTS),
    Wording("supervision_ended", _("A supervision order was ended"), FACTS),
    Wording("reminder", _("A deadline comes near"), _("%(kind)s, %(place)s (%(number)s). Due by %(due)s.")),
    Wording("escalated", _("Overdue: passed on to you"), FACTS),
    Wording("escalated_many", _("Overdue: %(count)s passed on to you"), _("They are listed under “Escalated”.")),
    # To the desk
    Wording("sent_back", _("A unit sent a case back"), _("%(unit)s: %(kind)s, %(place)s (%(number)s)")),
    Wording("to_arbitrate", _("A case waits for your ruling"), FACTS),
    Wording("found", _("Verified on the spot: please decide"), FACTS),
    Wording("passed", _("Checked: ready to be closed"), FACTS),
    Wording("reopened", _("A case was reopened"), FACTS),
    Wording("not_solved", _("The reporter says: not solved"), FACTS),
    Wording("not_settled", _("A second look says: not settled"), FACTS),
    Wording("withdrawn", _("The reporter withdrew a report"), FACTS),
    Wording("extension_wanted", _("A unit asks for more time"), FACTS),
    Wording("suspension_wanted", _("A unit asks to suspend a case"), FACTS),
    Wording("void_wanted", _("Somebody asks to declare a case void"), FACTS),
    Wording("void_refused", _("Declaring it void was refused"), FACTS),
    Wording("handed", _("A case was handed to your level"), FACTS),
    Wording("supervision_replied", _("Your supervision order was replied to"), FACTS),
    Wording("named", _("You were named a handler"), FACTS),
    # To the worker on the street
    Wording("to_verify", _("Please verify on the spot"), FACTS),
    Wording("to_check", _("Please check on the spot"), FACTS),
    Wording("to_recheck", _("Please look again on the spot"), FACTS),
    # To reporters
    Wording("reporter_filed", _("Your report is being worked on"), _("Report No. %(number)s has been taken on. By when it is to be solved, you can read here:"), outside=True),
    Wording("reporter_dispatched", _("Your report was passed on"), _("Report No. %(number)s is now with %(unit)s. You can follow it here:"), outside=True),
    Wording("reporter_extended", _("Your report needs more time"), _("Report No. %(number)s takes longer. The new date and the reason are here:"), outside=True),
    Wording("reporter_reopened", _("Your report is being worked on again"), _("Report No. %(number)s was opened again. You can follow it here:"), outside=True),
    Wording("reporter_closed", _("Your report is done"), _("Report No. %(number)s is closed. Read the answer and tell us whether it is solved:"), outside=True),
    Wording("reporter_answered", _("Your report is answered"), _("Report No. %(number)s is answered. Read the answer here:"), outside=True),
    Wording("reporter_declined", _("We cannot take your report on"), _("Why report No. %(number)s was not accepted, and whom you may turn to, you can read here:"), outside=True),
    Wording("reporter_news", _("News of your report"), _("Read it here:"), outside=True),
)  # fmt: skip
