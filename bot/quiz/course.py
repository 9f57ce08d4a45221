"""The course of a quiz: its beginning, on to the next item, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.quiz.attempt import Record
from bot.quiz.bank import Bank
from bot.quiz.learner import Learner
from bot.quiz.results import TestResults
from bot.quiz.session import Mode, Result, Session
from bot.quiz.shown import Shown, show
from bot.quiz.step import Open, Step
from bot.quiz.words import QuizWords
from bot.reply import Button, Reply

MOCK_MINUTES: Final = 30


@dataclass(frozen=True)
class Course:
    """Knows items and words, and no learner's state."""

    bank: Bank
    words: QuizWords

    def begin(self, mode: Mode, items: Sequence[str], what: str, before: tuple[Reply, ...], learner: Learner) -> Step:
        """A new quiz from its first item on; `before` is said first."""
        session = Session(_number(learner), mode, tuple(items), learner.dice.getrandbits(31), learner.seconds, learner.seconds, what)
        return self.on(session, before, (), learner)

    def begin_again(self, session: Session, learner: Learner) -> Step:
        """The same items in the same order, shown anew."""
        return self.begin(session.mode, session.items, session.what, (), learner)

    def on(self, session: Session, before: tuple[Reply, ...], records: tuple[Record, ...], learner: Learner) -> Step:
        """To the current item, past those that have been taken out of the bank, or to the end."""
        gone = False
        while session.item is not None and session.item not in self.bank.items:
            session, gone = session.ended(Result.DELETED, learner.seconds), True
        if gone:
            before = (*before, self.words.reply("deleted" if session.item else "all_deleted"))
        shown = self.shown(session)
        if shown is None:
            return self.finish(session, before, records, learner)
        return Step((*before, self.words.question(session, shown)), session, records)

    def finish(self, session: Session, before: tuple[Reply, ...], records: tuple[Record, ...], learner: Learner) -> Step:
        """The end, reached or called for. After a test its misses can be gone through, so the session stays."""
        if session.mode.is_test and session.done:
            told = TestResults(self.bank, self.words, MOCK_MINUTES).told(session, learner)
            over = session.over()
            return Step((*before, *told), over if over.misses else None, records)
        if session.mode is Mode.CHECK or not session.done:
            return Step(before, None, records)
        whole = session.right == session.done
        summary = self.words.say("summary_all" if whole else "summary_end", right=session.right, done=session.done)
        back = "" if whole else self.words.say("comes_back")
        said = self.words.reply("finished", self.more(), summary=f"{summary} {back}".strip())
        return Step((*before, said), None, records)

    def again(self, session: Session) -> Reply:
        """The current question once more, after something else was answered."""
        shown = self.shown(session)
        return self.words.question(session, shown, self.words.say("back")) if shown else self.words.reply("all_deleted")

    def in_test(self, session: Session) -> Reply:
        """What is said to questions and calls for help during a test."""
        return self.words.reply("in_mock" if session.mode is Mode.MOCK else "locked")

    def shown(self, session: Session) -> Shown | None:
        """The current item as this learner sees it; None when there is none, or it has been taken out of the bank."""
        item = self.bank.items.get(session.item or "")
        return show(item, session.seed) if item else None

    def open(self, session: Session, learner: Learner) -> Open | None:
        shown = self.shown(session)
        return Open(session, shown, learner) if shown else None

    def more(self) -> tuple[Button, ...]:
        """What to do after a quiz."""
        progress = Button(self.bank.file.labels["progress"], "do:progress")
        return (self.words.button("again", "start"), self.words.button("wrong", "wrong"), progress)


def _number(learner: Learner) -> str:
    return f"{learner.dice.getrandbits(32):08x}"
