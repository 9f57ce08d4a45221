"""Says in words why a conversation needs a tutor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import validator

from bot.content.files import read
from bot.content.schema import Strict
from bot.triage.signs import WEIGHTS, Sign


class Counted(Strict):
    """Words for once and for several times."""

    one: str
    many: str


class DeskFile(Strict):
    """knowledge/desk.yml: words for every sign, long and short, and for what can stand in `{detail}`."""

    reasons: dict[str, Counted]
    details: dict[str, str]
    labels: dict[str, str]

    @validator("reasons", "labels")
    def _has_words_for_every_sign(cls, words: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if words.keys() != WEIGHTS.keys():
            raise ValueError(f"give words for exactly these: {', '.join(WEIGHTS)}")
        return words


@dataclass(frozen=True)
class ReasonWords:
    """The only place where signs become text."""

    file: DeskFile

    @classmethod
    def load(cls, knowledge: Path) -> ReasonWords:
        """Raises ContentError."""
        return cls(read(knowledge / "desk.yml", DeskFile))

    def told(self, sign: Sign) -> str:
        """One reason, without a full stop; the sign's own name where it has no words any more."""
        words = self.file.reasons.get(sign.name)
        if words is None:
            return sign.name
        detail = self.file.details.get(sign.detail or "", sign.detail or "")
        return (words.one if sign.count == 1 else words.many).format(count=sign.count, detail=detail)

    def label(self, name: str) -> str:
        """A sign by itself, for choosing among them."""
        return self.file.labels[name]
