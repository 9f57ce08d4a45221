"""What a channel can show: its vendor's limits, which are told with their sources in docs/channels.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram and others count: never fewer than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Surface:
    """`text` is the longest text of a message in the units of `measure`, `pressed_text` the longest above things to press.

    `presses` is how many of those fit, `title` their longest label in characters and `token` their longest value in bytes. `joins` when
    the replies of a turn go out as one message where they fit.
    """

    text: int
    presses: int
    title: int
    token: int
    measure: Callable[[str], int] = units
    joins: bool = False
