"""Files and links to documents.

`IsolatedReader` reads each file in a child process with limits; `read_file` reads one here.
"""

from __future__ import annotations

from index.documents.files import read_file
from index.documents.formats import SUFFIXES
from index.documents.isolation import IsolatedReader
from index.documents.original import Limits

__all__ = ["SUFFIXES", "IsolatedReader", "Limits", "read_file"]
