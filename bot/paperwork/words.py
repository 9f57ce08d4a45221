"""The words, forms and signs of the paperwork, from knowledge/paperwork.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import validator

from bot.content.files import read
from bot.content.scenarios import Move
from bot.content.schema import Slug, Strict

Need = Literal["filled", "date", "channel", "owner", "pays", "specific", "case", "due", "honest"]
LONGEST_FORM = 900  # characters of all boxes together, so that a session stays small


class Field(Strict):
    """A box. `needs` says what makes it complete, and how what is missing is called; `most` is in characters."""

    title: str
    ask: str
    example: str
    most: int
    needs: dict[Need, str]
    choices: tuple[str, ...] = ()

    @property
    def has_day(self) -> bool:
        return bool({"due", "date"} & self.needs.keys())

    @property
    def is_ahead(self) -> bool:
        """Whether its day is one to come."""
        return "due" in self.needs


class FormNumber(Strict):
    """A line that the firm fills in itself."""

    title: str
    text: str


class Form(Strict):
    """Boxes in the order in which they are asked."""

    title: str
    fields: dict[str, Field]
    number: FormNumber | None = None

    @validator("fields")
    def _fits_a_session(cls, fields: dict[str, Field]) -> dict[str, Field]:  # noqa: N805
        if sum(field.most for field in fields.values()) > LONGEST_FORM:
            raise ValueError(f"the boxes hold more than {LONGEST_FORM} characters together")
        if not any("due" in field.needs for field in fields.values()):
            raise ValueError("a form needs a box for the follow-up date")
        return fields


class Surplus(Strict):
    """Something that has no place on a form; without `pattern` it is found by bot.debrief.personal."""

    title: str
    why: str
    pattern: str = r"(?!)"
    masked: bool = False
    case: bool = False
    told: bool = False

    @validator("pattern")
    def _is_a_pattern(cls, pattern: str) -> str:  # noqa: N805
        return _pattern(pattern)


class Returns(Strict):
    """Which scenarios are about goods that come back."""

    kinds: frozenset[Slug]
    topics: frozenset[Slug]
    tag: str
    not_tag: str


class Outcomes(Strict):
    """Endings that an outcome must not gloss over; `glossed` are words that would, `honest` words that mend them."""

    endings: frozenset[str]
    glossed: str
    honest: str

    @validator("glossed", "honest")
    def _is_a_pattern(cls, pattern: str) -> str:  # noqa: N805
        return _pattern(pattern)


class EvidenceWords(Strict):
    """Of the evidence page: what moves are called, which topics they show, and how the reasons are put."""

    moves: dict[Move, str]
    shows: dict[str, tuple[Slug, ...]]
    case_topics: frozenset[Slug]
    reasons: dict[Literal["move", "unquoted", "law", "case", "form", "minimal", "root-cause", "prevention"], str]


class PaperworkFile(Strict):
    """knowledge/paperwork.yml."""

    say: dict[str, str]
    buttons: dict[str, str]
    commands: dict[str, tuple[str, ...]]
    command_signs: dict[str, str]
    plain: tuple[str, ...]
    blame: tuple[str, ...]
    vague_steps: tuple[str, ...]
    channels: dict[Literal["phone", "chat", "counter", "email", "social"], str]
    returns: Returns
    forms: dict[Literal["complaint-log", "returns-form"], Form]
    followed_in: tuple[int, ...]
    outcomes: Outcomes
    signs: dict[Literal["channel", "owner", "pays", "vague"], str]
    least_words: int
    missing: dict[Literal["vague"], str]
    surplus: dict[str, Surplus]
    told: str
    better: dict[str, str]
    evidence: EvidenceWords

    @validator("told")
    def _is_a_pattern(cls, pattern: str) -> str:  # noqa: N805
        return _pattern(pattern)

    @validator("signs", "command_signs")
    def _are_patterns(cls, signs: Mapping[str, str]) -> Mapping[str, str]:  # noqa: N805
        return {name: _pattern(pattern) for name, pattern in signs.items()}

    def listed(self, texts: Sequence[str]) -> str:
        """ "a", "a and b", "a, b and c"."""
        return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {self.say['and']} {texts[-1]}"


def load_words(knowledge: Path) -> PaperworkFile:
    """Raises ContentError naming file, line and key."""
    return read(knowledge / "paperwork.yml", PaperworkFile)


def dated(day: date) -> str:
    """ "Friday 4 December 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern
