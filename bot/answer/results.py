"""What looking for an answer can lead to. Values, not texts: words are put on them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content import Answerable, Topic


@dataclass(frozen=True)
class Found:
    """An answer. With `caveat`, it is the nearest one rather than a sure one.

    `near` are answers close behind it, whose point is given too; `others` are next best topics, to be offered.
    """

    answerable: Answerable
    caveat: bool = False
    near: tuple[Answerable, ...] = ()
    others: tuple[Answerable, ...] = ()


@dataclass(frozen=True)
class Compared:
    """Two topics side by side, where no answer compares them."""

    first: Topic
    second: Topic


@dataclass(frozen=True)
class Unclear:
    """Too little to go on; these are what it may mean."""

    choices: tuple[Answerable, ...]


@dataclass(frozen=True)
class Declined:
    """Not within what is covered. `nearest` are three topics; `garbled` when the message is not words."""

    nearest: tuple[Topic, ...]
    garbled: bool = False


Result = Found | Compared | Unclear | Declined
