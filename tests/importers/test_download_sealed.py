"""Downloads over real TLS: an HTTPS server on loopback, certificates of an authority made here, ways to fail."""

import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from standfirst.importers.download import Limits
from standfirst.importers.reach import is_public
from tests.importers.oldsite import endless, old_site, picture
from tests.importers.test_download import files, half_then_hang_up

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ONCE = Limits(pause=0, tries=1, free_bytes=0)
INVALID = "The site's certificate is not valid."


def signed(name, by=None, *, until=None, authority=False):
    """(key, certificate) for a name; by an authority, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_key, issuer = (by[0], by[1].subject) if by else (key, subject)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=700))
        .not_valid_after(until or NOW + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    return key, made.sign(issuer_key, hashes.SHA256())


def written(file, key, certificate):
    pem = serialization.Encoding.PEM
    form, open_key = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, form, open_key) + certificate.public_bytes(pem))
    return file


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority, and the file an operator names in SSL_CERT_FILE to trust it."""
    made = signed("An authority of our own", authority=True)
    return made, written(tmp_path_factory.mktemp("ca") / "ca.pem", *made)


@pytest.fixture
def served(tmp_path):
    """Starts an old site with a certificate."""
    open_sites = []

    def start(certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(written(tmp_path / f"site-{len(open_sites)}.pem", *certificate))
        holder = old_site(context)
        open_sites.append(holder)
        return holder.__enter__()

    yield start
    for holder in open_sites:
        holder.__exit__(None, None, None)


@pytest.fixture
def site(served, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    return served(signed("old.example", authority[0]))


def test_a_picture_comes_over_https_and_one_connection_serves_several(site, make):
    whole = picture()
    site.pages |= {"/a.jpg": whole, "/b.jpg": lambda on: on.send(b"", status=301, Location="/a.jpg")}
    downloads = make()

    assert downloads.fetch(f"{site.url}/a.jpg").read_bytes() == whole
    assert downloads.fetch(f"{site.url}/b.jpg").read_bytes() == whole
    assert len(site.connections) == 1


@pytest.mark.parametrize("flaw", ["unknown authority", "another name", "out of date", "signed by itself"])
def test_a_site_that_is_not_who_it_says_is_not_read(served, authority, make, site, flaw, folder):
    stranger = signed("A stranger", authority=True)
    flawed = {
        "unknown authority": lambda: signed("old.example", stranger),
        "another name": lambda: signed("other.example", authority[0]),
        "out of date": lambda: signed("old.example", authority[0], until=NOW - dt.timedelta(days=600)),
        "signed by itself": lambda: signed("old.example"),
    }[flaw]
    false_site = served(flawed())
    false_site.pages["/a.jpg"] = picture()
    downloads = make(limits=ONCE, resolve=lambda host, port: [(2, 1, 6, "", ("127.0.0.1", false_site.port))])

    assert downloads.fetch(f"{site.url}/a.jpg") is None
    assert downloads.why(f"{site.url}/a.jpg") == INVALID
    assert false_site.asked == []
    assert ".jpg" not in files(folder)


def test_a_redirect_from_https_inside_is_refused_at_a_later_hop(site, make, folder):
    site.pages["/a.jpg"] = lambda on: on.send(b"", status=302, Location="/b.jpg")
    site.pages["/b.jpg"] = lambda on: on.send(b"", status=307, Location="https://inside.example/c.jpg")
    judged = []

    def is_allowed(number):
        judged.append(number)
        return number == "127.0.0.1" or is_public(number)

    def resolve(host, port):
        return [(2, 1, 6, "", ("10.0.0.5" if host == "inside.example" else "127.0.0.1", port))]

    downloads = make(limits=ONCE, resolve=resolve, is_allowed=is_allowed)

    assert downloads.fetch(f"{site.url}/a.jpg") is None
    assert downloads.why(f"{site.url}/a.jpg") == "Its address leads into a private network (inside.example)."
    assert site.asked == ["/a.jpg", "/b.jpg"]
    assert judged[-1] == "10.0.0.5"
    assert files(folder) == [".no"]


def test_a_picture_cut_off_over_https_goes_on_from_the_middle(site, make, folder):
    whole = picture(700, 500, noise=True)
    site.pages["/p.jpg"] = half_then_hang_up(whole, '"v1"')
    assert make(limits=ONCE).fetch(f"{site.url}/p.jpg") is None
    assert ".part" in files(folder)

    def rest(on):
        start = int(on.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        on.send(whole[start:], status=206, Content_Range=f"bytes {start}-{len(whole) - 1}/{len(whole)}")

    site.pages["/p.jpg"] = rest
    second = make(limits=ONCE)

    assert second.fetch(f"{site.url}/p.jpg").read_bytes() == whole
    assert second.bytes_here < len(whole)


def test_a_page_and_an_endless_body_over_https_are_refused_and_leave_nothing(site, make, folder):
    site.pages |= {"/page.jpg": lambda on: on.send(b"<p>Sign in</p>", kind="text/html"), "/endless.jpg": endless}
    downloads = make()

    assert downloads.fetch(f"{site.url}/page.jpg") is None
    assert downloads.why(f"{site.url}/page.jpg") == "There is a page at this address, not a picture."
    assert downloads.fetch(f"{site.url}/endless.jpg") is None
    assert downloads.why(f"{site.url}/endless.jpg") == "The file is larger than 2 MB."
    assert files(folder) == [".no", ".no"]
