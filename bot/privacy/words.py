"""Puts words on what is kept of a learner, and reads what they want of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.content.files import read
from bot.content.schema import Strict
from bot.privacy.held import Held
from bot.reply import Button, Reply

_POLITE: Final = re.compile(
    r"^(?:(?:please|pls|plz|hi|hello|hey|ok|okay|can you|could you|can i|could i|will you|would you|i want to|i would like to|i'd like to"
    r"|id like to) )+"
    r"|(?: (?:please|pls|plz|now|thanks|thank you))+$"
)


class Counted(Strict):
    """The words for one of a kind and for several."""

    one: str
    many: str


class PrivacyFile(Strict):
    """knowledge/privacy.yml."""

    exact: dict[str, tuple[str, ...]]
    signs: dict[str, str]
    confirm: dict[str, tuple[str, ...]]
    replies: dict[str, str]
    labels: dict[str, str]
    counts: dict[str, Counted]
    last: str


class PrivacyWords:
    """The only place where this becomes text."""

    def __init__(self, file: PrivacyFile) -> None:
        self._file = file
        self._exact = {_plain(phrase): name for name, phrases in file.exact.items() for phrase in phrases}
        self._confirm = {_plain(phrase): name for name, phrases in file.confirm.items() for phrase in phrases}
        self._signs = {name: re.compile(sign) for name, sign in file.signs.items()}

    @classmethod
    def load(cls, folder: Path) -> PrivacyWords:
        """Raises ContentError."""
        return cls(read(folder / "privacy.yml", PrivacyFile))

    def command(self, text: str) -> str | None:
        """`show` or `erase` for a message that says that and nothing else; slips are not allowed for."""
        plain = _plain(text)
        return self._exact.get(plain) or self._exact.get(_POLITE.sub("", plain))

    def meant(self, text: str) -> str | None:
        """`show` or `erase` for a message known to be about the learner's own data, None for any other question about that."""
        return next((name for name, sign in self._signs.items() if sign.search(text.lower())), None)

    def answer(self, text: str) -> str | None:
        """`yes` or `no` to the question whether to delete."""
        plain = _plain(text)
        return self._confirm.get(plain) or self._confirm.get(_POLITE.sub("", plain))

    def reply(self, name: str, buttons: Sequence[Button] = (), /, **values: object) -> Reply:
        return Reply(f"data_{name}", self._file.replies[name].format(**values), tuple(buttons))

    def button(self, label: str) -> Button:
        return Button(self._file.labels[label], f"do:data_{label}")

    def counts(self, held: Held) -> str:
        """For example: 1 conversation, 12 messages of yours with their replies and 3 quiz answers."""
        told = [self._counted(name, held.counts.get(name, 0)) for name in self._file.counts if held.counts.get(name, 0)]
        return self._file.last.join(filter(None, (", ".join(told[:-1]), told[-1]))) if told else self._counted("conversations", 1)

    def _counted(self, name: str, count: int) -> str:
        words = self._file.counts[name]
        return words.one if count == 1 else words.many.format(count=f"{count:,}")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'")).split())
