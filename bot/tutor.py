"""The composition root: opens content, encoder and index once, and turns each message into a turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from bot.answer import Answerer, Compared, Context, Declined, Found, Unclear
from bot.answer.evidence import Evidence
from bot.answer.kept import open_index
from bot.answer.lexicon import load_lexicon
from bot.answer.ranking import Ranker, Weights
from bot.answer.vectors import VectorStore
from bot.calculate import Templates, calculate, load_templates, words
from bot.content import Answerable, Library, load_kept
from bot.encoder import Encoder
from bot.reply import Reply, Words, is_token
from bot.safety import Safety
from bot.settings import Settings

ASK, OUTSIDE = "ask", "out_of_scope"
# Intents whose reply has the intent's own name; anything else is looked up in the knowledge base.
TALK = frozenset(
    {"greet", "help", "capabilities", "bot_challenge", "thank", "goodbye", "affirm", "deny", "insult"}
    | {"other_person", "my_data", "progress", "quiz", "practice", "distress", "emergency"}
)
_OFFERS = {
    "greet": "start",
    "help": "start",
    "affirm": "start",
    "deny": "start",
    "quiz": "quiz",
    "practice": "practice",
}
# Small talk that a long message is seldom: a real question wins over these.
_LIGHT = frozenset(["greet", "thank", "goodbye", "affirm", "deny", "help", "insult", "more", "capabilities", "start_again"])
# A hesitant guess at these gives way to a clear question; the patterns of knowledge/safety.yml come first anyway.
_GRAVE = frozenset({"distress", "emergency"})
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
class Turn:
    """What is said back and the context to carry to the next message."""

    reply: Reply
    context: Context


@dataclass(frozen=True)
class Tutor:
    """Everything needed to answer. Immutable and free of any learner's state: safe to share."""

    library: Library
    answerer: Answerer
    words: Words
    safety: Safety
    sums: Templates
    message_characters: int

    def respond(self, text: str, context: Context, intent: str = ASK, confidence: float = 1.0) -> Turn:
        """The turn for a message as typed, or for a pressed button's token. Never raises on any text."""
        if is_token(text):
            return self._press(text, context)
        if not text.strip():
            return Turn(self.words.plain("empty"), context)
        if len(text) > self.message_characters:
            return Turn(self.words.plain("too_long", limit=self.message_characters), context)
        called_for = self.safety.called_for(text)
        if called_for:
            return Turn(self.words.plain(called_for), context)
        if intent in _GRAVE and confidence < _GRAVE_CONFIDENCE and self.answerer.sure(text, context):
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

    def _talk(self, intent: str, context: Context) -> Turn | None:
        if intent == "start_again":
            return Turn(self.words.plain("start_again", self.words.offer("start")), Context())
        if intent == "more":
            return self._more(context)
        if intent not in TALK:
            return None
        buttons = self.words.offer(_OFFERS[intent]) if intent in _OFFERS else ()
        return Turn(self.words.talk(intent, context.talk == intent, buttons), replace(context, talk=intent))

    def _is_a_question(self, text: str, context: Context) -> bool:
        return len(text.split()) > 4 and self.answerer.sure(text, context)

    def _sum(self, text: str, context: Context) -> Turn | None:
        calculation = calculate(text, topic=_METRICS.get(context.topic or ""))
        if calculation is None:
            return None
        topic = next((topic for topic, metric in _METRICS.items() if metric == calculation.metric), None)
        after = context.after(f"{topic}.what", text) if topic in self.library.topics else context
        return Turn(Reply("sum", words(calculation, self.sums)), after)

    def _body(self, text: str, intent: str, context: Context) -> Turn | None:
        if intent != "awarding_body":
            return None
        body = self.answerer.named_body(text)
        return self._press(f"body:{body}", context) if body else None

    def _answer(self, text: str, context: Context, doubt: float) -> Turn:
        body = self.answerer.named_body(text)
        if body:
            context = replace(context, body=body)
        result = self.answerer.answer(text, context, doubt)
        if isinstance(result, Found):
            return self._say(result, text, context)
        if isinstance(result, Compared):
            return Turn(self.words.compared(result.first, result.second), context.after(f"{result.first.id}.what", text))
        if isinstance(result, Unclear):
            return Turn(self.words.plain("unclear", self.words.choices(result.choices)), context)
        assert isinstance(result, Declined)
        name = "garbled" if result.garbled else "declined"
        topics = ", ".join(topic.title for topic in result.nearest)
        return Turn(self.words.plain(name, self.words.topics(result.nearest), topics=topics), context)

    def _say(self, found: Found, question: str, context: Context) -> Turn:
        answerable = self._of_body(found.answerable, context.body)
        asks = bool(answerable.topic.bodies) and not (context.body or context.asked_body)
        near = () if asks else found.near  # the question needs the room that they would take
        reply = self.words.answer(answerable, found.caveat, near, [other.topic for other in found.others] if found.caveat else ())
        context = context.after(answerable.id, question)
        if not asks:
            return Turn(reply, context)
        asked = Reply(reply.kind, f"{reply.text}\n\n{self.words.plain('body_question').text}", (*reply.buttons, *self.words.bodies()))
        return Turn(asked, replace(context, asked_body=True))

    def _of_body(self, answerable: Answerable, body: str | None) -> Answerable:
        """The same answer of the topic that is the learner's awarding body's own, where there is one."""
        own = answerable.topic.bodies.get(body or "")
        return self.library.by_id.get(f"{own}.{answerable.name}", answerable)

    def _press(self, token: str, context: Context) -> Turn:
        kind, _, name = token.partition(":")
        if kind == "ask" and name in self.library.by_id:
            answerable = self.library.by_id[name]
            return self._say(Found(answerable), answerable.facet.ask[0], context)
        if kind == "body" and name in self.library.bodies:
            context = replace(context, body=name, asked_body=True)
            reply = (
                self.words.plain("body_other") if name == "other" else self.words.plain("body_known", body=self.library.bodies[name].title)
            )
            return Turn(reply, context)
        if kind == "do":
            return self._talk(name, context) or Turn(self.words.plain("help", self.words.offer("start")), context)
        return Turn(self.words.plain("help", self.words.offer("start")), context)

    def _more(self, context: Context) -> Turn:
        """The next kind of answer on the topic in hand."""
        if context.topic is None or context.topic not in self.library.topics:
            return Turn(self.words.plain("more_nothing", self.words.offer("start")), context)
        topic = self.library.topics[context.topic]
        current = (context.answerable or "").partition(".")[2]
        later = _MORE_IN_ORDER[_MORE_IN_ORDER.index(current) + 1 :] if current in _MORE_IN_ORDER else _MORE_IN_ORDER
        name = next((facet for facet in later if facet in topic.facets), None)
        if name is None:
            related = [self.library.topics[other] for other in topic.related if other in self.library.topics][:3]
            return Turn(self.words.plain("more_done", self.words.topics(related), topic=topic.title), context)
        return self._say(Found(self.library.by_id[f"{topic.id}.{name}"]), context.question, context)


