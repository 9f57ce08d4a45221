"""The quiz: takes what a learner says or presses, and gives replies, the session to carry on and what to record."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands import Phrases
from bot.content.questions import Short
from bot.quiz.answering import Answering, is_an_option
from bot.quiz.bank import Bank
from bot.quiz.course import MOCK_MINUTES, Course
from bot.quiz.given import is_letter
from bot.quiz.leading import Leading
from bot.quiz.learner import Learner
from bot.quiz.mark import ShortMarker
from bot.quiz.plan import mock, plan
from bot.quiz.request import Requests, Wanted
from bot.quiz.session import Mode, Session
from bot.quiz.step import Step
from bot.quiz.words import QuizWords
from bot.reply import Button, Reply

CHECKPOINT_DAYS: Final = 14
_STARTS: Final = {"start": "quiz", "mock": "mock", "due": "due", "wrong": "wrong", "checkpoint": "checkpoint"}


class Quiz:
    """Immutable and free of any learner's state: safe to share. `most_due` is how many reviews a day are enough."""

    def __init__(self, bank: Bank, words: QuizWords, requests: Requests, shorts: ShortMarker, most_due: int) -> None:
        self.bank = bank
        self.requests = requests
        self._words = words
        self._most_due = most_due
        self._commands = Phrases(bank.file.commands, bank.file.signs)
        self._course = Course(bank, words)
        self._leading = Leading(self._course)
        self._answering = Answering(self._course, shorts)

    def warm_up(self) -> None:
        """The first answer in own words should not wait for the vectors of all others."""
        item = next((item for item in self.bank.items.values() if isinstance(item, Short)), None)
        if item:
            self._answering.shorts.mark(item, item.model)

    def start(self, wanted: Wanted, learner: Learner) -> Step:
        """A quiz of what is wanted, from its first question on."""
        if wanted.mode == "mock":
            items = mock(self.bank, learner)
            intro = self._words.reply("intro_mock", count=len(items), minutes=MOCK_MINUTES)
            return self._course.begin(Mode.MOCK, items, self.bank.file.names["mock"], (intro,), learner)
        if wanted.mode == "checkpoint":
            return self._checkpoint(learner)
        made = plan(self.bank, wanted, learner, self._most_due)
        count = len(made.items)
        note = [self._words.reply(made.note)] if made.note else []
        intro = self._words.reply("intro" if count > 1 else "intro_one", self._changes(), count=count, what=made.what)
        return self._course.begin(Mode.QUIZ, made.items, made.what, (*note, self._with_checkpoint(intro, learner)), learner)

    def check(self, item: str, learner: Learner) -> Step:
        """The one question offered after an answer."""
        if item not in self.bank.items:
            return Step((self._words.reply("old_button", self._course.more()),), None)
        return self._course.begin(Mode.CHECK, (item,), self.bank.area_title(self.bank.items[item]), (), learner)

    def check_button(self, topic: str, number: int) -> Button | None:
        """The offer of one question on the topic, where there is one; `number` turns through them."""
        items = self.bank.by_topic.get(topic, ())
        return self._words.button("check", f"check.{items[number % len(items)].id}") if items else None

    def hear(self, session: Session, text: str, learner: Learner, elsewhere: bool = False) -> Step | None:
        """The turn for what was typed; None when it is no answer and nothing that leads the quiz.

        `elsewhere` when the message seems to be for another skill. Never raises on any text.
        """
        command = self._commands.read(text)
        if session.item is None:
            return self._leading.after_test(session, text, command, learner)
        asked = self._course.open(session, learner)
        if asked is None:
            return self._course.on(session, (), (), learner)
        if session.paused:
            return self._leading.while_paused(asked, command, text)
        if session.mode is Mode.MOCK and learner.seconds - session.started > MOCK_MINUTES * 60:
            return self._course.finish(session, (self._words.reply("time_up", minutes=MOCK_MINUTES),), (), learner)
        if command and not is_an_option(asked.shown, text):
            return self._leading.take(asked, command, text)
        return self._answering.take(asked, text, elsewhere)

    def press(self, name: str, session: Session | None, learner: Learner) -> Step:
        """The turn for a button of a quiz; `name` is its token after `quiz:`."""
        head, _, rest = name.partition(".")
        if head == "check":
            return self.check(rest, learner)
        if head in _STARTS:
            return self.start(Wanted(_STARTS[head]), learner)
        topics = self._topics(head, rest)
        if topics:
            return self.start(Wanted(topics=topics[0], what=topics[1]), learner)
        return self._press_on_item(head, rest, session, learner)

    def leads(self, text: str) -> bool:
        """Whether the message is one of the words that lead a quiz, and no more."""
        return self._commands.read(text) is not None

    def idle(self, text: str) -> Reply | None:
        """What is said to words that lead or answer a quiz where there is none; None for all other words."""
        command = self._commands.read(text)
        if command == "resume":
            return self._words.reply("nothing_paused", (self._words.button("start", "start"),))
        if is_letter(text):
            return self._words.reply("nothing_open", (self._words.button("start", "start"),))
        return self._words.reply("nothing_to_stop") if command == "stop" else None

    def again(self, session: Session) -> Reply:
        """The current question once more, after something else was answered."""
        return self._course.again(session)

    def waiting(self, session: Session) -> Reply:
        """Where a paused quiz waits, and how to go on."""
        return self._leading.waiting(session)

    def _checkpoint(self, learner: Learner) -> Step:
        taken = learner.records.checkpoints(learner.sender) if learner.records else {}
        mode = next((mode for mode in (Mode.FIRST, Mode.SECOND) if mode.value not in taken), None)
        if mode is None:
            started = self.start(Wanted(), learner)
            return replace(started, replies=(self._words.reply("unanswered_checkpoint"), *started.replies))
        items = self.bank.forms[mode.value]
        intro = self._words.reply("intro_checkpoint", count=len(items))
        return self._course.begin(mode, items, self.bank.file.names["checkpoint"], (intro,), learner)

    def _with_checkpoint(self, intro: Reply, learner: Learner) -> Reply:
        """Offered before the first quiz, and again once two weeks have passed since the first checkpoint."""
        offer = self._checkpoint_offer(learner)
        button = self._words.button("checkpoint", "checkpoint")
        return replace(intro, text=f"{intro.text}\n\n{offer}", buttons=(*intro.buttons, button)) if offer else intro

    def _checkpoint_offer(self, learner: Learner) -> str | None:
        if learner.records is None:
            return None
        taken = learner.records.checkpoints(learner.sender)
        if not taken and not learner.records.has_answered(learner.sender):
            return self._words.say("offer_checkpoint", count=len(self.bank.forms[Mode.FIRST.value]))
        first = taken.get(Mode.FIRST.value)
        due = first and Mode.SECOND.value not in taken and (learner.now - first[0]).days >= CHECKPOINT_DAYS
        return self._words.say("offer_checkpoint_again") if due else None

    def _topics(self, head: str, name: str) -> tuple[frozenset[str], str] | None:
        """The topics of a button that starts a quiz on them, and how they are called."""
        file = self.bank.file
        if head == "topic" and name in self.bank.by_topic:
            return frozenset([name]), self.requests.titles[name]
        if head == "area" and name in file.areas:
            return frozenset(file.areas[name].topics), file.areas[name].title
        if head == "collection" and name in file.collections:
            part = file.collections[name]
            return frozenset(part.topics) | self.bank.topics_of(part.areas), part.title
        return None

    def _press_on_item(self, number: str, rest: str, session: Session | None, learner: Learner) -> Step:
        """Buttons under a question carry its quiz and place, so that an old one is never taken for an answer to another."""
        if session is None or session.id != number:
            return Step((self._words.reply("old_button", self._course.more()),), session)
        place, _, what = rest.partition(".")
        if what == "review":
            return self._leading.review(session, 0, learner)
        words = self._commands.phrase(what) or what  # as if it had been typed
        if session.item and place != str(session.at) and what != "appeal":
            return Step((self._words.reply("not_this_one"), self.again(session)), session)
        step = self.hear(session, words, learner) or self.hear(replace(session, paused=False), words, learner)
        return step or Step((self._words.reply("old_button", self._course.more()),), session)

    def _changes(self) -> tuple[Button, ...]:
        """Other quizzes than the one that has just begun."""
        wide = (self._words.button("law", "collection.law"), self._words.button("complaints", "area.complaints"))
        return (*wide, self._words.button("measures", "area.measures"), self._words.button("mock", "mock"))
