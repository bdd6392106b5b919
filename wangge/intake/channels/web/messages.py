"""The messages a reporter gets about a report: by which ways, and whether they are still wanted."""

from wangge.cases.models import Report, ReporterContact
from wangge.cases.notices import outsider_named, outsider_of
from wangge.notifications import channels
from wangge.notifications.actions import Outsider
from wangge.notifications.actions.notices import mask


def outsider(report: Report) -> Outsider:
    """A reporter as the channels know them, with the addresses they left."""
    contact = ReporterContact.objects.filter(report=report).first()
    return outsider_of(contact) if contact else outsider_named(report.pk)


def ways_of(report: Report) -> list[str]:
    """The reporter's own addresses at which messages arrive, masked; empty when none is left or no channel is in use."""
    usable = channels.usable()
    return [
        mask(channel, address)
        for channel, address in outsider(report).addresses.items()
        if address and channel in usable
    ]
