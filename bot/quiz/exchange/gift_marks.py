"""GIFT text with its escapes resolved, in which what was escaped can no longer be taken for syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CHARACTER: Final = re.compile(r"\\[\\:#={}~n]|.", re.DOTALL)
_MASK: Final = "\0"


class GiftError(ValueError):
    """A question that cannot be read; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Marked:
    """`text` is what is meant; `marks` is the same with escaped characters masked, to look for syntax; `line` is where it begins."""

    text: str
    marks: str
    line: int

    def cut(self, start: int, stop: int | None = None) -> Marked:
        """The part from `start` to `stop`, without white space around it."""
        inner = self.text[start:stop]
        start += len(inner) - len(inner.lstrip())
        stop = start + len(inner.strip())
        return Marked(self.text[start:stop], self.marks[start:stop], self.line_at(start))

    def line_at(self, place: int) -> int:
        return self.line + self.marks.count("\n", 0, place)

    def split(self, sign: str, most: int = 0) -> Iterator[Marked]:
        """The parts around an unescaped sign; at most `most` cuts, if given."""
        start = 0
        for found in list(re.finditer(re.escape(sign), self.marks))[: most or None]:
            yield self.cut(start, found.start())
            start = found.end()
        yield self.cut(start)

    def error(self, reason: str) -> GiftError:
        return GiftError(self.line, reason)


def marked(raw: str, line: int) -> Marked:
    """`raw` with the escapes of GIFT resolved. A backslash before any other character is a backslash."""
    text: list[str] = []
    marks: list[str] = []
    for found in _CHARACTER.findall(raw):
        escaped = len(found) > 1
        text.append(("\n" if found[1] == "n" else found[1]) if escaped else found)
        marks.append(_MASK if escaped else found)
    return Marked("".join(text), "".join(marks), line).cut(0)
