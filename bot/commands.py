"""Words that lead a skill: stop, hint, pause and their like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

_LONGEST: Final = 60  # characters; a longer message is never just a command
_SHORTEST: Final = 4  # below that a slip makes another word
_WORDS: Final = 7  # in a longer message a sign is part of something else
_ALIKE: Final = 88.0
_POLITE: Final = re.compile(
    r"^(?:(?:ok(?:ay)?|please|um+|erm?|sorry|hey|right|well|so|actually|no|oh)[ ,]+)+|(?:[ ,]+(?:please|pls|plz|thanks|ta|now|then|mate))+$"
)


class Phrases:
    """Names of commands by the phrases that give them, and by signs (regular expressions) that a short message need only hold."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], signs: Mapping[str, str] | None = None) -> None:
        self._names = {_plain(phrase) or phrase: name for name, texts in phrases.items() for phrase in texts}
        self._signs = {name: re.compile(pattern) for name, pattern in (signs or {}).items()}

    def phrase(self, name: str) -> str | None:
        """A phrase that gives the command of that name."""
        return next((phrase for phrase, known in self._names.items() if known == name), None)

    def read(self, text: str) -> str | None:
        """The command that the message is, small slips allowed; None for anything else."""
        if len(text) > _LONGEST:
            return None
        plain = _plain(text) or text.strip()
        for form in (plain, _POLITE.sub("", plain).strip()):
            if form in self._names:
                return self._names[form]
        best = process.extractOne(plain, self._names.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE) if len(plain) >= _SHORTEST else None
        return self._names[best[0]] if best else self._signed(plain)

    def _signed(self, plain: str) -> str | None:
        if len(plain.split()) > _WORDS:
            return None
        return next((name for name, sign in self._signs.items() if sign.search(plain)), None)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'")).split())
