"""The suppliers' own HTTP addresses, small: each looks at its key, keeps what it was sent and answers as it does."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TO = "reader-0@example.org"


@dataclass(frozen=True)
class Kind:
    """One supplier. line: of mail_url, without its options. path: where a mail is posted. key: header and its words.
    answer: status, headers, body. number: under which it speaks of the mail."""

    line: str
    path: str
    key: tuple[str, str]
    answer: tuple[int, dict[str, str], object]
    number: str


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


KINDS = {
    "mailgun": Kind(
        "mailgun://KEY@news.example", "/news.example/messages", ("Authorization", _basic("api:KEY")),
        (200, {}, {"id": "<2026.1@news.example>", "message": "Queued. Thank you."}), "<2026.1@news.example>",
    ),
    "postmark": Kind(
        "postmark://KEY", "/email", ("X-Postmark-Server-Token", "KEY"),
        (200, {}, {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": TO, "SubmittedAt": "2026-11-23"}),
        "b7bc2f4a",
    ),
    "sendgrid": Kind("sendgrid://KEY", "/mail/send", ("Authorization", "Bearer KEY"), (202, {}, None), ""),
    "brevo": Kind(
        "brevo://KEY", "/smtp/email", ("api-key", "KEY"), (201, {}, {"messageId": "<2@relay.example>"}),
        "<2@relay.example>",
    ),
    "mailjet": Kind(
        "mailjet://KEY@SECRET", "/send", ("Authorization", _basic("KEY:SECRET")),
        (200, {}, {"Messages": [{"Status": "success", "To": [{"Email": TO, "MessageUUID": "u", "MessageID": 19421}]}]}),
        "19421",
    ),
    "resend": Kind(
        "resend://KEY", "/emails", ("Authorization", "Bearer KEY"), (200, {}, {"id": "56761188"}), "56761188"
    ),
    "mailersend": Kind(
        "mailersend://KEY", "/email", ("Authorization", "Bearer KEY"), (202, {"X-Message-Id": "6172"}, ""), "6172"
    ),
    "sparkpost": Kind(
        "sparkpost://KEY", "/transmissions/", ("Authorization", "KEY"),
        (200, {}, {"results": {"total_rejected_recipients": 0, "total_accepted_recipients": 1, "id": "1166"}}), "1166",
    ),
}  # fmt: skip


@dataclass
class Fake:
    """A server of one supplier. says: what it answers instead, a status each."""

    kind: Kind
    says: list[int] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    calls: int = 0

    def start(self) -> Fake:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fake.calls += 1
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                header, right = fake.kind.key
                if fake.says:
                    self._answer(fake.says.pop(0), {}, {"message": f"It was {body[:40]}"})
                elif self.headers.get(header) != right or self.path != fake.kind.path:
                    self._answer(401, {}, {"message": f"Forbidden: {self.headers.get(header)} {self.path}"})
                else:
                    fake.taken.append(body)
                    self._answer(*fake.kind.answer)

            def _answer(self, status: int, headers: dict[str, str], said: object) -> None:
                body = b"" if said is None else said.encode() if isinstance(said, str) else json.dumps(said).encode()
                self.send_response(status)
                kind = "text/html" if isinstance(said, str) else "application/json"
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"{self.kind.line}?api=http://127.0.0.1:{self._server.server_address[1]}/"
