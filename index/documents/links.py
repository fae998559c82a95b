"""Links to files: httpx and protego live here.

A link is untrusted twice: who sends it may point at what only this machine can reach, and who
answers may send anything. So the address is checked after resolving, the connection goes to the
address that was checked, each redirect is checked like a link, and size and time are limited.
"""

from __future__ import annotations

import ipaddress
import mimetypes
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

import httpx

from index.documents.decoding import decoded
from index.errors import DocumentUnreadable
from index.ports import Known

NAME = "Quoth"
USER_AGENT = f"{NAME}/0.1 (reads the pages that people ask it to; follows robots.txt)"
LARGEST_ROBOTS = 500 * 1024
"""RFC 9309 2.5: a crawler reads at least the first 500 KiB."""
REFUSALS = {
    401: "the site asks for a login",
    403: "the site does not let it be read",
    404: "there is no such page",
    410: "the page was removed",
    429: "the site asks to wait: try again later",
}
SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt",
    "text/markdown": ".md", "text/csv": ".csv", "application/json": ".json",
    "application/pdf": ".pdf", "application/xml": ".xml", "text/xml": ".xml",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml",
    "application/epub+zip": ".epub", "message/rfc822": ".eml",
}  # fmt: skip
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLimits:
    """What fetching one link may take."""

    seconds: float = 30
    """For everything: robots.txt, redirects and the body."""
    size: int = 64 * 2**20
    """Bytes of the body, unpacked."""
    redirects: int = 5
    private: bool = False
    """Whether addresses of this machine and its network may be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a link gave. `data` is empty when `unchanged`."""

    url: str
    final_url: str
    """After redirects."""
    data: bytes = field(repr=False)
    content_type: str
    """Without its parameters; text comes in UTF-8 with a mark whatever the server sent."""
    etag: str | None
    last_modified: str | None
    unchanged: bool = False
    """The server says that the version whose etag or date was given is still the newest."""

    @property
    def name(self) -> str:
        """A file name for it, whose suffix says what it is."""
        parts = urlsplit(self.final_url)
        last = PurePosixPath(unquote(parts.path)).name or parts.hostname or "page"
        clean = re.sub(r"[^\w.-]+", "_", last).strip("._")[:100] or "page"
        suffix = SUFFIXES.get(self.content_type) or mimetypes.guess_extension(self.content_type)
        suffix = None if suffix == ".bin" else suffix
        return clean if not suffix or clean.lower().endswith(suffix) else f"{clean}{suffix}"

    def saved_in(self, folder: Path) -> Path:
        """Writes the data below `folder` under `name`, and gives the file to read."""
        path = folder / self.name
        path.write_bytes(self.data)
        return path


