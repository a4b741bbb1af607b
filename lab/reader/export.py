"""Writes a trained reader as int8 ONNX: `python -m lab.reader.export CHECKPOINT FILE`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from lab.reader.network import Reader, Shipped
from lab.reader.train import fresh

# Divides the logits, so that of the states given 80 %, about 80 % are right: fitted on what was set aside.
TEMPERATURE = 1.3
NAMES = ("ids", "places", "kinds", "apart", "sees", "answer", "points", "parts")
SIZES = {
    "ids": {0: "length"},
    "places": {0: "length"},
    "kinds": {0: "length"},
    "apart": {0: "length", 1: "length"},
    "sees": {0: "length", 1: "length"},
    "answer": {0: "pieces"},
    "points": {0: "points", 1: "longest"},
    "parts": {0: "points", 1: "longest"},
    "states": {0: "points"},
    "words": {0: "points", 1: "pieces"},
    "encoded": {0: "length"},
}


def calmed(reader: Reader, temperature: float) -> Reader:
    """Divide the logits of the states."""
    for values in (reader.last[-1].weight, reader.last[-1].bias):
        values.data /= temperature
    return reader


def any_inputs() -> tuple[torch.Tensor, ...]:
    """Return inputs of the right shapes: an answer of 18 pieces, a question and two points."""
    length = 60
    points = torch.arange(30, 54).reshape(2, 12)
    return (
        torch.randint(1000, 2000, (length,)),
        torch.arange(length),
        (torch.arange(length) >= points[0, 0]).float(),
        torch.eye(length),
        torch.ones(length, length),
        torch.arange(1, 19),
        points,
        torch.ones(2, 12),
    )


def export(checkpoint: Path, target: Path) -> None:
    encoder, reader = fresh()
    reader.load_state_dict(torch.load(checkpoint)["reader"])
    shipped = Shipped(encoder, calmed(reader, TEMPERATURE)).eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        options = {
            "input_names": NAMES,
            "output_names": ("states", "words", "encoded"),
            "dynamic_axes": SIZES,
        }
        torch.onnx.export(shipped, any_inputs(), whole, opset_version=17, dynamo=False, **options)
        # Weights of 7 bits: processors without VNNI add two products of 8 bits in 16, which overflows.
        quantize_dynamic(
            whole, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
