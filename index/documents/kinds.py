"""What a file is, by its bytes first and its name second, as the suffix that it should have."""

from __future__ import annotations

import re

from index.documents.archives import is_tar
from index.documents.compound import MAGIC, Compound
from index.documents.containers import Container
from index.documents.decoding import decoded, is_binary
from index.documents.original import Original

TEXTS = {".txt", ".text", ".log", ".md", ".markdown", ".rst", ".csv", ".tsv", ".tab", ".json",
         ".jsonl", ".ndjson", ".ipynb", ".html", ".htm", ".xhtml", ".xml", ".rss", ".atom", ".eml",
         ".mbox", ".fodt", ".fods", ".fodp"}  # fmt: skip
PACKED = (b"\x1f\x8b", *(b"BZh%d1AY&SY" % size for size in range(1, 10)), b"\xfd7zXZ\0")
"""How files begin that gzip, bzip2 and xz packed."""
TNEF = b"\x78\x9f\x3e\x22"
"""How winmail.dat begins."""
IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
                  re.IGNORECASE | re.DOTALL)  # fmt: skip
XML = re.compile(r"\s*<(?:\?xml\s|svg\b)")
MAIL = re.compile(r"(?:[A-Z][\w-]+: [^\n]*\n(?:[ \t][^\n]*\n)*){3}")
BOX = re.compile(r"From \S+ [^\n]*\d{4}\s*\n[A-Z][\w-]+: ")
MAIL_HEADER = re.compile(r"^(?:From|Date|Subject|Received): ", re.MULTILINE)
UNKNOWN = "its format is not one that can be read: save it as PDF, docx or plain text"
ENCRYPTED = "it is encrypted: open it in its program and save it without a password"
# The streams and members by which the formats in a compound file or a zip are told apart.
STREAMS = (("WordDocument", ".doc"), ("PowerPoint Document", ".ppt"), ("Workbook", ".xls"),
           ("Book", ".xls"), ("__properties_version1.0", ".msg"))  # fmt: skip
MEMBERS = (("word/document.xml", ".docx"), ("ppt/presentation.xml", ".pptx"),
           ("xl/workbook.xml", ".xlsx"), ("xl/workbook.bin", ".xlsb"))  # fmt: skip
NUMBERED = re.compile(r"word/document\d+\.xml")
OPEN = "application/vnd.oasis.opendocument."
"""How the type of a formula or a database begins too, which are no archives of documents."""
MIMETYPES = {"application/epub+zip": ".epub",
             "application/vnd.oasis.opendocument.text": ".odt",
             "application/vnd.oasis.opendocument.presentation": ".odp",
             "application/vnd.oasis.opendocument.graphics": ".odp",
             "application/vnd.oasis.opendocument.spreadsheet": ".ods"}  # fmt: skip


def kind_of(original: Original) -> str:
    """A suffix that has a reader; raises DocumentUnreadable when there is none for the file."""
    data = original.data
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(MAGIC):
        return _in_compound(original)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(original)
    if data.startswith(TNEF):
        return ".tnef"
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(PACKED):
        return ".gz"
    if is_tar(data):
        return ".tar"
    if data.startswith(IMAGES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return ".png"
    return _in_text(original)


def _in_compound(original: Original) -> str:
    names = set(Compound(original).names())
    if "EncryptedPackage" in names:
        raise original.unreadable(ENCRYPTED)
    for name, suffix in STREAMS:
        if name in names:
            return suffix
    raise original.unreadable(UNKNOWN)


def _in_zip(original: Original) -> str:
    container = Container(original)
    for name, suffix in MEMBERS:
        if container.has(name):
            return suffix
    if any(map(NUMBERED.fullmatch, container.names())):
        return ".docx"
    mimetype = (container.member("mimetype") or b"")[:100].decode("ascii", "replace").strip()
    known = MIMETYPES.get(mimetype.removesuffix("-template"))
    if known or mimetype.startswith(OPEN):
        return known or ".odt"
    # A damaged docx is still one; a zip under another name is read as the archive it is.
    return original.suffix if original.suffix in ZIPPED else ".zip"


ZIPPED = {".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".odt", ".odp", ".ods", ".epub"}


def _in_text(original: Original) -> str:
    suffix = original.suffix
    if suffix in TEXTS - {".txt"}:
        return suffix
    if is_binary(original.data):
        for marks, reason in OF_OTHER_KINDS:
            if original.data.startswith(marks) or original.data[4:8] in marks:
                raise original.unreadable(reason)
        known = suffix in ZIPPED or suffix in OTHER
        reason = f"it is damaged, or no real {suffix} file" if known else UNKNOWN
        raise original.unreadable(reason)
    opening = decoded(original.data[:4096])
    if HTML.match(opening):
        return ".html"
    if suffix in (".xls", ".xlsx") and not XML.match(opening):
        return ".csv"
    if suffix != ".txt" and XML.match(opening):
        return ".xml"
    if suffix != ".txt" and BOX.match(opening):
        return ".mbox"
    if suffix != ".txt" and MAIL.match(opening) and MAIL_HEADER.search(opening):
        return ".eml"
    return ".txt"


ARCHIVE = "it is an archive of a kind that is not read: unpack it here, or pack it as zip"
OF_OTHER_KINDS = (
    (
        (b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd"),
        ARCHIVE,
    ),
    (
        (b"ftyp", b"ID3", b"OggS", b"\xff\xfb", b"fLaC", b"\x1aE\xdf\xa3", b"RIFF"),
        "it is sound or video, which holds no text: put a transcript here",
    ),
    ((b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe"), "it is a program, which holds no text"),
    ((b"SQLite format 3",), "it is a database: export its tables as csv"),
)
"""How files begin that people put among their documents, and what can be done with them."""
OTHER = {".pdf", ".doc", ".ppt", ".xls", ".msg", ".rtf", ".zip", ".png", ".jpg", ".jpeg"}
