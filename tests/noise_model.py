"""A tiny language model with random weights, as a GGUF file, and a real llama.cpp that serves it.

Its vocabulary is single bytes and some pieces of words; what it says is noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

WIDTH, HEADS, LAYERS, INNER, CONTEXT = 32, 4, 2, 64, 8192
PIECES = [f"▁{word}" for word in "the of and to in was is said that it for on with at by".split()]


def write_model(path: Path, seed: int = 1) -> Path:
    """A llama of random weights with a vocabulary of a few hundred tokens."""
    draw = np.random.default_rng(seed)
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL, *[TokenType.BYTE] * 256]
    words = [*PIECES, *(chr(each) for each in range(97, 123)), "▁"]
    tokens += [word.encode() for word in words]
    kinds += [TokenType.NORMAL] * len(words)
    writer = GGUFWriter(path, "llama")
    writer.add_name("noise")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(at) for at in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    for name, shape in _shapes(len(tokens)).items():
        values = np.ones(shape) if "norm" in name else draw.normal(0, 0.4, shape)
        if name == "output.weight":
            values[: len(tokens) - len(words)] = 0  # it can read any byte, but says words alone
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes(vocabulary: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (vocabulary, WIDTH),
        "output_norm.weight": (WIDTH,),
        "output.weight": (vocabulary, WIDTH),
    }
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        shapes |= {f"{block}.{each}_norm.weight": (WIDTH,) for each in ("attn", "ffn")}
        square = ("attn_q", "attn_k", "attn_v", "attn_output")
        shapes |= {f"{block}.{each}.weight": (WIDTH, WIDTH) for each in square}
        shapes |= {f"{block}.{each}.weight": (INNER, WIDTH) for each in ("ffn_gate", "ffn_up")}
        shapes[f"{block}.ffn_down.weight"] = (WIDTH, INNER)
    return shapes


@contextmanager
def llama_cpp(model: Path) -> Iterator[str]:
    """The address of a real llama.cpp server of the model, while the block runs."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx, params.n_predict, params.n_parallel = CONTEXT, 120, 1
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.warmup = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server
