"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The installation's name and whether this is the demo."""
    return {"installation_name": settings.INSTALLATION_NAME, "demo": settings.DEMO}
