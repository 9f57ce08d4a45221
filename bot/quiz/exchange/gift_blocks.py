"""A GIFT file cut into its questions: blank lines, comments and categories are dealt with here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CATEGORY: Final = "$CATEGORY:"
_LABEL: Final = re.compile(r"\[id:((?:[^]\\]|\\.)+)\]")
_TAG: Final = re.compile(r"\[tag:((?:[^]\\]|\\.)+)\]")


@dataclass(frozen=True)
class Block:
    """The lines of one question, `line` being the first of them; comments in it are blank. `label` and `tags` come from comments."""

    text: str
    line: int
    category: str
    label: str
    tags: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """The questions of a file, whose lines end in a line feed."""
    category = ""
    for start, lines in _paragraphs(text):
        comments = " ".join(line for line in lines if _is_comment(line))
        kept = ["" if _is_comment(line) else line for line in lines]
        for place, line in enumerate(kept):
            if line.strip().startswith(_CATEGORY):
                category = line.strip().removeprefix(_CATEGORY).strip()
                kept[place] = ""
        first = next((place for place, line in enumerate(kept) if line.strip()), None)
        if first is not None:
            label = _LABEL.search(comments)
            tags = tuple(_unescaped(tag) for tag in _TAG.findall(comments))
            yield Block("\n".join(kept[first:]), start + first, category, _unescaped(label[1]) if label else "", tags)


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines between blank lines, with the number of the first."""
    held: list[str] = []
    for number, line in enumerate((*text.split("\n"), ""), 1):
        if line.strip():
            held.append(line)
        elif held:
            yield number - len(held), held
            held = []


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()
