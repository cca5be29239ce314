"""Small fakes of the payment companies' own addresses, behind real HTTP on loopback."""

import base64
import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

from standfirst.config.newsroom import Payments
from standfirst.patrons.providers.liqpay import signing as liqpay
from standfirst.patrons.providers.stripe import signing as stripe

MESSAGES = Path(__file__).parent / "messages"
STRIPE_SECRET, LIQPAY_KEY = "whsec_test", "priv"


class Company:
    """Answers by ("POST", "/path") with (status, object), and remembers what it was asked."""

    def __init__(self):
        self.answers, self.asked = {}, []
        self.address = ""

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        path = urlsplit(handler.path)
        fields = dict(parse_qsl(body or path.query))
        self.asked.append((handler.command, path.path, fields, dict(handler.headers)))
        status, said = self.answers.get((handler.command, path.path), (404, {"error": {"code": "resource_missing"}}))
        sent = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(sent)))
        handler.end_headers()
        handler.wfile.write(sent)

    def fields(self, path):
        return [fields for _method, asked, fields, _headers in self.asked if asked == path]


@contextmanager
def open_company():
    company = Company()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            company.handle(self)

        def do_POST(self):
            company.handle(self)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        company.address = f"http://127.0.0.1:{server.server_port}"
        yield company
        server.shutdown()
        thread.join()


def payments(address="", **more):
    values = {
        "stripe_secret_key": "sk_test_1",
        "stripe_webhook_secret": STRIPE_SECRET,
        "liqpay_public_key": "i00000000001",
        "liqpay_private_key": LIQPAY_KEY,
        "stripe_address": address or "http://127.0.0.1:9",
        "liqpay_address": address or "http://127.0.0.1:9",
    }
    return replace(settings.NEWSROOM, payments=Payments(**(values | more)))


def message(name, reference):
    return (MESSAGES / f"{name}.json").read_text().replace("SFREFERENCE12", reference)


def stripe_sends(client, body, at=1730800000, secret=STRIPE_SECRET):
    body = body.encode()
    header = f"t={at},v1={stripe.signature(secret, at, body)}"
    return client.post(
        "/hooks/payments/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
    )


def liqpay_sends(client, body, algorithm="sha1", key=LIQPAY_KEY):
    data = base64.b64encode(body.encode()).decode()
    signature = liqpay.signature(private_key=key, data=data, algorithm=algorithm)
    form = urlencode({"data": data, "signature": signature})
    return client.post("/hooks/payments/liqpay/", form, content_type="application/x-www-form-urlencoded")
