"""`aftercare review`: what tutors put right at the desk, shown as a file of changes and written into the project's own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from bot.improving import Plan

app = typer.Typer(no_args_is_help=True, help="Changes that tutors proposed at the desk.")
out = Console()
_BY = "command line"
Agree = Callable[[str], bool]


@app.command()
def changes() -> None:
    """Print what waits as a file of changes, with what would be refused and why."""
    from bot.improving import change_file

    settings = read_settings()
    out.print(change_file(planned(settings, _database(settings))), end="", markup=False, highlight=False, soft_wrap=True)


@app.command()
def apply(yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False) -> None:
    """Write what waits into data/nlu/, knowledge/phrasings/ and the tests that hold it, in one step."""
    settings = read_settings()
    made = apply_waiting(settings, _database(settings), time.time(), lambda question: yes or typer.confirm(question))
    if made is None:
        out.print("Nothing was written.")
        raise typer.Exit(1)
    if made.accepted:
        out.print(f"{len(made.accepted)} applied. Next: read `git diff`, then run `aftercare train --gate`.", highlight=False)
    if made.refused:
        raise typer.Exit(1)


def planned(settings: Settings, engine: Engine) -> Plan:
    """What applying would do now."""
    from bot.content import load_kept
    from bot.improving import Ground, Reviewed, plan
    from bot.records.engine import reading
    from bot.records.improvements import waiting

    library = load_kept(settings.knowledge, settings.var / "index" / "content.json")
    with reading(engine) as connection:
        waits = waiting(connection)
    return plan(waits, Ground.read(settings.root, library), Reviewed.read(settings.root))


def apply_waiting(settings: Settings, engine: Engine, now: float, agree: Agree) -> Plan | None:
    """What was done; None when it was not agreed to. Raises ImprovingError when another process is at it.

    Files come first: whatever stops it between the two, applying again finds the texts there and only marks them.
    """
    from bot.improving import applying, write
    from bot.records.improvements import mark_applied
    from bot.records.trail import Entry, note

    with applying(settings.var):
        made = planned(settings, engine)
        _show(made)
        if made.files and not agree("Write this?"):
            return None
        write(made, settings.root)
        with engine.begin() as connection:
            mark_applied(connection, made.accepted, now)
            for change in made.accepted:
                note(connection, Entry(now, _BY, "applied an improvement", change.sender, f"{change.kind} {change.target}"))
    return made


def _show(made: Plan) -> None:
    if made.files:
        out.print(made.difference, markup=False, highlight=False, soft_wrap=True)
    elif not made.refused:
        out.print("Everything that tutors put right is in the files already." if made.accepted else "Nothing waits.")
    for one in made.refused:
        out.print(f"refused: “{one.change.text}” as {one.change.target}: {one.why}", markup=False, highlight=False, soft_wrap=True)


def _database(settings: Settings) -> Engine:
    from bot.records import migrate, open_engine

    engine = open_engine(settings.database_url)
    migrate(engine)
    return engine
