from standfirst.mailroom.models.lists import Mailing, ScrambleKey, Subscription, Suppression
from standfirst.mailroom.models.outbox import Delivery, Letter, Link, Note, Supplier

__all__ = ["Delivery", "Letter", "Link", "Mailing", "Note", "ScrambleKey", "Subscription", "Supplier", "Suppression"]
