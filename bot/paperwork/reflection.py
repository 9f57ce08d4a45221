"""Compares what a learner takes to lie behind a case, or would do about it, with the scenario's own words. Lenient: other words count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from bot.answer.wording import stems
from bot.content.scenarios import Scenario
from bot.paperwork.words import PaperworkFile
from bot.practice.phrases import holds, place
from bot.practice.phrases import stems as all_stems

Result = Literal["found", "part", "other"]
Question = Literal["cause", "prevention"]
_ALIKE = 86
_SLIPS_FROM = 5  # letters of a stem
_FOUND = 3  # telling stems in common
_SHORT = 4  # telling stems of an answer of which one in common is enough
_LONGEST_QUOTE = 110
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True)
class Reflected:
    """`quote` is the learner's sentence that comes nearest; `blames` that a person is called the cause, `vague` what cannot be checked."""

    result: Result
    quote: str
    blames: bool = False
    vague: str = ""


class Reflections:
    """Every method is a function of its arguments."""

    def __init__(self, words: PaperworkFile) -> None:
        self._words = words
        self._plain = frozenset(stem for word in words.plain for stem in stems(word))

    def read(self, text: str, question: Question, scenario: Scenario) -> Reflected:
        """Found where a cue of the scenario's stands in it or three telling words do; part where fewer do."""
        cause = scenario.cause
        own = cause.root if question == "cause" else cause.prevent
        move = "explain" if question == "cause" else "prevent"
        likes = [own, *(line.say for line in scenario.model if move in line.moves)]
        cues = cause.cues if question == "cause" else ()
        known = self._telling(" ".join((*likes, *cues)), scenario)
        said = self._telling(text, scenario)
        hits = _common(said, known)
        result: Result = "other"
        if (cues and holds(all_stems(text), cues)) or len(hits) >= _FOUND:
            result = "found"
        elif len(hits) == _FOUND - 1 or (hits and len(said) <= _SHORT):
            result = "part"
        vague = next((cue for cue in self._words.vague_steps if place(cue, all_stems(text)) is not None), "")
        return Reflected(
            result,
            self._nearest(text, known, cues, scenario),
            question == "cause" and holds(all_stems(text), self._words.blame),
            vague if question == "prevention" and result != "found" else "",
        )

    def _telling(self, text: str, scenario: Scenario) -> list[str]:
        """Distinct stems that tell this cause from others: neither everyday words nor the product and its owner."""
        phrases = scenario.phrases
        dull = self._plain | {*stems(f"{phrases.product} {phrases.org} {scenario.customer.name}")}
        return [stem for stem in dict.fromkeys(stems(text)) if stem not in dull and len(stem) > 1]

    def _nearest(self, text: str, known: Sequence[str], cues: Iterable[str], scenario: Scenario) -> str:
        """The sentence that holds most of it, cut to a quotable length at a word."""
        pieces = [piece.strip() for piece in _SENTENCE.split(text) if piece.strip()] or [text.strip()]
        best = max(pieces, key=lambda piece: (holds(all_stems(piece), cues), len(_common(self._telling(piece, scenario), known))))
        return shortened(best.rstrip(".;"))


def shortened(text: str, most: int = _LONGEST_QUOTE) -> str:
    """At most so many characters, cut at a word."""
    return text if len(text) <= most else f"{text[: most - 2].rsplit(' ', 1)[0]} …"


def _common(said: Sequence[str], known: Sequence[str]) -> list[str]:
    """The stems of `said` that are among the known, small slips allowed."""
    return [
        stem
        for stem in said
        if stem in known or (len(stem) >= _SLIPS_FROM and process.extractOne(stem, known, scorer=fuzz.ratio, score_cutoff=_ALIKE))
    ]
