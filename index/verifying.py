"""Whether what is stored is whole: each text, each offset, full text, vectors and generations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from index.catalog import Catalog, StoredContent
from index.passages import Document
from index.ports import PassageSearch

BYTES_A_SCALE = 4
"""Each packed vector begins with a float32."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be, in words for a person."""

    what: str
    mended: bool = False
    how: str = ""
    """What was done, or is to be done, about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was checked and found."""

    documents: int
    sentences: int
    vectors_checked: bool
    """False when another process holds the vector store: it keeps it up to date by itself."""
    problems: tuple[Problem, ...] = ()

    def joined(self, scope: str, other: Verification) -> Verification:
        """With what was found among the documents of a scope."""
        problems = (replace(each, what=f"{scope}: {each.what}") for each in other.problems)
        return replace(
            self,
            documents=self.documents + other.documents,
            sentences=self.sentences + other.sentences,
            problems=(*self.problems, *problems),
        )

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong any more."""
        return all(each.mended for each in self.problems)


def verify(
    catalog: Catalog,
    vectors: PassageSearch,
    *,
    repair: bool = False,
    again: str = "the next reindex reads it again",
) -> Verification:
    """Checks all that is stored; with `repair`, mends what can be mended.

    Nothing is embedded again: vectors come from the catalog, and a text that is stored wrongly is
    forgotten. `again` says how it comes back. The caller holds the lock.
    """
    problems = [
        Problem(f"SQLite says: {each}", how="python -m index reindex --rebuild")
        for each in catalog.disorder()
    ]
    documents = sentences = 0
    broken: dict[str, str] = {}
    with catalog.snapshot() as snapshot:
        for content in snapshot.contents():
            documents += len(content.documents)
            sentences += sum(map(len, content.sentences()))
            for what in wrong(content):
                broken.setdefault(content.key, what)
        strays = snapshot.strays()
        names_nothing = snapshot.number and snapshot.generation() is None
    if names_nothing:
        problems.append(Problem("the current version is not stored", how="python -m index reindex"))
    how = f"forgotten; {again}" if repair else "--repair forgets it"
    problems += _texts(catalog, broken, strays, repair=repair, how=how)
    if not catalog.full_text_is_whole():
        problems.append(Problem("full text differs from the passages", how="make it anew"))
        if repair:
            catalog.renew_full_text()
            problems[-1] = replace(problems[-1], mended=True, how="it was made anew")
    compared = vectors.compare_with_catalog()
    if compared is not None:
        problems += _vectors(catalog, vectors, *compared, repair=repair)
    return Verification(
        documents=documents,
        sentences=sentences,
        vectors_checked=compared is not None,
        problems=tuple(problems),
    )


def _texts(
    catalog: Catalog, broken: dict[str, str], strays: Iterable[str], *, repair: bool, how: str
) -> Iterator[Problem]:
    if repair:
        catalog.drop_contents(broken)
        catalog.drop_strays()
    for what in broken.values():
        yield Problem(what, repair, how)
    for source in strays:
        yield Problem(f"{source}: a document of it is not stored", repair, how)


def _vectors(
    catalog: Catalog,
    vectors: PassageSearch,
    missing: set[str],
    orphaned: set[str],
    *,
    repair: bool,
) -> Iterator[Problem]:
    mended = False
    if repair and (missing or orphaned):
        catalog.vectors_wrong(missing, orphaned)
        mended = vectors.compare_with_catalog() == (set(), set())
    if missing:
        yield Problem(f"{len(missing)} vectors are missing", mended, "taken from the catalog")
    if orphaned:
        yield Problem(f"{len(orphaned)} vectors belong to nothing", mended, "removed")


def wrong(content: StoredContent) -> Iterator[str]:
    """What is wrong with a stored text, at most a sentence a document and a passage."""
    if not content.documents:
        return  # prepared by a reindex that was killed; the next one uses or removes it
    for id, source, title in content.documents:
        document = Document(source=source, title=title, text=content.text)
        if (document.id, document.content_id) != (id, content.key):
            yield f"{source}: its stored text is not the text that was read"
    name = content.documents[0][1]
    numbers = [number for number, *_ in content.passages]
    readable = any(map(str.isalnum, content.text))
    if numbers != list(range(len(numbers))) or (readable and not numbers):
        yield f"{name}: passages of it are not stored"
    end = 0
    for (number, _, packed, size), sentences in zip(
        content.passages, content.sentences(), strict=True
    ):
        count = len(sentences)
        if len(packed) % 8 or not count or size < (BYTES_A_SCALE + 1) * count or size % count:
            yield f"{name}: passage {number} has no vectors that fit"
        for each in sentences:
            if not end <= each.start < each.end <= len(content.text):
                yield f"{name}: a sentence of passage {number} lies outside its text"
            end = each.end


def describe(found: Verification) -> str:
    """The outcome in lines for a person."""
    lines = [f"{found.documents} documents, {found.sentences} sentences"]
    lines += [f"  {'mended' if p.mended else 'WRONG'}: {p.what} ({p.how})" for p in found.problems]
    if not found.vectors_checked:
        lines.append("  The vectors were not checked: another process holds them.")
    if found.whole:
        lines.append("Everything else is whole." if found.problems else "All is whole.")
    else:
        lines.append("Mend it: python -m index verify --repair")
    return "\n".join(lines)
