"""A trained reader as one int8 ONNX file, and the same file read back for its figures."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from transformers import BertForQuestionAnswering

from training.encoding import Batch
from training.evaluate import Logits

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits")
LARGEST = 24_000_000  # bytes

BLOCK = 128
"""Weights that share a scale. 32 is no better by measurement, and too large for the limit."""

_OPSET = 17
_INT8_ACTIVATIONS = 4  # MatMulNBits' accuracy_level: a scale for each block of each row


def export(folder: Path, out: Path) -> None:
    """Write the reader of `folder` to `out` in full precision, its attention fused."""
    model = BertForQuestionAnswering.from_pretrained(folder, attn_implementation="eager").eval()
    ids = torch.ones(2, 16, dtype=torch.long)
    torch.onnx.export(
        model,
        (ids, ids, torch.zeros_like(ids)),
        str(out),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in (*INPUTS, *OUTPUTS)},
        opset_version=_OPSET,
        dynamo=False,  # the newer exporter needs onnxscript, which nothing else here does
    )
    fusions = FusionOptions("bert")
    fusions.enable_embed_layer_norm = False  # it would take the words' vectors in fp32 only
    fusions.use_multi_head_attention = True  # the other kind hides its weights from quantising
    fused = optimize_model(
        str(out),
        model_type="bert",
        num_heads=model.config.num_attention_heads,
        hidden_size=model.config.hidden_size,
        optimization_options=fusions,
    )
    fused.save_model_to_file(str(out))


def quantise(full: Path, out: Path) -> None:
    """Write `full` to `out` with int8 weights, and activations that get int8 while it runs.

    Each block of weights and each row of the word vectors has its own scale. ONNX Runtime's plain
    dynamic quantisation has one scale for all activations of a batch, set by a few outliers: it
    gave another span for one question in six, and made an answer depend on its batch.
    """
    model = onnx.load(full)
    for node in list(model.graph.node):
        weights = _weights(model.graph, node)
        if node.op_type == "MatMul" and weights is not None and weights.shape[0] % BLOCK == 0:
            _shrink_multiplication(model.graph, node, weights)
        elif node.op_type == "Gather" and weights is not None and weights.ndim == 2:
            _shrink_table(model.graph, node, weights)
    onnx.save(model, out)


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class OnnxScorer:
    """Logits by ONNX Runtime, as the shipped file gives them."""

    def __init__(self, path: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, batch: Batch) -> Logits:
        """Start and end logits of `batch`."""
        inputs = {name: batch[name].numpy() for name in INPUTS}
        start, end = self._session.run(list(OUTPUTS), inputs)
        return np.asarray(start), np.asarray(end)


def _shrink_multiplication(
    graph: onnx.GraphProto, node: onnx.NodeProto, weights: NDArray[np.float32]
) -> None:
    """By MatMulNBits, whose weights are [columns, blocks, block] and have their zero at 128."""
    rows, columns = weights.shape
    blocks = weights.T.reshape(columns, rows // BLOCK, BLOCK)
    scales = _scales(blocks)
    data, name = node.input
    _replace_weights(graph, name, np.round(blocks / scales + 128).astype(np.uint8), scales.ravel())
    step = helper.make_node(
        "MatMulNBits",
        [data, f"{name}_int8", f"{name}_scale"],
        list(node.output),
        domain="com.microsoft",
        K=rows,
        N=columns,
        bits=8,
        block_size=BLOCK,
        accuracy_level=_INT8_ACTIVATIONS,
    )
    _replace_node(graph, node, [step])


def _shrink_table(graph: onnx.GraphProto, node: onnx.NodeProto, rows: NDArray[np.float32]) -> None:
    scales = _scales(rows)
    (name, which), place = node.input, node.output[0]
    _replace_weights(graph, name, np.round(rows / scales).astype(np.int8), scales)
    steps = [
        helper.make_node("Gather", [f"{name}_int8", which], [f"{place}_int8"]),
        helper.make_node("Cast", [f"{place}_int8"], [f"{place}_float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}_scale", which], [f"{place}_scale"]),
        helper.make_node("Mul", [f"{place}_float", f"{place}_scale"], [place]),
    ]
    _replace_node(graph, node, steps)


def _scales(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """What one step of 127 is worth, along the last axis."""
    largest: NDArray[np.float32] = np.abs(weights).max(axis=-1, keepdims=True)
    return (largest.clip(1e-8) / 127).astype(np.float32)


def _weights(graph: onnx.GraphProto, node: onnx.NodeProto) -> NDArray[np.float32] | None:
    """The stored matrix that `node` multiplies by or gathers from; None if it has none."""
    place = {"MatMul": 1, "Gather": 0}.get(node.op_type)
    found = [
        each for each in graph.initializer if place is not None and each.name == node.input[place]
    ]
    return numpy_helper.to_array(found[0]) if found else None


def _replace_weights(
    graph: onnx.GraphProto,
    name: str,
    small: NDArray[np.uint8] | NDArray[np.int8],
    scales: NDArray[np.float32],
) -> None:
    (old,) = (each for each in graph.initializer if each.name == name)
    graph.initializer.remove(old)
    graph.initializer.append(numpy_helper.from_array(small, f"{name}_int8"))
    graph.initializer.append(numpy_helper.from_array(scales, f"{name}_scale"))


def _replace_node(
    graph: onnx.GraphProto, node: onnx.NodeProto, steps: list[onnx.NodeProto]
) -> None:
    at = list(graph.node).index(node)
    graph.node.remove(node)
    for offset, step in enumerate(steps):
        graph.node.insert(at + offset, step)
