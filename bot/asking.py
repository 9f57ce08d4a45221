"""Answers questions: small talk, sums, the awarding body, and what is found in the knowledge base."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answer import Answerer, Compared, Context, Found, Unclear
from bot.calculate import Templates, calculate, words
from bot.content import Answerable, Library
from bot.reply import Reply, Words, is_token
from bot.safety import Safety

ASK, OUTSIDE = "ask", "out_of_scope"
# Intents whose reply has the intent's own name; anything else is looked up in the knowledge base.
TALK = frozenset(
    {"greet", "help", "capabilities", "bot_challenge", "thank", "goodbye", "affirm", "deny", "insult"} | {"other_person", "my_data"}
)
_OFFERS = {
    "greet": "start",
    "help": "start",
    "affirm": "start",
    "deny": "start",
}
# Small talk that a long message is seldom: a real question wins over these.
_LIGHT = frozenset(["greet", "thank", "goodbye", "affirm", "deny", "help", "insult", "more", "capabilities", "start_again"])
# A hesitant guess at these gives way to a clear question; the patterns of knowledge/safety.yml come first anyway.
GRAVE = frozenset({"distress", "emergency"})
_GRAVE_CONFIDENCE = 0.6
_METRICS = {
    "net-promoter-score": "nps",
    "csat": "csat",
    "first-contact-resolution": "fcr",
    "customer-effort-score": "ces",
    "retention-rate": "retention-rate",
    "sla-attainment": "sla-attainment",
    "response-and-resolution-time": "average-time",
}
_MORE_IN_ORDER = ("example", "why", "how", "pitfalls", "examiners", "limits", "exceptions", "related")


@dataclass(frozen=True)
class Answered:
    """What is said back and the context to carry to the next message."""

    reply: Reply
    context: Context


@dataclass(frozen=True)
class Asking:
    """Everything needed to answer. Immutable and free of any learner's state: safe to share."""

    library: Library
    answerer: Answerer
    words: Words
    safety: Safety
    sums: Templates
    message_characters: int

    def respond(self, text: str, context: Context, intent: str = ASK, confidence: float = 1.0) -> Answered:
        """The turn for a message as typed, or for a pressed button's token. Never raises on any text."""
        if is_token(text):
            return self._press(text, context)
        if not text.strip():
            return Answered(self.words.plain("empty"), context)
        if len(text) > self.message_characters:
            return Answered(self.words.plain("too_long", limit=self.message_characters), context)
        grave = self.grave(text, context, intent, confidence)
        if grave:
            return Answered(self.words.plain(grave), context)
        if intent in GRAVE:
            intent = ASK
        if intent in _LIGHT and self._is_a_question(text, context):
            intent = ASK
        doubt = confidence if intent == OUTSIDE else 0.0
        return (
            self._talk(intent, context)
            or self._sum(text, context)
            or self._body(text, intent, context)
            or self._answer(text, context, doubt)
        )

    def grave(self, text: str, context: Context, intent: str, confidence: float) -> str | None:
        """The name of the reply with help lines that the message calls for, if it does: by its words, or by its intent where that is
        sure or the message is no clear question.
        """
        called_for = self.safety.called_for(text)
        if called_for or intent not in GRAVE:
            return called_for
        return None if confidence < _GRAVE_CONFIDENCE and self.answerer.sure(text, context) else intent

    def _talk(self, intent: str, context: Context) -> Answered | None:
        if intent == "start_again":
            return Answered(self.words.plain("start_again", self.words.offer("start")), Context())
        if intent == "more":
            return self._more(context)
        if intent not in TALK:
            return None
        buttons = self.words.offer(_OFFERS[intent]) if intent in _OFFERS else ()
        return Answered(self.words.talk(intent, context.talk == intent, buttons), replace(context, talk=intent))

    def _is_a_question(self, text: str, context: Context) -> bool:
        return len(text.split()) > 4 and self.answerer.sure(text, context)

    def _sum(self, text: str, context: Context) -> Answered | None:
        calculation = calculate(text, topic=_METRICS.get(context.topic or ""))
        if calculation is None:
            return None
        topic = next((topic for topic, metric in _METRICS.items() if metric == calculation.metric), None)
        after = context.after(f"{topic}.what", text) if topic in self.library.topics else context
        return Answered(Reply("sum", words(calculation, self.sums)), after)

    def _body(self, text: str, intent: str, context: Context) -> Answered | None:
        if intent != "awarding_body":
            return None
        body = self.answerer.named_body(text)
        return self._press(f"body:{body}", context) if body else None

    def _answer(self, text: str, context: Context, doubt: float) -> Answered:
        body = self.answerer.named_body(text)
        if body:
            context = replace(context, body=body)
        result = self.answerer.answer(text, context, doubt)
        if isinstance(result, Found):
            return self._say(result, text, context)
        if isinstance(result, Compared):
            return Answered(self.words.compared(result.first, result.second), context.after(f"{result.first.id}.what", text))
        if isinstance(result, Unclear):
            return Answered(self.words.plain("unclear", self.words.choices(result.choices)), context)
        name = "garbled" if result.garbled else "declined"
        topics = ", ".join(topic.title for topic in result.nearest)
        return Answered(self.words.plain(name, self.words.topics(result.nearest), topics=topics), context)

    def _say(self, found: Found, question: str, context: Context) -> Answered:
        answerable = self._of_body(found.answerable, context.body)
        asks = bool(answerable.topic.bodies) and not (context.body or context.asked_body)
        near = () if asks else found.near  # the question needs the room that they would take
        reply = self.words.answer(answerable, found.caveat, near, [other.topic for other in found.others] if found.caveat else ())
        context = context.after(answerable.id, question)
        if not asks:
            return Answered(reply, context)
        asked = Reply(reply.kind, f"{reply.text}\n\n{self.words.plain('body_question').text}", (*reply.buttons, *self.words.bodies()))
        return Answered(asked, replace(context, asked_body=True))

    def _of_body(self, answerable: Answerable, body: str | None) -> Answerable:
        """The same answer of the topic that is the learner's awarding body's own, where there is one."""
        own = answerable.topic.bodies.get(body or "")
        return self.library.by_id.get(f"{own}.{answerable.name}", answerable)

    def _press(self, token: str, context: Context) -> Answered:
        kind, _, name = token.partition(":")
        if kind == "ask" and name in self.library.by_id:
            answerable = self.library.by_id[name]
            return self._say(Found(answerable), answerable.facet.ask[0], context)
        if kind == "body" and name in self.library.bodies:
            context = replace(context, body=name, asked_body=True)
            reply = (
                self.words.plain("body_other") if name == "other" else self.words.plain("body_known", body=self.library.bodies[name].title)
            )
            return Answered(reply, context)
        if kind == "do":
            return self._talk(name, context) or Answered(self.words.plain("help", self.words.offer("start")), context)
        return Answered(self.words.plain("help", self.words.offer("start")), context)

    def _more(self, context: Context) -> Answered:
        """The next kind of answer on the topic in hand."""
        if context.topic is None or context.topic not in self.library.topics:
            return Answered(self.words.plain("more_nothing", self.words.offer("start")), context)
        topic = self.library.topics[context.topic]
        current = (context.answerable or "").partition(".")[2]
        later = _MORE_IN_ORDER[_MORE_IN_ORDER.index(current) + 1 :] if current in _MORE_IN_ORDER else _MORE_IN_ORDER
        name = next((facet for facet in later if facet in topic.facets), None)
        if name is None:
            related = [self.library.topics[other] for other in topic.related if other in self.library.topics][:3]
            return Answered(self.words.plain("more_done", self.words.topics(related), topic=topic.title), context)
        return self._say(Found(self.library.by_id[f"{topic.id}.{name}"]), context.question, context)