def fetch(
    url: str,
    limits: LinkLimits | None = None,
    *,
    known: Known | None = None,
    resolve: Resolver | None = None,
) -> Fetched:
    """What the link leads to. With the version `known` from an earlier time it may come back as
    `unchanged`. Raises DocumentUnreadable with the reason when it cannot be read.
    """
    return _Journey(url, limits or LinkLimits(), resolve or resolved).to_its_end(known)


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order; raises OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """Whether the address is one of the internet, and none that is inside another one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _Journey:
    """One link, from hop to hop, within one allowance of time."""

    def __init__(self, url: str, limits: LinkLimits, resolve: Resolver) -> None:
        self._url = url
        self._limits = limits
        self._resolve = resolve
        self._until = time.monotonic() + limits.seconds
        self._allowed: dict[str, Any] = {}

    def to_its_end(self, known: Known | None) -> Fetched:
        url = self._url
        for _ in range(self._limits.redirects + 1):
            self._check_robots(url)
            # Of one address etags and dates say nothing of another: a new target may be older.
            condition = _condition(known) if known and known.final_url == url else {}
            with self._answered(url, condition) as response:
                if response.has_redirect_location:
                    url = urljoin(url, response.headers["location"])
                    continue
                return self._fetched(url, response)
        raise self._failed(f"it redirects more than {self._limits.redirects} times")

    def _fetched(self, url: str, response: httpx.Response) -> Fetched:
        unchanged = response.status_code == 304
        if not unchanged and response.status_code != 200:
            said = REFUSALS.get(response.status_code, "the site does not give it")
            raise self._failed(f"{said} (HTTP {response.status_code})")
        data = b"" if unchanged else self._body(response, self._limits.size)
        if not unchanged and len(data) > self._limits.size:
            raise self._failed(f"it is larger than {self._limits.size / 2**20:g} MiB")
        kind, _, parameters = response.headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
        if charset and kind.strip().lower().startswith("text/"):
            data = decoded(data, charset[1]).encode("utf-8-sig", "replace")
        return Fetched(
            url=self._url,
            final_url=url,
            data=data,
            content_type=kind.strip().lower(),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            unchanged=unchanged,
        )

    def _check_robots(self, url: str) -> None:
        """Raises DocumentUnreadable where robots.txt keeps Quoth out (RFC 9309)."""
        parts = self._split(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._allowed:
            self._allowed[origin] = self._robots(f"{origin}/robots.txt")
        robots = self._allowed[origin]
        if robots is not None and not robots.can_fetch(url, NAME):
            raise self._failed("the site's robots.txt asks programs not to read it")

    def _robots(self, url: str) -> Any:  # noqa: ANN401  protego has no types
        """The rules; None where there are none. Where the site fails to say, all is forbidden."""
        from protego import Protego

        for _ in range(5):
            with self._answered(url, {}) as response:
                if response.has_redirect_location:
                    url = urljoin(url, response.headers["location"])
                    continue
                if response.status_code >= 500:
                    raise self._failed(f"the site is out of order (HTTP {response.status_code})")
                if response.status_code != 200:
                    return None
                rules = self._body(response, LARGEST_ROBOTS)[:LARGEST_ROBOTS]
                return Protego.parse(rules.decode("utf-8", "replace"))
        return None

    @contextmanager
    def _answered(self, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The response of one hop, its body not yet read."""
        target, host = self._checked(url)
        left = self._until - time.monotonic()
        if left <= 0:
            raise self._overdue()
        given = {"host": host, "user-agent": USER_AGENT, "accept": "*/*", **headers}
        watch = _Watch(left)
        # The name goes into the certificate's check though the connection goes to the address.
        extensions = {"sni_hostname": urlsplit(url).hostname or "", "trace": watch.trace}
        try:
            with (
                watch,
                httpx.Client(timeout=left, trust_env=False, follow_redirects=False) as client,
                client.stream("GET", target, headers=given, extensions=extensions) as response,
            ):
                yield response
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
            raise self._trouble(error) from error

    def _checked(self, url: str) -> tuple[str, str]:
        """The link with an address in place of its host, and the Host header that belongs to it."""
        parts = self._split(url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = (parts.hostname or "").encode("idna").decode("ascii")
        except ValueError as error:
            raise self._failed("it is not a valid link") from error
        if parts.scheme not in ("http", "https") or not host:
            raise self._failed("only links that begin with http:// or https:// are read")
        if parts.username is not None:
            raise self._failed("it holds a name or a password: use a link without one")
        address = self._address(host, port)
        place = f"[{address}]" if ":" in address else address
        target = urlunsplit((parts.scheme, f"{place}:{port}", parts.path, parts.query, ""))
        named = f"[{host}]" if ":" in host else host
        return target, f"{named}:{parts.port}" if parts.port else named

    def _split(self, url: str) -> SplitResult:
        try:
            return urlsplit(url.strip())
        except ValueError as error:
            raise self._failed("it is not a valid link") from error

    def _address(self, host: str, port: int) -> str:
        """The first address of the host; one that is not public is as good as none."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise self._failed(f"there is no site {host}") from error
        if not found:
            raise self._failed(f"there is no site {host}")
        if not self._limits.private and not all(map(is_public, found)):
            raise self._failed("it leads to this machine or its network, which is not read")
        return found[0]

    def _body(self, response: httpx.Response, most: int) -> bytes:
        """At most one byte more than `most`."""
        body = bytearray()
        for part in response.iter_bytes(64 * 1024):
            body += part
            if len(body) > most:
                break
            if time.monotonic() > self._until:
                raise self._overdue()
        return bytes(body[: most + 1])

    def _trouble(self, error: Exception) -> DocumentUnreadable:
        if time.monotonic() >= self._until or isinstance(error, httpx.TimeoutException):
            return self._overdue()
        if isinstance(error, ssl.SSLError) or "CERTIFICATE" in str(error).upper():
            return self._failed("its certificate is not valid")
        return self._failed("the site does not answer")

    def _overdue(self) -> DocumentUnreadable:
        return self._failed(f"it took longer than {self._limits.seconds:g} seconds")

    def _failed(self, reason: str) -> DocumentUnreadable:
        return DocumentUnreadable(self._url, reason)


def _condition(known: Known) -> dict[str, str]:
    """The headers by which a site sends a page only if it is another one by now."""
    headers = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


class _Watch:
    """Hangs up when the time is over: httpx limits each read, not what a slow sender adds up to."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Takes the socket of the connection when httpcore has made it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def _hang_up(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
