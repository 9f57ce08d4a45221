"""What the conversation is about: the little that a follow-up needs to be understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.answer.wording import words

_REMEMBERED_CHARACTERS = 300
_OPENERS = re.compile(
    r"^(and|so|but|then|also|what about|how about|what if|which one|is it|is that|are they|does it|does that|do they|is there)\b"
)
_POINTERS = re.compile(
    r"\b(it|its|that|this|these|those|they|them|their|one|ones|first|second|other|same|another|there|then|more|him|her|she|he|former|latter|else)\b"
)


@dataclass(frozen=True)
class Context:
    """The answerable last given, the topic before it, what was asked, and the learner's awarding body once known."""

    answerable: str | None = None
    before: str | None = None
    question: str = ""
    body: str | None = None
    asked_body: bool = False
    talk: str | None = None  # the kind of small talk said last, so that it is not said twice in the same words

    @property
    def topic(self) -> str | None:
        return self.answerable.split(".")[0] if self.answerable else None

    def after(self, answerable: str, question: str) -> Context:
        """The context once this question has had this answer."""
        topic = answerable.split(".", maxsplit=1)[0]
        before = self.topic if self.topic and self.topic != topic else self.before
        return replace(self, answerable=answerable, before=before, question=question[:_REMEMBERED_CHARACTERS], talk=None)

    def to_dict(self) -> dict[str, Any]:
        """Small enough for a slot; empty values are left out."""
        return {name: value for name, value in vars(self).items() if value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any] | None) -> Context:
        """Anything unknown or of the wrong type is ignored, so that an old slot never breaks a conversation."""
        kinds: dict[str, type] = {"answerable": str, "before": str, "question": str, "body": str, "asked_body": bool, "talk": str}
        known: dict[str, Any] = {
            name: value for name, value in (values or {}).items() if value and name in kinds and isinstance(value, kinds[name])
        }
        return cls(**known)


def leaning(plain: str) -> float:
    """How much the message leans on what came before, from 0 to 1: openers, pointing words and brevity."""
    count = len(words(plain))
    opener = bool(_OPENERS.search(plain))
    pointer = bool(_POINTERS.search(plain))
    brevity = max(0.0, min(1.0, (14 - count) / 10))
    if count > 25 or not (opener or pointer or count <= 3):
        return 0.1 * (opener or pointer)
    return min(1.0, 0.3 * opener + 0.3 * pointer + 0.45 * brevity)
