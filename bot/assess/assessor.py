"""Names the moves that a line to a customer makes, and the words that made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.assess.clauses import Clause, clauses
from bot.assess.cues import CueBook, Seen
from bot.assess.features import Numbers, features
from bot.assess.labels import LABELS, Move
from bot.assess.model import Model
from bot.assess.pair_encoder import PairEncoder
from bot.encoder import Encoder
from bot.errors import IndexUnusableError

LONGEST = 1000  # characters of a line that are read
_CUE = 1.0  # what words that show a move count for beside the encoder's shares, when its clause is chosen


@dataclass(frozen=True)
class Assessor:
    """Immutable and free of state: safe to share. The same words get the same moves every time."""

    model: Model
    book: CueBook
    encoder: PairEncoder

    @classmethod
    def open(cls, trained: Path, knowledge: Path, encoder: Encoder | None = None) -> Assessor:
        """On the file that `bot.assess.ready` gives; of `encoder`, the process's own, only the tokeniser is used.

        Raises IndexUnusableError when the file cannot be read, EncoderError without the encoder's files.
        """
        model = Model.read(trained)
        if model is None:
            raise IndexUnusableError(f"The assessor's file {trained} cannot be read. Run `aftercare train` to make it again.")
        return cls(model, CueBook.load(knowledge), PairEncoder.load((encoder or Encoder.load()).tokeniser))

    def moves(self, customer: str, text: str) -> tuple[Move, ...]:
        """The moves of a line said after the customer's words, in the order of LABELS. Never raises on any text."""
        line = text[:LONGEST]
        pieces = clauses(line)
        if not pieces:
            return ()
        made = features(self.book, customer[-LONGEST:], line)
        read = self.encoder.read(customer[-LONGEST:], line, pieces)
        found = self.model.confidences(made, read.scores)
        named = [n for n, name in enumerate(LABELS) if found[n] >= self.model.threshold[n] and made.seen[name].possible]
        return tuple(_move(LABELS[n], float(found[n]), pieces, made.seen[LABELS[n]], read.shares[:, n]) for n in named)


def _move(name: str, confidence: float, pieces: Sequence[Clause], seen: Seen, shares: Numbers) -> Move:
    """The move with the clause that speaks for it most."""
    shows = [any(piece.start <= start < piece.end for start, _ in seen.shows) for piece in pieces]
    best = pieces[int(np.argmax(shares + _CUE * np.array(shows)))]
    return Move(name, best.start, best.end, round(confidence, 3))
