"""Bold words, written between double stars, in each vendor's way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from bot.rendering.surface import units

_BOLD: Final = re.compile(r"\*\*(\S(?:[^*\n]*?\S)?)\*\*")


def plain(text: str) -> str:
    return _BOLD.sub(r"\1", text)


def starred(text: str, escape: Callable[[str], str] = str) -> str:
    """Between single stars, as Slack and WhatsApp have it."""
    return _BOLD.sub(r"*\1*", escape(text))


def as_entities(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text, and where in it the bold words stand, as Telegram has it."""
    entities: list[dict[str, Any]] = []
    made, at = "", 0
    for found in _BOLD.finditer(text):
        made += text[at : found.start()]
        entities.append({"type": "bold", "offset": units(made), "length": units(found[1])})
        made, at = made + found[1], found.end()
    return made + text[at:], entities
