"""What is known about a line as numbers: cues, what it takes up of the customer's words, and word patterns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.answer.wording import clean
from bot.assess.cues import CueBook, Seen
from bot.assess.overlap import overlap

Numbers = npt.NDArray[np.float64]
Terms = Mapping[int, float]
TERMS = 2**14
_CUES = 0.5  # what a cue counts for beside the other features under one penalty
_TOKEN = re.compile(r"[\w']+|[?!£]")
_WORDS, _LETTERS = (1, 2, 3), (3, 4, 5)


@dataclass(frozen=True)
class Features:
    """`dense` has the same length for every line; `terms` are counts by hashed term; `seen` are the cues found."""

    dense: Numbers
    terms: Terms
    seen: Mapping[str, Seen]


def features(book: CueBook, customer: str, line: str) -> Features:
    """Features of a line said after the customer's words."""
    seen = book.seen(line)
    dense = np.concatenate([np.array(book.numbers(line, seen)) * _CUES, np.array(overlap(customer, line))])
    return Features(dense, _terms(line), seen)


def _terms(line: str) -> Terms:
    tokens = _TOKEN.findall(clean(line).lower())
    found = [" ".join(tokens[at : at + size]) for size in _WORDS for at in range(len(tokens) - size + 1)]
    for token in tokens:
        framed = f"_{token}_"
        found += [f"~{framed[at : at + size]}" for size in _LETTERS for at in range(len(framed) - size + 1)]
    return Counter(crc32(term.encode()) % TERMS for term in found)
