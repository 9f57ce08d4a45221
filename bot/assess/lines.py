"""Reads lines that people have labelled, from knowledge/moves/*.jsonl."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.assess.labels import LABELS
from bot.errors import ContentError


@dataclass(frozen=True)
class Line:
    """A line said to a customer after what the customer said, with every move that it makes."""

    id: str
    customer: str
    text: str
    labels: frozenset[str]

    @property
    def key(self) -> bytes:
        """Eight bytes that stand for what was said, by either side."""
        return hashlib.sha256(f"{self.customer}\0{self.text}".encode()).digest()[:8]

    @property
    def scenario(self) -> str:
        """What the line is about: the letters after the last underscore of its id, else the id."""
        return re.sub(r"\d+$", "", self.id.rpartition("_")[2]) or self.id


def read_lines(folder: Path) -> tuple[Line, ...]:
    """Every labelled line of the folder, by file and place. Raises ContentError naming file and line of each mistake."""
    lines: list[Line] = []
    problems: list[str] = []
    seen: set[str] = set()
    for path in training_files(folder):
        for number, row in _rows(path):
            try:
                line = _line(row)
                if line.id in seen:
                    raise ValueError(f"the id {line.id} stands twice")
                seen.add(line.id)
                lines.append(line)
            except ValueError as error:
                problems.append(f"{path}:{number}: {error}")
    if problems:
        raise ContentError(problems)
    return tuple(lines)


def training_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def _rows(path: Path) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if row.strip():
            yield number, row


def _line(row: str) -> Line:
    try:
        values = json.loads(row)
        line = Line(str(values["id"]), str(values["customer"]), str(values["text"]), frozenset(values["labels"]))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"not a labelled line with id, customer, text and labels ({error})") from error
    unknown = sorted(line.labels - set(LABELS))
    if unknown:
        raise ValueError(f"unknown labels: {', '.join(unknown)}")
    return line
