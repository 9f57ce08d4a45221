"""The words of a debrief, from knowledge/debrief.yml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import validator

from bot.assess.transcript import BANDS, CRITERIA
from bot.content.files import read
from bot.content.scenarios import ENDINGS, Move
from bot.content.schema import Slug, Strict

_MOST_TURNS = 6


class Fault(Strict):
    """Something that goes wrong: what it is called, why it matters, where a better line is found, and what to do next about it.

    `strictly` takes a later one of `moves` only where the model has none of the earlier; otherwise the best fit of any is taken.
    """

    title: str
    why: str
    moves: tuple[Move, ...]
    otherwise: tuple[str, ...]
    strictly: bool = False
    label: str | None = None
    topic: Slug | None = None
    do: Literal["retry", "quiz", "topic"]

    @validator("otherwise")
    def _has_a_line(cls, lines: tuple[str, ...]) -> tuple[str, ...]:  # noqa: N805
        if not lines:
            raise ValueError("give at least one line")
        return lines


class ModelWords(Strict):
    """A complaint model: its steps by the move that makes them."""

    title: str
    steps: dict[Move, str]


class BodyWords(Strict):
    """Which model an awarding body has, and which it has besides."""

    model: Slug
    also: Slug | None = None
    note: str


class DebriefFile(Strict):
    """knowledge/debrief.yml. The order of `faults` and of `strengths` is that of their importance."""

    say: dict[str, str]
    buttons: dict[str, str]
    advice: dict[Literal["retry", "rewrite", "quiz", "topic"], str]
    outcomes: dict[str, str]
    writing_outcomes: dict[str, str]
    endings: dict[str, str]
    bands: dict[str, str]
    reasons: dict[str, str]
    models: dict[Slug, ModelWords]
    bodies: dict[Slug, BodyWords]
    criteria: dict[str, str]
    strengths: dict[str, str]
    at_least: dict[str, str]
    faults: dict[str, Fault]
    signs: dict[str, tuple[str, ...]]
    personal: dict[str, str]
    personal_say: str

    @validator("outcomes", "writing_outcomes", "endings")
    def _every_ending_has_words(cls, words: dict[str, str]) -> dict[str, str]:  # noqa: N805
        missing = {*ENDINGS, "abandoned"} - words.keys()
        if missing:
            raise ValueError(f"no words for {', '.join(sorted(missing))}")
        return words

    @validator("bands")
    def _every_band_has_words(cls, words: dict[str, str]) -> dict[str, str]:  # noqa: N805
        if set(words) != set(BANDS):
            raise ValueError(f"give exactly {', '.join(BANDS)}")
        return words

    @validator("criteria")
    def _every_criterion_has_words(cls, words: dict[str, str]) -> dict[str, str]:  # noqa: N805
        if set(words) != set(CRITERIA):
            raise ValueError(f"give exactly {', '.join(CRITERIA)}")
        return words

    def body(self, key: str | None) -> BodyWords:
        """What is said to learners of the body; those of `other` to anybody else."""
        return self.bodies.get(key or "other", self.bodies["other"])

    def place(self, number: int, writing: bool) -> str:
        """Where words stand: "turn 3", in a writing "sentence 3"."""
        return self.say["sentence" if writing else "turn"].format(number=number)

    def turns(self, numbers: Sequence[int]) -> str:
        """ "turn 3", or "turns 3, 4 and 6", at most _MOST_TURNS of them."""
        if len(numbers) == 1:
            return self.place(numbers[0], writing=False)
        return self.say["turns_listed"].format(numbers=self.listed([str(number) for number in numbers[:_MOST_TURNS]]))

    def listed(self, texts: Sequence[str]) -> str:
        """ "a", "a and b", "a, b and c"."""
        return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {self.say['and']} {texts[-1]}"


def load_words(knowledge: Path) -> DebriefFile:
    """Raises ContentError naming file, line and key."""
    return read(knowledge / "debrief.yml", DebriefFile)


def large(text: str) -> str:
    """With a capital, as at the start of a sentence."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Without one."""
    return text[:1].lower() + text[1:]
