"""Finds the answer to a message: the one place where evidence becomes a decision."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer.context import Context
from bot.answer.evidence import LEANS, Evidence, Message
from bot.answer.index import Index
from bot.answer.ranking import Ranked, Ranker
from bot.answer.results import Compared, Declined, Found, Result, Unclear
from bot.answer.wording import words
from bot.content import Answerable, Topic

_COMPARES = re.compile(r"\b(difference|differ\w*|versus|vs\.?|compared?|comparison|or)\b")
_NEAREST = 3
_NEAR = 3
SURE = 0.7


class Answerer:
    """Answers from the index. Holds no state of any conversation."""

    def __init__(self, index: Index, evidence: Evidence, ranker: Ranker) -> None:
        self._index = index
        self._evidence = evidence
        self._ranker = ranker

    def answer(self, text: str, context: Context, doubt: float = 0.0) -> Result:
        """The typed result for a learner's message in its context. Never raises on any text.

        `doubt`, from 0 to 1, is how sure somebody else is that the message is not for us.
        """
        message = self._read(text, context)
        ranked = self._ranker.rank(message)
        weights = self._ranker.weights
        if self._garbled(message) or ranked.inside * (1 - doubt) < weights.decline_below:
            return Declined(self._nearest_topics(ranked), self._garbled(message))
        best = [self._index.answerables[number] for number in ranked.order]
        compared = self._comparison(message, best)
        if compared:
            return compared
        if self._undecided(message, ranked, best):
            return Unclear(tuple(best[:_NEAREST]))
        others = tuple(other for other in best[1:] if other.topic.id != best[0].topic.id)[:2]
        return Found(best[0], ranked.inside < weights.caveat_below, self._near(ranked, best), others)

    def nearest(self, text: str, context: Context, but: str, count: int) -> tuple[Answerable, ...]:
        """The answers nearest to the message, however near, without the one of the id `but`."""
        ranked = self._ranker.rank(self._read(text, context))
        found = (self._index.answerables[number] for number in ranked.order)
        return tuple(answerable for answerable in found if answerable.id != but)[:count]

    def _near(self, ranked: Ranked, best: Sequence[Answerable]) -> tuple[Answerable, ...]:
        """The next answers, where their scores are too close to be sure of the first."""
        least = ranked.scores[0] - self._ranker.weights.near_gap
        return tuple(other for other, score in zip(best, ranked.scores, strict=True) if score > least)[1 : 1 + _NEAR]

    @property
    def index(self) -> Index:
        """What messages are compared with."""
        return self._index

    def sure(self, text: str, context: Context) -> bool:
        """Whether the message is clearly a question for the knowledge base."""
        return self._ranker.rank(self._evidence.read(text, context)).inside > SURE

    def named_body(self, text: str) -> str | None:
        """The awarding body that the message names, by key."""
        return self._evidence.read(text, Context()).named.body

    def named_topics(self, text: str) -> tuple[str, ...]:
        """The ids of the topics that the message names."""
        return tuple(sorted(self._evidence.read(text, Context()).named.topics))

    def _read(self, text: str, context: Context) -> Message:
        """The message; "how is that different from the first one?" is read with both topics put in."""
        message = self._evidence.read(text, context)
        before, topic = (self._index.library.topics.get(name or "") for name in (context.before, context.topic))
        if before and topic and message.leaning > LEANS and not message.named.topics and _COMPARES.search(message.wording.plain):
            return self._evidence.read(f"what is the difference between {before.title} and {topic.title}?", Context(body=context.body))
        return message

    def _garbled(self, message: Message) -> bool:
        tokens = [token for token in words(message.wording.plain) if not token.isdigit()]
        known = sum(self._index.speller.reads(token) for token in tokens)
        return not tokens or known / len(tokens) < 0.4

    def _nearest_topics(self, ranked: Ranked) -> tuple[Topic, ...]:
        topics = {answerable.topic.id: answerable.topic for answerable in (self._index.answerables[i] for i in ranked.order)}
        return tuple(topics.values())[:_NEAREST]

    def _comparison(self, message: Message, best: Sequence[Answerable]) -> Compared | None:
        """Both topics side by side, when two are to be compared and none of the best answers speaks of both."""
        named = message.named.topics
        if len(named) != 2 or not _COMPARES.search(message.wording.plain):
            return None
        if any(self._evidence.named_in(answerable.facet.say) >= named for answerable in best[:_NEAREST]):
            return None
        first, second = (self._index.library.topics[topic] for topic in sorted(named))
        return None if best[0].topic.id in named and best[0].name.startswith("versus") else Compared(first, second)

    def _undecided(self, message: Message, ranked: Ranked, best: Sequence[Answerable]) -> bool:
        if message.leaning > 0.5 and message.context.topic:
            return False
        short = len(words(message.wording.plain)) <= 3 and not message.named.topics
        close = ranked.scores[0] - ranked.scores[1] < self._ranker.weights.choice_gap
        return short and close and best[0].topic.id != best[1].topic.id
