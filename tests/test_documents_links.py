"""Links: what is fetched, what is refused, and where the connection goes."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import StoredLink
from index.documents import links
from index.documents.links import LinkLimits, fetch, is_public
from index.errors import DocumentUnreadable

HERE = LinkLimits(private=True, seconds=10)
PAGE = b"<html><body><p>The mill stands on the river since 1742.</p></body></html>"


class Site:
    """A web site of a few pages, which notes who asked for what."""

    def __init__(self, pages):
        self.pages = pages
        self.asked = []

    def answer(self, handler):
        self.asked.append((handler.path, dict(handler.headers)))
        status, headers, body = self.pages.get(handler.path, (404, {}, b""))
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        for part in [body] if isinstance(body, bytes) else body:
            handler.wfile.write(part)


@contextmanager
def served(pages):
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.answer(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    site.port = server.server_port
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def reason_for(url, limits=HERE, **given):
    with pytest.raises(DocumentUnreadable) as caught:
        fetch(url, limits, **given)
    return caught.value.reason


def test_a_page_comes_with_its_type_and_version():
    headers = {"Content-Type": "text/html", "ETag": '"7"', "Last-Modified": "a day"}
    with served({"/mill": (200, headers, PAGE)}) as site:
        fetched = fetch(f"{site.address}/mill", HERE)

    assert fetched.data == PAGE
    assert fetched.content_type == "text/html"
    assert (fetched.etag, fetched.last_modified) == ('"7"', "a day")
    assert fetched.name == "mill.html"


def test_the_site_is_told_who_asks():
    with served({"/": (200, {}, PAGE)}) as site:
        fetch(f"{site.address}/", HERE)

    assert {headers["user-agent"].split("/")[0] for _, headers in site.asked} == {"Quoth"}


def test_a_page_that_has_not_changed_is_not_sent_again():
    with served({"/": (304, {"ETag": '"7"'}, b"")}) as site:
        known = StoredLink(f"{site.address}/", "", f"{site.address}/", '"7"', "a day")
        fetched = fetch(f"{site.address}/", HERE, known=known)

    assert (fetched.unchanged, fetched.data) == (True, b"")
    assert site.asked[-1][1]["if-none-match"] == '"7"'
    assert site.asked[-1][1]["if-modified-since"] == "a day"


def test_a_link_that_leads_elsewhere_by_now_is_sent_whatever_its_etag_and_date_were():
    pages = {"/latest": (302, {"Location": "/1"}, b""), "/1": (200, {}, PAGE)}
    with served(pages) as site:
        known = StoredLink(f"{site.address}/latest", "", f"{site.address}/2", '"7"', "a day")
        fetched = fetch(f"{site.address}/latest", HERE, known=known)

    assert fetched.data == PAGE
    for _, headers in site.asked:
        assert not {"if-none-match", "if-modified-since"} & headers.keys()


def test_a_page_behind_a_redirect_that_has_not_changed_is_not_sent_again():
    pages = {"/latest": (302, {"Location": "/2"}, b""), "/2": (304, {}, b"")}
    with served(pages) as site:
        known = StoredLink(f"{site.address}/latest", "", f"{site.address}/2", '"7"', None)
        fetched = fetch(f"{site.address}/latest", HERE, known=known)

    assert fetched.unchanged
    assert [path for path, headers in site.asked if "if-none-match" in headers] == ["/2"]


def test_text_of_a_declared_charset_comes_as_utf8():
    headers = {"Content-Type": "text/plain; charset=windows-1251"}
    with served({"/": (200, headers, "Мельница".encode("cp1251"))}) as site:
        fetched = fetch(f"{site.address}/", HERE)

    assert fetched.data.decode("utf-8-sig") == "Мельница"


def test_redirects_are_followed_to_the_end():
    with served({"/old": (301, {"Location": "/new"}, b""), "/new": (200, {}, PAGE)}) as site:
        fetched = fetch(f"{site.address}/old", HERE)

    assert fetched.final_url == f"{site.address}/new"


def test_redirects_that_never_end_are_left():
    with served({"/": (302, {"Location": "/"}, b"")}) as site:
        reason = reason_for(f"{site.address}/")

    assert reason == "it redirects more than 5 times"


def test_robots_txt_is_followed():
    robots = (200, {}, b"User-agent: *\nDisallow: /private\n")
    with served({"/robots.txt": robots, "/private": (200, {}, PAGE)}) as site:
        reason = reason_for(f"{site.address}/private")

    assert reason == "the site's robots.txt asks programs not to read it"
    assert [path for path, _ in site.asked] == ["/robots.txt"]


def test_a_page_that_is_too_large_is_left():
    small = LinkLimits(private=True, size=1000)
    with served({"/": (200, {}, b"x" * 1001)}) as site:
        reason = reason_for(f"{site.address}/", small)

    assert reason.startswith("it is larger than")


def test_a_page_that_unpacks_to_too_much_is_left():
    import gzip

    small = LinkLimits(private=True, size=100_000)
    body = gzip.compress(b"x" * 10_000_000)
    with served({"/": (200, {"Content-Encoding": "gzip"}, body)}) as site:
        reason = reason_for(f"{site.address}/", small)

    assert reason.startswith("it is larger than")


def test_a_site_that_sends_drop_by_drop_is_left_in_time():
    def drops():
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    hurried = LinkLimits(private=True, seconds=0.5)
    with served({"/": (200, {}, drops())}) as site:
        reason = reason_for(f"{site.address}/", hurried)

    assert reason == "it took longer than 0.5 seconds"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "there is no such page (HTTP 404)"),
        (403, "the site does not let it be read (HTTP 403)"),
        (500, "the site does not give it (HTTP 500)"),
    ],
)
def test_a_refusal_is_said_in_words(status, reason):
    with served({"/": (status, {}, b"")}) as site:
        assert reason_for(f"{site.address}/") == reason


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.8/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
    ],
)
def test_addresses_of_this_machine_and_its_network_are_not_read(url):
    reason = reason_for(url, LinkLimits())

    assert reason == "it leads to this machine or its network, which is not read"


@pytest.mark.parametrize("url", ["ftp://host/file", "file:///etc/passwd", "host/page", "http://"])
def test_only_web_links_are_read(url):
    assert reason_for(url).startswith("only links that begin with")


def test_a_link_with_a_password_is_refused():
    assert reason_for("http://me:secret@example.org/").startswith("it holds a name or a password")


def test_a_redirect_to_this_machine_is_refused():
    def answers(host, port):
        return ["127.0.0.1"] if host == "inside.example" else ["192.0.78.9"]

    reason = reason_for("http://inside.example/", LinkLimits(), resolve=answers)

    assert reason == "it leads to this machine or its network, which is not read"


@pytest.mark.parametrize("page", ["/", "/robots.txt"])
@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://inside.example/secret", "it leads to this machine or its network"),
        ("//inside.example/secret", "it leads to this machine or its network"),
        ("file:///etc/passwd", "only links that begin with http"),
        ("http://me:secret@outside.example/", "it holds a name or a password"),
    ],
)
def test_where_a_public_site_redirects_to_is_checked_like_the_link(
    page, location, reason, monkeypatch
):
    monkeypatch.setattr(links, "is_public", lambda address: address == "127.0.0.1")
    places = {"outside.example": ["127.0.0.1"], "inside.example": ["127.0.0.2"]}

    with served({page: (302, {"Location": location}, b"")}) as site:
        found = reason_for(
            f"http://outside.example:{site.port}/",
            LinkLimits(),
            resolve=lambda host, _: places[host],
        )

    assert found.startswith(reason)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    reason = reason_for(
        "http://both.example/", LinkLimits(), resolve=lambda *_: ["93.184.215.14", "10.0.0.1"]
    )

    assert reason == "it leads to this machine or its network, which is not read"


def test_the_connection_goes_to_the_address_that_was_checked():
    asked = []

    def changing(host, port):
        """The first answer for each hop is good; a second question would be led astray."""
        asked.append(host)
        return ["127.0.0.1"]

    with served({"/": (200, {}, PAGE)}) as site:
        fetched = fetch(f"http://mill.example:{site.port}/", HERE, resolve=changing)

    assert fetched.data == PAGE
    assert asked == ["mill.example", "mill.example"]  # robots.txt, then the page
    assert site.asked[-1][1]["host"] == f"mill.example:{site.port}"


def test_a_host_that_does_not_exist_is_named():
    def nothing(host, port):
        raise OSError("no such host")

    assert reason_for("http://nowhere.example/", resolve=nothing) == (
        "there is no site nowhere.example"
    )


@given(st.ip_addresses())
def test_no_private_address_is_public(address):
    if address.is_private or address.is_loopback or address.is_link_local:
        assert not is_public(str(address))


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_a_reason(text):
    def nothing(host, port):
        raise OSError("no such host")

    assert reason_for(text, resolve=nothing)
