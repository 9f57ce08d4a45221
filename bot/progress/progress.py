"""Answers "how am I doing?" from the learner's own records."""

from __future__ import annotations

from pathlib import Path

from bot.content.files import read
from bot.content.schema import Strict
from bot.debrief import Debriefer
from bot.progress.record import Changed, Told
from bot.quiz import Bank, Learner
from bot.quiz.memory.mastery import Mastery, TopicMastery, mastery
from bot.reply import Bar, Bars, Button, Reply

_MOST_TOLD = 5


class ProgressFile(Strict):
    """knowledge/progress.yml."""

    replies: dict[str, str]
    labels: dict[str, str]
    marks: dict[str, str]


class Progress:
    """Puts words and a picture on a learner's records."""

    def __init__(self, file: ProgressFile, bank: Bank, debriefer: Debriefer) -> None:
        self._file = file
        self._bank = bank
        self._library = debriefer.library
        self._debriefer = debriefer

    @classmethod
    def load(cls, folder: Path, bank: Bank, debriefer: Debriefer) -> Progress:
        return cls(read(folder / "progress.yml", ProgressFile), bank, debriefer)

    def news(self, learner: Learner) -> tuple[tuple[Reply, ...], tuple[Told, ...]]:
        """What a tutor marked otherwise since the learner was told last, with the record of telling it; nothing where there is nothing."""
        changed = learner.records.changed_marks(learner.sender) if learner.records else ()
        if not changed:
            return (), ()
        first = changed[:_MOST_TOLD]
        lines = [self._say("changed_many"), *(f"- {self._changed(one)}" for one in first)] if changed[1:] else [self._changed(changed[0])]
        return (Reply("marks_changed", "\n".join(lines)),), (Told(tuple(one.id for one in first), learner.now),)

    def _changed(self, changed: Changed) -> str:
        if changed.item:
            item = self._bank.items.get(changed.item)
            asked = item.ask if item else changed.item
            mark = self._file.marks[f"appeal_{changed.appeal}" if changed.appeal else changed.mark]
            return self._say("changed_answer", asked=asked, mark=mark, reason=changed.reason)
        scenario = self._debriefer.practice.scenarios.get(changed.scenario)
        criterion = self._debriefer.words.criteria.get(changed.criterion, changed.criterion)
        title, mark = scenario.title if scenario else changed.scenario, self._file.marks[changed.mark]
        return self._say("changed_criterion", scenario=title, criterion=criterion, mark=mark, reason=changed.reason)

    def told(self, learner: Learner) -> Reply:
        """Answers so far, what is probably known today, streak, what is due, the weakest topics and what to do next."""
        records = learner.records
        count, right = records.answered(learner.sender) if records else (0, 0)
        if not records or not count:
            return Reply("progress", self._say("nothing"), (Button(self._file.labels["start"], "quiz:start"),))
        known = mastery(self._bank.for_practice, records.cards(learner.sender), records.days(learner.sender), learner.now)
        lines = [
            self._say("answered", count=count, right=right, percent=_percent(right / count)) if count > 1 else self._say("answered_one"),
            self._say("estimate", percent=_percent(known.overall), seen=known.seen, items=known.items),
            *([self._say("streak", days=known.streak)] if known.streak > 1 else []),
            self._say("due" if known.due_today else "due_nothing", today=known.due_today, week=known.due_this_week),
            *([self._say("weakest", topics=self._weakest(known))] if known.weakest else []),
            *self._checkpoints(learner),
        ]
        advice, button = self._next(known)
        return Reply("progress", "\n".join(lines) + f"\n\n{advice}", (button,), self._picture(known))

    def _say(self, name: str, **values: object) -> str:
        return self._file.replies[name].format(**values)

    def _weakest(self, known: Mastery) -> str:
        share = {topic.topic: topic.mastery for topic in known.topics}
        return ", ".join(f"{self._library.topics[topic].title} ({_percent(share[topic])}%)" for topic in known.weakest)

    def _next(self, known: Mastery) -> tuple[str, Button]:
        if known.due_today:
            return self._say("next_due"), Button(self._file.labels["due"], "quiz:due")
        if known.weakest:
            title = self._library.topics[known.weakest[0]].title
            return self._say("next_weak", topic=title), Button(
                self._file.labels["weak"].format(topic=title), f"quiz:topic.{known.weakest[0]}"
            )
        return self._say("next_new"), Button(self._file.labels["new"], "quiz:start")

    def _checkpoints(self, learner: Learner) -> list[str]:
        taken = learner.records.checkpoints(learner.sender) if learner.records else {}
        first, second = (taken.get(mode) for mode in self._bank.forms)
        if first and second:
            return [self._say("checkpoints", first=first[1], second=second[1], count=first[2])]
        return [self._say("checkpoint", first=first[1], count=first[2])] if first else []

    def _picture(self, known: Mastery) -> Bars:
        topics: dict[str, list[TopicMastery]] = {}
        for topic in known.topics:
            topics.setdefault(self._bank.area_of[topic.topic], []).append(topic)
        rows = tuple(self._bar(self._bank.file.areas[key].title, of_area) for key, of_area in topics.items())
        return Bars(self._say("picture"), rows)

    def _bar(self, title: str, topics: list[TopicMastery]) -> Bar:
        items, seen = sum(topic.items for topic in topics), sum(topic.seen for topic in topics)
        share = sum(topic.mastery * topic.items for topic in topics) / items
        return Bar(title, round(share, 3), self._say("row", percent=_percent(share), seen=seen, items=items))


def _percent(share: float) -> int:
    return round(100 * share)
