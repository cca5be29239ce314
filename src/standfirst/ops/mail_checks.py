"""What `doctor` sees of mail: suppliers, what waits, and the domain's records that decide whether mail arrives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfirst.kit.mailurl import mail_urls
from standfirst.ops import outside
from standfirst.ops.finding import ADVICE, OK, PROBLEM, Finding

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

LATE_MINUTES = 30
PATIENCE_SECONDS = 6


def suppliers(newsroom: Newsroom, cannot_write: Any) -> Iterator[Finding]:
    """Whether each supplier takes us."""
    lines = [item.strip() for item in newsroom.mail_url.split(",") if item.strip()]
    if not lines:
        state = ADVICE if newsroom.is_public else OK
        yield Finding(
            "mail", state, f"is laid into {newsroom.data / 'mail'} and sent to nobody", "Set mail_url before going live"
        )
    for line, url in zip(lines, mail_urls(newsroom.mail_url), strict=True):
        if url.is_smtp:
            yield outside.smtp(line)
        elif url.is_api:
            hook = f"; reports come to /hooks/mail/{url.name}/" if url.signing else ""
            do = "" if url.signing else f"Add ?signing=… so that {url.name} can report bounces and complaints"
            yield Finding("mail", OK if url.signing else ADVICE, f"{url.name} is set up; nothing was sent{hook}", do)
        else:
            trouble = cannot_write(Path(url.path))
            state = PROBLEM if trouble else ADVICE if newsroom.is_public else OK
            seen = f"goes to the folder {url.path}{': ' + trouble if trouble else ''}"
            yield Finding("mail", state, seen, "Set mail_url to smtp://…")


def outbox(newsroom: Newsroom) -> Iterator[Finding]:
    """What has waited too long, and which supplier does not take our mail."""
    from django.db import connection
    from django.db.utils import Error
    from django.utils import timezone

    from standfirst.mailroom.models import Supplier
    from standfirst.mailroom.selectors import oldest_waiting

    if connection.vendor == "sqlite" and not newsroom.database_file.exists():
        return
    try:
        since = oldest_waiting()
        down = list(Supplier.objects.filter(down_until__gt=timezone.now()))
    except Error:
        return  # said above: it is away, or migrations are missing
    for one in down:
        yield Finding("mail", PROBLEM, f"{one.name} takes no mail: {one.trouble}", "It is asked again by itself")
    minutes = (time.time() - since.timestamp()) / 60 if since else 0
    if minutes > LATE_MINUTES:
        yield Finding(
            "mail",
            PROBLEM,
            f"mail has waited for {minutes:.0f} minutes",
            "See that the newsroom runs; the desk's page of letters says what the server answered last",
        )


def records(newsroom: Newsroom, resolver: Any = None) -> Iterator[Finding]:
    """SPF, DKIM, DMARC and MX of the domain our mail comes from. Asks the DNS; only for a public newsroom."""
    domain = newsroom.mail_from.rpartition("@")[2].strip("> ")
    if not newsroom.is_public or not newsroom.mail_url or not domain:
        return
    ask = resolver or _asked
    spf = [text for text in ask(domain, "TXT") if text.lower().startswith("v=spf1")]
    if len(spf) == 1:
        yield Finding("mail", OK, f"{domain} has SPF: {spf[0][:80]}")
    else:
        yield Finding(
            "mail",
            PROBLEM,
            f"{domain} has {'no SPF record' if not spf else 'more than one SPF record'}",
            "Make exactly one TXT record that begins with v=spf1; your mail provider names it",
        )
    selector = newsroom.mail_dkim_selector
    if not selector:
        yield Finding(
            "mail", ADVICE, "DKIM was not looked for", "Set mail_dkim_selector to the name your provider says"
        )
    else:
        name = f"{selector}._domainkey.{domain}"
        found = [text for text in ask(name, "TXT") if "p=" in text.replace(" ", "")]
        good = bool(found) and "p=;" not in f"{found[0].replace(' ', '')};"
        do = "Make the TXT or CNAME record that your mail provider names; without DKIM large providers refuse letters"
        seen = f"{name} has a key" if good else f"{name} has no key"
        yield Finding("mail", OK, seen) if good else Finding("mail", PROBLEM, seen, do)
    dmarc = [text for text in ask(f"_dmarc.{domain}", "TXT") if text.lower().replace(" ", "").startswith("v=dmarc1")]
    if dmarc:
        yield Finding("mail", OK, f"_dmarc.{domain} says {dmarc[0][:80]}")
    else:
        yield Finding(
            "mail",
            PROBLEM,
            f"{domain} has no DMARC record",
            f'Make a TXT record _dmarc.{domain} with "v=DMARC1; p=none", at least',
        )
    if not ask(domain, "MX"):
        yield Finding(
            "mail", ADVICE, f"{domain} takes no mail (no MX)", "Answers and bounces are lost: make an MX record"
        )


def _asked(name: str, kind: str) -> list[str]:
    """What the DNS has under a name; [] when there is nothing. Texts without their quotation marks."""
    import dns.exception
    import dns.resolver

    resolver = dns.resolver.Resolver()
    resolver.lifetime = PATIENCE_SECONDS
    try:
        answer = resolver.resolve(name, kind)
    except dns.exception.DNSException:
        return []
    if kind == "TXT":
        return [b"".join(row.strings).decode(errors="replace") for row in answer]
    return [row.to_text() for row in answer]
