"""Turns the replies of a turn into messages that a channel can show. Pure, and the only place where that is decided."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.content.files import read
from bot.content.schema import Strict
from bot.rendering.choices import is_awaited
from bot.rendering.splitting import split
from bot.rendering.surface import Surface
from bot.reply import Button, Reply

ALIAS: Final = "~"  # begins the short name of a token that is too long for a channel
_OWN_PAGE: Final = re.compile(r"(?<![\w/:.-])/(?=(?:evidence|data)/[\w.-])")


class ChannelFile(Strict):
    """knowledge/channels.yml."""

    say: str
    pick: str
    choose: str
    line: str
    notices: dict[str, str]


@dataclass(frozen=True)
class Press:
    """What can be pressed: its label, and the token or the token's alias that comes back."""

    title: str
    token: str


@dataclass(frozen=True)
class Part:
    """One message: text with bold words between double stars, and what can be pressed below it."""

    text: str
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True)
class Renderer:
    """`site` is the address of this server as learners reach it, for links to its own pages."""

    surface: Surface
    words: ChannelFile
    site: str = ""

    def parts(self, replies: Sequence[Reply]) -> list[Part]:
        """The messages of a turn, in order. Never none where something was said."""
        named = is_awaited(replies)
        numbered = not named and any(not self._fits(reply.buttons) for reply in replies)
        made: list[Part] = []
        number = 0
        for reply in replies:
            made += self._of(reply, named, number if numbered else None)
            number += len(reply.buttons)
        return list(self._joined(made)) if self.surface.joins else made

    def _of(self, reply: Reply, named: bool, before: int | None) -> Iterator[Part]:
        """`before` is how many choices were numbered before this reply's; None where labels are shown."""
        text = _OWN_PAGE.sub(f"{self.site}/", reply.in_words).strip()
        presses: tuple[Press, ...] = ()
        if before is not None and reply.buttons:
            lines = [self.words.line.format(number=before + at, title=button.title) for at, button in enumerate(reply.buttons, 1)]
            text = "\n".join((f"{text or self.words.choose}\n\n{self.words.pick}", *lines))
            presses = self._presses([Button(str(before + at), button.token) for at, button in enumerate(reply.buttons, 1)])
        elif reply.buttons:
            presses = self._presses([button for button in reply.buttons if self._fits_one(button)])
            unshown = reply.buttons if not presses else [button for button in reply.buttons if not self._fits_one(button)]
            if unshown:  # only what is open says so: elsewhere it would have been numbered
                text = f"{text}\n\n{self.words.say.format(titles=', '.join(button.title for button in unshown))}".strip()
            text = text or self.words.choose
        return self._cut(text, presses)

    def _cut(self, text: str, presses: tuple[Press, ...]) -> Iterator[Part]:
        cut = split(text, self.surface.text, self.surface.measure)
        for at, part in enumerate(cut, 1):
            yield Part(part, presses if at == len(cut) else ())

    def _presses(self, buttons: Sequence[Button]) -> tuple[Press, ...]:
        if len(buttons) > self.surface.presses:
            return ()
        return tuple(Press(button.title, short(button.token, self.surface.token)) for button in buttons)

    def _fits(self, buttons: Sequence[Button]) -> bool:
        return len(buttons) <= self.surface.presses and all(map(self._fits_one, buttons))

    def _fits_one(self, button: Button) -> bool:
        return len(button.title) <= self.surface.title

    def _joined(self, parts: Sequence[Part]) -> Iterator[Part]:
        held: Part | None = None
        for part in parts:
            joined = Part(f"{held.text}\n\n{part.text}", part.presses) if held and not held.presses else None
            if joined and self.surface.measure(joined.text) <= self.surface.text:
                held = joined
                continue
            if held:
                yield held
            held = part
        if held:
            yield held


def load_words(knowledge: Path) -> ChannelFile:
    """Raises ContentError naming file, line and key."""
    return read(knowledge / "channels.yml", ChannelFile)


def short(token: str, most: int) -> str:
    """The token, or an alias of it where it has more than `most` bytes."""
    return token if len(token.encode()) <= most else ALIAS + hashlib.sha256(token.encode()).hexdigest()[:24]


def meant(alias: str, replies: Sequence[Reply]) -> str | None:
    """The token behind an alias, among the buttons of these replies."""
    return next((button.token for reply in replies for button in reply.buttons if short(button.token, 0) == alias), None)


def reply_of(stored: Mapping[str, Any]) -> Reply:
    """A reply as the inbox keeps it."""
    return Reply(stored["kind"], stored["text"], tuple(Button(button["title"], button["token"]) for button in stored["buttons"]))
