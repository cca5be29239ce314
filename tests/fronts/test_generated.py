"""What the privacy and cookie pages say by themselves."""

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override

from standfirst.kit.keeping import holdings
from standfirst.readers.guard import ASKED
from standfirst.readers.selectors import COOKIE

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


@pytest.mark.parametrize(("language", "root"), [("en", "/"), ("uk", "/uk/")])
@pytest.mark.parametrize("edition", ["", "text/"])
def test_the_privacy_page_names_all_that_any_room_keeps(homes, client, language, root, edition):
    page = words(client.get(f"{root}privacy/{edition}"))

    with override(language):
        for holding in holdings():
            for said in (holding.what, holding.why, holding.how_long):
                assert str(said) in page, holding.key


@pytest.mark.parametrize("address", ["/cookies/", "/uk/cookies/", "/cookies/text/"])
def test_the_cookie_page_names_the_cookies_there_are(homes, client, address):
    page = words(client.get(address))

    assert all(name in page for name in (COOKIE, ASKED, "sessionid", "csrftoken"))


def test_other_standing_pages_say_nothing_by_themselves(homes, client):
    assert "sf-facts" not in client.get("/about/").content.decode()
