"""A reader's own pages, in every language below /account/. Live: never pressed, never stored."""

from django.urls import path

from standfirst.readers import account_views, letters_part, passkey_views, views

app_name = "readers"

urlpatterns = [
    path("", account_views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("code/", views.code, name="code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("here/", views.here, name="here"),
    path("details/", account_views.details, name="details"),
    path("letters/", letters_part.choose, name="letters"),
    path("address/", account_views.address, name="address"),
    path("address/code/", account_views.address_code, name="address_code"),
    path("everything/", account_views.export, name="export"),
    path("passkeys/ask/", passkey_views.ask, name="passkey_ask"),
    path("passkeys/sign-in/", passkey_views.sign_in, name="passkey_sign_in"),
    path("passkeys/offer/", passkey_views.offer, name="passkey_offer"),
    path("passkeys/add/", passkey_views.add, name="passkey_add"),
    path("passkeys/<int:pk>/", passkey_views.change, name="passkey_change"),
    path("erase/", account_views.erase, name="erase"),
]
