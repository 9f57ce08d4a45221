"""Learners' words made fit for files of examples, and comparable with what stands there."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 900  # characters of a way of asking (bot/content/schema.py)
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"[\[\]]")  # Rasa reads brackets in an example as an entity


def teachable(text: str) -> str:
    """One line without control characters or brackets, at most LONGEST characters."""
    visible = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in text)
    return " ".join(_MARKUP.sub("", visible).split())[:LONGEST].strip()


def plain(text: str) -> str:
    """Words in lower case without punctuation: two texts that are equal so would be told apart by nothing that learns from them."""
    return " ".join(_WORD.findall(text.lower()))
