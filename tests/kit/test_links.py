"""Which addresses mean this machine. What a story may link to is tested with kit.html and the importers."""

import pytest

from standfirst.kit.links import is_loopback


@pytest.mark.parametrize("host", ["localhost", "desk.localhost", "127.0.0.1", "127.8.0.1", "::1"])
def test_names_of_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "127.news.example", "localhost.example", "10.0.0.1", "0.0.0.0", "::", "[::1]"])
def test_names_of_others(host):
    assert not is_loopback(host)
