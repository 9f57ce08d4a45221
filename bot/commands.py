"""Words that lead a skill: stop, hint, pause and their like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

_LONGEST: Final = 60  # characters; a longer message is never just a command
_ALIKE: Final = 88.0
_POLITE: Final = re.compile(
    r"^(?:(?:ok(?:ay)?|please|um+|erm?|sorry|hey|right|well|so|actually|no|oh)[ ,]+)+|(?:[ ,]+(?:please|pls|plz|thanks|ta|now|then|mate))+$"
)


class Phrases:
    """Names of commands by the phrases that give them."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._names = {_plain(phrase) or phrase: name for name, texts in phrases.items() for phrase in texts}

    def phrase(self, name: str) -> str | None:
        """A phrase that gives the command of that name."""
        return next((phrase for phrase, known in self._names.items() if known == name), None)

    def read(self, text: str) -> str | None:
        """The command that the whole message is, small slips allowed; None for anything else."""
        if len(text) > _LONGEST:
            return None
        plain = _plain(text) or text.strip()
        for form in (plain, _POLITE.sub("", plain).strip()):
            if form in self._names:
                return self._names[form]
        if len(plain) < 4:
            return None
        best = process.extractOne(plain, self._names.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return self._names[best[0]] if best else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'")).split())
