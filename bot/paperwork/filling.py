"""Fills a form box by box, and hands it over for marking."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.answer.wording import words
from bot.paperwork.asking import Asking
from bot.paperwork.days import Found, read_day
from bot.paperwork.marking import Marker
from bot.paperwork.session import Session
from bot.paperwork.step import Note, Step
from bot.paperwork.surplus import Privacy
from bot.paperwork.turn import Turn
from bot.paperwork.words import dated

_ASKS = re.compile(r"^(?:what|which|how|why|who|where|when|do i|should i|can i|must i|is it|am i)\b.*\?\s*$", re.IGNORECASE)
_LETTERS_A_WORD = 6


class Filling:
    """Every method is a function of its arguments."""

    def __init__(self, asking: Asking, marker: Marker, privacy: Privacy) -> None:
        self._asking, self._marker, self._privacy = asking, marker, privacy

    def begin(self, turn: Turn) -> Step:
        """The first box."""
        form = self._asking.form(turn.session)
        opened = replace(turn.session, stage="form", todo=tuple(form.fields))
        begins = self._asking.say("form_begins", form=form.title.lower(), count=len(form.fields))
        return self._asked(turn.at(opened), begins)

    def hear(self, turn: Turn, text: str, command: str | None) -> Step:
        """What was typed while a box is open: a choice, a word that leads, a question about the box, or its content."""
        chosen = self._asking.choice_named(turn, text)
        if chosen is not None:
            return self.fill(turn, chosen)
        takers: Mapping[str, Callable[[Turn], Step]] = {
            "unsure": self._example,
            "example": self._example,
            "stop": self._stop,
            "skip": lambda turn: self._on(turn, turn.session),
            "back": self._back,
            "repeat": self._asked,
        }
        taker = self._example if _ASKS.match(text) else takers.get(command or "")
        if taker:
            return taker(turn)
        return self.fill(turn, text) if words(text) else self._asked(turn, self._asking.say("nothing_said"))

    def fill(self, turn: Turn, text: str) -> Step:
        """The open box with the text, once it fits and its day can be read."""
        field, say = self._asking.box(turn.session), self._asking.say
        kept, hidden = self._privacy.masked(text, turn.scenario)
        if _cost(kept) > field.most:
            return self._asked(turn, say("too_long", words=field.most // _LETTERS_A_WORD))
        due = turn.session.due
        if field.has_day:
            found = read_day(kept, turn.today, field.is_ahead)
            if found is None or found.day is None or self._is_off(found, turn):
                return self._asked(turn, self._why_no_day(found, turn))
            due = found.day.isoformat() if field.is_ahead else due
            kept = kept if dated(found.day) in kept else f"{kept} ({dated(found.day)})"
        answers = {**turn.session.answers, turn.place: kept}
        step = self._on(turn, replace(turn.session, answers=answers, due=due))
        if not hidden:
            return step
        return replace(step, replies=(self._asking.reply("masked", self._asking.hidden(hidden)), *step.replies))

    def after_marking(self, turn: Turn, command: str | None) -> Step:
        """Once more through the boxes with something to put right, or the end. Other words are for other skills."""
        faulty = self._marker.mark(turn).faulty
        if command == "mend" and faulty:
            return self._asked(turn.at(replace(turn.session, stage="form", todo=faulty, done=(), mending=True)))
        return Step((self._asking.reply("over", self._asking.say("over")),) if command else (), None)

    def _example(self, turn: Turn) -> Step:
        return self._asked(turn, self._asking.say("example", example=self._asking.box(turn.session).example))

    def _asked(self, turn: Turn, lead: str = "") -> Step:
        return Step((self._asking.ask(turn, lead),), turn.session)

    def _is_off(self, found: Found, turn: Turn) -> bool:
        """Whether the day lies on the wrong side of today."""
        if found.day is None:
            return False
        return found.day < turn.today if self._asking.box(turn.session).is_ahead else found.day > turn.today

    def _why_no_day(self, found: Found | None, turn: Turn) -> str:
        if found is None:
            return self._asking.say("no_day")
        if found.day is None:
            return self._asking.say("which_day" if found.exists else "no_such_day")
        return self._asking.say("past_day" if found.day < turn.today else "coming_day", date=dated(found.day))

    def _on(self, turn: Turn, filled: Session) -> Step:
        """The next box, or the end. A box that is skipped keeps what it holds."""
        moved = turn.at(replace(filled, todo=filled.todo[1:], done=(*filled.done, filled.todo[0])))
        return self._asked(moved) if moved.session.todo else self._end(moved)

    def _back(self, turn: Turn) -> Step:
        session = turn.session
        if not session.done:
            return self._asked(turn, self._asking.say("first_box"))
        return self._asked(turn.at(replace(session, todo=(session.done[-1], *session.todo), done=session.done[:-1])))

    def _stop(self, turn: Turn) -> Step:
        """What was filled in is kept as it is."""
        if not turn.session.answers:
            return Step((self._asking.reply("over", self._asking.say("stopped_form")),), None)
        marked = self._marker.mark(turn)
        told = self._asking.reply("over", self._asking.say("stopped_early"))
        return Step((told, self._asking.shown(marked)), None, (Note("form", marked.to_dict()),))

    def _end(self, turn: Turn) -> Step:
        """The form whole, then its marks; once it may be put right."""
        marked = self._marker.mark(turn)
        notes, shown = (Note("form", marked.to_dict()),), self._asking.shown(marked)
        if turn.session.mending or not marked.faulty:
            return Step((shown, self._asking.marked(marked, self._asking.say("over"))), None, notes)
        return Step((shown, self._asking.to_mend(marked)), replace(turn.session, stage="marked", todo=(), done=()), notes)


def _cost(text: str) -> int:
    """Characters of the text where it is kept, as JSON."""
    return len(json.dumps(text)) - 2
