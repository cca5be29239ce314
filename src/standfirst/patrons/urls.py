"""Addresses of the room. What programs of others use exists once, outside every language."""

from django.urls import path, re_path

from standfirst.patrons import hooks, mine, pages

app_name = "patrons"

urlpatterns = [
    path("support/", pages.support, name="support"),
    path("support/text/", pages.support, {"text": True}, name="support_text"),
    path("support/join/", pages.join, name="join"),
    path("support/mine/<slug:token>/", mine.page, name="mine"),
    path("support/mine/<slug:token>/pay/", mine.pay, name="pay"),
    path("support/mine/<slug:token>/withdraw/", mine.withdraw, name="withdraw"),
    path("support/receipts/<slug:token>/", mine.receipt, name="receipt"),
    path("support/receipts/<slug:token>/receipt.pdf", mine.receipt_pdf, name="receipt_pdf"),
    path("support/sandbox/<slug:token>/", mine.sandbox, name="sandbox"),
]
# Outside every language.
once = ([re_path(r"^hooks/payments/(?P<name>[a-z-]{1,30})/$", hooks.hook, name="hook")], "patron_hooks")
