"""A learner's answer made comparable: spelling mended, what the question already said left out, cut into clauses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.distance import OSA

from bot.answer.lexicon import Lexicon
from bot.answer.wording import Reader, Speller, clean, words
from bot.encoder import Tokeniser

LONGEST: Final = 1500  # characters; an answer in a few sentences has 300
CLAUSES: Final = 5  # each costs a run of the encoder
_ALIKE: Final = 0.7  # share of letters that a misspelt word has in common with what it is corrected to
_ECHO: Final = 5  # words in a row that stand in the question, too
_COPIED: Final = 0.8  # share of a clause's words from which on it only repeats the question
_HYPHEN: Final = re.compile(r"(?<=\w)-(?=\w)")
_BREAK: Final = re.compile(
    r"[.;:!?,()]+(?!\d)|\s+-+\s+|\n|\s(?=(?:but|because|while|whereas|although|though|so that|then|instead of|rather than|unless)\b)|"
    r"\s(?=(?:and|or|so|not)\s+\S+\s+\S+)|\s(?=and\s+\w+\s*(?:$|[.,;!?]))"
)
_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "al", "ment", "ness", "able")


@dataclass(frozen=True)
class Said:
    """An answer's `whole` text and its clauses, without what was copied from the question.

    `spoken` counts its words; `readable` is the share that are words, `echoed` the share left out as copied from the question.
    """

    spoken: int
    whole: str
    clauses: tuple[str, ...]
    readable: float
    echoed: float


class _CarefulSpeller(Speller):
    """Leaves a word alone unless it begins like the known word and shares most of its letters: "dodgy" is not "today"."""

    def _correct(self, word: str) -> str:
        near = super()._correct(word)
        return near if near[:1] == word[:1] and OSA.normalized_similarity(word, near) >= _ALIKE else word


class AnswerReader:
    """Reads answers to one item, mending spelling towards that item's words first."""

    def __init__(self, asked: str, own: Counter[str], others: Mapping[str, int], lexicon: Lexicon | None, tokeniser: Tokeniser) -> None:
        known = {**others, **{word: count + 1000 for word, count in own.items()}}
        self._speller = _CarefulSpeller(known, lambda word: _is_english(word, tokeniser, known))
        shorthand = {short: full for short, full in (lexicon.shorthand if lexicon else {}).items() if short not in own}
        self._reader = Reader(shorthand, lexicon.digits if lexicon else {}, self._speller)
        self._asked = words(self._reader.plain(asked))

    def read(self, text: str) -> Said:
        said = _HYPHEN.sub(" ", clean(text[:LONGEST]))
        plain = self._reader.plain(said)
        spoken = words(plain)
        known = [self._reads(word) for word in spoken]
        clauses, echoed = self._own_clauses(plain)
        whole = plain if not echoed else ", ".join(clauses)
        return Said(len(spoken), whole, clauses, sum(known) / len(known) if known else 0.0, echoed)

    def _reads(self, word: str) -> bool:
        if len(word) == 1:
            return word in {"a", "i"} or word.isdigit()
        return any(character.isdigit() for character in word) or self._speller.reads(word.replace("'", ""))

    def _own_clauses(self, plain: str) -> tuple[tuple[str, ...], float]:
        """Clauses that are not copied from the question, and the share of words that stood in those left out."""
        clauses = clauses_of(plain)
        spoken = [words(clause) for clause in clauses]
        copied = iter(self._copied([word for clause in spoken for word in clause]))
        shares = [sum(next(copied) for _ in clause) / len(clause) for clause in spoken]
        own = tuple(clause for clause, share in zip(clauses, shares, strict=True) if share < _COPIED)
        left_out = sum(len(clause) for clause, share in zip(spoken, shares, strict=True) if share >= _COPIED)
        return own, left_out / max(sum(map(len, spoken)), 1)

    def _copied(self, spoken: Sequence[str]) -> list[bool]:
        """Which words belong to a run that stands in the question in the same order."""
        copied = [False] * len(spoken)
        for block in SequenceMatcher(None, spoken, self._asked, autojunk=False).get_matching_blocks():
            if block.size >= _ECHO:
                copied[block.a : block.a + block.size] = [True] * block.size
        return copied


def clauses_of(text: str) -> tuple[str, ...]:
    """At most CLAUSES parts, neighbours joined where there are more."""
    parts = [part.strip() for part in _BREAK.split(text) if part and words(part)]
    while len(parts) > CLAUSES:
        at = min(range(len(parts) - 1), key=lambda number: len(parts[number]) + len(parts[number + 1]))
        parts[at : at + 2] = [f"{parts[at]}, {parts[at + 1]}"]
    return tuple(parts)


def _is_english(word: str, tokeniser: Tokeniser, known: Mapping[str, int]) -> bool:
    """Whether the encoder or the content knows the word or what it is made from."""
    made_from = [word, *(word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 4)]
    return any(tokeniser.knows(form) or tokeniser.knows(f"{form}e") or form in known for form in made_from)
