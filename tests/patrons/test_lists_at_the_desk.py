"""Lists are looked at, taken in and taken out at the desk."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from standfirst.patrons import services
from standfirst.patrons.models import Pledge
from tests.desk import colleague, signed_in
from tests.patrons.listing import NOW, VIRA, standing, taken, text


def test_the_desk_shows_first_and_takes_in_then(tier):
    desk = signed_in(colleague("administrator", email="lesia@lantern.example"))
    file = SimpleUploadedFile("patreon.csv", text("patreon").encode())

    page = desk.post("/desk/patrons/lists/", {"file": file, "tier": str(tier.pk)})
    shown = page.content.decode()
    assert "What patreon.csv would change" in shown
    assert VIRA in shown
    assert standing() == {"noise": "pending"}
    mark = page.context["mark"]
    done = desk.post(
        "/desk/patrons/lists/", {"mark": mark, "name": "patreon.csv", "tier": tier.pk, "act": "take"}, follow=True
    )
    assert "Taken in: 4 changed" in done.content.decode()
    assert standing()["patron"] == "active"
    # Nothing of it waits any more, and a mark of somebody else's making opens nothing.
    for name in (mark, "../../standfirst", "0" * 64):
        again = desk.post("/desk/patrons/lists/", {"mark": name, "act": "take"})
        assert (again.status_code, "Choose the file first." in again.content.decode()) == (422, True)
    export = desk.get("/desk/patrons/lists/members.csv")
    assert VIRA in export.content.decode()


def test_what_the_desk_takes_back_a_list_that_says_so_gives_again(tier):
    taken(text("patreon"))
    vira = Pledge.objects.get(email=VIRA)

    services.pledge_take_back(pledge=vira, by="lesia@lantern.example")
    back = standing()["patron"]
    later = NOW + dt.timedelta(minutes=1)
    again = taken(text("patreon"), now=later)

    assert (back, standing()["patron"]) == ("ended", "active")
    assert [one.email for one in again.changes] == [VIRA]
    assert taken(text("patreon"), now=later).changes == []


def test_a_look_at_a_part_of_a_list_says_first_who_would_leave(tier):
    taken(text("patreon"))
    desk = signed_in(colleague("administrator", email="lesia@lantern.example"))
    head, *others = text("patreon").splitlines(keepends=True)
    part = head + "".join(line for line in others if VIRA not in line.lower())

    page = desk.post("/desk/patrons/lists/", {"file": SimpleUploadedFile("part.csv", part.encode())})

    assert "1 patron is not in this list any more" in page.content.decode()
    assert standing()["patron"] == "active"
    same = desk.post("/desk/patrons/lists/", {"file": SimpleUploadedFile("all.csv", text("patreon").encode())})
    assert "0 pledges change" in same.content.decode()
    assert 'class="listing"' not in same.content.decode()


def test_editors_neither_take_lists_in_nor_out(tier):
    client = signed_in(colleague("editor", email="editor2@lantern.example"))

    for address in ("lists/", "lists/members.csv"):
        assert client.get(f"/desk/patrons/{address}").status_code in (302, 403)
    client.post("/desk/patrons/lists/", {"file": SimpleUploadedFile("p.csv", text("patreon").encode()), "act": "take"})
    assert standing() == {"noise": "pending"}
