"""A child whose reader does what hostile files do to parsers; the file's text says which."""

from __future__ import annotations

import os
import sys
import time

from index.documents import child


def misbehaving(source, path, limits, alive):
    """Loops, dies or fills the memory; every other text is read as ever."""
    what = path.read_text("utf-8", "replace")
    if what == "loop":
        while True:
            time.sleep(0)
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    if what == "memory":
        return bytearray(2**34)
    if what == "pages":
        for _ in range(4):
            time.sleep(0.5)
            alive()
    if what == "endless pages":
        while True:
            alive()
    if what == "leak" and seen:
        raise MemoryError
    seen.append(what)
    if what == "print":
        sys.stdout.write("x" * 100_000)
        os.write(1, b"noise")
    if what == "garble":
        os.write(int(os.environ.get("REPLIES", "3")), b"\0\0\0\5noise")
    if what == "process":
        path.write_text(str(os.getpid()))
    if what == "environment":
        path.write_text(" ".join(sorted(os.environ)) or "none")
    return read(source, path, limits, alive)


seen: list[str] = []
read = child.reading_of
child.reading_of = misbehaving

if __name__ == "__main__":
    child.main()
