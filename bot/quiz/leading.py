"""What a learner says to lead a quiz: hints, skipping, why, pausing, stopping, appeals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.content.questions import Item, Short
from bot.quiz.attempt import SAID_CHARACTERS, Appeal
from bot.quiz.course import MOCK_MINUTES, Course
from bot.quiz.learner import Learner
from bot.quiz.mark import right_answer
from bot.quiz.memory.schedule import Outcome
from bot.quiz.results import TestResults
from bot.quiz.session import Result, Session
from bot.quiz.step import Open, Step
from bot.reply import Button, Reply


@dataclass(frozen=True)
class Leading:
    """Takes the commands of knowledge/quiz.yml."""

    course: Course

    def take(self, asked: Open, command: str, text: str) -> Step:
        """The turn for a command while a question is open; `text` is how it was put."""
        if command == "appeal":
            return self._appeal(asked.session, text, asked.learner)
        takers: Mapping[str, Callable[[Open], Step]] = {
            "stop": self._stop,
            "restart": lambda asked: self.course.begin_again(asked.session, asked.learner),
            "pause": self._pause,
            "skip": self._skip,
            "hint": self._hint,
            "tell": self._tell,
            "unsure": self._unsure,
            "score": self._score,
            "why": self._why,
        }
        taker = takers.get(command)
        return taker(asked) if taker else Step((self.course.again(asked.session),), asked.session)

    def while_paused(self, asked: Open, command: str | None, text: str) -> Step | None:
        """Only what wakes, ends or appeals; everything else is for other skills."""
        if command in ("resume", "repeat"):
            awake = replace(asked.session, paused=False, shown=asked.learner.seconds)
            return Step((self.course.again(awake),), awake)
        if command == "restart":
            return self.course.begin_again(asked.session, asked.learner)
        if command == "stop":
            return self._stop(asked)
        return self._appeal(asked.session, text, asked.learner) if command == "appeal" and asked.session.last else None

    def after_test(self, session: Session, text: str, command: str | None, learner: Learner) -> Step | None:
        """Going through the misses of a test that has ended; None for what has nothing to do with them."""
        if session.missed < 0:
            return self.review(session, 0, learner) if self.course.words.says_review(text) else None
        if command == "stop":
            return self.review(session, len(session.misses), learner)
        return self.review(session, session.missed + 1, learner) if command in ("skip", "resume") else None  # next, carry on

    def review(self, session: Session, number: int, learner: Learner) -> Step:
        """The miss of that number, or the end of them."""
        words = self.course.words
        if number >= len(session.misses):
            return Step((words.reply("review_done", self.course.more()),), None)
        said = TestResults(self.course.bank, words, MOCK_MINUTES).miss(session, number, learner)
        return Step((said,), replace(session, missed=number))

    def _hint(self, asked: Open) -> Step:
        session, words = asked.session, self.course.words
        if session.mode.is_test:
            return Step((words.reply("no_hints_in_test"), self.course.again(session)), session)
        hints = asked.shown.item.hints
        if session.hints >= len(hints):
            return Step((words.reply("no_more_hints", self._after_hint(asked, last=True)),), session)
        last = session.hints + 1 == len(hints)
        said = words.reply(f"hint_{session.hints + 1}", self._after_hint(asked, last), hint=hints[session.hints])
        return Step((said,), replace(session, hints=session.hints + 1, blanks=0))

    def _after_hint(self, asked: Open, last: bool) -> tuple[Button, ...]:
        """To answer, to ask for the next hint or, after the last, for the answer."""
        session, words = asked.session, self.course.words
        more = words.on_item("tell", session, "tell") if last else words.on_item("next_hint", session, "hint")
        return (*words.choices(session, asked.shown), more, words.on_item("skip", session, "skip"))

    def _tell(self, asked: Open) -> Step:
        """Hint one, hint two, then the answer, which never counts as known."""
        session, words = asked.session, self.course.words
        if session.mode.is_test or session.hints < len(asked.shown.item.hints):
            return self._hint(asked)
        said = Reply("quiz_revealed", f"{words.answer(asked.shown)}\n\n{words.say('revealed')}")
        return self._ended(asked, Result.REVEALED, said)

    def _unsure(self, asked: Open) -> Step:
        return self._skip(asked) if asked.session.mode.is_test else self._tell(asked)

    def _skip(self, asked: Open) -> Step:
        """The answer is shown, so that it counts as not known; a test shows nothing."""
        words = self.course.words
        if asked.session.mode.is_test:
            return self._ended(asked, Result.SKIPPED, words.reply("noted_skip"))
        answer = right_answer(asked.shown)
        told = words.say("skipped_list" if "\n" in answer else "skipped", answer=answer)
        item = asked.shown.item
        return self._ended(asked, Result.SKIPPED, Reply("quiz_skipped", f"{told}\n\n{item.explain}\n\n{words.source(item)}"))

    def _ended(self, asked: Open, result: Result, said: Reply) -> Step:
        record = asked.attempt("revealed" if result is Result.REVEALED else "skipped", Outcome.WRONG)
        return self.course.on(asked.session.ended(result, asked.learner.seconds), (said,), (record,), asked.learner)

    def _stop(self, asked: Open) -> Step:
        """What was tried and not found counts as not known; a question that was only looked at counts for nothing."""
        session, words = asked.session, self.course.words
        records = (asked.attempt("skipped", Outcome.WRONG),) if session.tries else ()
        if not session.done:
            return Step((words.reply("stopped_empty", self.course.more()),), None, records)
        if session.mode.is_test:
            return self.course.finish(session, (), records, asked.learner)
        summary = words.say("summary", right=session.right, done=session.done)
        return Step((words.reply("stopped", self.course.more(), summary=summary),), None, records)

    def waiting(self, session: Session) -> Reply:
        """Where a paused quiz waits, and how to go on."""
        words = self.course.words
        buttons: tuple[Button, ...] = (words.on_item("resume", session, "resume"), words.on_item("stop", session, "stop"))
        return words.reply("paused", buttons, number=session.at + 1, count=len(session.items))

    def _pause(self, asked: Open) -> Step:
        return Step((self.waiting(asked.session),), replace(asked.session, paused=True))

    def _score(self, asked: Open) -> Step:
        session, words = asked.session, self.course.words
        left = len(session.items) - session.at
        said = words.reply("test_score" if session.mode.is_test else "progress", right=session.right, done=session.done, left=left)
        return Step((said, self.course.again(session)), session)

    def _why(self, asked: Open) -> Step:
        """The explanation of the item before; in the middle of one, a hint explains without giving it away."""
        session, words = asked.session, self.course.words
        if session.mode.is_test or session.tries:
            return self._hint(asked)
        item = self._before(session)
        if item is None:
            return Step((words.reply("why_nothing"), self.course.again(session)), session)
        return Step((Reply("quiz_explained", f"{item.explain}\n\n{words.source(item)}"), self.course.again(session)), session)

    def _appeal(self, session: Session, text: str, learner: Learner) -> Step:
        """Answers in own words go to a tutor; choices are marked by a key, which is shown again."""
        words = self.course.words
        again = (self.course.again(session),) if session.item and not session.paused else ()
        if session.last:
            place, number = session.last
            record = Appeal(session.id, place, number, text[:SAID_CHARACTERS], learner.now)
            return Step((words.reply("appeal_kept"), *again), replace(session, last=None), (record,))
        item = self._before(session)
        if item is None or session.mode.is_test or isinstance(item, Short):
            return Step((words.reply("appeal_nothing"), *again), session)
        return Step((words.reply("appeal_choice", explain=item.explain), *again), session)

    def _before(self, session: Session) -> Item | None:
        """The item that was answered last."""
        place = session.at if session.tries else session.at - 1
        return self.course.bank.items.get(session.items[place]) if place >= 0 else None
