"""Addresses of this domain: the nouns of the two matters and of the steps of the table."""

from typing import Any

from django.urls import path

from wangge.cases.calendars import views as calendars
from wangge.cases.views import escalations, handover, roster
from wangge.cases.views.confidence import colleagues
from wangge.cases.views.configuration import draft, overview, rows, sheets
from wangge.cases.views.desk import desk
from wangge.cases.views.map import case_card, case_tile
from wangge.cases.views.matter import classes, clock, show
from wangge.cases.views.next_matter import next_matter
from wangge.cases.views.presence import present
from wangge.cases.views.privacy import blur, contact, photo, publication
from wangge.cases.views.steps import step
from wangge.cases.views.together import dispatches, undo_dispatches, undo_step
from wangge.cases.views.unit import unit

app_name = "cases"

CASE: dict[str, Any] = {"kind": "case"}
REPORT: dict[str, Any] = {"kind": "report"}

CONFIGURATION = "administration/configuration/"
DRAFT = f"{CONFIGURATION}drafts/<int:pk>/"

configuration = [
    path(CONFIGURATION, overview.overview, name="configuration"),
    path(f"{CONFIGURATION}export/", overview.export, name="config_export"),
    path(f"{CONFIGURATION}tables/<slug:name>/", overview.table, name="config_table"),
    path(f"{CONFIGURATION}versions/<int:number>/", overview.version, name="config_version"),
    path(DRAFT, draft.draft, name="config_draft"),
    path(f"{DRAFT}trial/", draft.trial, name="config_trial"),
    path(f"{DRAFT}indecision/", draft.indecision, name="config_indecision"),
    path(f"{DRAFT}end/", draft.end, name="config_end"),
    path(f"{DRAFT}import/", sheets.upload, name="config_upload"),
    path(f"{DRAFT}import/<int:number>/", sheets.preview, name="config_import"),
    path(f"{DRAFT}export/", sheets.export, name="config_draft_export"),
    path(f"{DRAFT}tables/<slug:name>/", rows.table, name="config_draft_table"),
    path(f"{DRAFT}tables/<slug:name>/row/", rows.row, name="config_row"),
    path(f"{DRAFT}tables/<slug:name>/row/<slug:noun>/", rows.deed, name="config_deed"),
]

urlpatterns = [
    *configuration,
    path("desk/", desk, name="desk"),
    path("desk/dispatches/", dispatches, name="dispatches"),
    path("desk/dispatches/undo/", undo_dispatches, name="undo_dispatches"),
    path("unit/", unit, name="unit"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.new_calendar, name="new_calendar"),
    path("calendars/<str:code>.ics", calendars.subscription, name="calendar_subscription"),
    path("calendars/<str:code>/", calendars.calendar, name="calendar"),
    path("calendars/<str:code>/days/", calendars.days, name="calendar_days"),
    path("calendars/<str:code>/hours/", calendars.hours, name="calendar_hours"),
    path("calendars/<str:code>/file/", calendars.file, name="calendar_file"),
    path("calendars/<str:code>/publication/", calendars.publication, name="calendar_publication"),
    path("calendars/<str:code>/settings/", calendars.settings, name="calendar_settings"),
    path("calendars/<str:code>/ending/", calendars.ending, name="calendar_ending"),
    path("calendars/<str:code>/changes/<int:pk>/", calendars.change, name="calendar_change"),
    path("calendars/<str:code>/changes/<int:pk>/matters/", calendars.change_matters, name="calendar_matters"),
    path("calendars/<str:code>/changes/<int:pk>/decision/", calendars.decision, name="calendar_decision"),
    path("calendars/<str:code>/changes/<int:pk>/counting/", calendars.counting, name="calendar_counting"),
    path(
        "calendars/<str:code>/changes/<int:pk>/confirmation/",
        calendars.confirmation,
        name="calendar_confirmation",
    ),
    path("calendars/<str:code>/changes/<int:pk>/dropping/", calendars.dropping, name="calendar_dropping"),
    path("desk/next/", next_matter, name="next_matter"),
    path("desk/presence/", present, name="presence"),
    path("desk/roster/", roster.roster, name="roster"),
    path("desk/roster/copy/", roster.copy, name="roster_copy"),
    path("desk/roster/shifts/new/", roster.new_shift, name="new_shift"),
    path("desk/roster/shifts/<int:pk>/", roster.shift, name="shift"),
    path("desk/roster/shifts/<int:pk>/removal/", roster.removal, name="shift_removal"),
    path("desk/handovers/", handover.handovers, name="handovers"),
    path("desk/handovers/new/", handover.new_handover, name="new_handover"),
    path("desk/handovers/<int:pk>/", handover.handover, name="handover"),
    path("escalations/", escalations.mine, name="escalations"),
    path("escalations/unreached/", escalations.unreached, name="unreached"),
    path("cases/classes/", classes, name="classes"),
    path("cases/tiles/<int:z>/<int:x>/<int:y>.mvt", case_tile, name="case_tile"),
    path("cases/<str:number>/", show, CASE, name="case"),
    path("cases/<str:number>/card/", case_card, name="case_card"),
    path("cases/<str:number>/clocks/<int:pk>/", clock, CASE, name="case_clock"),
    path("cases/<str:number>/photos/<uuid:pk>/", photo, CASE, name="case_photo"),
    path("cases/<str:number>/photos/<uuid:pk>/blur/", blur, CASE, name="case_photo_blur"),
    path("cases/<str:number>/undo/", undo_step, name="undo"),
    path("cases/<str:number>/colleagues/", colleagues, CASE, name="case_colleagues"),
    path("cases/<str:number>/<slug:noun>/", step, CASE, name="case_step"),
    path("reports/<int:number>/", show, REPORT, name="report"),
    path("reports/<int:number>/clocks/<int:pk>/", clock, REPORT, name="report_clock"),
    path("reports/<int:number>/photos/<uuid:pk>/", photo, REPORT, name="report_photo"),
    path("reports/<int:number>/photos/<uuid:pk>/blur/", blur, REPORT, name="report_photo_blur"),
    path("reports/<int:number>/contact/", contact, name="contact"),
    path("reports/<int:number>/publication/", publication, name="publication"),
    path("reports/<int:number>/colleagues/", colleagues, REPORT, name="report_colleagues"),
    path("reports/<int:number>/<slug:noun>/", step, REPORT, name="report_step"),
]
