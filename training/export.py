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

_OPSET = 17
_WEIGHT_STEPS = 63
"""Weights use seven bits: with eight, CPUs without VNNI overflow where they add pairs of products,
and would answer differently from those with it."""

_ACTIVATION_STEPS = 127
_ZERO = 128  # of the unsigned activations


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

    Each column of weights, each row of activations and each word's vector has its own scale. ONNX
    Runtime's own dynamic quantisation has one scale for all activations of a batch, set by a few
    outliers: it gave another span for one question in six, and made an answer depend on its batch.
    """
    model = onnx.load(full)
    _add_constants(model.graph)
    for node in list(model.graph.node):
        weights = _weights(model.graph, node)
        if weights is None or weights.ndim != 2:
            continue
        if node.op_type == "MatMul":
            _shrink_multiplication(model.graph, node, weights)
        else:
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
    (data, name), place = node.input, node.output[0]
    scales = _scales(weights, _WEIGHT_STEPS, axis=0)
    _replace_weights(graph, name, _steps(weights, scales), scales.ravel())
    steps = [
        helper.make_node(
            "MatMulInteger", [f"{data}_int8", f"{name}_int8", "zero"], [f"{place}_int32"]
        ),
        helper.make_node("Cast", [f"{place}_int32"], [f"{place}_float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{place}_float", f"{name}_scale"], [f"{place}_columns"]),
        helper.make_node("Mul", [f"{place}_columns", f"{data}_scale"], [place]),
    ]
    made = any(f"{data}_int8" in each.output for each in graph.node)
    _replace_node(graph, node, steps if made else [*_shrunk_rows(data), *steps])


def _shrunk_rows(data: str) -> list[onnx.NodeProto]:
    """Nodes that turn activations into whole steps around the zero, a scale for each row."""
    return [
        helper.make_node("Abs", [data], [f"{data}_size"]),
        helper.make_node("ReduceMax", [f"{data}_size"], [f"{data}_most"], axes=[-1]),
        helper.make_node("Mul", [f"{data}_most", "step"], [f"{data}_scale"]),
        helper.make_node("Div", [data, f"{data}_scale"], [f"{data}_steps"]),
        # A cast cuts off, so the half more rounds.
        helper.make_node("Add", [f"{data}_steps", "zero_and_half"], [f"{data}_shifted"]),
        helper.make_node("Cast", [f"{data}_shifted"], [f"{data}_int8"], to=onnx.TensorProto.UINT8),
    ]


def _add_constants(graph: onnx.GraphProto) -> None:
    constants = {
        "step": np.float32(1 / _ACTIVATION_STEPS),
        "zero": np.uint8(_ZERO),
        "zero_and_half": np.float32(_ZERO + 0.5),
    }
    for name, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))


def _shrink_table(graph: onnx.GraphProto, node: onnx.NodeProto, rows: NDArray[np.float32]) -> None:
    scales = _scales(rows, steps=127, axis=1)
    (name, which), place = node.input, node.output[0]
    _replace_weights(graph, name, _steps(rows, scales), scales)
    steps = [
        helper.make_node("Gather", [f"{name}_int8", which], [f"{place}_int8"]),
        helper.make_node("Cast", [f"{place}_int8"], [f"{place}_float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}_scale", which], [f"{place}_scale"]),
        helper.make_node("Mul", [f"{place}_float", f"{place}_scale"], [place]),
    ]
    _replace_node(graph, node, steps)


def _scales(weights: NDArray[np.float32], steps: int, axis: int) -> NDArray[np.float32]:
    """What one of the `steps` on each side of zero is worth, along `axis`."""
    largest: NDArray[np.float32] = np.abs(weights).max(axis=axis, keepdims=True)
    return (largest.clip(1e-8) / steps).astype(np.float32)


def _steps(weights: NDArray[np.float32], scales: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.round(weights / scales).astype(np.int8)


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
    small: NDArray[np.int8],
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
