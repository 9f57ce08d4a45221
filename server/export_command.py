"""`aftercare export`: what is recorded as files, a piece at a time, so that any amount fits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer
from rich.console import Console

from bot.errors import AftercareError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from bot.records.selection import Selection
    from bot.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Write what is recorded to files: tables, xAPI statements, evidence packs.")
err = Console(stderr=True)
_BY = "command line"
_EVER = 1e12  # seconds since 1970: later than anything


class ExportError(AftercareError):
    """Something to export was named that is not there, or cannot be written; the message says what."""


class Format(str, Enum):
    """How a table is written."""

    csv = "csv"
    jsonl = "jsonl"
    json = "json"


_Format = Annotated[Format, typer.Option("--format", help="CSV opens in spreadsheets.")]
_Group = Annotated[str | None, typer.Option("--group", help="Only this group, by its name or number.")]
_Since = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on (UTC).")]
_Until = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Until this day, included (UTC).")]
_Into = Annotated[Path | None, typer.Option(help="New file to write; without it everything goes to standard output.")]


@app.command()
def conversations(
    format_: _Format = Format.csv, group: _Group = None, since: _Since = None, until: _Until = None, into: _Into = None
) -> None:
    """One row for each conversation, as the inbox shows it."""
    _table("conversations", format_, _Asked(group, since, until), into)


@app.command()
def messages(format_: _Format = Format.csv, group: _Group = None, since: _Since = None, until: _Until = None, into: _Into = None) -> None:
    """One row for each message of either side."""
    _table("messages", format_, _Asked(group, since, until), into)


@app.command()
def attempts(format_: _Format = Format.csv, group: _Group = None, since: _Since = None, until: _Until = None, into: _Into = None) -> None:
    """One row for each answer in a quiz, with the mark that counts."""
    _table("attempts", format_, _Asked(group, since, until), into)


@app.command()
def practices(format_: _Format = Format.csv, group: _Group = None, since: _Since = None, until: _Until = None, into: _Into = None) -> None:
    """One row for each practice, with a column for each criterion."""
    _table("practices", format_, _Asked(group, since, until), into)


@app.command()
def xapi(group: _Group = None, since: _Since = None, until: _Until = None, into: _Into = None) -> None:
    """xAPI 1.0.3 statements of answers and practices as JSON lines; learners are pseudonyms at AFTERCARE_HOME_PAGE."""
    from bot.content import load
    from bot.exporting import Statements
    from bot.exporting.statement_file import statement_lines, statements_in
    from bot.practice import open_practice
    from bot.quiz import Bank

    settings, engine = _opened()
    knowledge = settings.knowledge
    scenarios = open_practice(knowledge).scenarios
    made = Statements(settings.home_page, settings.secret, Bank.load(knowledge), load(knowledge), scenarios)
    asked = _Asked(group, since, until)
    found = _Counted(statements_in(engine, _everything(), asked.selection(engine), made))
    with _written(into) as file:
        _write(file, (piece.encode() for piece in statement_lines(found)))
    _note(engine, "exported statements", asked.subject, f"{found.count} xAPI statements")


@app.command()
def evidence(
    learner: Annotated[str, typer.Argument(help="The learner's number, or one of their conversations as the inbox names it.")],
    into: Annotated[Path | None, typer.Option(help="New file to write; evidence-NUMBER.zip here when left out.")] = None,
) -> None:
    """A learner's evidence pack: the evidence page, practices line by line, marks with their trail, answers."""
    from bot.evidence import Gatherer
    from bot.evidence.versions import versions_of
    from bot.exporting.learner_pack import LearnerPack
    from bot.records.engine import reading
    from bot.records.people import find_person

    settings, engine = _opened()
    with reading(engine) as connection:
        found = find_person(connection, learner)
    if found is None or found.learner is None:
        raise ExportError(f"There is no learner {learner} with anything recorded. The desk shows a learner's number on their page.")
    gatherer = Gatherer.open(settings.knowledge)
    pack = LearnerPack(engine, gatherer, versions_of(settings), _everything(), datetime.now(timezone.utc))
    path = into or Path(f"evidence-{found.learner}.zip")
    with _written(path) as file:
        size = _write(file, pack.of(found.learner))
    _note(engine, "exported evidence", found.subject, f"{size} bytes of an evidence pack")
    typer.echo(path)


