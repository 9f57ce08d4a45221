"""`aftercare evidence LEARNER`: what a learner has practised, as one page for a portfolio."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from bot.evidence import Kept, Versions
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


def versions_of(settings: Settings) -> Versions:
    """Of the content and the assessor at hand, and of the program."""
    from bot.assess.kept import trained_file
    from bot.evidence import Versions

    return Versions(content_version(settings.knowledge), trained_file(settings).stem, f"aftercare {version('aftercare')}")


def content_version(knowledge: Path) -> str:
    """SHA-256 over names and bytes of all content, in 16 digits: equal exactly when all that learners are told is equal."""
    digest = hashlib.sha256()
    for path in sorted(path for path in knowledge.rglob("*") if path.suffix in (".yml", ".jsonl")):
        digest.update(f"{path.relative_to(knowledge).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _in_a_name(learner: str) -> str:
    """What of the learner's name may stand in a file's name."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in learner).strip(".-") or "learner"
