"""What a made-up learner says next, and what takes turns to say it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from bot.conversation import Turn
from bot.reply import Button


@dataclass(frozen=True)
class Said:
    """A typed line with the intent that is in it, or a pressed button: then `text` is its token and `label` its title."""

    text: str
    intent: str = "ask"
    confidence: float = 0.9
    label: str | None = None


# Says one thing after another, and is sent the turn for each.
Doing = Generator[Said, Turn, None]


def pressed(token: str, label: str) -> Said:
    return Said(token, "press", 1.0, label)


def button(turn: Turn, start: str) -> Button | None:
    """The first button of the turn whose token begins so."""
    return next((button for reply in turn.replies for button in reply.buttons if button.token.startswith(start)), None)
