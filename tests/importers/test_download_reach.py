"""Which addresses a download reaches: the open internet and nothing inside, at the first hop and at every later one."""

import socket

import pytest

from standfirst.importers.download import Limits, _own
from standfirst.importers.reach import Forbidden, is_public, target_of
from tests.importers.oldsite import picture
from tests.importers.test_download import files


def to(address):
    return lambda on: on.send(b"", status=302, Location=address)


def test_redirects_are_followed_but_not_without_end(site, make):
    site.pages["/a.jpg"] = to("/b.jpg")
    site.pages["/b.jpg"] = to(f"{site.url}/c.jpg")
    site.pages["/c.jpg"] = picture()
    site.pages["/loop.jpg"] = to("/loop.jpg")
    downloads = make()

    assert downloads.fetch(f"{site.url}/a.jpg") is not None
    assert downloads.fetch(f"{site.url}/loop.jpg") is None
    assert downloads.why(f"{site.url}/loop.jpg") == "Its address leads from one to the next without an end."


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.jpg",
        "http://[::1]/x.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/x.jpg",
        "http://192.168.1.1/x.jpg",
        "http://[::ffff:10.0.0.1]/x.jpg",
        "http://[64:ff9b::a00:1]/x.jpg",
        "http://[fe80::1]/x.jpg",
        "http://2130706433/x.jpg",
        "http://0x7f.1/x.jpg",
        "http://0/x.jpg",
        "http://old.example:22/x.jpg",
        "http://old.example:6379/x.jpg",
        "https://name:secret@old.example/x.jpg",
        "file:///etc/passwd",
        "ftp://old.example/x.jpg",
        "gopher://old.example/x",
        "//old.example/x.jpg",
        "http://",
        "http://[/x",
    ],
)
def test_private_and_strange_addresses_are_refused_at_the_first_and_at_every_later_hop(site, make, address, folder):
    site.pages["/a.jpg"] = to("/b.jpg")
    site.pages["/b.jpg"] = to(address)

    def resolve(host, port):
        if host == "old.example":
            return site.resolve(host, port)
        # Numeric hosts, as the system reads them: no server of names is asked.
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=0)

    def is_allowed(number):
        return is_public(number) or (number == "127.0.0.1" and allowing[0])

    allowing = [False]
    first = make(resolve=resolve, is_allowed=is_allowed)
    assert first.fetch(address) is None
    assert site.asked == []
    assert first.why(address)

    hops = []

    def only_the_site(host, port):
        hops.append(host)
        allowing[0] = host == "old.example"
        return resolve(host, port)

    second = make(resolve=only_the_site, is_allowed=is_allowed)
    assert second.fetch(f"{site.url}/a.jpg") is None
    assert site.asked[:2] == ["/a.jpg", "/b.jpg"]
    assert set(site.asked) <= {"/a.jpg", "/b.jpg"}
    assert files(folder).count(".jpg") == 0


def test_a_name_that_changes_its_mind_is_asked_once_and_held_to_its_word(site, make):
    """DNS rebinding: public when it is judged, private when it is connected to."""
    answers = ["93.184.216.34", "127.0.0.1"]
    asked, connected = [], []

    def resolve(host, port):
        asked.append(host)
        return [(2, 1, 6, "", (answers[min(len(asked), 2) - 1], port))]

    downloads = make(resolve=resolve, is_allowed=is_public, limits=Limits(pause=0, tries=1, free_bytes=0))
    real = socket.socket.connect

    def connect(sock, place):
        connected.append(place[0])
        raise ConnectionRefusedError("no internet here")

    socket.socket.connect = connect
    try:
        assert downloads.fetch(f"{site.url}/a.jpg") is None
    finally:
        socket.socket.connect = real

    assert asked == ["old.example"]
    assert connected == ["93.184.216.34"]
    assert downloads.fetch(f"{site.url}/b.jpg") is None
    assert downloads.why(f"{site.url}/b.jpg") == "Its address leads into a private network (old.example)."
    assert site.asked == []


def test_a_peer_that_is_not_who_was_called_is_hung_up_on(site, make):
    judged = []

    def is_allowed(number):
        judged.append(number)
        return len(judged) == 1

    downloads = make(is_allowed=is_allowed)

    assert downloads.fetch(f"{site.url}/a.jpg") is None
    assert judged == ["127.0.0.1", "127.0.0.1"]
    assert site.asked == []


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("::1", False),
        ("::", False),
        ("fc00::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::1", False),
        ("2001:0:1::", False),
        ("old.example", False),
        ("", False),
    ],
)
def test_public_means_reachable_by_the_whole_world(number, public):
    assert is_public(number) is public


def test_the_old_sites_own_port_is_allowed_on_its_own_host_alone():
    own = target_of("http://old.example/")
    with pytest.raises(Forbidden):
        target_of("http://old.example:8080/a.jpg", own=own)
    own = _own("http://old.example:8080")
    assert target_of("http://old.example:8080/a.jpg", own=own).origin == "http://old.example:8080"
    with pytest.raises(Forbidden):
        target_of("http://other.example:8080/a.jpg", own=own)
