"""The `aftercare` command. Each command imports what it needs when it runs, so that `ask` starts quickly."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.errors import AftercareError
from bot.settings import Settings, read_settings
from server.assess_command import assess
from server.backup_command import backup, restore
from server.channels_command import app as channels
from server.data_command import app as data
from server.data_command import retain
from server.demo_command import demo
from server.evidence_command import evidence_command
from server.export_command import app as export
from server.practise_command import practise
from server.questions_command import app as questions
from server.remind_command import remind
from server.review_command import app as review
from server.tutor_command import app as tutors

if TYPE_CHECKING:
    from bot.records import Practices

# Read by numpy when it is imported. One message's sums are too small to share out: threads of their own made them slower and uneven.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Read by aiohttp when it is imported. The parser in C of the version that Rasa pins reads past its memory (CVE-2026-69244).
os.environ["AIOHTTP_NO_EXTENSIONS"] = "1"


def _practices(settings: Settings) -> Practices:
    """The learners' practices, for the command that shows them."""
    from bot.records import Practices, migrate, open_engine

    engine = open_engine(settings.database_url)
    migrate(engine)
    return Practices(engine)


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Aftercare: a tutor for post-transaction customer service.",
)
app.add_typer(questions, name="questions")
app.add_typer(channels, name="channels")
app.add_typer(data, name="data")
app.add_typer(export, name="export")
app.add_typer(review, name="review")
app.add_typer(tutors, name="tutor")
app.command()(practise)
app.command()(retain)
app.command()(remind)
app.command()(demo)
app.command()(backup)
app.command()(restore)
app.command()(assess)
app.command()(evidence_command(_practices))
out = Console()
err = Console(stderr=True)


@app.callback()
def aftercare() -> None:
    """Aftercare: a tutor for post-transaction customer service."""


@app.command()
def check(
    strict: Annotated[bool, typer.Option(help="Treat warnings, such as law due for review, as errors.")] = False,
    originals: Annotated[
        Path | None, typer.Option(envvar="AFTERCARE_ORIGINALS", help="Folder of texts whose wording must not be repeated.")
    ] = None,
) -> None:
    """Check the content: schema, references, coverage, review dates, items, and every scenario by playing it."""
    from bot.check import check_everything

    report = check_everything(read_settings().knowledge, datetime.now(timezone.utc).date(), originals)
    for line in report.errors:
        err.print(f"[red]error[/] {line}", highlight=False, soft_wrap=True)
    for line in report.warnings:
        err.print(f"[yellow]warning[/] {line}", highlight=False, soft_wrap=True)
    out.print(f"{report.covered} of {report.required} facts are covered; {len(report.errors)} errors, {len(report.warnings)} warnings.")
    if report.errors or (strict and report.warnings):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
) -> None:
    """Answer a question in the terminal."""
    from bot.answer import Context
    from bot.opening import open_asking

    with _progress("Building the index") as advance:
        asking = open_asking(read_settings(), advance)
    reply = asking.respond(question, Context()).reply
    out.print(reply.text, highlight=False, markup=False)
    for button in reply.buttons:
        out.print(f"  · {button.title}", style="dim", highlight=False, markup=False)


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Train even if the model is up to date, or was refused by the gate.")] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Keep the model in use if the new one loses on any gated figure.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="With the gate: take the new figures as they are, worse ones too.")] = False,
) -> None:
    """Train the Rasa model, build the index and the assessor, unless all are up to date."""
    from bot.opening import open_tutor
    from server.gate import pass_gate
    from server.model import kept_instead, up_to_date_model
    from server.model import train as train_model

    settings = read_settings()
    with _progress("Building the index") as advance:
        tutor = open_tutor(settings, advance)
        tutor.warm_up()
    if gate or accept:
        with _progress("Training and measuring; this takes about two minutes") as advance:
            passed = pass_gate(settings, tutor.asking, out, advance, accept)
        raise typer.Exit(0 if passed else 1)
    if not force and kept_instead(settings):
        out.print("The gate refused the model of the present data, so the one before it stays in use. `--force` trains it all the same.")
        return
    if force or not up_to_date_model(settings).exists():
        with out.status("Training the model; this takes about a minute"):
            train_model(settings, force)
    out.print("The index, the assessor and the model are up to date.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default HOST or 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default PORT or 5005.")] = None,
) -> None:
    """Serve the tutor in the foreground until SIGTERM or Ctrl+C."""
    from server.one_heap import use_one_heap

    use_one_heap()
    from server.launcher import serve as serve_everything
    from server.model import train as train_model

    settings = read_settings()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    serve_everything(settings, train_model(settings))


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar that appears only when there is something to do."""
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task(label, total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=True)


def main() -> None:
    """Run the command; an expected error is one clear message, never a traceback."""
    try:
        app()
    except AftercareError as error:
        err.print(f"[red]error[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)
