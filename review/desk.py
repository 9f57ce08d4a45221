"""What every page of the desk works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from flask import current_app
from sqlalchemy.engine import Engine

from bot.content import Library, load
from bot.debrief import Debriefer
from bot.paperwork.words import load_words
from bot.practice import Practice, open_practice
from bot.quiz import Bank
from bot.settings import Settings

_NAME = "desk"


class Content:
    """What is taught, read when a page first needs it."""

    def __init__(self, knowledge: Path) -> None:
        self.knowledge = knowledge

    @cached_property
    def library(self) -> Library:
        return load(self.knowledge)

    @cached_property
    def bank(self) -> Bank:
        return Bank.load(self.knowledge)

    @cached_property
    def practice(self) -> Practice:
        return open_practice(self.knowledge)

    @cached_property
    def debriefer(self) -> Debriefer:
        return Debriefer.load(self.knowledge, self.library, self.practice, frozenset(self.bank.by_topic))

    @cached_property
    def moves(self) -> dict[str, str]:
        """What moves are called."""
        return {str(name): words for name, words in load_words(self.knowledge).evidence.moves.items()}


@dataclass(frozen=True)
class Desk:
    """`now` gives the moment in UTC."""

    settings: Settings
    engine: Engine
    now: Callable[[], datetime]
    content: Content = field(repr=False)

    @property
    def seconds(self) -> float:
        """Now, in seconds since 1970."""
        return self.now().timestamp()


def desk() -> Desk:
    """The desk of the application that is answering."""
    found: Desk = current_app.extensions[_NAME]
    return found
