"""xAPI statements of a selection as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy.engine import Engine

from bot.exporting.xapi import Statements
from bot.records.access import Viewer
from bot.records.exporting import attempt_rows, practice_rows
from bot.records.selection import Selection

_PIECE: Final = 200


def statements_in(engine: Engine, viewer: Viewer, wanted: Selection, made: Statements) -> Iterator[dict[str, Any]]:
    """Of answers, then of practices."""
    return chain(made.of_attempts(attempt_rows(engine, viewer, wanted)), made.of_practices(practice_rows(engine, viewer, wanted)))


def statement_lines(statements: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One statement a line, many lines a piece."""
    while piece := list(islice(statements, _PIECE)):
        yield "".join(f"{json.dumps(statement, ensure_ascii=False)}\n" for statement in piece)
