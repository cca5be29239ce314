"""What `doctor` sees of mail: suppliers, what waits, and the domain's records that decide whether mail arrives."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from standfirst.kit.links import is_loopback
from standfirst.kit.mailurl import mail_urls
from standfirst.ops import outside
from standfirst.ops.finding import ADVICE, OK, PROBLEM, Finding

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

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

    from standfirst.mailroom.selectors import late_since, suppliers_down

    if connection.vendor == "sqlite" and not newsroom.database_file.exists():
        return
    try:
        since = late_since()
        down = list(suppliers_down())
    except Error:
        return  # said above: it is away, or migrations are missing
    for one in down:
        yield Finding("mail", PROBLEM, f"{one.name} takes no mail: {one.trouble}", "It is asked again by itself")
    if since:
        yield Finding(
            "mail",
            PROBLEM,
            f"mail has waited for {(time.time() - since.timestamp()) / 60:.0f} minutes",
            "See that the newsroom runs; the desk's page of letters says what the server answered last",
        )


def mailbox(newsroom: Newsroom, check: Any = None) -> Iterator[Finding]:
    """Whether what bounces finds its way back to us. Opens the mailbox, and reads and changes nothing."""
    from standfirst.mailroom.mailbox import NotThere, mailbox_check

    address = newsroom.mail_bounce_mailbox
    if not address:
        by_smtp = any(url.is_smtp for url in mail_urls(newsroom.mail_url))
        if newsroom.is_public and by_smtp:
            yield Finding(
                "mail",
                ADVICE,
                f"bounces come back to {newsroom.mail_bounce_to or newsroom.mail_from} and are read by nobody",
                "Name that mailbox in mail_bounce_mailbox; who goes on writing to dead addresses counts as a spammer",
            )
        return
    try:
        (check or mailbox_check)(address)
    except NotThere as error:
        do = "Correct mail_bounce_mailbox; signs such as @ : / # in a password are written %40 %3A %2F %23"
        yield Finding("mail", PROBLEM, f"the mailbox of bounces: {error}", do)
        return
    yield Finding("mail", OK, "the mailbox of bounces opens")


def records(newsroom: Newsroom, resolver: Any = None) -> Iterator[Finding]:
    """SPF, DKIM, DMARC and MX of the domain our mail comes from, and the name of a mail server of our own.

    Asks the DNS; only for a public newsroom.
    """
    domain = newsroom.mail_from.rpartition("@")[2].strip("> ")
    if not newsroom.is_public or not newsroom.mail_url or not domain:
        return
    ask = resolver or _asked
    for part in (_spf, _dkim, _dmarc, _mx, _ptr):
        try:
            yield from part(newsroom, domain, ask)
        except NoAnswer as silence:
            yield Finding(
                "mail",
                ADVICE,
                f"the DNS did not answer in {PATIENCE_SECONDS} seconds about {silence}",
                "Look again later; if it stays so, see /etc/resolv.conf",
            )
            return  # the others would wait as long


class NoAnswer(Exception):
    """The DNS said nothing, neither yes nor no. The text is the name that was asked for."""


#: What an SPF record includes for each supplier, as they say themselves.
_INCLUDES = {
    "brevo": "include:spf.brevo.com",
    "mailersend": "include:_spf.mailersend.net",
    "mailgun": "include:mailgun.org",
    "mailjet": "include:spf.mailjet.com",
    "postmark": "include:spf.mtasv.net",
    "resend": "include:amazonses.com",
    "sendgrid": "include:sendgrid.net",
}


def _spf_to_set(newsroom: Newsroom) -> str:
    """The record that lets all our suppliers send."""
    found = []
    for url in mail_urls(newsroom.mail_url):
        if url.is_api:
            found.append(_INCLUDES.get(url.scheme, ""))
        elif url.host.endswith(".amazonaws.com"):
            found.append(_INCLUDES["resend"])
        elif url.is_smtp:
            found.append("a" if is_loopback(url.host) else f"a:{url.host}")
    return " ".join(["v=spf1", *dict.fromkeys(filter(None, found)), "~all"])


def _judged(is_right: bool, right: str, wrong: str, do: str) -> Finding:
    """What is found of a record; what to do only when it is wrong."""
    return Finding("mail", OK, right) if is_right else Finding("mail", PROBLEM, wrong, do)


def _spf(newsroom: Newsroom, domain: str, ask: Any) -> Iterator[Finding]:
    spf = [text for text in ask(domain, "TXT") if text.lower().startswith("v=spf1")]
    is_open = len(spf) == 1 and bool(re.search(r"(^| )\+?all\b", spf[0].lower()))
    seen = "no SPF record" if not spf else "more than one SPF record"
    if is_open:
        seen = "an SPF record that lets everybody send (+all)"
    yield _judged(
        len(spf) == 1 and not is_open,
        f"{domain} has SPF: {''.join(spf)[:80]}",
        f"{domain} has {seen}",
        f'Make exactly one TXT record at {domain}, such as "{_spf_to_set(newsroom)}"; your mail provider names it',
    )


def _dkim(newsroom: Newsroom, domain: str, ask: Any) -> Iterator[Finding]:
    selector = newsroom.mail_dkim_selector
    if not selector:
        yield Finding(
            "mail", ADVICE, "DKIM was not looked for", "Set mail_dkim_selector to the name your provider says"
        )
        return
    name = f"{selector}._domainkey.{domain}"
    found = [text for text in ask(name, "TXT") if "p=" in text.replace(" ", "")]
    yield _judged(
        bool(found) and "p=;" not in f"{found[0].replace(' ', '')};",
        f"{name} has a key",
        f"{name} has no key",
        "Make the TXT or CNAME record that your mail provider names; without DKIM large providers refuse letters",
    )


def _dmarc(_newsroom: Newsroom, domain: str, ask: Any) -> Iterator[Finding]:
    dmarc = [text for text in ask(f"_dmarc.{domain}", "TXT") if text.lower().replace(" ", "").startswith("v=dmarc1")]
    yield _judged(
        bool(dmarc),
        f"_dmarc.{domain} says {''.join(dmarc[:1])[:80]}",
        f"{domain} has no DMARC record",
        f'Make a TXT record _dmarc.{domain} with "v=DMARC1; p=none", at least',
    )


def _mx(_newsroom: Newsroom, domain: str, ask: Any) -> Iterator[Finding]:
    if not ask(domain, "MX"):
        yield Finding(
            "mail", ADVICE, f"{domain} takes no mail (no MX)", "Answers and bounces are lost: make an MX record"
        )


def _ptr(newsroom: Newsroom, _domain: str, ask: Any) -> Iterator[Finding]:
    """Whoever runs a mail server on this machine needs a name for its address that leads back to it; for a supplier's
    servers the supplier sees to it."""
    host = urlsplit(newsroom.base_url).hostname or ""
    if not any(url.is_smtp and is_loopback(url.host) for url in mail_urls(newsroom.mail_url)):
        return
    for address in [*ask(host, "A"), *ask(host, "AAAA")]:
        names = [name.rstrip(".") for name in ask(address, "PTR")]
        back = [name for name in names if address in [*ask(name, "A"), *ask(name, "AAAA")]]
        seen = f"is called {names[0]}, which does not lead back to it" if names else "has no name (no PTR record)"
        yield _judged(
            bool(back),
            f"{address} is called {''.join(back[:1])}, and that name leads back to it",
            f"{address}, from which this machine sends mail, {seen}",
            f"Ask whoever rents you the machine to make a PTR record of {address} to {host}; "
            "others refuse mail without it",
        )


def _asked(name: str, kind: str) -> list[str]:
    """What the DNS has under a name; [] when there is nothing. Texts without their quotation marks. Raises NoAnswer."""
    import dns.exception
    import dns.resolver
    import dns.reversename

    resolver = dns.resolver.Resolver()
    resolver.lifetime = PATIENCE_SECONDS
    try:
        answer = resolver.resolve(dns.reversename.from_address(name) if kind == "PTR" else name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise NoAnswer(name) from error
    if kind == "TXT":
        return [b"".join(row.strings).decode(errors="replace") for row in answer]
    return [row.to_text() for row in answer]
