"""Whether a set phrase stands in a line, whatever the endings, slips of spelling and a word or two between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA
from snowballstemmer import stemmer

from bot.answer.wording import clean

_BETWEEN = 2
_SLIPS_FROM = 6  # letters of a stem
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|%")
_OPENED = (
    (re.compile(r"\bcan(?:'|no)?t\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'s\b"), " is"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
)
_CLAUSE = re.compile(r"[.!?;,:\n]+|\bbut\b|\bhowever\b")
_stem = lru_cache(maxsize=8192)(stemmer("english").stemWord)


def plain(text: str) -> str:
    """Lower case, straight apostrophes, contractions opened."""
    lowered = clean(text).lower()
    for pattern, opened in _OPENED:
        lowered = pattern.sub(opened, lowered)
    return lowered


@lru_cache(maxsize=4096)
def stems(text: str) -> tuple[str, ...]:
    """Stems of all words of the text, in order."""
    return tuple(_stem(word) for word in _TOKEN.findall(plain(text)))


def clauses(text: str) -> list[str]:
    """The text cut at punctuation and at "but"."""
    return [part for part in (part.strip() for part in _CLAUSE.split(plain(text))) if part]


def place(cue: str, said: Sequence[str]) -> int | None:
    """Where the cue begins among the stems `said`, or None."""
    wanted = stems(cue)
    starts = _positions(wanted[0], said) if wanted else []
    return next((at for at in starts if _goes_on(wanted[1:], said, at)), None)


def holds(said: Sequence[str], cues: Iterable[str]) -> bool:
    """Whether any of the cues stands among the stems."""
    return any(place(cue, said) is not None for cue in cues)


def _positions(stem: str, said: Sequence[str]) -> list[int]:
    """Where the stem stands. Short words have to be exact, which is quick to rule out."""
    if len(stem) < _SLIPS_FROM and stem not in said:
        return []
    return [at for at, other in enumerate(said) if _same(stem, other)]


def _goes_on(wanted: Sequence[str], said: Sequence[str], at: int) -> bool:
    """Whether the rest of the cue follows, each stem near the one before."""
    for stem in wanted:
        following = said[at + 1 : at + 2 + _BETWEEN]
        step = next((index for index, other in enumerate(following) if _same(stem, other)), None)
        if step is None:
            return False
        at += 1 + step
    return True


def _same(stem: str, other: str) -> bool:
    """Equal, or a slip of spelling apart. Short words are too close to each other for that."""
    if stem == other:
        return True
    if len(stem) < _SLIPS_FROM or stem[0] != other[:1] or abs(len(stem) - len(other)) > 2:
        return False
    limit = 2 if len(stem) > 8 else 1
    return OSA.distance(stem, other, score_cutoff=limit) <= limit
