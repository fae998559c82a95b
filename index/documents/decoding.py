"""Bytes to text: charset-normalizer and ftfy live here."""

from __future__ import annotations

import codecs
import re

BOMS = (  # the longer ones first: the UTF-32 mark begins like the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What the WHATWG encoding standard makes of labels that people use for their Windows supersets.
SUPERSETS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
             "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
             "shift_jis": "cp932", "shift-jis": "cp932", "ks_c_5601-1987": "cp949",
             "euc-kr": "cp949", "iso-8859-9": "cp1254", "iso-8859-8-i": "iso-8859-8",
             "iso-8859-8-e": "iso-8859-8", "unicode": "utf-16", "x-sjis": "cp932"}  # fmt: skip
SAMPLE = 256 * 1024


def decoded(data: bytes, declared: str | None = None) -> str:
    """The text of `data`: by its byte order mark, as UTF-8, as declared, or as detected.

    Every byte string has a text: what no encoding fits is read as Windows-1252 with "�".
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, "replace")
    for label in ("utf-8", declared):
        text = _strictly(data, _known(label))
        if text is not None:
            return repaired(text)
    if _nearly_utf8(data):
        return data.decode("utf-8", "replace")
    return data.decode(_known(declared) or _detected(data) or "cp1252", "replace")


def repaired(text: str) -> str:
    """The text with "donâ€™t" put back to "don’t", where the bytes leave no other reading."""
    if not MOJIBAKE.search(text):
        return text
    from ftfy import fix_encoding

    return "\n".join(
        fix_encoding(line) if MOJIBAKE.search(line) else line for line in text.split("\n")
    )


# Beginnings of UTF-8 sequences read as Windows-1252 or Latin-1: without one, nothing is repaired.
MOJIBAKE = re.compile(r"[ÂÃÐÑØÙâãäåæçèéðÎÏ×Ÿ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def is_binary(data: bytes) -> bool:
    """Whether the bytes are no text in any encoding."""
    head = data[:8192]
    if any(head.startswith(mark) for mark, _ in BOMS) or _wide_encoding(data):
        return False
    controls = sum(head.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return b"\0" in head or controls > max(3, len(head) // 50)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by where the zero bytes lie."""
    head = data[:4096]
    head = head[: len(head) // 4 * 4]
    if len(head) < 16 or head.count(0) < len(head) // 4:
        return None
    zeros = [head[at::4].count(0) * 4 / len(head) for at in range(4)]
    for encoding, pattern in WIDE:
        if all(
            (zero > 0.7) == full if full else zero < 0.3
            for zero, full in zip(zeros, pattern, strict=True)
        ):
            return encoding
    return None


WIDE = (
    ("utf-32-le", (False, True, True, True)),
    ("utf-32-be", (True, True, True, False)),
    ("utf-16-le", (False, True, False, True)),
    ("utf-16-be", (True, False, True, False)),
)


def _known(label: str | None) -> str | None:
    """The name of the codec for a declared charset; None when Python has none."""
    name = (label or "").strip().strip("\"'").lower()
    name = SUPERSETS.get(name, name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # rot13, zlib and the like are codecs too, but not from bytes to text.
    return codec.name if codec._is_text_encoding else None


def _strictly(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except (UnicodeError, ValueError):
        return None


def _nearly_utf8(data: bytes) -> bool:
    """UTF-8 with a damaged place or two: many sequences are right, few are wrong."""
    text = data[:SAMPLE].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(character > "\x7f" for character in text) - wrong
    return right > 8 * wrong


def _detected(data: bytes) -> str | None:
    """The likeliest encoding; None when there is too little to tell.

    charset-normalizer tells scripts apart, but neither the Latin encodings (it goes by how strange
    a text looks, and "bakżmżndan" looks fine) nor Hebrew from Cyrillic; these are told here.
    """
    from charset_normalizer import from_bytes

    sample = data[:SAMPLE]
    high = bytes(code for code in sample if code > 0x7F)
    plain = sum(chr(code).isalpha() for code in sample if code < 0x80)
    # Letters with marks stand among plain ones; in a short text they may be a third of it.
    scattered = len(high) <= plain and not SCRIPT.search(sample)
    if len(high) * 3 < plain or scattered:
        return _most_familiar(high, LATIN)
    # The Hebrew letters lie in E0-FA; Cyrillic and Greek go beyond on either side.
    if len(high) >= 8 and all(0xE0 <= code <= 0xFA for code in high):
        return "cp1255"
    if len(high) < SHORT:
        written = (each for each in WORDS if _is_written(sample, each))
        if encoding := next(written, None):
            return encoding
    best = from_bytes(sample, steps=5, chunk_size=1024).best()
    if best and best.encoding in CYRILLIC:
        return _most_familiar(high, CYRILLIC)
    return best.encoding if best else None


def _is_written(data: bytes, encoding: str) -> bool:
    """Whether each word in it is small letters, perhaps behind one capital; not without a word."""
    words = re.findall(r"[^\x00-\x7f]+", data.decode(encoding, "replace"))
    longest = max(map(len, words), default=0)
    return longest > 3 and all(re.fullmatch(WORDS[encoding], each) for each in words)


def _most_familiar(data: bytes, letters: dict[str, str]) -> str:
    """The encoding by which the most characters are ones that texts in it are full of."""

    def familiar(encoding: str) -> int:
        return sum(each in letters[encoding] for each in data.decode(encoding, "replace"))

    return max(letters, key=familiar)


# The letters and marks of the languages that each is used for; at a tie the first one wins.
LATIN = {
    "cp1252": "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ‘’“”„–—…«»€§°º¿¡",
    "cp1250": "ąćęłńóśźżčďěňřšťůžáéíýúôľĺŕőűöüäăâîşţđĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽÁÉÍÝÚŐŰ‘’“”„–—…«»€§",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ‘’“”–—…«»€§",
    "cp1257": "āčēģīķļņōŗšūžąęėįųõäöüĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲ‘’“”„–—…«»€§",
    "mac_roman": "àâäçèéêëîïñôöùûüß‘’“”–—…«»",
    "cp850": "àâäçèéêëîïñôöùûüß«»",
}
SCRIPT = re.compile(rb"[\x80-\xff]{3}|[\x81-\x84\x86-\x90\x98-\x9f]")
"""No Latin text in a Windows encoding: three letters with marks, or what is hardly ever used."""
SHORT = 60
"""Bytes beyond ASCII; with fewer the statistics of charset-normalizer are guesses."""
WORDS = {
    "cp1251": "[А-ЯЁІЇЄҐ]?[а-яёіїєґ]+",
    "koi8_u": "[А-ЯЁІЇЄҐ]?[а-яёіїєґ]+",
    "cp866": "[А-ЯЁ]?[а-яё]+",
    "cp1253": "[Α-ΩΆΈΉΊΌΎΏ]?[ΐά-ώ]+",
}
# By the small letters alone: KOI8 has them where Windows has the capitals.
CYRILLIC = dict.fromkeys(
    ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic", "cp855", "kz1048"),
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјњљћђџ«»—№",
)
