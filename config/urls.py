"""All addresses; each domain keeps its own list."""

from django.urls import include, path, re_path

from config.api import api
from wangge.common.api import no_such_address

# What has a beginning of its own comes first: nobody looks through the addresses of all pages for it.
urlpatterns = [
    path("api/v1/", api.urls),
    re_path("^api/", no_such_address),
    path("open311/", include("wangge.intake.channels.open311.urls")),
    path("territory/", include("wangge.territory.urls")),
    path("registry/", include("wangge.registry.urls")),
    path("files/", include("wangge.attachments.urls")),
    path("", include("wangge.intake.urls")),
    path("", include("wangge.accounts.urls")),
    path("", include("wangge.audit.urls")),
    path("", include("wangge.cases.urls")),
    path("", include("wangge.fieldwork.urls")),
    path("", include("wangge.insight.urls")),
    path("", include("wangge.notifications.urls")),
    path("", include("wangge.web.urls")),
]

handler400 = "wangge.web.views.errors.bad_request"
handler403 = "wangge.web.views.errors.forbidden"
handler404 = "wangge.web.views.errors.not_found"
handler500 = "wangge.web.views.errors.broken"
