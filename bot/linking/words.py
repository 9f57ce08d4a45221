"""Puts words on links between conversations, and reads those of learners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.commands import Phrases
from bot.content.files import read
from bot.content.schema import Strict
from bot.reply import Button, Reply

ANSWERS: Final = frozenset({"yes", "no"})
KIND: Final = "link_"  # begins the kind of each of its replies
# Eight of the alphabet of codes, with a digit: every code that is given out has one, and English words have none.
_CODE: Final = r"(?=[A-Z -]*[2-9])[2-9A-HJ-NP-Z]{4}[ -]?[2-9A-HJ-NP-Z]{4}"
_ABOUT: Final = re.compile("lin|conn|separ", re.IGNORECASE)
_AS_SHOWN: Final = re.compile(r"(?=[A-Z-]*[2-9])[2-9A-HJ-NP-Z]{4}-?[2-9A-HJ-NP-Z]{4}")


class LinkFile(Strict):
    """knowledge/linking.yml."""

    commands: dict[str, tuple[str, ...]]
    exact: str
    codes: tuple[str, ...]
    replies: dict[str, str]
    labels: dict[str, str]


class LinkWords:
    """The only place where this becomes text."""

    def __init__(self, file: LinkFile) -> None:
        self._file = file
        self._commands = Phrases(file.commands)
        patterns = [pattern.replace("{code}", f"(?P<code>{_CODE})") for pattern in (file.exact, *file.codes, "{code}")]
        self._exact, *self._codes, self._bare = (re.compile(pattern, re.IGNORECASE) for pattern in patterns)

    @classmethod
    def load(cls, folder: Path) -> LinkWords:
        """Raises ContentError."""
        return cls(read(folder / "linking.yml", LinkFile))

    def command(self, text: str) -> str | None:
        """The key of `commands` that the message is, if it is one. "I have a join code" is no slip of "link"."""
        found = self._commands.read(text)
        return found if found in ANSWERS or _ABOUT.search(text) else None

    def exact_code(self, text: str) -> str | None:
        """The code in a message that does nothing but link, without its dash."""
        return _code(self._exact.fullmatch(_plain(text)))

    def code(self, text: str, awaited: bool) -> str | None:
        """The code in a message that gives one. The code alone is one where it is typed as it was shown, or was asked for."""
        plain = re.sub(r"(?i) (?:please|pls|thanks)$", "", _plain(text).replace(":", ""))
        alone = (self._bare,) if awaited or _AS_SHOWN.fullmatch(plain) else ()
        return next((found for found in (_code(one.fullmatch(plain)) for one in (self._exact, *self._codes, *alone)) if found), None)

    def reply(self, name: str, buttons: Sequence[Button] = (), /, **values: object) -> Reply:
        return Reply(f"{KIND}{name}", self._file.replies[name].format(**values), tuple(buttons))

    def button(self, name: str) -> Button:
        return Button(self._file.labels[name], f"do:{name}")


def _code(match: re.Match[str] | None) -> str | None:
    return re.sub(r"[ -]", "", match["code"]).upper() if match else None


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).strip(" .!\"'“”")
