"""The end of a run: its debrief, both results side by side after a retry, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.content.questions import Item
from bot.debrief import Debrief, Debriefer, Line, Played, Review, Teller
from bot.practising.record import Finished, Said
from bot.practising.run import Run
from bot.practising.step import Step
from bot.practising.words import PracticeWords
from bot.quiz import Learner
from bot.reply import Reply

ENOUGH: Final = 3  # turns after which a run that was left gets its debrief
_ITEMS_FOR_A_TOPIC, _ITEMS = 2, 4
_GOOD: Final = frozenset({"satisfied"})


@dataclass(frozen=True)
class Closing:
    """`items` are the quiz items by topic."""

    debriefer: Debriefer
    teller: Teller
    words: PracticeWords
    items: Mapping[str, tuple[Item, ...]]

    def end(self, run: Run, said: Said | None, before: tuple[Reply, ...], learner: Learner) -> Step:
        """The debrief, after `before`; `said` is the last line where it is not recorded yet."""
        played = self.played(run, said, learner)
        kept = (said,) if said else ()
        over = replace(run, phase="over", at=learner.seconds, paperwork=None)
        if played is None or not played.turns:
            return Step((*before, *self._short(run)), over, kept)
        told = self.debriefer.debrief(played)
        replies = self.teller.spoken(told)
        reflect = self.words.button("reflect", "reflect")
        replies = (*replies[:-1], replace(replies[-1], buttons=(*replies[-1].buttons, reflect)))
        finished = Finished(run.id, played.ending, told.band, dict(told.criteria), self._missed(told, played), learner.now)
        return Step((*before, *replies, *self._compared(run, told, learner)), over, (*kept, finished))

    def left(self, run: Run, learner: Learner) -> Step:
        """A run that was left for something else: its debrief where there is enough of it."""
        scenario = self.debriefer.practice.scenarios.get(run.state.scenario)
        if scenario is None or run.state.turn < ENOUGH:
            return Step((), None)
        lead = self.words.reply("unfinished", name=scenario.customer.name)
        return replace(self.end(run, None, (lead,), learner), run=None)

    def more(self, run: Run, learner: Learner) -> tuple[Reply, ...]:
        """What the debrief left out."""
        played = self.played(run, None, learner)
        if played is None or not played.turns:
            return self._short(run)
        *others, last = self.teller.more(self.debriefer.debrief(played))
        return (*others, replace(last, buttons=(*last.buttons, self.words.button("evidence", "evidence"))))

    def played(self, run: Run, said: Said | None, learner: Learner) -> Played | None:
        """The run as far as it went, with the learner's awarding body."""
        found = learner.practices.played(learner.sender, run.id) if learner.practices else None
        if run.state.scenario not in self.debriefer.practice.scenarios:
            return None
        lines = found[1].lines if found else (Line(0, "customer", run.customer),)
        if said:
            spoken = Line(said.turn, "customer", said.reply, (), said.anger, said.trust, said.mood)
            lines = (*lines, Line(said.turn, "agent", said.said, said.moves, said.anger, said.trust, said.mood), spoken)
        review = found[1].review if found else Review()
        ending = run.state.ended or None
        return Played(run.state.scenario, run.state.difficulty, learner.body, lines, ending, run.hidden, review)  # type: ignore[arg-type]

    def _short(self, run: Run) -> tuple[Reply, ...]:
        scenario = self.debriefer.practice.scenarios.get(run.state.scenario)
        if scenario is None:
            return (self.words.reply("gone"),)
        return (self.teller.short(Played(scenario.id, run.state.difficulty, None, ()), scenario),)

    def _compared(self, run: Run, after: Debrief, learner: Learner) -> tuple[Reply, ...]:
        found = learner.practices.played(learner.sender, run.origin) if learner.practices and run.origin else None
        if found is None or not found[1].turns:
            return ()
        return (self.teller.compared(self.debriefer.debrief(replace(found[1], body=learner.body)), after),)

    def _missed(self, told: Debrief, played: Played) -> tuple[str, ...]:
        """Items on what the run showed to be not known: the law behind a remedy that was not given, a reason that was not."""
        scenario = self.debriefer.practice.scenarios[played.scenario]
        given = dict(told.criteria)
        knew = given.get("resolve") and given.get("explain") and played.ending in _GOOD
        topics = [] if knew else [owed.topic for owed in scenario.owed]
        if given.get("disclosed_data"):
            topics.insert(0, "disclosure")
        items = [item.id for topic in dict.fromkeys(topics) for item in self.items.get(topic, ())[:_ITEMS_FOR_A_TOPIC]]
        return tuple(items[:_ITEMS])
