"""`aftercare demo`: a made-up college to look at."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.errors import AftercareError

if TYPE_CHECKING:
    from bot.demo import Filled
    from bot.settings import Settings

out = Console()
err = Console(stderr=True)
_PASSWORD_WORDS = 4


class DemoRefusedError(AftercareError):
    """The database is in use by real learners."""


def demo(
    database: Annotated[str | None, typer.Option(help="Address of the database to fill; the usual one when left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Add the college to a database that has conversations already.")] = False,
    groups: Annotated[int, typer.Option(min=1, max=3, help="How many groups.")] = 3,
    learners: Annotated[int, typer.Option(min=1, max=1000, help="How many learners.")] = 60,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many weeks, up to today.")] = 8,
) -> None:
    """Fill a database with a made-up college: groups, learners, weeks of conversations, and problems to be found."""
    from bot.settings import read_settings

    settings = read_settings()
    filled = _fill(settings, database or settings.database_url, force, (groups, learners, weeks))
    _tell(settings, database, filled)


def _fill(settings: Settings, address: str, force: bool, size: tuple[int, int, int]) -> Filled:
    from bot.demo import College, Size
    from bot.opening import open_tutor
    from bot.records import migrate, open_engine
    from bot.records.engine import reading
    from bot.records.turns import has_conversations

    engine = open_engine(address)
    migrate(engine)
    with reading(engine) as connection:
        if has_conversations(connection) and not force:
            raise DemoRefusedError("This database holds conversations already. Give --database for another one, or --force to add to it.")
    with err.status("Opening the tutor"):
        tutor = open_tutor(settings)
    college = College(engine, tutor, _password)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("Visits of learners", total=None)
        return college.fill(Size(*size), datetime.now(timezone.utc), lambda done, total: progress.update(task, completed=done, total=total))


def _password() -> str:
    from bot.demo.material import load_material

    return " ".join(secrets.choice(load_material().password_words) for _ in range(_PASSWORD_WORDS))


def _tell(settings: Settings, database: str | None, filled: Filled) -> None:
    def say(text: str = "") -> None:
        out.print(text, highlight=False, markup=False, soft_wrap=True)

    say(f"{filled.conversations} conversations with {filled.turns} messages are there. Nobody in them exists.")
    say()
    say("Accounts of the desk. These passwords are shown this once:")
    for account in filled.accounts:
        say(f"  {account.name} ({account.role}): {account.password}")
    say()
    say("Groups, with the codes that learners join by:")
    for name, code in filled.groups:
        say(f"  {name}: {code}")
    say()
    where = " with AFTERCARE_DATABASE_URL set to that database" if database else ""  # its address can hold a password
    say(f"Next: run `aftercare serve`{where}, open http://127.0.0.1:{settings.review_port}/ and sign in.")
