"""ONNX sessions that share the processor: one thread each, and no more of them at work than there are cores."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).resolve().parent / "model_files"
AT_ONCE = os.cpu_count() or 1


class ModelFileMissing(RuntimeError):
    """A model file is not where it belongs; the installation is incomplete."""


class Places:
    """Each run takes a core and up to 15 MB: more of them than cores bring nothing but memory."""

    free = threading.BoundedSemaphore(AT_ONCE)

    @classmethod
    def start_afresh(cls) -> None:
        cls.free = threading.BoundedSemaphore(AT_ONCE)


os.register_at_fork(after_in_child=Places.start_afresh)


def open_session(file: Path) -> InferenceSession:
    """Load a model from `ai/model_files`. Raises `ModelFileMissing` with the remedy."""
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - heavy

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it gives nothing back after a burst
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(str(_there(file)), options, providers=["CPUExecutionProvider"])


def open_tokenizer(file: Path) -> Tokenizer:
    """Load a tokenizer that neither cuts nor fills up, and takes "[SEP]" for text. Raises `ModelFileMissing` with the remedy."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - heavy

    tokenizer = Tokenizer.from_file(str(_there(file)))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return tokenizer


def run(session: InferenceSession, outputs: Sequence[str], feeds: dict[str, Any]) -> list[Any]:
    """Run a model once, on one core."""
    with Places.free:
        return list(session.run(list(outputs), feeds))


def _there(file: Path) -> Path:
    if not file.is_file():
        raise ModelFileMissing(f"{file} is missing. Check it out again.")
    return file
