"""How the customer felt, turn by turn."""

from __future__ import annotations

from bot.debrief.played import Line, Played
from bot.debrief.words import DebriefFile
from bot.reply import Curve, Point


def curve_of(words: DebriefFile, played: Played, name: str) -> Curve:
    """One point a turn, the opening included: the customer's anger after it. `name` is the customer's."""
    last: dict[int, Line] = {line.turn: line for line in played.lines}
    say = words.say
    labels = {turn: say["turn"].format(number=turn) if turn else say["at_the_start"] for turn in last}
    points = tuple(Point(labels[turn], round(max(0, min(100, last[turn].anger)) / 100, 2)) for turn in sorted(last))
    title = say["curve_hidden" if played.hidden_mood else "curve"].format(name=name)
    return Curve(title, say["curve_low"], say["curve_high"], points)
