"""What the made-up college is made of: bot/demo/material.yml."""

from __future__ import annotations

from pathlib import Path

from bot.content.files import read
from bot.content.schema import Strict


class GroupOf(Strict):
    """A group and who teaches it."""

    name: str
    tutor: str


class Asks(Strict):
    """What asks for a skill; `{topic}` is filled in."""

    quiz: tuple[str, ...]
    topics: tuple[str, ...]
    due: tuple[str, ...]
    checkpoint: tuple[str, ...]
    practice: tuple[str, ...]
    progress: tuple[str, ...]
    answers: tuple[str, ...]


class Spoken(Strict):
    """What is said to customers, and written after it."""

    opens: tuple[str, ...]
    listens: tuple[str, ...]
    closes: tuple[str, ...]
    shrugs: tuple[str, ...]
    reflects: tuple[str, ...]
    prevents: tuple[str, ...]
    written: tuple[str, ...]


class PlantedLines(Strict):
    """The lines of the planted problems."""

    worry: tuple[str, ...]
    worry_after: str
    unhappy: str
    unhelpful: str
    appeal: str
    private: tuple[str, ...]
    returned: str
    told: str
    rude: str


class TutorLines(Strict):
    """What tutors wrote at the desk."""

    comments: tuple[str, ...]
    tags: tuple[str, ...]
    reasons: tuple[str, ...]
    appeal: str


class Material(Strict):
    """The whole file."""

    groups: tuple[GroupOf, ...]
    lead: str
    names: tuple[str, ...]
    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    questions: dict[str, tuple[str, ...]]
    follow_ups: tuple[str, ...]
    uncovered: dict[str, tuple[str, ...]]
    garbled: tuple[str, ...]
    asks: Asks
    stuck: tuple[str, ...]
    practice: Spoken
    planted: PlantedLines
    password_words: tuple[str, ...]
    tutors: TutorLines


def load_material() -> Material:
    """Raises ContentError naming what is wrong."""
    return read(Path(__file__).parent / "material.yml", Material)
