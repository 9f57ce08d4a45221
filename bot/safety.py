"""Recognises distress and emergencies before anything else looks at a message."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content.files import read
from bot.content.schema import Strict


class SafetyFile(Strict):
    """knowledge/safety.yml: patterns by the reply they call for."""

    safety: dict[str, tuple[str, ...]]


class Safety:
    """Matches messages with the patterns, in the file's order."""

    def __init__(self, patterns: dict[str, tuple[str, ...]]) -> None:
        self._patterns = {reply: re.compile("|".join(alternatives)) for reply, alternatives in patterns.items()}

    @classmethod
    def load(cls, folder: Path) -> Safety:
        return cls(read(folder / "safety.yml", SafetyFile).safety)

    def called_for(self, *forms: str) -> str | None:
        """The name of the reply that any form of the message (as typed, corrected) calls for."""
        lowered = [form.lower().replace("’", "'") for form in forms]
        return next((reply for reply, pattern in self._patterns.items() if any(pattern.search(form) for form in lowered)), None)
