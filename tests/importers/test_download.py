"""Pictures by download: what comes, what goes on where it stopped, and what is never asked."""

import datetime as dt
import json
import socket
import time

import pytest
from PIL import Image

from standfirst.importers.download import Limits, originals, user_agent
from tests.importers.oldsite import endless, picture


def files(folder):
    return sorted(file.suffix for file in folder.rglob("*") if file.is_file())


def test_a_picture_is_fetched_once_and_kept_under_the_kind_it_really_is(site, make, folder):
    site.pages["/2024/%D0%9A%D0%B2%D0%B0%D0%B9.jpg"] = picture(kind="PNG")
    downloads = make()

    found = downloads.fetch(f"{site.url}/2024/Квай.jpg")
    again = make().fetch(f"{site.url}/2024/Квай.jpg")

    assert found == again
    assert found.suffix == ".png"
    with Image.open(found) as opened:
        assert opened.size == (60, 40)
    assert found.stat().st_mode & 0o777 == 0o600
    assert len(site.asked) == 1
    assert downloads.count == 1
    assert downloads.bytes_here == found.stat().st_size


def test_one_connection_serves_all_pictures_of_a_host_also_past_a_missing_one(site, make):
    for number in range(5):
        site.pages[f"/{number}.jpg"] = picture()
    downloads = make()

    for number in range(7):
        downloads.fetch(f"{site.url}/{number}.jpg")

    assert len(site.asked) == 7
    assert len(site.connections) == 1


def test_the_paper_is_named_and_no_cookie_is_carried(site, make):
    site.pages["/a.jpg"] = lambda on: on.send(picture(), Set_Cookie="id=7; Path=/")
    site.pages["/b.jpg"] = picture()
    downloads = make()

    downloads.fetch(f"{site.url}/a.jpg")
    downloads.fetch(f"{site.url}/b.jpg")
    agent = user_agent("Ліхтар (Kyiv); news", "https://news.example")

    assert [headers.get("Cookie") for headers in site.headers] == [None, None]
    assert site.headers[0]["User-Agent"] == "Standfirst test"
    assert "moving in for Likhtar" in agent
    assert "+https://news.example" in agent
    assert agent.isascii()
    assert agent.count("(") == 1


def test_there_is_a_pause_between_two_requests_to_one_host(site, make):
    slept = []
    site.pages["/a.jpg"] = site.pages["/b.jpg"] = picture()
    downloads = make(limits=Limits(pause=5, free_bytes=0), sleep=slept.append)

    downloads.fetch(f"{site.url}/a.jpg")
    downloads.fetch(f"{site.url}/b.jpg")

    assert len(slept) == 1
    assert 4 < slept[0] <= 5


