"""Mail: letters a minute and memory of the outbox, beside Django's plain `send_mass_mail` to the same sink.

    standfirst bench mail [--readers 5000] [--folder DIR] [--json]

The sink is a process of its own on loopback that takes everything. Each sender is a process of its own too, and its
clock runs from the first claim to the last outcome in the database. Ours sends text and HTML with every reader's own
way out, one mail each, by four connections, and writes down what became of each; Django's sends the text alone by one
connection and keeps no record.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from standfirst.bench import newsroom

TEXT = "The harbour board met on Tuesday and heard three engineers.\n" * 30
HTML = f"<!doctype html><html><body>{''.join(f'<p>{line}</p>' for line in TEXT.splitlines())}</body></html>"


def main(argv: Sequence[str] | None = None) -> int:
    given = newsroom.parser("mail", "Letters a minute, beside Django's send_mass_mail.")
    given.add_argument("--readers", type=int, default=5000, help="how many get the letter (default: 5000)")
    options = given.parse_args(argv)
    with newsroom.opened_newsroom(options) as folder:
        _queue(options.readers)
        figures: dict[str, Any] = {"machine": newsroom.machine(), "readers": options.readers}
        for name in ("plain", "ours"):
            figures[name] = _measured(folder, name, options.readers)
    return newsroom.say(figures, options, told)


def told(figures: dict[str, Any]) -> str:
    lines = [f"{figures['readers']} readers, {figures['machine']}"]
    for name, label in (("ours", "the outbox"), ("plain", "send_mass_mail")):
        one = figures[name]
        lines.append(
            f"{label}: {one['taken']} mails in {one['seconds']:.1f} s, {one['per_minute']:.0f} a minute, "
            f"{one['grew_mib']:.0f} MiB more memory, {one['cpu_seconds']:.1f} s of processor"
        )
    return "\n".join(lines)


def _queue(readers: int) -> None:
    from django.utils import timezone

    from standfirst.mailroom.models import Letter, Mailing, Subscription
    from standfirst.mailroom.services import letter_queue

    mailing = Mailing.objects.get(key="daily")
    have = mailing.subscriptions.count()
    now = timezone.now()
    Subscription.objects.bulk_create(
        [
            Subscription(
                email=f"reader-{number}@example-{number % 50}.org", mailing=mailing, language="en", state="active",
                confirmed_at=now,
            )
            for number in range(have, readers)
        ],
        1000,
    )  # fmt: skip
    Letter.objects.filter(state=Letter.State.SENDING).update(state=Letter.State.STOPPED)
    letter_queue(mailing=mailing, subject="The harbour", preheader="", text=TEXT, html=HTML, language="en")


def _measured(folder: Path, name: str, readers: int) -> dict[str, Any]:
    sink = subprocess.Popen([sys.executable, "-m", "standfirst.bench.mail", "sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout is not None
        port = int(sink.stdout.readline())
        environ = {
            **os.environ,
            "STANDFIRST_NEWSROOM": str(folder),
            "DJANGO_SETTINGS_MODULE": "standfirst.config.settings",
            "STANDFIRST_MAIL_URL": f"smtp://127.0.0.1:{port}",
            **dict.fromkeys(
                ("STANDFIRST_MAIL_WARM_UP", "STANDFIRST_MAIL_PER_HOUR", "STANDFIRST_MAIL_DOMAIN_PER_HOUR"), "0"
            ),
        }
        asked = [sys.executable, "-m", "standfirst.bench.mail", name, str(port), str(readers)]
        done = subprocess.run(asked, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    finally:
        sink.terminate()
        taken = int((sink.communicate()[0] or "0").strip() or 0)
    figures: dict[str, Any] = json.loads(done.stdout)
    return {**figures, "taken": taken, "per_minute": taken / figures["seconds"] * 60}


def _send(name: str, port: int, readers: int) -> None:
    import django

    django.setup()
    from django.conf import settings

    before, began, cpu = _resident(), time.monotonic(), time.process_time()
    if name == "ours":
        from standfirst.mailroom.sending import Sender

        Sender(settings.NEWSROOM.data)()
    else:
        from django.core.mail import get_connection, send_mass_mail

        connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port)
        mails = (
            ("The harbour", TEXT, "newsroom@localhost", [f"reader-{number}@example-{number % 50}.org"])
            for number in range(readers)
        )
        send_mass_mail(mails, connection=connection)
    figures = {
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - cpu,
        "grew_mib": max(0.0, _peak() - before) / 1024,
    }
    print(json.dumps(figures))


def _resident() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def _sink() -> None:
    """Takes every mail and counts it."""
    taken = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                taken += 1
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
        writer.close()

    import signal

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    print(taken, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        asyncio.run(_sink())
    else:
        _send(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
