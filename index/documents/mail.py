"""Mail: one message (eml) or a box of them (mbox), with their attachments."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.header import Header, decode_header
from email.message import Message
from email.utils import getaddresses

from index.documents.dates import date_of
from index.documents.decoding import decoded
from index.documents.draft import PARAGRAPH, ROW, Block, Draft
from index.documents.markup import html_root
from index.documents.original import Original
from index.documents.web import all_blocks, page_text
from index.documents.wrapping import paragraphs

POSTMARK = re.compile(rb"^From \S+.*\d{4}\s*$", re.MULTILINE)
QUOTED_POSTMARK = re.compile(rb"^>(>*From )", re.MULTILINE)
"""A line of a message that would have been taken for the beginning of the next."""
SOFT_END = re.compile(r"(?<=[^\n])(?<!\n--) \n(?!>|-- ?\n|\n| )")
SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature",
              "application/pgp-signature", "application/pgp-keys"}  # fmt: skip
"""Parts that prove who wrote a message, and hold no text."""


def read_mail(original: Original) -> Iterator[Draft | Original]:
    """The message, then its attachments as files of their own."""
    data = original.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        data = decoded(data).encode("utf-8")
    yield from _message(original, data, None)


def read_mbox(original: Original) -> Iterator[Draft | Original]:
    """Every message of the box, numbered from 1."""
    borders = [match.start() for match in POSTMARK.finditer(original.data)]
    for number, start in enumerate(borders, start=1):
        end = borders[number] if number < len(borders) else len(original.data)
        message = QUOTED_POSTMARK.sub(rb"\1", original.data[start:end])
        yield from _message(original, message, str(number))


def _message(original: Original, data: bytes, part: str | None) -> Iterator[Draft | Original]:
    # The older policy: it gives a header as it stands, and parses nothing that could raise.
    message = email.message_from_bytes(data.lstrip(b"\r\n\t "), policy=email.policy.compat32)
    if _is_encrypted(message):
        raise original.unreadable("the message is encrypted: decrypt it and save it again")
    attached = list(_attachments(message))
    subject, sender = _header(message, "subject"), _header(message, "from")
    names = [name for name, _ in attached]
    yield Draft(
        blocks=message_blocks(subject, sender, _header(message, "to"), list(_body(message)), names),
        title=subject,
        date=date_of(str(message.get("date") or "")),
        author=_sender(message, sender),
        part=part,
    )
    prefix = f"{part}/" if part else ""
    for name, content in attached:
        yield original.inside(prefix + name, content)


def _is_encrypted(message: Message) -> bool:
    """Whether it is by OpenPGP or S/MIME, which also packs what is only signed."""
    kind = message.get_content_type()
    packed = str(message.get_param("smime-type") or "").lower()
    sealed = kind in ("application/pkcs7-mime", "application/x-pkcs7-mime")
    return kind == "multipart/encrypted" or (sealed and packed != "signed-data")


def message_blocks(
    subject: str, sender: str, to: str, body: list[Block], attached: list[str]
) -> list[Block]:
    """Who writes to whom about what, the body, and what is attached; nothing without a body."""
    if not any(block.text.strip() for block in body):
        return []
    blocks = [Block(subject, heading=True), Block(f"From: {sender}" if sender else "")]
    if to:
        blocks.append(Block(f"To: {to[:500]}", joint=ROW if sender else PARAGRAPH))
    names = [Block(f"Attachments: {'; '.join(attached)}")] if attached else []
    return [*blocks, *body, *names]


def _sender(message: Message, sender: str) -> str | None:
    """The sender's name, or else the address. A name may hold a comma where it is encoded, which
    parts it from the next one where it is not.
    """
    found = getaddresses([str(message.get("from") or "")]) or getaddresses([sender])
    name, address = found[0] if found else ("", "")
    return _decoded(name).strip('" ') or address or None


def _header(message: Message, name: str) -> str:
    """The header, its encoded words decoded; empty without it."""
    value = message.get(name)
    return "" if value is None else _decoded(value)


def _decoded(value: str | Header) -> str:
    try:
        parts = decode_header(value)
    except (ValueError, TypeError, email.errors.HeaderParseError):
        return str(value)
    return "".join(
        decoded(text, charset) if isinstance(text, bytes) else text for text, charset in parts
    ).strip()


def _body(message: Message) -> Iterator[Block]:
    """The text of the message: of alternatives the plain one, unless it says nothing."""
    if message.get_content_type() == "multipart/alternative" and message.is_multipart():
        choices = [list(_body(part)) for part in _parts(message)]
        readable = [each for each in choices if any(b.text.strip() for b in each)]
        yield from readable[0] if readable else ()
    elif message.is_multipart():
        for part in _parts(message):
            if not _file_name(part) and part.get_content_type() != "message/rfc822":
                yield from _body(part)
    elif not _file_name(message):
        yield from _text(message)


def _text(part: Message) -> Iterator[Block]:
    kind = part.get_content_type()
    charset = part.get_content_charset()
    if kind == "text/html":
        root = html_root(page_text(_content(part), charset))
        yield from all_blocks(root) if root is not None else ()
    elif kind in ("text/plain", "text/enriched", "text/markdown"):
        text = decoded(_content(part), charset).replace("\r\n", "\n")
        for each in paragraphs(_unfolded(part, text)):
            yield Block(each)


def _unfolded(part: Message, text: str) -> str:
    """The text with those lines joined that end with a space, where that says that they go on."""
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    apart = str(part.get_param("delsp") or "").lower() == "yes"
    return SOFT_END.sub("" if apart else " ", text)


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return (
        [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    )


def _attachments(message: Message) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each attached file, and of each forwarded message; a message may be
    nothing but a file.
    """
    for part in _parts(message) or [message]:
        name = _file_name(part)
        if part.get_content_type() == "message/rfc822" and _parts(part):
            yield name or "message.eml", _parts(part)[0].as_bytes()
        elif name and not part.is_multipart() and not _is_ornament(part):
            yield name, _content(part)
        elif part.is_multipart():
            yield from _attachments(part)


def _is_ornament(part: Message) -> bool:
    """A signature, or a picture that the message shows: a logo, a smile, a pixel that counts."""
    shown = not str(part.get("content-disposition") or "").lower().startswith("attachment")
    kind = part.get_content_type()
    return kind in SIGNATURES or (shown and kind.startswith("image/") and "content-id" in part)


def _file_name(part: Message) -> str:
    """The name of an attached file on one line; empty for a part that is no file."""
    try:
        name = part.get_filename()
    except (ValueError, TypeError, LookupError):
        name = None
    disposition = str(part.get("content-disposition") or "").lower()
    if name is None and disposition.startswith("attachment") and not part.is_multipart():
        name = "attachment"
    if not name:
        return ""
    parts = decode_header(name) if "=?" in name else [(name, None)]
    plain = "".join(decoded(t, c) if isinstance(t, bytes) else t for t, c in parts)
    return re.sub(r"[\x00-\x1f/\\]+", "_", plain).strip() or "attachment"
