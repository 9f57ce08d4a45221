"""How a test ended: by area, by assessment criterion, and miss by miss."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.content.questions import Item
from bot.quiz.bank import Bank
from bot.quiz.learner import Learner
from bot.quiz.mark import right_answer
from bot.quiz.session import Mode, Result, Session
from bot.quiz.shown import show
from bot.quiz.words import QuizWords
from bot.reply import Reply

_RIGHT = (Result.RIGHT.value, Result.HINTED.value)
_MINUTE = 60


@dataclass(frozen=True)
class TestResults:
    """Tells the results of mock tests and checkpoints."""

    __test__ = False  # the name is the field's; pytest would collect it

    bank: Bank
    words: QuizWords
    minutes: int

    def told(self, session: Session, learner: Learner) -> tuple[Reply, ...]:
        """Of what was reached; a checkpoint counts only whole, as its two forms are compared."""
        reached = session.over()
        if session.mode is not Mode.MOCK:
            return (self._checkpoint(session, learner),)
        spent = max(1, min(self.minutes, round((learner.seconds - session.started) / _MINUTE)))
        name = "test_result" if reached.at == len(session.items) else "test_stopped"
        values = {"minutes": spent, "right": reached.right, "done": reached.done, "count": len(session.items)}
        head = self.words.say(name, percent=round(100 * reached.right / max(1, reached.done)), **values)
        lines = [head, "", self.words.say("test_areas"), *self._by_area(reached), *self._by_criterion(reached, learner.body)]
        return (Reply("quiz_test_result", "\n".join(lines)), self._misses(reached))

    def miss(self, session: Session, number: int, learner: Learner) -> Reply:
        """One miss with what was answered, why that was wrong, and the answer."""
        place = session.misses[number]
        item = self.bank.items.get(session.items[place])
        if item is None:
            return self.words.reply("deleted", (self.words.on_item("next_miss", session, "next"),))
        shown = show(item, session.seed)
        records = learner.records.attempts_of(learner.sender, session.id) if learner.records else ()
        attempt = next((attempt for attempt in records if attempt.place == place), None)
        return self.words.reply(
            "review",
            (self.words.on_item("next_miss", session, "next"), self.words.on_item("stop", session, "stop")),
            number=number + 1,
            count=len(session.misses),
            area=self.bank.area_title(item),
            ask="\n\n".join(filter(None, (shown.story, shown.ask))),
            given=self.words.given(shown, attempt.chosen, attempt.said) if attempt else self.words.say("given_nothing"),
            why=self.words.why_wrong(shown, attempt.chosen) if attempt else "",
            answer=right_answer(shown),
            explain=item.explain,
            source=self.words.source(item),
        )

    def _checkpoint(self, session: Session, learner: Learner) -> Reply:
        right, count = session.right, len(session.items)
        if session.at < count:
            return self.words.reply("checkpoint_stopped", done=session.done, count=count)
        if session.mode is Mode.FIRST:
            return self.words.reply("checkpoint_result", right=right, count=count)
        taken = learner.records.checkpoints(learner.sender) if learner.records else {}
        first = taken.get(Mode.FIRST.value)
        return self.words.reply("checkpoint_second", right=right, count=count, before=first[1] if first else "?")

    def _misses(self, session: Session) -> Reply:
        if not session.misses:
            return self.words.reply("test_no_misses")
        return self.words.reply("test_misses", (self.words.on_item("review", session, "review"),), count=len(session.misses))

    def _by_area(self, session: Session) -> list[str]:
        titled = [(self.bank.area_title(item), right) for item, right in self._answered(session)]
        return self._lines(titled)

    def _by_criterion(self, session: Session, body: str | None) -> list[str]:
        """For the learner's awarding body; for the criteria of the unit's notes where that is not known."""
        own = body if body in ("biiab", "aofaq") else "other"
        criteria = self.bank.file.criteria
        titled = [(criteria[key].title, right) for item, right in self._answered(session) for key in self.bank.criteria_of(item.topic, own)]
        return ["", self.words.say("test_criteria", body=self.words.body(own)), *self._lines(titled)] if titled else []

    def _answered(self, session: Session) -> list[tuple[Item, bool]]:
        """The items that still exist, and whether each was right."""
        pairs = zip(session.items, session.results, strict=True)
        return [(self.bank.items[name], letter in _RIGHT) for name, letter in pairs if name in self.bank.items]

    def _lines(self, titled: list[tuple[str, bool]]) -> list[str]:
        counts = Counter(title for title, _ in titled)
        rights = Counter(title for title, right in titled if right)
        return [self.words.say("test_line", name=title, right=rights[title], count=count) for title, count in counts.items()]
