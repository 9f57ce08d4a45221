"""Drafts as a file like those of knowledge/questions/, which the checker refuses until every TODO in it is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

import yaml

from bot.quiz.exchange.draft import Draft, Imported

_HEADER = """\
# Draft of quiz items. Replace every TODO, then move the file to knowledge/questions/ and run `aftercare questions check`,
# which refuses it while something is left.
questions:
"""


def draft_text(imported: Imported) -> str:
    """The file. What each item lacks stands above it."""
    return _HEADER + "\n".join(map(_item, imported.drafts))


def _item(draft: Draft) -> str:
    written = yaml.safe_dump([dict(draft.item)], sort_keys=False, allow_unicode=True, width=130)
    return indent("\n".join((*_comments(draft), written)), "  ", lambda line: bool(line.strip()))


def _comments(draft: Draft) -> Iterator[str]:
    yield f"# from line {draft.line}"
    yield from (f"# TODO {' '.join(what.split())}" for what in draft.lacks)
    yield from (f"# not carried: {' '.join(what.split())}" for what in draft.lost)
