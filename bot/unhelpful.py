"""What is said to "that did not help": an apology and the nearest other answers. That it was said stands in the conversation itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.answer import Answerer, Context
from bot.commands import Phrases
from bot.content.files import read
from bot.content.schema import Strict
from bot.reply import Button, Reply, Words

TOKEN: Final = "do:unhelpful"  # noqa: S105 - a button's token
_PLACE: Final = 3  # after as many buttons for more; the one that stood there gives way
_OTHERS: Final = 3


class UnhelpfulFile(Strict):
    """knowledge/unhelpful.yml."""

    label: str
    phrases: tuple[str, ...]
    replies: dict[str, str]


class Unhelpful:
    """Immutable and free of any learner's state: safe to share."""

    def __init__(self, file: UnhelpfulFile, answerer: Answerer, words: Words) -> None:
        self._file = file
        self._answerer = answerer
        self._words = words
        self._phrases = Phrases({"unhelpful": file.phrases})

    @classmethod
    def load(cls, folder: Path, answerer: Answerer, words: Words) -> Unhelpful:
        """Raises ContentError."""
        return cls(read(folder / "unhelpful.yml", UnhelpfulFile), answerer, words)

    def says(self, text: str) -> bool:
        """Whether the message says so, and no more."""
        return self._phrases.read(text) is not None

    def offered(self, reply: Reply) -> tuple[Button, ...]:
        """The buttons of an answer with the one that says so among them, no more than there were."""
        button = Button(self._file.label, TOKEN)
        return (*reply.buttons[:_PLACE], button, *reply.buttons[_PLACE + 1 :])

    def told(self, context: Context, seen: bool) -> Reply:
        """To whom the last answer did not help; `seen` when a tutor has the learner in a group."""
        others = self._answerer.nearest(context.question, context, context.answerable, _OTHERS) if context.answerable else ()
        buttons = self._words.choices(others) if others else self._words.offer("start")
        said = self._file.replies["others" if others else "nothing"]
        return Reply("unhelpful", f"{said} {self._file.replies['seen']}" if seen else said, buttons)
