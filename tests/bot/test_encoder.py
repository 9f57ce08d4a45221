"""Sentence vectors: the expected files only, the same vector every time, close for the same meaning."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bot.encoder
from bot.encoder import DIMENSIONS, Encoder
from bot.errors import EncoderError
from bot.settings import ROOT


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load(published=True)


@pytest.mark.parametrize("text", ["", "refund", "word " * 3000, "👍", "\x00\x01", "ﷺ" * 200])
def test_every_text_has_a_unit_vector(encoder: Encoder, text: str) -> None:
    vector = encoder.encode(text)
    assert vector.shape == (DIMENSIONS,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_text_has_one_vector_alone_and_among_others(encoder: Encoder) -> None:
    texts = ["a late parcel", "what is the law on faulty goods?", "a late parcel"]
    rows = encoder.encode_many(texts)
    assert np.allclose(rows[0], rows[2])
    assert np.allclose(rows[0], encoder.encode("a late parcel"), atol=1e-5)


def test_meaning_counts_more_than_words(encoder: Encoder) -> None:
    asked = encoder.encode("how do I calm down an angry customer?")
    assert asked @ encoder.encode("ways of soothing an upset shopper") > asked @ encoder.encode("how do I bake an angry cake?")


def test_tokens_equal_the_reference_tokeniser(encoder: Encoder) -> None:
    """Ids of bert-base-uncased's WordPiece for this sentence, from its published vocabulary."""
    assert encoder.tokeniser.pieces("Hello, world! Embeddings") == [7592, 1010, 2088, 999, 7861, 8270, 4667, 2015]


def test_what_is_kept_is_found_again_however_many_threads_did_the_sums() -> None:
    """They differ in the last digits then, and with the processor: that is no other encoder."""
    asked = [sys.executable, "-c", "from bot.encoder import Encoder; print(Encoder.load().fingerprint)"]
    told = {subprocess.check_output(asked, env={**os.environ, "OPENBLAS_NUM_THREADS": threads}, cwd=ROOT) for threads in ("1", "2")}
    assert told == {f"{Encoder.load().fingerprint}\n".encode()}
    assert Encoder.load().fingerprint != Encoder.load(published=True).fingerprint


def test_a_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "broken_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.onnx").write_bytes(b"not these")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EncoderError, match="damaged"):
        bot.encoder._checked("broken_weights", "model.onnx", "0" * 64)
    with pytest.raises(EncoderError, match=r"missing.*make setup"):
        bot.encoder._checked("broken_weights", "absent.onnx", "0" * 64)
