"""Quoth in a llama-index program: llama-index lives here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.passages import RetrievedPassage

if TYPE_CHECKING:
    from index.wiring import Index


class QuothRetriever(BaseRetriever):
    """A llama-index retriever over an open index.

    Each node is a passage: its text is a slice of the document, `start_char_idx` and `end_char_idx`
    say which, and its metadata hold title, source, date, page and the nearest sentence.
    """

    def __init__(self, index: Index, limit: int = 5) -> None:
        super().__init__()
        self._index, self._limit = index, limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """At most `limit` passages, best first; empty when nothing is indexed.

        Raises QuestionUnusable for a query without words.
        """
        found = self._index.search(query_bundle.query_str, self._limit)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in found]


def _node(hit: RetrievedPassage) -> TextNode:
    passage, document = hit.passage, hit.passage.document
    metadata = {
        "title": document.title,
        "source": document.source,
        "date": document.date.isoformat() if document.date else None,
        "page": document.page_at(hit.sentence.start),
        "sentence": document.text[hit.sentence.start : hit.sentence.end],
    }
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
    )
