"""A learner's words as they are read, whichever channel they came through."""

from __future__ import annotations


def typed_text(text: str) -> str:
    """The text without control characters and half characters, and without leading slashes, Rasa's mark for an intent."""
    visible = "".join(character if character.isprintable() or character == "\n" else " " for character in text)
    return visible.lstrip(" \n/").rstrip()
