"""Files of every format, made here byte by byte: small, and each for what its test is about."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from xml.sax.saxutils import escape


def zipped(members, method=zipfile.ZIP_DEFLATED):
    """A zip file of name -> text or bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members, **how):
    """A tar of name -> bytes."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", **how) as archive:
        for name, content in members.items():
            made = tarfile.TarInfo(name)
            made.size = len(content)
            archive.addfile(made, io.BytesIO(content))
    return file.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body, **parts):
    """A Word document with this body, in WordprocessingML; more parts by name, dots as "_"."""
    core = (
        '<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc" xmlns:t="t"><dc:title>The mill</dc:title>'
        "<dc:creator>Ada Miller</dc:creator><dc:language>en-GB</dc:language>"
        "<t:created>2021-09-04T10:00:00Z</t:created></cp:coreProperties>"
    )
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>'
        "</w:style></w:styles>"
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": styles,
        "docProps/core.xml": core,
    }
    for name, content in parts.items():
        members[f"word/{name}.xml"] = f"<w:{name} {W}>{content}</w:{name}>"
    return zipped(members)


def paragraph(text, style=""):
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows):
    made = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


def pptx(slides):
    """A presentation of (title, text) slides, listed against the order of their numbers."""
    members = {"[Content_Types].xml": "<Types/>"}
    ids, relations = "", ""
    for number, (title, text) in enumerate(reversed(slides), start=1):
        members[f"ppt/slides/slide{number}.xml"] = (
            '<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>'
            f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
            '<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr>'
            f"<p:txBody><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp>"
            "</p:spTree></p:cSld></p:sld>"
        )
        ids = f'<p:sldId id="{number}" r:id="r{number}"/>' + ids
        relations += f'<Relationship Id="r{number}" Target="slides/slide{number}.xml"/>'
    members["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
    )
    members["ppt/_rels/presentation.xml.rels"] = f"<Relationships>{relations}</Relationships>"
    return zipped(members)


SHEET_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(rows, name="Mills", codes=(), left=0, top=0):
    """A workbook with one sheet; numbers stay numbers, in the format of their column's code."""
    cells = ""
    for number, row in enumerate(rows, start=1 + top):
        cells += f'<row r="{number}">'
        for at, (column, value) in enumerate(zip("ABCDEFGH"[left:], row, strict=False)):
            place = f"{column}{number}"
            if isinstance(value, str):
                cells += f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
            else:
                style = f' s="{at + 1}"' if codes else ""
                cells += f'<c r="{place}"{style}><v>{value}</v></c>'
        cells += "</row>"
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(codes)))
    formats = "".join(
        f'<numFmt numFmtId="{at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(codes, start=200)
    )
    return zipped(
        {
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
            "[Content_Types].xml": SHEET_TYPES,
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship '
            f'Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship '
            f'Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}'
            "</sheetData></worksheet>",
        }
    )


def odt(body):
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": '<m:manifest xmlns:m="m"/>',
            "meta.xml": '<o:m xmlns:o="o" xmlns:d="d"><d:title>The mill</d:title>'
            "<o:creation-date>2021-09-04T08:00:00</o:creation-date></o:m>",
            "content.xml": '<o:d xmlns:o="o" xmlns:text="t" xmlns:table="b"><o:body><o:text>'
            f"{body}</o:text></o:body></o:d>",
        }
    )


def ods(rows):
    """An OpenDocument spreadsheet with one sheet of texts; calamine goes by the usual prefixes."""
    table = ""
    for row in rows:
        cells = "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{each}</text:p></table:table-cell>"
            for each in row
        )
        table += f"<table:table-row>{cells}</table:table-row>"
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "text", "table")
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<m:manifest xmlns:m="m"/>',
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Mills">{table}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )


def epub(chapters):
    """A book of name -> XHTML body, read in that order."""
    items = "".join(
        f'<item id="c{n}" href="{name}"/>' for n, name in reversed(list(enumerate(chapters)))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    book = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<c><rootfile full-path="book/all.opf"/></c>',
        "book/all.opf": '<package xmlns:dc="dc"><metadata><dc:title>The mill book</dc:title>'
        "<dc:creator>Ada Miller</dc:creator><dc:language>en</dc:language>"
        f"<dc:date>1999-05-01</dc:date></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>",
    }
    pages = {f"book/{name}": f"<html><body>{body}</body></html>" for name, body in chapters.items()}
    return zipped(book | pages)


