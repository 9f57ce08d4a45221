"""`aftercare data`: what is kept of a learner, written out or erased; `aftercare retain`: what has been kept long enough goes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table

from bot.errors import AftercareError
from bot.settings import read_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from bot.records.people import Person

app = typer.Typer(no_args_is_help=True, help="What is kept of learners: show, export, erase, and pseudonymous for research.")
out = Console()
_BY = "command line"
Whom = Annotated[str, typer.Argument(help="The learner's number, or the name of one of their conversations.")]


@app.command()
def show(whom: Whom) -> None:
    """Count what is kept of a learner, table by table."""
    from bot.records.engine import reading
    from bot.records.erasure import remains

    with _records() as engine:
        person = _find(engine, whom)
        with reading(engine) as connection:
            counts = remains(connection, person)
        _note(engine, "counted a learner's data", person)
    _print(counts, f"{_called(person)}, {len(person.senders)} conversations")


@app.command()
def export(whom: Whom, to: Annotated[Path, typer.Option(help="Folder to write into; made if it is not there.")]) -> None:
    """Write everything of a learner, for programs (JSON) and for reading (HTML). Files are readable by you alone."""
    from bot.privacy.page import page
    from bot.records.engine import reading
    from bot.records.learner_data import everything

    with _records() as engine:
        person = _find(engine, whom)
        with reading(engine) as connection:
            data = everything(connection, person, datetime.now(timezone.utc))
        _note(engine, "exported a learner's data", person)
    name = f"learner-{person.learner}" if person.learner is not None else "conversation"
    for ending, text in (("json", json.dumps(data, indent=1, ensure_ascii=False)), ("html", page(data))):
        out.print(_written(to / f"{name}.{ending}", text), highlight=False, soft_wrap=True)


@app.command()
def erase(whom: Whom, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase everything of a learner and report what went. It cannot be brought back."""
    from bot.records.erasure import erase as erase_all
    from bot.records.erasure import remains, sweep, vacuum

    with _records() as engine:
        person = _find(engine, whom)
        if not yes:
            typer.confirm(f"Erase everything of {_called(person)} ({len(person.senders)} conversations)?", abort=True)
        with engine.begin() as connection:
            done = erase_all(connection, person, _BY, time.time())
        swept = sweep(engine)
        vacuum(engine)
        with engine.begin() as connection:
            left = sum(remains(connection, person).values())
    _print(done.counts, f"Erased: {_called(person)}")
    out.print(f"{done.total} rows are gone, {left} are left.", highlight=False)
    if done.applied:
        out.print(
            f"{done.applied} examples of theirs had been applied: their words are in data/nlu/ or knowledge/ without anybody's name. "
            "Look there for what should go as well.",
            highlight=False,
        )
    if not swept:
        out.print("Other programs read the database all the while, so its log still holds old pages: run this again or restart the server.")
    out.print("Backups made before still hold them, and so do files that were exported: see docs/privacy.md.")


@app.command()
def research(to: Annotated[Path, typer.Option(help="File to write, one JSON object a line.")]) -> None:
    """Write messages, answers and practices of all learners under pseudonyms, without names and personal data."""
    from bot.records.research import research as lines_of
    from bot.records.trail import Entry, note

    settings = read_settings()
    count = 0
    with _records() as engine:
        with engine.begin() as connection:
            note(connection, Entry(time.time(), _BY, "exported for research", "all learners"))
        with _private_file(to) as file:
            for line in lines_of(engine, settings.secret):
                file.write(line)
                count += 1
    out.print(f"{count} records are in {to}. Read docs/privacy.md on what pseudonymous means before you share them.", highlight=False)


def retain(dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go, and change nothing.")] = False) -> None:
    """Remove what has been kept for as long as the settings say. Run it daily; learners can go on meanwhile."""
    from bot.records.erasure import sweep
    from bot.records.retention import Periods
    from bot.records.retention import retain as apply
    from bot.records.trail import Entry, note

    settings = read_settings()
    periods = Periods(settings.keep_deliveries_days, settings.keep_words_days, settings.keep_results_years, settings.keep_trail_days)
    with _records() as engine:
        counts = apply(engine, periods, datetime.now(timezone.utc), dry_run)
        total = sum(counts.values())
        if not dry_run:
            with engine.begin() as connection:
                note(connection, Entry(time.time(), _BY, "applied retention", "all learners", f"{total} rows"))
            sweep(engine)
    _print(counts, "Would go" if dry_run else "Removed")
    out.print(f"{total} rows in all.", highlight=False)


@contextmanager
def _records() -> Iterator[Engine]:
    """The database, brought up to date."""
    import sqlalchemy as sa

    from bot.records import migrate, open_engine, short_reason

    engine = open_engine(read_settings().database_url)
    try:
        migrate(engine)
        yield engine
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        raise AftercareError(
            f"The database cannot be used: {short_reason(error)}. Nothing was done, or only in part: run it again."
        ) from error
    finally:
        engine.dispose()


def _find(engine: Engine, whom: str) -> Person:
    from bot.records.engine import reading
    from bot.records.people import find_person

    with reading(engine) as connection:
        person = find_person(connection, whom)
    if person is None:
        raise AftercareError("There is no learner of that number and no conversation of that name.")
    return person


def _note(engine: Engine, what: str, person: Person) -> None:
    from bot.records.trail import Entry, note

    with engine.begin() as connection:
        note(connection, Entry(time.time(), _BY, what, person.subject))


def _called(person: Person) -> str:
    return f"learner {person.learner}" if person.learner is not None else "the learner of that conversation"


def _print(counts: Mapping[str, int], title: str) -> None:
    table = Table("What", "Rows", title=title, title_justify="left")
    for name, count in counts.items():
        table.add_row(name, str(count))
    out.print(table)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _private_file(path) as file:
        file.write(text)
    return path


@contextmanager
def _private_file(path: Path) -> Iterator[TextIO]:
    """A new file that only its owner can read; one that is there is replaced when the new one is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise AftercareError(f"{path} cannot be written: {error.strerror}.") from error
