"""Addresses of this domain."""

from django.urls import path

from wangge.accounts.views import accounts, me, sign_in, units

app_name = "accounts"
urlpatterns = [
    path("signin/", sign_in.sign_in, name="sign_in"),
    path("signout/", sign_in.sign_out, name="sign_out"),
    path("account/", me.me, name="me"),
    path("account/password/", me.password, name="password"),
    path("administration/", accounts.administration, name="administration"),
    path("administration/accounts/", accounts.accounts, name="accounts"),
    path("administration/accounts/new/", accounts.new_account, name="new_account"),
    path("administration/accounts/<int:pk>/", accounts.account, name="account"),
    path("administration/accounts/<int:pk>/deactivation/", accounts.deactivation, name="deactivation"),
    path("administration/accounts/<int:pk>/reactivation/", accounts.reactivation, name="reactivation"),
    path("administration/accounts/<int:pk>/unlocking/", accounts.unlocking, name="unlocking"),
    path("administration/accounts/<int:pk>/password/", accounts.new_password, name="new_password"),
    path("administration/units/", units.units, name="units"),
    path("administration/units/new/", units.new_unit, name="new_unit"),
    path("administration/units/<int:pk>/", units.unit, name="unit"),
    path("administration/units/<int:pk>/closure/", units.closure, name="closure"),
    path("administration/units/<int:pk>/reopening/", units.reopening, name="reopening"),
]
