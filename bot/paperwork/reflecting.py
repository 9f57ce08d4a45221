"""Leads through the two reflections: what lay behind it, and what would stop it happening again."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.answer.wording import words
from bot.paperwork.asking import Asking
from bot.paperwork.filling import Filling
from bot.paperwork.reflection import Question, Reflections
from bot.paperwork.session import Session
from bot.paperwork.step import Note, Step
from bot.paperwork.surplus import Privacy
from bot.paperwork.turn import Turn

LONGEST = 600  # characters that are read and kept
_NOTED: dict[Question, Literal["root-cause", "prevention"]] = {"cause": "root-cause", "prevention": "prevention"}


class Reflecting:
    """Every method is a function of its arguments."""

    def __init__(self, asking: Asking, reflections: Reflections, privacy: Privacy, filling: Filling) -> None:
        self._asking, self._reflections, self._privacy, self._filling = asking, reflections, privacy, filling

    def begin(self, session: Session) -> Step:
        """The first question."""
        return Step((self._asking.reflection(session, self._asking.say("began")),), session)

    def hear(self, turn: Turn, text: str, command: str | None) -> Step:
        """What was typed while a reflection is open."""
        session, say = turn.session, self._asking.say
        if command == "stop":
            return Step((self._asking.reply("over", say("stopped_reflection")),), None)
        if command in ("skip", "unsure"):
            return self._on(turn, self._told(turn, "unsaid"), ())
        if command or not words(text):
            lead = {"back": "no_way_back", "repeat": "", "example": ""}.get(command or "", "nothing_said")
            return Step((self._asking.reflection(session, say(lead) if lead else ""),), session)
        return self._read(turn, text)

    def _read(self, turn: Turn, text: str) -> Step:
        question = _question(turn.session)
        kept, hidden = self._privacy.masked(text[:LONGEST], turn.scenario)
        read = self._reflections.read(kept, question, turn.scenario)
        told = [self._told(turn, read.result, read.quote)]
        if read.blames:
            told.append(self._asking.say("blame"))
        if read.vague:
            told.append(self._asking.say("vague_step", quote=read.vague))
        if hidden:
            told.append(self._asking.hidden(hidden))
        cause = turn.scenario.cause
        own = cause.root if question == "cause" else cause.prevent
        return self._on(turn, " ".join(told), (Note(_NOTED[question], {"text": kept, "result": read.result, "own": own}),))

    def _told(self, turn: Turn, result: str, quote: str = "") -> str:
        cause = turn.scenario.cause
        return self._asking.say(f"{_question(turn.session)}_{result}", quote=quote, root=cause.root, prevent=cause.prevent)

    def _on(self, turn: Turn, told: str, notes: tuple[Note, ...]) -> Step:
        """The answer to a reflection, and what comes next."""
        answer = self._asking.reply("reflected", told)
        if turn.session.stage == "cause":
            later = replace(turn.session, stage="prevention")
            return Step((answer, self._asking.reflection(later)), later, notes)
        opened = self._filling.begin(turn)
        return Step((answer, *opened.replies), opened.session, notes)


def _question(session: Session) -> Question:
    return "cause" if session.stage == "cause" else "prevention"
