from standfirst.patrons.models.desk import Alarm, Statement, StatementLine
from standfirst.patrons.models.members import Member
from standfirst.patrons.models.money import LegalEntity, Payment, Receipt
from standfirst.patrons.models.pledges import Entry, Event, Notice, Pledge, Withdrawal
from standfirst.patrons.models.support import ExternalPage, Support, SupportText
from standfirst.patrons.models.tiers import Tier, TierPrice, TierText

__all__ = [
    "Alarm",
    "Entry",
    "Event",
    "ExternalPage",
    "LegalEntity",
    "Member",
    "Notice",
    "Payment",
    "Pledge",
    "Receipt",
    "Statement",
    "StatementLine",
    "Support",
    "SupportText",
    "Tier",
    "TierPrice",
    "TierText",
    "Withdrawal",
]
