"""Turns what went wrong into criticisms: the learner's own words, why they matter, and one better line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.debrief.better import Betters, Situation
from bot.debrief.faults import Found, told_once
from bot.debrief.quotes import Quoter
from bot.debrief.result import Criticism, Quote
from bot.debrief.words import DebriefFile, large, small

_MOST_WHYS = 2
_WORD = re.compile(r"\w")
_LAST = "prevent_absent"


class Critic:
    """Of one run. `names` fill the braces of the words."""

    def __init__(self, words: DebriefFile, quoter: Quoter, betters: Betters, names: Mapping[str, str]) -> None:
        self._words, self._quoter, self._betters, self._names = words, quoter, betters, names
        self._scenario = quoter.scenario

    def criticisms(self, named: Mapping[str, Sequence[Found]], was_left: bool) -> tuple[Criticism, ...]:
        """The most important first. `was_left` says that the run had no end."""
        ranked = told_once(named, self._order(was_left))
        made = [self._criticism(name, places) for name, places in ranked]
        return tuple(self._joined([criticism for criticism in made if criticism]))

    def _joined(self, criticisms: Sequence[Criticism]) -> Iterator[Criticism]:
        """The same words are quoted once, and what was absent is told once where one and the same better line would have brought it."""
        same: dict[object, list[Criticism]] = {}
        for criticism in criticisms:
            same.setdefault(criticism.quote or (criticism.turn, criticism.better), []).append(criticism)
        for first, *others in same.values():
            names = tuple(other.name for other in others)
            yield replace(first, also=names, text=self._text(replace(first, also=names))) if names else first

    def _text(self, criticism: Criticism) -> str:
        faults, say, better = self._words.faults, self._words.say, criticism.better
        whys = [faults[name].why.format(**self._names) for name in criticism.names]
        if criticism.quote:
            told = say["better"].format(why=" ".join(whys[:_MOST_WHYS]), better=better)
            place = large(self._words.place(criticism.quote.place, self._scenario.writing))
            text = say["quoted"].format(place=place, quote=criticism.quote.shown, text=told)
            return f"{text} {say['others'].format(places=self._words.turns(criticism.others))}" if criticism.others else text
        if criticism.turn is not None:
            return say["unsaid"].format(place=large(self._words.place(criticism.turn, self._scenario.writing)), better=better)
        first, *others = (faults[name].label or "" for name in criticism.names)
        label = self._words.listed([first, *map(small, others)])
        return say["absent"].format(label=label, why=whys[0], better=better)

    def _order(self, was_left: bool) -> list[str]:
        """By importance. In a run that was left, what was absent changes places: first what the model would have come to first."""
        names = list(self._words.faults)
        if not was_left or self._scenario.writing:
            return names
        absent = sorted((name for name in names if self._words.faults[name].label), key=lambda name: (name == _LAST, self._reached(name)))
        upcoming = iter(absent)
        return [next(upcoming) if name in absent else name for name in names]

    def _reached(self, name: str) -> int:
        moves = self._words.faults[name].moves
        model = self._scenario.model
        return next((at for at, line in enumerate(model) if any(move in line.moves for move in moves)), len(model))

    def _criticism(self, name: str, places: Sequence[Found]) -> Criticism | None:
        """None where the words may not be repeated."""
        fault, first = self._words.faults[name], places[0]
        if first.said is None:
            found = Criticism(name, None, None, self._betters.line(fault, Situation()), "")
            return replace(found, text=self._text(found))
        said = first.said
        quote = self._quote(first)
        if not quote and _WORD.search(said.text):
            return None
        better = self._betters.line(fault, Situation(said.turn, f"{said.before} {said.text}", first.answers))
        others = tuple(dict.fromkeys(found.said.turn for found in places[1:] if found.said and found.said.turn != said.turn))
        found = Criticism(name, said.turn, quote, better, "", others)
        return replace(found, text=self._text(found))

    def _quote(self, found: Found) -> Quote | None:
        said = found.said
        if said is None:
            return None
        if found.move and said.has(found.move):
            return self._quoter.of_move(said, found.move)
        return self._quoter.with_cues(said, found.cues) if found.cues else self._quoter.whole(said)