def pdf(pages, title="", size=11):
    """A PDF whose pages are lists of (x, y, text) or (x, y, text, size), in Helvetica, and of
    bytes: what is drawn otherwise, with the fonts F1 and F2 (bold).
    """
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        drawn = b"".join(
            each if isinstance(each, bytes) else _drawn(*(*each, size)[:4]) for each in lines
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 << /Type /Font /Subtype /Type1 /BaseFont "
            "/Helvetica-Bold /Encoding /WinAnsiEncoding >> >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(drawn), drawn))
    info = len(objects) + 1
    objects.append(f"<< /Title ({title}) /CreationDate (D:20210904120000Z) >>".encode())
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        info,
        start,
    )
    return bytes(out)


def ruled(x, y, widths, rows, bold=1, height=20):
    """What is drawn for a table below `y`: a box for each cell, and its text, in lines.

    The first `bold` rows are bold. An empty cell belongs to the one on its left.
    """
    drawn = []
    for number, row in enumerate(rows):
        top = y - number * height
        for at, text in enumerate(row):
            if not text:
                continue
            empty = next((n for n, each in enumerate(row[at + 1 :]) if each), len(row) - at - 1)
            left, width = x + sum(widths[:at]), sum(widths[at : at + 1 + empty])
            drawn.append(b"%d %d %d %d re S\n" % (left, top - height, width, height))
            for line, each in enumerate(text.split("\n")):
                font = "F2" if number < bold else "F1"
                drawn.append(_drawn(left + 3, top - 9 - 9 * line, each, 8, font))
    return drawn


def _drawn(x, y, text, size, font="F1"):
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    drawn = font.encode(), size, x, y, escaped.encode("cp1252")
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET\n" % drawn


def compound(streams):
    """An OLE compound file of name -> bytes, one level deep; every stream takes whole sectors."""
    sector = 512
    data, starts, fat = bytearray(), [], []
    for content in streams.values():
        padded = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
        first, count = len(fat), len(padded) // sector
        starts.append((first, len(padded)))
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        data += padded
    names = [*streams]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for number, name in enumerate(names):
        # A list, each entry the right brother of the one before: in the order of the format.
        right = number + 2 if number + 1 < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, *starts[number], right=right))
    while len(entries) % 4:
        entries.append(bytes(128))
    folder = len(fat)
    count = len(entries) // 4
    fat += [*range(folder + 1, folder + count), 0xFFFFFFFE]
    data += b"".join(entries)
    table = len(fat)
    fat.append(0xFFFFFFFD)
    fat += [0xFFFFFFFF] * (128 - len(fat) % 128)
    assert len(fat) == 128, "one sector of the table is enough for a test"
    data += struct.pack("<128I", *fat)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, folder, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, table,
    )  # fmt: skip
    return header + struct.pack("<108I", *[0xFFFFFFFF] * 108) + data


def _entry(name, kind, start, size, child=0xFFFFFFFF, right=0xFFFFFFFF):
    wide = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIII",
        wide, len(wide), kind, 1, 0xFFFFFFFF, right, child, start, size, 0,
    )  # fmt: skip


def xls(rows, codes, name="Mills"):
    """A workbook of Excel 97 with one sheet; numbers in the format of their column's code."""

    def record(kind, body):
        return struct.pack("<HH", kind, len(body)) + body

    def wide(text):
        return b"\1" + text.encode("utf-16-le")

    beginning = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    formats = b"".join(
        record(0x41E, struct.pack("<HH", 164 + at, len(code)) + wide(code))
        for at, code in enumerate(codes)
    )
    styles = b"".join(record(0xE0, struct.pack("<HH16x", 0, 164 + at)) for at in range(len(codes)))
    before = record(0x809, beginning) + formats + styles
    end = record(0x0A, b"")
    named = b"\0\0" + bytes([len(name)]) + wide(name)
    start = len(before) + 8 + len(named) + len(end)
    listed = record(0x85, struct.pack("<I", start) + named)
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, column)
            if isinstance(value, str):
                cells += record(0x204, place + struct.pack("<H", len(value)) + wide(value))
            else:
                cells += record(0x203, place + struct.pack("<d", value))
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + end
    return compound({"Workbook": before + listed + end + sheet})


