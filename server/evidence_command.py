"""`aftercare evidence LEARNER`: what a learner has practised, as one page for a portfolio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from bot.evidence import Kept
    from bot.settings import Settings

Command = Callable[[str, "Path | None"], None]


class PracticeRuns(Protocol):
    """Where a learner's practices are kept."""

    def runs(self, learner: str) -> Sequence[Kept]:
        """The learner's practices in any order; empty for an unknown learner. Raises sqlalchemy's errors when the database is away."""
        ...


def evidence_command(open_runs: Callable[[Settings], PracticeRuns]) -> Command:
    """The command, reading practices from what `open_runs` opens."""

    def evidence(
        learner: Annotated[str, typer.Argument(help="The learner, as the inbox names them.")],
        into: Annotated[Path | None, typer.Option(help="File to write; evidence-LEARNER.html here when left out.")] = None,
    ) -> None:
        """Write a learner's practices, marks, reflections and forms as one HTML page that prints and opens anywhere."""
        from bot.evidence import Gatherer, page
        from bot.evidence.versions import versions_of
        from bot.settings import read_settings

        settings = read_settings()
        kept = open_runs(settings).runs(learner)
        try:
            made = Gatherer.open(settings.knowledge).gather(learner, kept, versions_of(settings), datetime.now(timezone.utc).date())
        except ValueError as error:
            typer.echo(f"{learner}: {error}.", err=True)
            raise typer.Exit(1) from error
        path = into or Path(f"evidence-{_in_a_name(learner)}.html")
        path.write_text(page(made), encoding="utf-8")
        typer.echo(path)

    return evidence


def _in_a_name(learner: str) -> str:
    """What of the learner's name may stand in a file's name."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in learner).strip(".-") or "learner"
