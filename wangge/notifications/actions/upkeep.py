"""Deleting what is past its retention."""

from datetime import datetime, timedelta

from wangge.notifications.models import OPEN, Delivery, Notice

NOTICES_KEPT = timedelta(days=180)
DELIVERIES_KEPT = timedelta(days=90)


def sweep(*, at: datetime) -> None:
    """Delete notices after half a year and the delivery log after 90 days; what still waits stays."""
    Delivery.objects.filter(made_at__lt=at - DELIVERIES_KEPT).exclude(state__in=OPEN).delete()
    Notice.objects.filter(shown_at__lt=at - NOTICES_KEPT).delete()
