"""Reads a line together with the customer's words before it: the sentence encoder, tuned to moves, with a pooling for each move.

`tuning.npz` beside this module is made by `tools/tune_assessor.py`: low-rank changes of the encoder's weights, the pooling,
and the scores that a trial without them gave to the lines it had not learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.assess.clauses import Clause
from bot.encoder import Tokeniser, weights_file
from bot.errors import EncoderError
from bot.tuning import tuned, tuning_mark

TUNING = Path(__file__).with_name("tuning.npz")
HEARD, SAID = 40, 84  # pieces of the customer's last words and of the line that are read
_CLS, _SEP = 101, 102
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """Scores of each move (above 0: rather there than not), and how much each clause gave to each, shape (clauses, moves)."""

    scores: Numbers
    shares: Numbers


class PairEncoder:
    """Safe to share between threads."""

    def __init__(self, session: Any, tokeniser: Tokeniser, pooling: dict[str, Numbers]) -> None:
        self._session = session
        self._tokeniser = tokeniser
        self._pooling = pooling

    @classmethod
    @cache
    def load(cls, tokeniser: Tokeniser) -> PairEncoder:
        """The process's own. Raises EncoderError when a file is missing, damaged or made for other weights."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(tuned(weights_file(), TUNING), options, providers=["CPUExecutionProvider"])
        pooling = {name.partition(".")[2]: value.astype(np.float64) for name, value in _arrays("pool.").items()}
        return cls(session, tokeniser, pooling)

    def read(self, customer: str, line: str, pieces: Sequence[Clause]) -> Reading:
        """Read the line, whose clauses are `pieces`, at least one, after the customer's words. One run of the encoder."""
        heard = self._tokeniser.pieces(customer)[-HEARD:]
        said, owners = self._said(line, pieces)
        hidden = self._hidden(heard, said)[len(heard) + 2 :]
        looks = hidden @ self._pooling["looks"]
        looks = np.exp(looks - looks.max(axis=0))
        looks /= looks.sum(axis=0)
        given = looks * (hidden @ self._pooling["speaks"]) + hidden @ self._pooling["overall"] / len(hidden)
        shares = np.array([given[np.flatnonzero(owners == number)].sum(axis=0) for number in range(len(pieces))])
        return Reading(given.sum(axis=0) + self._pooling["base"], shares)

    def _said(self, line: str, pieces: Sequence[Clause]) -> tuple[list[int], npt.NDArray[np.int64]]:
        """Word pieces of the line, and the clause of each; the frame that closes the line belongs to none."""
        starts = [0, *(piece.start for piece in pieces[1:]), len(line)]
        parts = [self._tokeniser.pieces(line[start:end]) for start, end in pairwise(starts)]
        said = [piece for part in parts for piece in part][:SAID]
        owners = [number for number, part in enumerate(parts) for _ in part][:SAID]
        return said, np.array([*owners, -1])

    def _hidden(self, heard: Sequence[int], said: Sequence[int]) -> Numbers:
        ids = np.array([[_CLS, *heard, _SEP, *said, _SEP]], dtype=np.int64)
        kinds = np.zeros_like(ids)
        kinds[0, len(heard) + 2 :] = 1
        hidden = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds})[0][0]
        return np.asarray(hidden, dtype=np.float64)


def held_out() -> dict[bytes, Numbers]:
    """Scores by key of the lines that the trial had not learned. Raises EncoderError when they cannot be read."""
    arrays = _arrays("held.")
    return {bytes(key): scores.astype(np.float64) for key, scores in zip(arrays["held.keys"], arrays["held.scores"], strict=True)}


def _arrays(prefix: str) -> dict[str, npt.NDArray[Any]]:
    try:
        with np.load(TUNING, allow_pickle=False) as file:
            return {name: file[name] for name in file.files if name.startswith(prefix)}
    except (OSError, ValueError) as error:
        raise EncoderError(f"The assessor's tuning {TUNING.name} cannot be read. Fetch it again from the repository.") from error


def fingerprint() -> str:
    """Changes with the tuning and with how it is applied. Raises EncoderError when the file is missing."""
    try:
        return tuning_mark(TUNING)
    except OSError as error:
        raise EncoderError(f"The assessor's tuning {TUNING.name} is missing. Fetch it again from the repository.") from error
