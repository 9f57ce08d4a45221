"""A practice in a terminal, for authors: the brief, the customer, and what each line was taken for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.content.scenarios import Scenario
from bot.practice.customer import Reply
from bot.practice.practice import Practice
from bot.practice.state import State

Moves = Callable[[str, str], Iterable[str]]  # the customer's words and the learner's to the names of moves
LEAVING = frozenset({"quit", "exit", "stop", "end practice"})
_METER = 20


def play(
    practice: Practice, begun: tuple[State, Reply], read_line: Callable[[], str | None], write: Callable[[str], None], moves: Moves
) -> State:
    """Plays until an ending, a leaving word, or None from `read_line`; the state it ends in."""
    state, reply = begun
    write(reply.text)
    while not state.ended:
        line = read_line()
        if line is None or line.strip().lower() in LEAVING:
            break
        found = tuple(moves(reply.text, line))
        state, reply = practice.hear(state, practice.read(state, line, found))
        write(f"[{', '.join(found) or 'no moves'}] {explained(reply)}")
        write(reply.text)
    return state


def brief(scenario: Scenario) -> str:
    """What the learner sees first, as lines of text."""
    parts = [scenario.title, "", scenario.brief.role]
    for heading, points in (
        ("You may", scenario.brief.may),
        ("Policy", scenario.brief.policy),
        ("On your screen", scenario.brief.screen),
    ):
        parts += ["", heading, *(f"- {point}" for point in points)]
    return "\n".join(parts)


def meter(reply: Reply) -> str:
    """Anger as a bar, in words and as a number."""
    filled = round(reply.anger / 100 * _METER)
    return f"{'#' * filled}{'.' * (_METER - filled)} {reply.mood}, anger {reply.anger}, trust {reply.trust}"


def explained(reply: Reply) -> str:
    """The meter and what moved it."""
    shifts = ", ".join(f"{shift.cause} {shift.anger:+d}/{shift.trust:+d}" for shift in reply.shifts)
    return f"{meter(reply)} ({shifts})" if shifts else meter(reply)
