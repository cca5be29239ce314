"""What stands before every view: host, language by path, no cookie on public pages."""

import pytest

from standfirst.config.middleware import TrustedProxy
from standfirst.people.services import account_add


def test_an_unknown_host_is_refused_before_any_look_up(client, django_assert_num_queries, homes):
    with django_assert_num_queries(0):
        answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["testserver", "127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_the_papers_own_host_and_loopback_are_served(client, homes, host):
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_the_language_comes_by_path_alone(client, homes):
    answer = client.get("/", headers={"accept-language": "uk", "cookie": "django_language=uk"})

    assert '<html lang="en"' in answer.content.decode()
    assert '<html lang="uk"' in client.get("/uk/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("path", ["/", "/uk/", "/nothing-here/", "/archive/"])
def test_public_pages_set_no_cookie_and_carry_a_strict_policy(client, homes, path):
    user, _password = account_add(email="a@example.org", role="administrator")
    client.force_login(user)

    answer = client.get(path)

    assert not answer.cookies
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "script-src 'self';" in policy
    assert "Cookie" not in answer.get("Vary", "")


def test_the_desk_is_never_cached_or_indexed(client, homes):
    answer = client.get("/desk/")

    assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/uk/", "/archive/", "/nothing-here/", "/feed/atom"])
def test_a_page_is_not_made_for_whoever_sends_it_something(client, django_assert_num_queries, homes, path, method):
    with django_assert_num_queries(0):
        answer = client.generic(method, path, b"x=1")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/contact/", "/uk/contact/", "/desk/"])
def test_what_is_live_answers_for_itself(client, homes, path):
    assert client.post(path, {"x": "1"}).status_code in (302, 403, 422)


class TestForwardedHeaders:
    @pytest.fixture
    def ask(self, rf, settings):
        import dataclasses
        import ipaddress

        settings.NEWSROOM = dataclasses.replace(
            settings.NEWSROOM, trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),)
        )
        seen = {}

        def view(request):
            seen.update(address=request.META["REMOTE_ADDR"], secure=request.is_secure(), meta=request.META)

        def ask(sender, **headers):
            TrustedProxy(view)(rf.get("/", REMOTE_ADDR=sender, **headers))
            return seen

        return ask

    def test_a_stranger_cannot_write_his_own_address(self, ask):
        seen = ask("203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1", HTTP_X_FORWARDED_PROTO="https")

        assert seen["address"] == "203.0.113.9"
        assert not seen["secure"]
        assert "HTTP_X_FORWARDED_FOR" not in seen["meta"]

    def test_our_proxy_tells_the_readers_address_and_scheme(self, ask):
        seen = ask("10.0.0.2", HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.1, 10.0.0.3", HTTP_X_FORWARDED_PROTO="https")

        assert seen["address"] == "198.51.100.1"
        assert seen["secure"]

    def test_nonsense_from_our_proxy_is_ignored(self, ask):
        assert ask("10.0.0.2", HTTP_X_FORWARDED_FOR="<script>")["address"] == "10.0.0.2"