def outside_messages(root: Path) -> list[str]:
    """The messages known not to be for us: the examples of the intent `out_of_scope`."""
    return examples(root / "data" / "nlu" / "out_of_scope.yml", "out_of_scope")


def examples(path: Path, intent: str) -> list[str]:
    """The examples of an intent in a file of training data."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    blocks = [block["examples"] for block in data["nlu"] if block["intent"] == intent]
    return [line[2:].strip() for block in blocks for line in block.splitlines() if line.startswith("- ")]


def open_tutor(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Tutor:
    """A tutor on the settings' content. Slow (seconds): a process does it once. Raises AftercareError with what to do."""
    library = load_kept(settings.knowledge, settings.var / "index" / "content.json")
    lexicon = load_lexicon(settings.knowledge)
    encoder = Encoder.load()
    index = open_index(library, lexicon, outside_messages(settings.root), VectorStore(encoder, settings.var / "index", advance))
    evidence = Evidence(index, lexicon, encoder)
    answerer = Answerer(index, evidence, Ranker(evidence, Weights.load(), encoder))
    return Tutor(
        library,
        answerer,
        Words.load(settings.knowledge, library),
        Safety.load(settings.knowledge),
        load_templates(settings.knowledge / "calculators.yml"),
        settings.message_characters,
    )
