"""Addresses of this domain."""

from django.urls import path

from wangge.accounts.views import me, sign_in

app_name = "accounts"
urlpatterns = [
    path("signin/", sign_in.sign_in, name="sign_in"),
    path("signout/", sign_in.sign_out, name="sign_out"),
    path("account/", me.me, name="me"),
    path("account/password/", me.password, name="password"),
]
