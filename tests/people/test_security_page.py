"""One's own keys and codes, on one page."""

import pytest
from allauth.mfa.models import Authenticator

from tests.desk import signed_in

pytestmark = pytest.mark.django_db


def test_the_page_names_a_passkey_as_its_owner_named_it(newsroom):
    Authenticator.objects.create(
        user=newsroom.editor, type=Authenticator.Type.WEBAUTHN, data={"name": "Olena's <phone>", "credential": {}}
    )

    page = signed_in(newsroom.editor).get("/desk/security/").content.decode()

    assert "<li>Olena&#x27;s &lt;phone&gt;</li>" in page
    assert " object at 0x" not in page
