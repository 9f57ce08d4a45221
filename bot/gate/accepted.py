"""The figures that were accepted last, in a file that is committed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.errors import ContentError
from bot.gate.figures import Figure

ACCEPTED: Final = Path("tests/benchmarks/gate.json")


def read_accepted(path: Path) -> tuple[Figure, ...]:
    """Nothing when there is no file yet. Raises ContentError when it cannot be read."""
    if not path.exists():
        return ()
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Figure(name, tuple(value["failed"]), int(value["of"])) for name, value in values.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ContentError([f"{path}: cannot be read. Take it back from the repository, or write it anew with --accept."]) from error


def write_accepted(path: Path, figures: Sequence[Figure]) -> None:
    values = {figure.name: {"of": figure.of, "failed": figure.failed} for figure in figures}
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
