"""`aftercare assess FILE`: moves of single lines, criteria and bands of talks, as JSON Lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def assess(
    file: Annotated[Path, typer.Argument(help="JSON Lines: records with customer and text, or with turns. - reads standard input.")],
) -> None:
    """Assess lines and talks from a file; results go to standard output, one JSON object per record, in order."""
    from bot.assess import Assessor, ready
    from bot.assess.command import assess_records
    from bot.settings import read_settings

    try:
        rows = (sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()).decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"it is not UTF-8 ({error.reason} at byte {error.start})"
        typer.echo(f"{file} cannot be read: {reason}.", err=True)
        raise typer.Exit(2) from error
    settings = read_settings()
    assessor = Assessor.open(ready(settings), settings.knowledge)
    wrong = assess_records(assessor, rows, typer.echo, lambda number, problem: typer.echo(f"{file}:{number}: {problem}", err=True))
    if wrong:
        raise typer.Exit(1)
