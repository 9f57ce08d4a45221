"""`aftercare questions`: the quiz item bank checked, and exchanged with other question banks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.errors import ContentError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.quiz.exchange import Imported
    from bot.quiz.statistics import Share, Statistics

app = typer.Typer(no_args_is_help=True, help="Check the quiz items; carry them to and from other question banks.")
out = Console()
err = Console(stderr=True)


class Written(str, Enum):
    """Formats that can be written."""

    gift = "gift"
    moodle_xml = "moodle-xml"


class Readable(str, Enum):
    """Formats that can be read."""

    gift = "gift"


@app.command()
def export(
    format_: Annotated[Written, typer.Option("--format", help="Moodle reads both; Moodle XML carries hints as well.")],
    into: Annotated[Path | None, typer.Option(help="File to write; without it the text goes to standard output.")] = None,
) -> None:
    """Write every item for another question bank, and say what could not be carried."""
    from bot.content import load
    from bot.content.items import load_items
    from bot.quiz.exchange import gift_of, moodle_xml_of

    knowledge = read_settings().knowledge
    written = {Written.gift: gift_of, Written.moodle_xml: moodle_xml_of}[format_]
    exported = written(load_items(knowledge / "questions"), load(knowledge).topics)
    if into:
        _write(into, exported.text)
    else:
        typer.echo(exported.text, nl=False)
    for note in exported.notes:
        err.print(f"[yellow]changed[/] {note.what} ({len(note.items)} items)", highlight=False, soft_wrap=True)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file of another question bank.")],
    format_: Annotated[Readable, typer.Option("--format", help="What the file is written in.")] = Readable.gift,
    into: Annotated[Path | None, typer.Option(help="New file for the drafts; without it nothing is written.")] = None,
) -> None:
    """Show what a file would bring and what each item still lacks; with --into, write drafts with TODO at every gap."""
    from bot.content import load
    from bot.content.items import load_items
    from bot.quiz.exchange import draft_text, import_gift

    knowledge = read_settings().knowledge
    folder = knowledge / "questions"
    imported = import_gift(file.read_bytes(), load(knowledge), [item.id for item in load_items(folder)])
    _show_import(imported)
    if into and imported.drafts:
        if into.resolve().parent == folder.resolve():
            raise ContentError([f"{into}: drafts have gaps, and nothing with gaps may stand in {folder}. Choose another folder"])
        _write(into, draft_text(imported))
    if imported.problems:
        raise typer.Exit(1)


@app.command()
def check(
    strict: Annotated[bool, typer.Option(help="Treat warnings, such as law due for review, as errors.")] = False,
    originals: Annotated[
        Path | None, typer.Option(envvar="AFTERCARE_ORIGINALS", help="Folder of texts whose wording must not be repeated.")
    ] = None,
) -> None:
    """Check every item, and show what the bank is made of."""
    from bot.content import load
    from bot.content.check_questions import check_questions
    from bot.content.items import load_items
    from bot.quiz.statistics import statistics

    knowledge = read_settings().knowledge
    items, library = load_items(knowledge / "questions"), load(knowledge)
    findings = check_questions(items, library, datetime.now(timezone.utc).date(), originals)
    _show("[red]error[/]", findings.errors)
    _show("[yellow]warning[/]", findings.warnings)
    _show_statistics(statistics(items, library.rows))
    out.print(f"{len(items)} items; {len(findings.errors)} errors, {len(findings.warnings)} warnings.", highlight=False)
    if findings.errors or (strict and findings.warnings):
        raise typer.Exit(1)


def _show(label: str, lines: Iterable[str]) -> None:
    for line in lines:
        err.print(label, end=" ")
        err.print(line, highlight=False, markup=False, soft_wrap=True)


def _show_import(imported: Imported) -> None:
    for draft in imported.drafts:
        out.print(f"line {draft.line}: {draft.item['kind']} {draft.item['id']}", highlight=False, markup=False, soft_wrap=True)
        for what in draft.lacks:
            out.print(f"  lacks {what}", style="dim", highlight=False, markup=False, soft_wrap=True)
        for what in draft.lost:
            out.print(f"  not carried: {what}", style="dim", highlight=False, markup=False, soft_wrap=True)
    _show("[yellow]not carried[/]", imported.not_carried)
    _show("[red]error[/]", imported.problems)
    out.print(
        f"{len(imported.drafts)} items to complete, {len(imported.not_carried)} not carried, {len(imported.problems)} could not be read.",
        highlight=False,
    )


def _show_statistics(counted: Statistics) -> None:
    out.print(f"kinds: {_listed(counted.by_kind)}", highlight=False, soft_wrap=True)
    out.print(f"difficulty: {_listed(counted.by_difficulty)}", highlight=False)
    out.print(f"topics: {len(counted.by_topic)}", highlight=False)
    tested, rows = (sum(getattr(share, end) for share in counted.tested.values()) for end in ("part", "whole"))
    out.print(f"facts tested: {tested} of {rows}", highlight=False)
    for area, share in counted.tested.items():
        out.print(f"  {area}: {share.part} of {share.whole}", style="dim", highlight=False)
    out.print(f"right choice stands at: {_listed(counted.key_positions)}; true statements: {_share(counted.true)}", highlight=False)
    out.print(f"longest choice is right: {_share(counted.longest_is_right)}", highlight=False)


def _listed(counts: Mapping[str, int] | Mapping[int, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())


def _share(share: Share) -> str:
    return f"{share.part} of {share.whole} ({share.percent:.0f}%)"


def _write(path: Path, text: str) -> None:
    """Write a new file. Raises ContentError when it exists or cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ContentError([f"{path}: exists already; it is left as it is"]) from error
    except OSError as error:
        raise ContentError([f"{path}: cannot be written ({error.strerror})"]) from error
    err.print(f"Written: {path}", highlight=False, soft_wrap=True)
