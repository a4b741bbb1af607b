"""The encoder: what a vector is, and that it depends on nothing but the text."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ai import embedding
from ai.embedding import embed
from ai.inference import ModelFileMissing
from ai.rating import network

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ["A lock keeps two writers apart.", "bread", "The night shift is handed over in person."]


def test_vectors_are_unit_length_and_384_wide() -> None:
    rows = embed(TEXTS)

    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_rows() -> None:
    assert embed([]).shape == (0, 384)


def test_a_paraphrase_is_nearer_than_another_matter() -> None:
    near, far = "Locking stops two processes from writing at once.", "She bakes bread on Sunday."

    about, paraphrase, other = embed([TEXTS[0], near, far])

    assert about @ paraphrase > about @ other + 0.3


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    alone = embed([TEXTS[1]])[0]

    in_company = embed([TEXTS[0], TEXTS[1], "x" * 500])[1]

    assert np.array_equal(alone, in_company)


def test_a_remembered_vector_is_the_same() -> None:
    fresh = embed(["a text of its own"])

    assert np.array_equal(embed(["a text of its own"], remember=True), fresh)
    assert np.array_equal(embed(["a text of its own"], remember=True), fresh)


def test_the_cache_is_bounded_and_drops_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "CACHE_SIZE", 2)

    embed(["first of three"], remember=True)
    embed(["second of three", "third of three"], remember=True)

    assert len(embedding.Known.rows) == 2
    assert "first of three" not in embedding.Known.rows


def test_a_text_is_read_up_to_254_pieces() -> None:
    long = "word " * 254

    rows = embed([long, long + "and something else entirely"])

    assert np.array_equal(rows[0], rows[1])


def test_eight_threads_get_the_same_vectors() -> None:
    expected = embed(TEXTS)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: embed(TEXTS, remember=True), range(24)))

    assert all(np.array_equal(rows, expected) for rows in found)


def test_a_missing_file_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(network, "MODEL_FILE", tmp_path / "gone.onnx")
    network._load.cache_clear()

    with pytest.raises(ModelFileMissing, match=r"gone\.onnx is missing"):
        embed(["anything"])


def test_importing_loads_no_heavy_library() -> None:
    code = "import sys, ai.providers.embedded; print([m for m in ('onnxruntime', 'tokenizers') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_rater_reports_to_nobody(tmp_path: Path) -> None:
    quiet = {"CI", "ORT_DISABLE_TELEMETRY"}
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    rate = "from ai.embedding import embed; embed(['A container shares the kernel.'])"

    subprocess.run(
        [sys.executable, "-c", rate],
        check=True,
        cwd=ROOT,
        env={**environment, "HOME": str(tmp_path)},
    )

    assert [str(file) for file in tmp_path.rglob("*") if file.is_file()] == []
