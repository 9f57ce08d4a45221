"""`aftercare train --gate`: trains beside the model in use, measures, and takes the new model only if it loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.asking import Asking
from bot.gate import Cases, Figure, Row, Understand, Verdict, compare, measure, read_accepted, write_accepted
from bot.gate.accepted import ACCEPTED
from bot.settings import Settings
from server.model import candidate, refuse, take

Advance = Callable[[int, int], None]
_TITLES: Final = {
    "questions": "benchmark questions not answered rightly",
    "wrongly_declined": "benchmark questions wrongly declined",
    "outside": "messages from outside not declined",
    "scripts": "messages of the conversation scripts misread",
    "reviewed_intents": "messages that tutors relabelled misread",
    "reviewed_answers": "questions that tutors attached answered otherwise",
}
_SHOWN = 20


def pass_gate(settings: Settings, asking: Asking, out: Console, advance: Advance, accept: bool = False) -> bool:
    """Train a candidate, measure it with `asking`, show the figures, and take it or leave what is in use. Whether it was taken."""
    trained = candidate(settings)
    return decide(settings, trained, measured(settings, asking, understanding(trained), advance), out, accept)


def measured(settings: Settings, asking: Asking, understand: Understand, advance: Advance) -> tuple[Figure, ...]:
    """Every gated figure on all its cases: about a minute."""
    cases = Cases.read(settings.root)
    done = iter(range(1, len(cases) + 1))
    return measure(asking, understand, cases, lambda: advance(next(done), len(cases)))


def decide(settings: Settings, trained: Path, figures: tuple[Figure, ...], out: Console, accept: bool) -> bool:
    """Whether the trained model was taken: when no figure is lower than the accepted one, or when told to `accept`."""
    path = settings.root / ACCEPTED
    verdict = compare(read_accepted(path), figures)
    out.print(_table(verdict))
    for row in verdict.rows:
        for case in row.newly_failed[:_SHOWN] if row.before else ():
            out.print(f"  new among {_TITLES.get(row.name, row.name)}: {case}", highlight=False, markup=False)
    if verdict.refused and not accept:
        refuse(settings, trained)
        out.print("Refused: a figure is worse than the accepted one. The model in use stays; undo the change, or take it with --accept.")
        return False
    take(settings, trained)
    if accept or verdict.moves:
        write_accepted(path, figures)
        out.print(f"Taken, and its figures are the accepted ones now: commit {ACCEPTED}.")
    else:
        out.print("Taken: it loses nothing.")
    return True


def understanding(model: Path) -> Understand:
    """Intent and confidence of a message by a trained model. Loads Rasa."""
    import asyncio

    from server.incident import configure_logging

    configure_logging()
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    def understand(text: str) -> tuple[str, float]:
        parsed = asyncio.run(agent.parse_message(text))["intent"]
        return parsed["name"] or "ask", parsed["confidence"]

    return understand


def _table(verdict: Verdict) -> Table:
    table = Table("fewer is better", "accepted", "now", "")
    for row in verdict.rows:
        table.add_row(_TITLES.get(row.name, row.name), _share(row.before), _share(row.after), _state(row))
    return table


def _state(row: Row) -> str:
    return "not measured any more" if row.after is None else row.state


def _share(figure: Figure | None) -> str:
    return f"{len(figure.failed)} of {figure.of} ({len(figure.failed) / figure.of:.1%})" if figure else "-"
