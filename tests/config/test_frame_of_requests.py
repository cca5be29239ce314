"""What stands before every view: host, language by path, no cookie on public pages."""

import pytest

from standfirst.fronts.services import paper_found
from standfirst.people.services import account_add


@pytest.fixture
def homes(db):
    return paper_found(name="The Lantern", languages=["en", "uk"], base_url="http://testserver")


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

    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex"
