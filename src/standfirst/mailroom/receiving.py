"""What readers asked for while the database was away, taken out of the spool. Twice is once."""

from __future__ import annotations

from standfirst.letterbox.spool import Item
from standfirst.mailroom import services
from standfirst.mailroom.errors import MailroomRefused
from standfirst.mailroom.models import Subscription
from standfirst.mailroom.returns import Return


def subscribe_deliver(item: Item) -> None:
    payload = item.payload
    for key in payload["mailings"]:
        try:
            services.subscribe(
                email=payload["email"],
                mailing=key,
                language=payload["language"],
                page=payload["page"],
                wording=payload["wording"],
            )
        except MailroomRefused:
            continue  # closed in the meantime


def unsubscribe_deliver(item: Item) -> None:
    found = Subscription.objects.filter(key=item.payload["key"]).first()
    if found is not None:
        services.unsubscribe(subscription=found)


def return_deliver(item: Item) -> None:
    services.return_take(returned=Return(**item.payload))