def test_a_refusal_is_remembered_for_a_day_and_asked_again_after_it_or_on_demand(site, make):
    today = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    address = f"{site.url}/gone.jpg"

    first = make(now=lambda: today)
    assert first.fetch(address) is None
    assert first.why(address) == "The site no longer has it (404)."
    assert make(now=lambda: today + dt.timedelta(hours=23)).fetch(address) is None
    assert len(site.asked) == 1

    site.pages["/gone.jpg"] = picture()
    assert make(now=lambda: today, again=True).fetch(address) is not None
    assert make().why(address) == ""

    site.pages.pop("/gone.jpg")
    other = f"{site.url}/other.jpg"
    assert make(now=lambda: today).fetch(other) is None
    site.pages["/other.jpg"] = picture()
    assert make(now=lambda: today + dt.timedelta(hours=25)).fetch(other) is not None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda on: on.send(b"no", status=403), "The site does not give it to us (403)."),
        (lambda on: on.send(b"<p>Sign in</p>", kind="text/html"), "There is a page at this address, not a picture."),
        (lambda on: on.send(b"<p>Sign in</p>"), "The file is damaged or no picture."),
        (lambda on: on.send(b""), "The file is damaged or no picture."),
        (lambda on: on.send(picture()[:200]), "The file is damaged or no picture."),
        (lambda on: on.send(picture(700, 500, noise=True)[:60_000]), "The file is damaged or no picture."),
        (lambda on: on.send(b"x" * 3_000_001), "The file is larger than 2 MB."),
        (lambda on: on.send(b"<svg xmlns='x'/>", kind="image/svg+xml"), "The file is damaged or no picture."),
    ],
    ids=["forbidden", "page", "page-as-picture", "empty", "cut", "half", "large", "svg"],
)
def test_what_is_no_picture_is_refused_with_the_reason_and_leaves_nothing(site, make, folder, answer, why):
    site.pages["/p.jpg"] = answer
    downloads = make()

    assert downloads.fetch(f"{site.url}/p.jpg") is None

    assert downloads.why(f"{site.url}/p.jpg") == why
    assert files(folder) == [".no"]
    assert len(site.asked) == 1


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(site, make):
    bomb = bytearray(picture(kind="PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    site.pages["/p.png"] = bytes(bomb)
    downloads = make()

    assert downloads.fetch(f"{site.url}/p.png") is None
    assert downloads.why(f"{site.url}/p.png")


def test_a_body_without_an_end_is_cut(site, make, folder):
    site.pages["/p.jpg"] = endless
    downloads = make()

    assert downloads.fetch(f"{site.url}/p.jpg") is None
    assert downloads.why(f"{site.url}/p.jpg") == "The file is larger than 2 MB."
    assert files(folder) == [".no"]


def test_a_body_that_drips_does_not_hold_us(site, make):
    def drip(on):
        on.send_response(200)
        on.send_header("Content-Length", "100000")
        on.end_headers()
        for _ in range(600):
            on.wfile.write(b"\xff")
            on.wfile.flush()
            time.sleep(0.05)

    site.pages["/p.jpg"] = drip
    downloads = make(limits=Limits(pause=0, seconds=0.4, free_bytes=0))

    assert downloads.fetch(f"{site.url}/p.jpg") is None
    assert downloads.why(f"{site.url}/p.jpg") == "It came too slowly."
    assert len(site.asked) == 1


def test_headers_that_drip_do_not_hold_us(site, make):
    def drip(on):
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 600:
            on.wfile.write(bytes([letter]))
            on.wfile.flush()
            time.sleep(0.05)

    site.pages["/p.jpg"] = drip
    downloads = make(limits=Limits(pause=0, seconds=1, tries=1, free_bytes=0))

    assert downloads.fetch(f"{site.url}/p.jpg") is None
    assert downloads.why(f"{site.url}/p.jpg") == "It did not answer in time."


def half_then_hang_up(whole, validator):
    def answer(on):
        on.send_response(200)
        on.send_header("Content-Type", "image/jpeg")
        on.send_header("Content-Length", str(len(whole)))
        if validator:
            on.send_header("ETag", validator)
        on.end_headers()
        on.wfile.write(whole[: len(whole) // 2])
        on.close_connection = True

    return answer


def test_an_interrupted_picture_goes_on_where_it_stopped_in_the_next_run(site, make, folder):
    whole = picture(700, 500, noise=True)
    site.pages["/p.jpg"] = half_then_hang_up(whole, '"v1"')
    once = Limits(pause=0, tries=1, free_bytes=0)

    assert make(limits=once).fetch(f"{site.url}/p.jpg") is None
    assert ".part" in files(folder)

    def rest(on):
        start = int(on.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        assert on.headers["If-Range"] == '"v1"'
        on.send(whole[start:], status=206, Content_Range=f"bytes {start}-{len(whole) - 1}/{len(whole)}")

    site.pages["/p.jpg"] = rest
    second = make(limits=once)
    found = second.fetch(f"{site.url}/p.jpg")

    assert found.read_bytes() == whole
    assert second.bytes_here < len(whole)
    assert files(folder) == [".jpg"]


def test_a_site_that_cannot_go_on_from_the_middle_gives_the_whole_again(site, make, folder):
    whole = picture(700, 500, noise=True)
    once = Limits(pause=0, tries=1, free_bytes=0)
    for validator in ("", '"v1"', 'W/"weak"'):
        site.pages["/p.jpg"] = half_then_hang_up(whole, validator)
        make(limits=once).fetch(f"{site.url}/p.jpg")
        site.pages["/p.jpg"] = whole

        found = make(limits=once).fetch(f"{site.url}/p.jpg")

        assert found.read_bytes() == whole
        found.unlink()


def test_a_picture_that_changed_meanwhile_is_not_patched_together(site, make):
    whole, other = picture(700, 500, noise=True), picture(640, 480, noise=True)
    site.pages["/p.jpg"] = half_then_hang_up(whole, '"v1"')
    make(limits=Limits(pause=0, tries=1, free_bytes=0)).fetch(f"{site.url}/p.jpg")
    answers = [
        lambda on: on.send(b"", status=416),
        lambda on: on.send(other),
    ]
    site.pages["/p.jpg"] = lambda on: answers.pop(0)(on)

    assert make().fetch(f"{site.url}/p.jpg").read_bytes() == other


def test_a_part_that_does_not_begin_where_ours_ends_is_thrown_away(site, make):
    whole = picture(700, 500, noise=True)
    site.pages["/p.jpg"] = half_then_hang_up(whole, '"v1"')
    make(limits=Limits(pause=0, tries=1, free_bytes=0)).fetch(f"{site.url}/p.jpg")
    answers = [
        lambda on: on.send(whole[10:], status=206, Content_Range=f"bytes 10-{len(whole) - 1}/{len(whole)}"),
        lambda on: on.send(whole),
    ]
    site.pages["/p.jpg"] = lambda on: answers.pop(0)(on)

    assert make().fetch(f"{site.url}/p.jpg").read_bytes() == whole


def test_a_key_pressed_to_stop_leaves_a_true_beginning(site, make, folder):
    whole = picture(900, 700, noise=True)

    def slow(on):
        on.send_response(200)
        on.send_header("Content-Length", str(len(whole)))
        on.send_header("ETag", '"v1"')
        on.end_headers()
        on.wfile.write(whole[:100_000])
        on.wfile.flush()
        time.sleep(1)

    site.pages["/p.jpg"] = slow
    downloads = make()
    pieces = downloads._check_size

    def stop(size):
        pieces(size)
        if 50_000 < size < len(whole):
            raise KeyboardInterrupt

    downloads._check_size = stop
    with pytest.raises(KeyboardInterrupt):
        downloads.fetch(f"{site.url}/p.jpg")

    part = next(folder.rglob("*.part"))
    assert part.read_bytes() == whole[: part.stat().st_size]
    assert json.loads(next(folder.rglob("*.part.json")).read_text())["validator"] == '"v1"'

    site.pages["/p.jpg"] = lambda on: on.send(
        whole[(start := int(on.headers["Range"][6:-1])) :],
        status=206,
        Content_Range=f"bytes {start}-{len(whole) - 1}/{len(whole)}",
    )
    assert make().fetch(f"{site.url}/p.jpg").read_bytes() == whole


def test_a_site_that_asks_for_a_short_pause_gets_it(site, make):
    slept = []
    answers = [lambda on: on.send(b"", status=429, Retry_After="7"), lambda on: on.send(picture())]
    site.pages["/p.jpg"] = lambda on: answers.pop(0)(on)

    assert make(sleep=slept.append).fetch(f"{site.url}/p.jpg") is not None
    assert 7.0 in slept


def test_a_site_that_asks_for_a_long_pause_is_left_alone_for_this_run(site, make):
    when = "Tue, 24 Nov 2026 12:00:00 GMT"
    site.pages["/p.jpg"] = lambda on: on.send(b"", status=503, Retry_After=when)
    site.pages["/q.jpg"] = picture()
    downloads = make(now=lambda: dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))

    assert downloads.fetch(f"{site.url}/p.jpg") is None
    assert downloads.fetch(f"{site.url}/q.jpg") is None

    assert site.asked == ["/p.jpg"]
    assert downloads.why(f"{site.url}/q.jpg") == (
        "old.example asks not to be asked for a while. Run the import again later."
    )
    assert make().fetch(f"{site.url}/q.jpg") is not None


def test_a_host_that_is_gone_is_asked_three_times_in_all_not_for_every_picture(site, make):
    tries = []

    def resolve(host, port):
        tries.append(host)
        raise socket.gaierror("gone")

    downloads = make(resolve=resolve)

    for number in range(20):
        assert downloads.fetch(f"http://gone.example/{number}.jpg") is None

    assert len(tries) == 3
    assert downloads.why("http://gone.example/0.jpg") == "Its host has no address (gone.example)."
    assert downloads.why("http://gone.example/9.jpg") == (
        "gone.example did not answer several times; it was not asked again."
    )


def test_an_error_of_the_site_is_tried_again_and_in_the_next_run_too(site, make):
    answers = [lambda on: on.send(b"", status=500)] * 3 + [lambda on: on.send(picture())]
    site.pages["/p.jpg"] = lambda on: answers.pop(0)(on)

    first = make()
    assert first.fetch(f"{site.url}/p.jpg") is None
    assert first.why(f"{site.url}/p.jpg") == "The site answered with an error (500)."
    assert make().fetch(f"{site.url}/p.jpg") is not None


def test_smaller_copies_lead_to_their_original():
    assert originals("https://old.example/2019/quay-300x200.jpg") == [
        "https://old.example/2019/quay.jpg",
        "https://old.example/2019/quay-300x200.jpg",
    ]
    assert originals("https://i0.wp.com/old.example/2019/quay.jpg?w=300") == [
        "https://old.example/2019/quay.jpg",
    ]
    assert originals("https://old.example/2019/quay.jpg") == ["https://old.example/2019/quay.jpg"]


def test_a_missing_original_falls_back_to_the_smaller_copy(site, make):
    site.pages["/quay-300x200.jpg"] = picture()
    downloads = make()

    assert downloads.fetch(f"{site.url}/quay-300x200.jpg") is not None
    assert downloads.find(f"{site.url}/quay-300x200.jpg") is not None
    assert site.asked == ["/quay.jpg", "/quay-300x200.jpg"]


def test_a_run_stops_at_its_own_limit_and_says_so(site, make):
    site.pages["/a.jpg"] = site.pages["/b.jpg"] = picture()
    downloads = make(limits=Limits(pause=0, total_bytes=10, free_bytes=0))

    assert downloads.fetch(f"{site.url}/a.jpg") is not None
    assert downloads.fetch(f"{site.url}/b.jpg") is None
    assert "as much as one run may" in downloads.why(f"{site.url}/b.jpg")


def test_a_full_disk_stops_the_downloads_not_the_import(site, make):
    site.pages["/a.jpg"] = picture()
    downloads = make(limits=Limits(pause=0, free_bytes=10**18))

    assert downloads.fetch(f"{site.url}/a.jpg") is None
    assert downloads.why(f"{site.url}/a.jpg") == "The disk is nearly full. Make room and run the import again."
