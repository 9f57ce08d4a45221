"""The paperwork: takes what a learner says or presses, and gives replies, the session to carry on and what to record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.answer.wording import clean
from bot.commands import Phrases
from bot.content.scenarios import Scenario
from bot.paperwork.asking import PREFIX, Asking
from bot.paperwork.filling import Filling
from bot.paperwork.marking import Marker
from bot.paperwork.reflecting import Reflecting
from bot.paperwork.reflection import Reflections
from bot.paperwork.session import Session
from bot.paperwork.step import Step
from bot.paperwork.surplus import Privacy
from bot.paperwork.turn import Turn
from bot.paperwork.words import PaperworkFile, load_words
from bot.reply import Reply

_OPEN = ("skip", "unsure", "stop", "back", "repeat", "example")
_COMMANDS = {"cause": _OPEN, "prevention": _OPEN, "form": _OPEN, "marked": ("mend", "done", "stop", "skip")}


class Paperwork:
    """Immutable and free of any learner's state: safe to share."""

    def __init__(self, file: PaperworkFile) -> None:
        privacy = Privacy(file)
        marker = Marker(file, privacy)
        self._file = file
        self._asking = Asking(file, marker)
        self._filling = Filling(self._asking, marker, privacy)
        self._reflecting = Reflecting(self._asking, Reflections(file), privacy, self._filling)
        self._commands = {stage: _phrases(file, names) for stage, names in _COMMANDS.items()}

    @classmethod
    def load(cls, knowledge: Path) -> Paperwork:
        """Raises ContentError naming file, line and key."""
        return cls(load_words(knowledge))

    def begin(self, scenario: Scenario, ending: str | None) -> Step:
        """The first reflection. `ending` is how the talk ended, None for one that was left."""
        return self._reflecting.begin(self._new(scenario, ending))

    def begin_form(self, scenario: Scenario, ending: str | None, today: date) -> Step:
        """Straight to the form, without reflections."""
        return self._filling.begin(Turn(self._new(scenario, ending), scenario, today))

    def take(self, session: Session, text: str, scenario: Scenario, today: date) -> Step:
        """The turn for what was typed, or for the token of a button that was pressed. Never raises on any text."""
        if not self._knows(session):
            return Step((), None)
        text, turn = clean(text), Turn(session, scenario, today)
        if text.startswith(PREFIX):
            return self._press(turn, text.removeprefix(PREFIX))
        return self._hear(turn, text, self._commands[session.stage].read(text))

    def again(self, session: Session, scenario: Scenario, today: date) -> Reply:
        """What is open, asked once more: after a pause or a side question."""
        return self._asking.again(Turn(session, scenario, today))

    def form_of(self, scenario: Scenario) -> str:
        """`returns-form` where goods come back, else `complaint-log`. A scenario's tags decide where they name a form."""
        returns = self._file.returns
        if returns.tag in scenario.tags or returns.not_tag in scenario.tags:
            return "returns-form" if returns.tag in scenario.tags else "complaint-log"
        kinds = {remedy.kind for remedy in scenario.remedies if remedy.worth == "full"}
        come_back = kinds & returns.kinds and {*scenario.topics} & returns.topics
        return "returns-form" if come_back else "complaint-log"

    def _new(self, scenario: Scenario, ending: str | None) -> Session:
        return Session(scenario.id, ending=ending or "", form=self.form_of(scenario))

    def _press(self, turn: Turn, name: str) -> Step:
        """`name` is `<place>.<what>`: a command, or the number of a choice."""
        where, _, what = name.partition(".")
        if where != turn.place:
            return Step((self._asking.old_button(turn),), turn.session)
        choice = self._asking.choice_at(turn, what)
        if choice is not None:
            return self._filling.fill(turn, choice)
        return self._hear(turn, "", what if what in _COMMANDS[turn.session.stage] else "repeat")

    def _hear(self, turn: Turn, text: str, command: str | None) -> Step:
        if turn.session.stage == "form":
            return self._filling.hear(turn, text, command)
        if turn.session.stage == "marked":
            return self._filling.after_marking(turn, command)
        return self._reflecting.hear(turn, text, command)

    def _knows(self, session: Session) -> bool:
        """Whether the form and all boxes of the session still exist."""
        form = self._file.forms.get(session.form)  # type: ignore[call-overload]
        return form is not None and {*session.answers, *session.todo, *session.done} <= form.fields.keys()


def _phrases(file: PaperworkFile, names: Sequence[str]) -> Phrases:
    """The commands of those names alone."""
    signs = {name: sign for name, sign in file.command_signs.items() if name in names}
    return Phrases({name: file.commands[name] for name in names}, signs)
