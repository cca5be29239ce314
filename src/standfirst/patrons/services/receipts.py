"""Numbered receipts: one for each movement of money, without gaps within a legal entity."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction

from standfirst.patrons.models import LegalEntity, Payment, Receipt, Support


def receipt_write(*, payment: Payment) -> Receipt:
    """Write the receipt of a payment or a refund; the same one when it is there already.

    The number is taken under the entity's lock, in the transaction of the receipt: a number that was taken back with
    its transaction is given to the next.
    """
    found = Receipt.objects.filter(payment=payment).first()
    if found is not None:
        return found
    pledge = payment.pledge
    with transaction.atomic():
        entity = LegalEntity.objects.select_for_update().filter(is_current=True).first()
        if entity is None:
            made = LegalEntity.objects.create(name=settings.NEWSROOM.name)
            entity = LegalEntity.objects.select_for_update().get(pk=made.pk)
        entity.last_receipt += 1
        entity.save(update_fields=["last_receipt"])
        support = Support.objects.prefetch_related("texts").first()
        words = {
            "issuer": entity.name,
            "address": entity.address,
            "registration": entity.registration,
            "prefix": entity.prefix,
            "tax": support.words("tax_text", pledge.language) if support else "",
            "tier": pledge.tier.name_in(pledge.language) if pledge.tier else "",
            "period": pledge.period,
            "reference": pledge.reference,
        }
        return Receipt.objects.create(
            entity=entity,
            number=entity.last_receipt,
            payment=payment,
            token=secrets.token_urlsafe(24),
            name=pledge.payer_name if pledge.payer_email else pledge.name,
            language=pledge.language,
            words=words,
        )
