"""Signing in and out, below /desk/. Goes before Wagtail's own addresses and so replaces its sign-in."""

from allauth.account import views as account
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from standfirst.people import views

# allauth asks for its addresses by these names, so there is no namespace.
urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", views.no_signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password_reset/", account.password_reset, name="account_reset_password"),
    path("password_reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password_reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password_reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("security/password/", account.password_change, name="account_change_password"),
    path("security/password/set/", account.password_set, name="account_set_password"),
    path("security/", include("allauth.mfa.urls")),
    # Wagtail's own screens for the same would go past the second factor.
    path(
        "account/change_password/", RedirectView.as_view(pattern_name="account_change_password"), name="desk_password"
    ),
]