def doc(text, encrypted=False, headings=()):
    """A Word 97 document whose one piece is this text, in UTF-16; the paragraphs of these numbers
    are in a style that is made from "heading 1".
    """
    raw = text.encode("utf-16-le")
    head = bytearray(2048)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 10, 0x200 | (0x100 if encrypted else 0))
    struct.pack_into("<I", head, 0x4C, len(text))
    struct.pack_into("<II", head, 0x1A2, 0, 21)
    pieces = struct.pack("<BIIIHIH", 2, 16, 0, len(text), 0, 2048, 0)
    ends = [2048 + 2 * (at + 1) for at, each in enumerate(text) if each == "\r"]
    page = bytearray(512)
    page[511] = len(ends)
    struct.pack_into(f"<{len(ends) + 1}I", page, 0, 2048, *ends)
    for number in range(len(ends)):
        styled = 480 if number in headings else 490
        page[4 * (len(ends) + 1) + 13 * number] = styled // 2
    struct.pack_into("<BH", page, 480, 2, 1)
    struct.pack_into("<BBH", page, 490, 0, 2, 0)
    head[1024:1536] = page
    named = struct.pack("<IIIHHHHHHH", 2048, 2048 + 2 * len(text), 2, 2, 0, 3, 0, 0, 2, 1)
    struct.pack_into("<II", head, 0x102, len(pieces), 12)
    struct.pack_into("<II", head, 0xA2, len(pieces) + 12, len(named) - 12)
    return compound({"1Table": pieces + named, "WordDocument": bytes(head) + raw})


def ppt(slides):
    """A PowerPoint 97 presentation of (title, text) slides, all in its outline."""
    outline = b""
    for number, (title, text) in enumerate(slides, start=2):
        outline += _record(1011, struct.pack("<IIiII", number, 0, 0, 0, 0))
        for kind, words in ((0, title), (1, text)):
            outline += _record(3999, struct.pack("<I", kind))
            outline += _record(4000, words.encode("utf-16-le"))
    document = _record(1000, _record(4080, outline, container=True), container=True)
    places = [0]
    stream = document
    for _ in slides:
        places.append(len(stream))
        stream += _record(1006, b"", container=True)
    directory = len(stream)
    count = len(places)
    stream += _record(6002, struct.pack(f"<I{count}I", count << 20 | 1, *places))
    edit = len(stream)
    stream += _record(4085, struct.pack("<IHBBIIIIHH", 0, 0, 0, 3, 0, directory, 1, count, 0, 0))
    user = _record(4086, struct.pack("<III", 20, 0xE391C05F, edit))
    return compound({"Current User": user, "PowerPoint Document": stream})


def _record(kind, body, container=False):
    return struct.pack("<HHI", 0xF if container else 0, kind, len(body)) + body


def msg(**texts):
    """An Outlook message; the properties by their names here."""
    tags = {"subject": "0037", "sender": "0C1A", "to": "0E04", "body": "1000"}
    streams = {
        f"__substg1.0_{tags[name]}001F": text.encode("utf-16-le") for name, text in texts.items()
    }
    # FILETIME of 2021-09-04 12:00 UTC, as the property "client submit time".
    sent = struct.pack("<HHIQ", 0x0040, 0x0039, 6, 132752304000000000)
    return compound({"__properties_version1.0": bytes(32) + sent, **streams})


def tnef(attached, properties=b"", subject=b"Mill\0"):
    """A winmail.dat of name -> bytes."""

    def attribute(level, number, data):
        sums = struct.pack("<H", sum(data) & 0xFFFF)
        return struct.pack("<BHHI", level, number, 6, len(data)) + data + sums

    made = b"\x78\x9f\x3e\x22\1\0" + attribute(1, 0x9007, struct.pack("<II", 1252, 0))
    made += attribute(1, 0x8004, subject)
    if properties:
        made += attribute(1, 0x9003, properties)
    for name, data in attached.items():
        made += attribute(2, 0x9002, bytes(14)) + attribute(2, 0x8010, b"SHORT~1.TXT\0")
        made += attribute(2, 0x800F, data)
        made += attribute(2, 0x9005, tnef_properties({0x3707001F: name}))
    return made


def tnef_properties(values):
    """Properties by number and type; before them a named one, which is to be passed over."""
    made = struct.pack("<I", len(values) + 1)
    made += struct.pack("<HH16xIIHHII", 0x0003, 0x8001, 1, 6, 0x61, 0x62, 0x63, 7)
    for tag, value in values.items():
        number, kind = tag >> 16, tag & 0xFFFF
        made += struct.pack("<HH", kind, number)
        data = value.encode("utf-16-le") + b"\0\0" if kind == 0x1F else value
        made += struct.pack("<II", 1, len(data)) + data + bytes(-len(data) % 4)
    return made


BOOK = ("The mill book", "Ada Miller", "en")
"""What `epub` says of itself: title, author, language."""
