"""Errors that Aftercare raises on purpose. Their messages are written for the person who has to act on them.

AftercareError
├── ContentError       a file under knowledge/ is wrong: names file, line and key
├── EncoderError       the sentence encoder's files are missing or are not the expected ones
├── ImprovingError     changes by tutors cannot be applied (bot/improving)
├── IndexUnusableError the saved index cannot be read or written
├── LinkRefusedError   a signed link cannot be opened (bot/links.py)
└── SettingsError      an environment variable has a value that cannot be used
"""

from __future__ import annotations


class AftercareError(Exception):
    """Base of every error with a message that may be shown to a person."""


class ContentError(AftercareError):
    """Content that does not follow the schema; holds every problem found, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class EncoderError(AftercareError):
    """The sentence encoder cannot be loaded."""


class ImprovingError(AftercareError):
    """What tutors put right cannot be written now."""


class IndexUnusableError(AftercareError):
    """The search index cannot be read or written."""


class SettingsError(AftercareError):
    """A setting is unusable."""
