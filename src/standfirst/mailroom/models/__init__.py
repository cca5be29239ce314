from standfirst.mailroom.models.lists import Mailing, ScrambleKey, Subscription, Suppression
from standfirst.mailroom.models.outbox import Delivery, Letter, Note, Supplier

__all__ = ["Delivery", "Letter", "Mailing", "Note", "ScrambleKey", "Subscription", "Supplier", "Suppression"]
