"""One way to plant an address into each field of the project that holds one. A new field needs a line here."""

import datetime as dt
import secrets

from allauth.account.models import EmailAddress
from django.utils import timezone
from wagtail.models import Page, Site

from standfirst.corrections.services import suggestion_file
from standfirst.fronts.models import Masthead
from standfirst.kit.anchoring import Quote
from standfirst.letterbox.services import letter_receive
from standfirst.mailroom.services import address_suppress, note_send, subscribe
from standfirst.patrons.models import Member, Pledge, Withdrawal
from standfirst.people.services import account_add
from standfirst.readers.models import Code
from standfirst.readers.services import reader_found


def account(room, email):
    account_add(email=email, name="A colleague")


def second_address(room, email):
    # allauth may enter one when somebody signs in; ours are in User.email.
    EmailAddress.objects.create(user=room.reporter, email=email)


def imprint(room, email):
    site = Site.objects.create(hostname=f"{secrets.token_hex(4)}.example", root_page=Page.get_first_root_node())
    Masthead.objects.create(site=site, name="A twin", contact_email=email)


def letter(room, email):
    letter_receive(
        token=secrets.token_hex(8), kind="contact", text="Where is the bridge?", language="en", reply_to=email
    )


def suggestion(room, email):
    story = room.publish(f"The ferry {secrets.token_hex(4)}")
    suggestion_file(story=story, quote=Quote(""), kind="correction", why="It is not so.", reply_to=email)


def reader(room, email):
    reader_found(email=email)


def code(room, email):
    Code.objects.create(
        email=email, mark=secrets.token_hex(32), browser=secrets.token_hex(32),
        expires_at=timezone.now() + dt.timedelta(minutes=15),
    )  # fmt: skip


def pledge(room, email):
    Pledge.objects.create(email=email, name="Petro", amount_minor=500, currency="UAH", provider="bank")


def gift(room, email):
    Pledge.objects.create(
        email=f"{secrets.token_hex(4)}@other.example", payer_email=email, kind="gift", amount_minor=500,
        currency="UAH", provider="bank",
    )  # fmt: skip


def member(room, email):
    Member.objects.create(email=email, name="Petro", labels=["print"])


def withdrawal(room, email):
    given = Pledge.objects.create(email=f"{secrets.token_hex(4)}@other.example", amount_minor=5, currency="UAH")
    Withdrawal.objects.create(pledge=given, name="Petro", contact=email, contract="A pledge")


def subscription(room, email):
    subscribe(email=email, mailing="daily", language="en", page="/newsletters/", wording="The day.")


def suppression(room, email):
    address_suppress(email=email, reason="bounced", said=f"550 5.1.1 <{email}> is unknown here")


def delivery(room, email):
    note_send(to=email, subject="Receipt", text=f"For {email}.", language="en", kind="receipt", reference=email)


#: "app.Model.field" → what writes an address there.
PLANTED = {
    "people.User.email": account,
    "account.EmailAddress.email": second_address,
    "fronts.Masthead.contact_email": imprint,
    "letterbox.Letter.reply_to": letter,
    "corrections.Suggestion.reply_to": suggestion,
    "patrons.Member.email": member,
    "patrons.Pledge.email": pledge,
    "patrons.Pledge.payer_email": gift,
    "patrons.Withdrawal.contact": withdrawal,
    "mailroom.Subscription.email": subscription,
    "mailroom.Suppression.email": suppression,
    "mailroom.Delivery.to": delivery,
    "readers.Reader.email": reader,
    "readers.Code.email": code,
}
