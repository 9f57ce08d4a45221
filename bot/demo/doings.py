"""What made-up learners do in a visit: ask, take a quiz or the checkpoint, practise, look at their progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from bot.conversation import Turn
from bot.demo.answers import Answers
from bot.demo.material import Material
from bot.demo.persona import Persona
from bot.demo.said import Doing, Said, button, pressed
from bot.practice import Practice
from bot.quiz.bank import Bank

Quality = Literal["good", "mixed", "bad"]
_MOST_LINES: Final = 14
_MOST_BOXES: Final = 14


@dataclass(frozen=True)
class Doings:
    """What one learner does; `growth` is how much of the course is behind them, from 0 to 1."""

    bank: Bank
    practice: Practice
    material: Material
    persona: Persona
    dice: Random
    growth: float
    code: str = ""  # of the learner's group

    @property
    def answers(self) -> Answers:
        return Answers(self.bank, self.material, self.persona, self.dice)

    def _say(self, text: str, intent: str = "ask", least: float = 0.72) -> Said:
        return Said(self.persona.typed(text, self.dice), intent, round(self.dice.uniform(least, 0.98), 4))

    def _one(self, texts: Sequence[str], intent: str = "ask") -> Said:
        return self._say(self.dice.choice(texts), intent)

    def greet(self) -> Doing:
        yield self._one(self.material.greetings, "greet")

    def join(self) -> Doing:
        """The group, by the code that its tutor gave."""
        turn = yield Said(f"join {self.code.lower() if self.persona.style == 'quick' else self.code}", "ask", 0.4)
        if turn.state.account and turn.state.account.step == "join_name":
            yield Said(self.persona.name, "ask", 0.4)

    def ask(self, count: int, theme: str | None = None) -> Doing:
        """Questions on one theme, now and then followed up by a button or a short question."""
        name = theme or self.dice.choice(sorted(self.material.questions))
        texts = self.material.questions[name]
        for text in self.dice.sample(texts, min(count, len(texts))):
            turn = yield self._say(text)
            more = button(turn, "ask:")
            if more and self.dice.random() < 0.35:
                yield pressed(more.token, more.title)
            elif self.dice.random() < 0.15:
                yield self._one(self.material.follow_ups)
        if self.dice.random() < 0.3:
            yield self._one(self.material.thanks, "thank")

    def ask_uncovered(self, count: int, theme: str) -> Doing:
        for text in self.dice.sample(self.material.uncovered[theme], min(count, len(self.material.uncovered[theme]))):
            yield self._say(text, "out_of_scope" if self.dice.random() < 0.5 else "ask", 0.4)

    def garble(self, count: int) -> Doing:
        """Nothing that anybody could understand."""
        for text in self.dice.sample(self.material.garbled, min(count, len(self.material.garbled))):
            yield Said(text, "ask", round(self.dice.uniform(0.12, 0.3), 4))

    def progress(self) -> Doing:
        yield self._one(self.material.asks.progress, "progress")

    def quiz(self, most: int, topic: str | None = None, text: str | None = None) -> Doing:
        """A quiz on something, or on the topic of that id; stopped after `most` answers."""
        if topic:
            opening = pressed(f"quiz:topic.{topic}", topic)
        else:
            asked = text or self.dice.choice(self.material.asks.quiz).format(topic=self.dice.choice(self.material.asks.topics))
            opening = self._say(asked, "quiz")
        turn = yield opening
        yield from self._answer(turn, most)

    def checkpoint(self) -> Doing:
        turn = yield self._one(self.material.asks.checkpoint, "quiz")
        yield from self._answer(turn, 20)

    def _answer(self, turn: Turn, most: int) -> Doing:
        for _ in range(most):
            session = turn.state.quiz
            if session is None or session.item is None or session.paused:
                return
            hint = button(turn, f"quiz:{session.id}.{session.at}.hint")
            skip = button(turn, f"quiz:{session.id}.{session.at}.skip")
            if hint and session.tries == 0 and session.hints == 0 and not session.mode.is_test and self.dice.random() < 0.1:
                turn = yield pressed(hint.token, hint.title)
            elif skip and session.tries and self.dice.random() < 0.25:
                turn = yield pressed(skip.token, skip.title)
            else:
                turn = yield self.answers.said(turn, session, self.growth)
        if turn.state.quiz and turn.state.quiz.item:
            yield Said("stop", "ask", 0.6)

    def practise(self, quality: Quality, scenario: str | None = None, leaves_after: int | None = None) -> Doing:
        """A practice, played to its end; or left without a word after so many lines."""
        if scenario:
            chosen = scenario
            turn = yield pressed(f"practice:start.{chosen}", self.practice.scenarios[chosen].title)
        else:
            turn = yield self._one(self.material.asks.practice, "practice")
            offered = button(turn, "practice:start.")
            if offered:
                turn = yield pressed(offered.token, offered.title)
            if turn.state.practice is None or not turn.state.practice.is_open:
                return
            chosen = turn.state.practice.state.scenario
        for count, line in enumerate(self._lines(chosen, quality)):
            if count == leaves_after:
                return
            turn = yield Said(self.persona.spoken(line, self.dice), "ask", round(self.dice.uniform(0.3, 0.8), 4))
            if not (turn.state.practice and turn.state.practice.is_open):
                break
        else:
            turn = yield Said("feedback", "ask", 0.55)
        yield from self._afterwards(turn)

    def _lines(self, scenario: str, quality: Quality) -> list[str]:
        """Of the scenario's own good and bad answers, with lines of the learner's between them."""
        own, dice = self.practice.scenarios[scenario], self.dice
        good, bad = ([line.say for line in lines] for lines in (own.model, own.defensive))
        spoken = self.material.practice
        if own.writing:
            return good if quality == "good" else bad
        if quality == "bad":
            return [*bad, *spoken.shrugs][:_MOST_LINES]
        if quality == "mixed":
            kept = [
                line.say for line in own.model if dice.random() < 0.75 or "verify" in line.moves
            ]  # a slip of data is planted, not left to chance
            good = [dice.choice((*bad, *spoken.shrugs)), *kept]
        elif dice.random() < 0.5 and "verify" not in own.model[0].moves:
            good = [dice.choice(spoken.opens), *good[1:]]
        if dice.random() < 0.4:
            good.insert(1, dice.choice(spoken.listens))
        return [*good, dice.choice(spoken.closes)][:_MOST_LINES]

    def _afterwards(self, turn: Turn) -> Doing:
        """Some write their reflections, and a few of those fill in the form as well."""
        reflect = button(turn, "practice:reflect")
        if reflect is None or self.dice.random() > 0.1 + 0.4 * self.persona.diligence:
            return
        turn = yield pressed(reflect.token, reflect.title)
        for texts in (self.material.practice.reflects, self.material.practice.prevents):
            if turn.state.practice is None or turn.state.practice.phase != "paperwork":
                return
            turn = yield self._one(texts)
        fills = self.dice.random() < self.persona.diligence - 0.65
        for _ in range(_MOST_BOXES if fills else 0):
            if turn.state.practice is None or turn.state.practice.phase != "paperwork":
                return
            choice = button(turn, "practice:form.")
            offered = choice is not None and choice.token.rpartition(".")[2].isdecimal()
            turn = yield pressed(choice.token, choice.title) if choice and offered else self._one(self.material.practice.written)
        if turn.state.practice and turn.state.practice.phase == "paperwork":
            yield Said("stop", "ask", 0.6)

    # Planted problems

    def worry(self) -> Doing:
        """A message that calls for help."""
        lines = self.material.planted.worry
        for line in lines[:-1]:
            yield self._say(line)
        yield Said(lines[-1], "distress", 0.94)
        yield self._say(self.material.planted.worry_after, "thank")

    def unhappy(self) -> Doing:
        """Words of distress, in the middle of other things."""
        yield Said(self.material.planted.unhappy, "distress", 0.88)

    def appeal(self) -> Doing:
        """An answer in own words that was not marked right, and an appeal."""
        turn = yield self._one(self.material.asks.answers, "quiz")
        for _ in range(8):
            session = turn.state.quiz
            if session is None or session.item is None:
                return
            if session.last:
                yield Said(self.material.planted.appeal, "ask", 0.5)
                break
            turn = yield Said(self.answers.half_right(self.bank.items[session.item]), "ask", 0.5)
        yield Said("stop", "ask", 0.6)

    def disclose(self) -> Doing:
        """A practice in which another person's data is given away."""
        chosen = "account-of-another"
        if chosen not in self.practice.scenarios:
            return
        first = self.practice.scenarios[chosen].model[0].say
        yield self._one(self.material.asks.practice, "practice")
        yield pressed(f"practice:start.{chosen}", self.practice.scenarios[chosen].title)
        yield Said(first, "ask", 0.5)
        turn = yield Said(self.material.planted.told, "ask", 0.5)
        if turn.state.practice and turn.state.practice.is_open:
            yield Said("feedback", "ask", 0.5)

    def private(self) -> Doing:
        """Their own e-mail address and number, which nobody asked for."""
        for line in self.material.planted.private:
            yield Said(line, "ask", 0.45)

    def unhelped(self) -> Doing:
        """An answer that did not help."""
        turn = yield self._one(self.material.questions["course"])
        found = button(turn, "do:unhelpful")
        yield pressed(found.token, found.title) if found else Said(self.material.planted.unhelpful, "ask", 0.5)

    def insult(self) -> Doing:
        yield Said(self.material.planted.rude, "insult", 0.93)

    def come_back(self) -> Doing:
        yield Said(self.material.planted.returned, "greet", 0.62)
