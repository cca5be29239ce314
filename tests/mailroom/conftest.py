"""A mail server of our own on loopback, and a mailing with readers."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from standfirst.mailroom import sending
from standfirst.mailroom.models import Mailing, Subscription


class Sink:
    """Takes mail and remembers it. What `says` holds for an address is answered instead of 250."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.envelopes: list[Envelope] = []
        # What it says it can do besides.
        self.extensions: list[str] = []
        self.says: dict[str, list[str]] = {}
        self.at_the_dot: dict[str, list[str]] = {}
        self.lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=0, server_hostname="sink.example")
        self.port = 0

    def start(self) -> Sink:
        # Controller asks itself at the port it was given, which is ours to find.
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._controller.port = self.port = probe.getsockname()[1]
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{one}" for one in self.extensions), responses[-1]]

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.says.get(address):
            return self.says[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if self.at_the_dot.get(to):
            return self.at_the_dot[to].pop(0)
        with self.lock:
            self.mails.append((to, envelope.content))
            self.envelopes.append(envelope)
        return "250 taken"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def count(self) -> Counter:
        return Counter(to for to, _content in self.mails)

    def mail_to(self, address: str):
        (content,) = [content for to, content in self.mails if to == address]
        return message_from_bytes(content, policy=policy.default)


@pytest.fixture
def sink():
    sink = Sink().start()
    yield sink
    sink.stop()


@pytest.fixture
def supplied(settings, tmp_path):
    """Say by which suppliers mail goes, without warm-up and in a data folder of its own."""

    def by(*urls: str, **more):
        (tmp_path / "data" / "run").mkdir(parents=True, exist_ok=True)
        numbers = {"mail_warm_up": 0, "mail_per_hour": 0, "mail_domain_per_hour": 0, **more}
        settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, folder=tmp_path, mail_url=",".join(urls), **numbers)
        settings.EMAIL_BACKEND = "standfirst.mailroom.backend.Mail"
        return sending.Sender(tmp_path / "data")

    return by


@pytest.fixture
def daily(db) -> Mailing:
    mailing = Mailing.objects.get(key="daily")
    mailing.is_open = True
    mailing.save()
    return mailing


def readers(mailing: Mailing, number: int, *, language: str = "en") -> list[str]:
    """So many confirmed subscribers."""
    from django.utils import timezone

    found = [f"reader-{one}@example.org" for one in range(number)]
    Subscription.objects.bulk_create(
        [
            Subscription(email=email, mailing=mailing, language=language, state="active", confirmed_at=timezone.now())
            for email in found
        ]
    )
    return found


def letter(mailing: Mailing, **more):
    from standfirst.mailroom.services import letter_queue

    words = {
        "subject": "Зранку: the bridge is open",
        "preheader": "And two more stories.",
        "text": "The bridge is open.\n\nhttps://news.example/2026/11/23/bridge/",
        "html": "<!doctype html><html><body><p>Міст відкрито.</p></body></html>",
        "language": "en",
    }
    return letter_queue(mailing=mailing, **{**words, **more})
