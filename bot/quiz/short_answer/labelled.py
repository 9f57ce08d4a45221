"""Answers with a person's marks, which the marker learns from: knowledge/short_answers.jsonl."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.questions import Idea, Misbelief, Short


@dataclass(frozen=True)
class Labelled:
    """A learner's text with its mark, the numbers of the ideas that it holds and of the misbelief, if it holds one."""

    item: str
    text: str
    mark: str
    ideas: tuple[int, ...]
    misbelief: int | None = None


@dataclass(frozen=True)
class Training:
    """Labelled answers, and the items that were invented for this file only."""

    answers: tuple[Labelled, ...]
    invented: Mapping[str, Short]


def read_labelled(path: Path) -> Training:
    """The file has one JSON value a line: an answer, or under `invented` an item with `ask`, `ideas` (wordings), `wrong` and `model`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    answers = tuple(Labelled(**{**row, "ideas": tuple(row["ideas"])}) for row in rows if "invented" not in row)
    return Training(answers, {row["invented"]["id"]: _item(row["invented"]) for row in rows if "invented" in row})


def _item(row: Mapping[str, Any]) -> Short:
    """An item that nobody is asked, and that therefore has no hints or explanations."""
    return Short.construct(
        id=row["id"],
        kind="short",
        story=None,
        ask=row["ask"],
        hints=(),
        explain="",
        ideas=tuple(Idea.construct(say=tuple(wordings), missing="") for wordings in row["ideas"]),
        model=row["model"],
        wrong=tuple(Misbelief.construct(text=text, why="") for text in row["wrong"]),
    )
