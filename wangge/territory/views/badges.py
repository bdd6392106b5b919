"""Badges: issued and printed by whoever arranges an area, looked after by whoever wears one."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.contrib.messages import success
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account
from wangge.attachments.models import Size
from wangge.attachments.store import local_store
from wangge.attachments.views import serve
from wangge.common.forms import refusals_in
from wangge.common.refusals import Refused
from wangge.territory.forces import badges as badge_acts
from wangge.territory.forces import permissions, sheets
from wangge.territory.forms import PhotoForm
from wangge.territory.models import Badge
from wangge.territory.views.forces import address, for_lookers, pdf, seen_area, site


def _may_issue(by: Account, person: Account) -> bool:
    return permissions.is_security(by) or badge_acts.may_issue(by, person, timezone.localdate())


@for_lookers
def badges_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a worker's badges; issue one or revoke it."""
    person, by, today = get_object_or_404(Account, pk=pk), signed_in(request), timezone.localdate()
    if not _may_issue(by, person):
        raise Http404
    if request.method == "POST":
        badge_acts.issue_badge(person, by=by, at=timezone.now())
        success(request, _("The badge is issued; an earlier one is no longer valid."))
        return redirect("territory:badges_of", pk)
    page = {
        "person": person,
        "badges": person.badges.order_by("-issued_on", "-pk"),
        "posts": badge_acts.street_posts(person, today),
        "today": today,
    }
    return render(request, "territory/forces/badges.html", page)


@for_lookers
@require_POST
def revocation(request: HttpRequest, pk: str) -> HttpResponse:
    """Let a badge be worth nothing any more."""
    badge = get_object_or_404(Badge.objects.select_related("account"), pk=pk)
    if not _may_issue(signed_in(request), badge.account):
        raise Http404
    badge_acts.revoke_badge(badge, by=signed_in(request), at=timezone.now())
    success(request, _("The badge is revoked. Whoever looks it up reads that."))
    return redirect("territory:badges_of", badge.account_id)


@for_lookers
@require_safe
def badges_to_print(request: HttpRequest) -> HttpResponse:
    """The valid badges of an area as a sheet of cards."""
    found, today = seen_area(request, request.GET.get("area", "")), timezone.localdate()
    if not permissions.manages(signed_in(request), found.path):
        raise PermissionDenied(
            _("This is for the grid lead or duty chief of the area, or the security administrator.")
        )
    badges = list(badge_acts.badges_in(found.path, today)[: sheets.MOST + 1])
    if len(badges) > sheets.MOST:
        raise Refused(
            _("That is more than %(most)d badges. Choose a street or community.") % {"most": sheets.MOST}
        )
    cards = [_card(request, badge) for badge in badges]
    return pdf(sheets.badges(cards, site=site()), f"badges-{found.code}")


@login_required
def my_badge(request: HttpRequest) -> HttpResponse:
    """Show the wearer the badge, and let them give or take back the photo."""
    person, today = signed_in(request), timezone.localdate()
    badge = person.badges.filter(revoked_at=None).first()
    form = PhotoForm(request.POST or None, request.FILES or None)
    if (
        request.method == "POST"
        and badge is not None
        and form.is_valid()
        and _keep_photo(request, badge, form)
    ):
        success(request, _("The photo is on your badge. You can take it back here."))
        return redirect("territory:my_badge")
    page = {
        "badge": badge,
        "is_valid": badge is not None and badge_acts.verify(badge.serial, today).state == "valid",
        "photo": badge_acts.photo_of(badge) if badge else None,
        "form": form,
        "link": address(request, "intake:badge", badge.serial) if badge else "",
    }
    return render(request, "territory/forces/my_badge.html", page, status=422 if form.errors else 200)


def _keep_photo(request: HttpRequest, badge: Badge, form: PhotoForm) -> bool:
    with refusals_in(form):
        badge_acts.agree_to_photo(badge, form.cleaned_data["photo"], by=signed_in(request), at=timezone.now())
    return not form.errors


@login_required
@require_safe
def my_photo(request: HttpRequest) -> HttpResponse:
    """The photo on one's own badge."""
    badge = get_object_or_404(Badge, account=signed_in(request), revoked_at=None)
    photo = badge_acts.photo_of(badge)
    if photo is None:
        raise Http404
    return serve(request, photo, Size.THUMB)


@login_required
@require_POST
def photo_withdrawal(request: HttpRequest) -> HttpResponse:
    """Take the photo back."""
    badge = get_object_or_404(Badge, account=signed_in(request), revoked_at=None)
    badge_acts.withdraw_photo(badge, by=signed_in(request), at=timezone.now())
    success(request, _("The photo is deleted. Nobody sees it any more."))
    return redirect("territory:my_badge")


def _card(request: HttpRequest, badge: Badge) -> sheets.Card:
    post = badge_acts.street_posts(badge.account, timezone.localdate()).filter(absence=None)[0]
    photo = badge_acts.photo_of(badge)
    jpeg = None
    if photo is not None:
        with local_store().open(photo.thumb_sha256) as stored:
            jpeg = stored.read()
    return sheets.Card(
        name=badge.account.name,
        post=post.get_role_display(),
        within=post.area.name,
        serial=badge.spaced,
        valid_to=badge.expires_on - timedelta(days=1),
        link=address(request, "intake:badge", badge.serial),
        photo=jpeg,
    )
