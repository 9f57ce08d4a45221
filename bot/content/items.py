"""The quiz item bank as one value, read from knowledge/questions/*.yml."""

from __future__ import annotations

from pathlib import Path

from bot.content.files import read
from bot.content.questions import Item, QuestionFile
from bot.errors import ContentError


def load_items(folder: Path) -> tuple[Item, ...]:
    """Every item of every file in `folder`, in the order of file names. Raises ContentError listing every problem of every file."""
    problems: list[str] = []
    items: list[Item] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            items += read(path, QuestionFile).questions
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return tuple(items)
