"""The room's news, sent after the commit. Receivers must bear hearing it twice."""

from django.dispatch import Signal

# Something waits to be sent. Sent without anything more; operations wake the background process.
posted = Signal()
# A letter has gone to everybody it could go to. Sent with letter_id: int.
letter_sent = Signal()
# An address takes no mail any more. Sent with email: str, reason: str (a value of Suppression.Reason).
address_bounced = Signal()
