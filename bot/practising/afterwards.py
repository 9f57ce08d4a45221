"""What follows a debrief: two reflections, the paperwork, and the page for a portfolio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

from bot.content.scenarios import Scenario
from bot.paperwork import Paperwork, Session
from bot.paperwork import Step as PaperStep
from bot.practising.record import Noted
from bot.practising.run import Run
from bot.practising.step import Step
from bot.practising.words import PracticeWords
from bot.quiz import Learner
from bot.reply import Reply

_PREFIX = "practice:"


@dataclass(frozen=True)
class Afterwards:
    """`link` makes the address of a learner's evidence page from the conversation's key and the moment."""

    paperwork: Paperwork
    words: PracticeWords
    scenarios: Mapping[str, Scenario]
    link: Callable[[str, datetime], str]

    def press(self, run: Run, name: str, learner: Learner) -> Step:
        """The button that begins the reflections, or one of theirs; `name` is its token after `practice:`."""
        scenario = self.scenarios[run.state.scenario]
        if name == "reflect":
            return self._went_on(run, self.paperwork.begin(scenario, run.state.ended or None), learner)
        return self.take(run, _PREFIX + name, learner) or Step((self.words.reply("old_button"),), run)

    def take(self, run: Run, text: str, learner: Learner) -> Step | None:
        """The turn for what was typed; None when it is not for the paperwork, which is then over."""
        session = Session.from_dict(run.paperwork)
        scenario = self.scenarios.get(run.state.scenario)
        if session is None or scenario is None:
            return None
        step = self.paperwork.take(session, text, scenario, _day(learner))
        return self._went_on(run, step, learner) if step.replies else None

    def again(self, run: Run, scenario: Scenario) -> Reply:
        """What is open, asked once more."""
        session = Session.from_dict(run.paperwork)
        moment = datetime.fromtimestamp(run.at, timezone.utc)
        return self.paperwork.again(session, scenario, moment.date()) if session else self.words.reply("old_button")

    def evidence(self, learner: Learner) -> Reply:
        """Where the learner's page is, for a quarter of an hour."""
        return self.words.reply("evidence", link=self.link(learner.sender, learner.now))

    def _went_on(self, run: Run, step: PaperStep, learner: Learner) -> Step:
        notes = tuple(Noted(run.id, note.kind, note.values, learner.now) for note in step.notes)
        if step.session:
            return Step(step.replies, replace(run, phase="paperwork", paperwork=step.session.to_dict(), at=learner.seconds), notes)
        last = step.replies[-1]
        offered = replace(last, buttons=(*last.buttons, self.words.button("evidence", "evidence")))
        return Step((*step.replies[:-1], offered), replace(run, phase="over", paperwork=None), notes)


def _day(learner: Learner) -> date:
    return learner.now.date()
