"""A scenario in the terminal, as its author plays it."""

from __future__ import annotations

from bot.practice.play import brief, meter, play
from tests.bot.practice.opened import practice

MONITOR = practice().scenarios["faulty-baby-monitor"]


def played(lines: list[str], moves: dict[str, tuple[str, ...]]) -> tuple[str, list[str]]:
    waiting, written = iter(lines), []
    state = play(
        practice(), practice().begin(MONITOR.id, 1), lambda: next(waiting, None), written.append, lambda _, line: moves.get(line, ())
    )
    return state.ended, written


def test_a_whole_conversation() -> None:
    script = {line.say: line.moves for line in MONITOR.model}
    ended, written = played(list(script), script)
    assert ended == "satisfied"
    assert written[-1] in MONITOR.endings["satisfied"]
    assert any("[apologise, empathise, thank, probe]" in text for text in written)


def test_it_can_be_left() -> None:
    assert played(["hello", "quit", "more"], {})[0] == ""
    assert played([], {})[0] == ""


def test_the_brief_says_what_the_learner_may_do_and_sees() -> None:
    text = brief(MONITOR)
    assert all(part in text for part in (MONITOR.title, *MONITOR.brief.may, *MONITOR.brief.policy, *MONITOR.brief.screen))


def test_the_meter_is_also_words() -> None:
    _, reply = practice().begin(MONITOR.id, 1)
    assert f"{reply.mood}, anger {reply.anger}" in meter(reply)