@dataclass(frozen=True)
class _Asked:
    """Which records, as the options say."""

    group: str | None
    since: datetime | None
    until: datetime | None

    @property
    def subject(self) -> str:
        """How the trail names them."""
        return self.group or "everybody"

    def selection(self, engine: Engine) -> Selection:
        from bot.records.selection import selected

        number = _group(engine, self.group) if self.group else None
        until = _midnight(self.until + timedelta(days=1)) if self.until else _EVER
        return selected(_everything(), number, _midnight(self.since) if self.since else 0.0, until)


def _table(kind: str, format_: Format, asked: _Asked, into: Path | None) -> None:
    from bot.exporting import in_format
    from bot.exporting.kinds import KINDS

    _, engine = _opened()
    selection = asked.selection(engine)
    if kind in ("conversations", "messages"):
        _read_on(engine)
    chosen = KINDS[kind]
    rows = _Counted(chosen.read(engine, _everything(), selection))
    with _written(into) as file:
        _write(file, (piece.encode("utf-8", "replace") for piece in in_format(format_.value, chosen.row, rows)))
    _note(engine, f"exported {kind}", asked.subject, f"{rows.count} rows as {format_.value}")


class _Counted:
    """Passes things on and counts them."""

    def __init__(self, things: Iterator[Any]) -> None:
        self._things = things
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        thing = next(self._things)
        self.count += 1
        return thing


def _opened() -> tuple[Settings, Engine]:
    from bot.records import migrate, open_engine
    from bot.settings import read_settings

    settings = read_settings()
    engine = open_engine(settings.database_url)
    migrate(engine)
    return settings, engine


def _everything() -> Any:
    """Whoever can run this can read the database anyway."""
    from bot.records.access import Viewer

    return Viewer(0, lead=True)


def _midnight(day: datetime) -> float:
    return day.replace(tzinfo=timezone.utc).timestamp()


def _group(engine: Engine, name: str) -> int:
    from bot.records.engine import reading
    from bot.records.groups import groups_seen

    with reading(engine) as connection:
        known = groups_seen(connection, _everything())
    found = [group.id for group in known if name in (group.name, str(group.id), group.code)]
    if len(found) != 1:
        listed = "; ".join(f"{group.id} {group.name}" for group in known) or "none"
        raise ExportError(f"No one group is called {name}. There are: {listed}. Give the number.")
    return found[0]


def _read_on(engine: Engine) -> None:
    """What the desk has not read yet would be missing."""
    from bot.records.reader import catch_up

    with err.status("Reading what was said since"):
        while catch_up(engine, datetime.now(timezone.utc).timestamp(), 5.0):
            pass


@contextmanager
def _written(path: Path | None) -> Iterator[BinaryIO]:
    """A new file, or standard output. Raises ExportError when the file is there already or cannot be written."""
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        with path.open("xb") as file:
            yield file
    except FileExistsError as error:
        raise ExportError(f"{path} exists already; it is left as it is.") from error
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.") from error


def _write(file: BinaryIO, pieces: Iterator[bytes]) -> int:
    size = sum(file.write(piece) for piece in pieces)
    file.flush()
    return size


def _note(engine: Engine, what: str, subject: str, detail: str) -> None:
    from bot.records import trail

    with engine.begin() as connection:
        trail.note(connection, trail.Entry(datetime.now(timezone.utc).timestamp(), _BY, what, subject, detail))
    err.print(f"{detail}.", highlight=False)
