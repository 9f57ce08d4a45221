"""Takes answers: marks them, explains, offers another try, and asks again where there was none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.content.questions import Short
from bot.quiz.attempt import SAID_CHARACTERS
from bot.quiz.course import Course
from bot.quiz.given import Given, OwnWords, is_bare, read_given, stripped
from bot.quiz.mark import Mark, ShortMarker, Verdict, can_try_again, mark
from bot.quiz.memory.schedule import Outcome
from bot.quiz.session import Result, Session
from bot.quiz.shown import LETTERS, Shown
from bot.quiz.step import Open, Step
from bot.reply import Button, Reply

_QUESTION: Final = re.compile(
    r"^(?:what|whats|what's|how|hows|why|when|who|whose|which|where|can (?:you|u|i)|could (?:you|i)|would|do (?:you|i|we)|does|did|"
    r"explain|define|tell me (?:about|what|how|why|more)|is there|are there|is it true|"
    r"(?:the )?(?:difference|meaning) (?:between|of)|meaning)\b.*\w+"
)


@dataclass(frozen=True)
class Answering:
    """`shorts` marks answers in the learner's own words."""

    course: Course
    shorts: ShortMarker

    def take(self, asked: Open, text: str, elsewhere: bool) -> Step | None:
        """The turn for an answer; None for a question, or what seems to be `elsewhere`, which other skills take."""
        given = self._given(asked.shown, text)
        marked = mark(asked.shown, given, self.shorts) if given else None
        in_own_words = isinstance(given, OwnWords)
        if marked is None or (elsewhere and in_own_words and marked.verdict is Verdict.WRONG):
            return self._none(asked, text, elsewhere)
        said = text[:SAID_CHARACTERS] if in_own_words else ""
        if marked.verdict is not Verdict.RIGHT and self._may_try_again(asked):
            return self._first_try(asked, marked, said)
        return self._marked(asked, marked, said)

    @staticmethod
    def _given(shown: Shown, text: str) -> Given | None:
        if is_question(text) and not is_bare(text) and not is_an_option(shown, text):
            return None
        return read_given(shown, text)

    @staticmethod
    def _may_try_again(asked: Open) -> bool:
        return asked.session.tries == 0 and not asked.session.mode.is_test and can_try_again(asked.shown.item)

    def _first_try(self, asked: Open, marked: Mark, said: str) -> Step:
        """What was wrong with this answer, without the right one, and one more try."""
        session, words = asked.session, self.course.words
        record = asked.attempt(marked.verdict.value, None, marked, said)
        tried = replace(session, tries=1, blanks=0, last=(session.at, 1) if said else session.last)
        text = f"{words.marked_wrong(marked)}\n\n{words.say('try_again')}"
        buttons = (*words.choices(tried, asked.shown), words.on_item("hint", tried, "hint"), *self._appeal_button(tried, said))
        return Step((Reply("quiz_wrong", text, buttons),), tried, (record,))

    def _appeal_button(self, session: Session, said: str) -> tuple[Button, ...]:
        return (self.course.words.on_item("appeal", session, "appeal"),) if said else ()

    def _marked(self, asked: Open, marked: Mark, said: str) -> Step:
        """The item ends."""
        session, right = asked.session, marked.verdict is Verdict.RIGHT
        aided = session.tries > 0 or session.hints > 0
        outcome, result = (Outcome.WRONG, Result.WRONG)
        if right:
            outcome, result = (Outcome.HINTED, Result.HINTED) if aided else (Outcome.RIGHT, Result.RIGHT)
        record = asked.attempt(marked.verdict.value, outcome, marked, said)
        ended = session.ended(result, asked.learner.seconds)
        if said:
            ended = replace(ended, last=None if right else (session.at, session.tries + 1))
        feedback = self.course.words.reply("noted") if session.mode.is_test else self._feedback(asked, marked, aided, said)
        return self.course.on(ended, (feedback,), (record,), asked.learner)

    def _feedback(self, asked: Open, marked: Mark, aided: bool, said: str) -> Reply:
        session, item, words = asked.session, asked.shown.item, self.course.words
        if marked.verdict is Verdict.RIGHT:
            name = "right_hinted" if aided else ("right", "right_again")[session.at % 2]
            # In own words something can have gone unnoticed, so a full answer is shown beside it.
            full = (words.say("full", answer=item.model),) if isinstance(item, Short) else ()
            return Reply("quiz_right", "\n\n".join((words.say(name, explain=item.explain), *full, words.source(item))))
        text = f"{words.marked_wrong(marked)}\n\n{words.answer(asked.shown)}"
        return Reply("quiz_wrong", text, self._appeal_button(session, said))

    def _none(self, asked: Open, text: str, elsewhere: bool) -> Step | None:
        """Asked again, at no cost."""
        session, words = asked.session, self.course.words
        if is_question(text) or elsewhere:
            return Step((self.course.in_test(session), self.course.again(session)), session) if session.mode.is_test else None
        said = words.say("unreadable_again" if session.blanks % 2 else "unreadable", how=words.how(asked.shown))
        return Step((words.question(session, asked.shown, said),), replace(session, blanks=session.blanks + 1))


def is_question(text: str) -> bool:
    """Whether the message asks rather than answers: "is it b?" answers."""
    return bool(_QUESTION.match(stripped(text)))


def is_an_option(shown: Shown, text: str) -> bool:
    """Whether the message is an option's own words, which beat a command of the same words."""
    plain = stripped(text)
    options = [option.lower().strip(" .") for option in shown.options]
    wordings = [wording.lower() for idea in shown.item.ideas for wording in idea.say] if isinstance(shown.item, Short) else []
    return plain in options or plain in wordings or (len(plain) == 1 and plain in LETTERS[: len(options)])
