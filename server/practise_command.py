"""`aftercare practise SCENARIO`: a scenario played in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

HELP_BY_HAND = "Type the moves yourself, after the line: Sorry about that. [apologise, listen]"


def practise(
    scenario: Annotated[str, typer.Argument(help="A scenario's id, or words about it; without one, all are listed.")] = "",
    difficulty: Annotated[int | None, typer.Option(min=1, max=3, help="Instead of the scenario's own.")] = None,
    seed: Annotated[int, typer.Option(help="Another number, another choice of the customer's lines.")] = 1,
    by_hand: Annotated[bool, typer.Option("--by-hand", help=HELP_BY_HAND)] = False,
) -> None:
    """Talk to a scenario's customer here; every line shows what it was taken for and what it did."""
    from bot.practice import open_practice
    from bot.practice.pick import Picker
    from bot.practice.play import brief, play
    from bot.settings import read_settings

    knowledge = read_settings().knowledge
    practice = open_practice(knowledge)
    picked = Picker.load(knowledge, practice.scenarios).pick(scenario, {}, seed) if scenario else None
    if not picked or not picked.ids:
        for known in practice.scenarios.values():
            typer.echo(f"{known.id}  {known.title} (difficulty {known.difficulty}, {known.channel})")
        raise typer.Exit(2 if scenario else 0)
    typer.echo(brief(practice.scenarios[picked.ids[0]]) + "\n")
    begun = practice.begin(picked.ids[0], seed, difficulty)
    typed = _Typed()
    state = play(practice, begun, typed.line if by_hand else _line, _say, typed.moves if by_hand else _assessed())
    typer.echo(f"Ended: {(state.ended or 'left').replace('_', ' ')}, after {state.turn} turns.")


def _line() -> str | None:
    try:
        return input("you> ")
    except EOFError:
        return None


def _say(text: str) -> None:
    typer.echo(f"{text}\n")


class _Typed:
    """Lines with their moves in square brackets at the end."""

    def __init__(self) -> None:
        self._named = ""

    def line(self) -> str | None:
        """The line without its moves."""
        text, _, self._named = (_line() or "").partition("[")
        return text.strip() or None

    def moves(self, customer: str, line: str) -> Iterable[str]:
        """The moves of the line last read."""
        return [name.strip() for name in self._named.rstrip("] ").split(",") if name.strip()]


def _assessed() -> Callable[[str, str], Iterable[str]]:
    from bot.assess import Assessor, ready
    from bot.settings import read_settings

    settings = read_settings()
    assessor = Assessor.open(ready(settings), settings.knowledge)
    return lambda customer, line: [move.name for move in assessor.moves(customer, line)]
