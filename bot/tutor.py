"""The composition root, and who takes a turn: help lines first, then a practice or quiz in progress, then what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from bot.answer import Answerer, Context
from bot.answer.evidence import Evidence
from bot.answer.kept import open_index
from bot.answer.lexicon import load_lexicon
from bot.answer.ranking import Ranker, Weights
from bot.answer.results import Found
from bot.answer.vectors import VectorStore
from bot.asking import Asking
from bot.assess import Assessor, ready
from bot.calculate import load_templates
from bot.content import load_kept
from bot.conversation import Message, State, Turn
from bot.debrief import Debriefer, Teller
from bot.encoder import Encoder
from bot.links import evidence_path
from bot.paperwork import Paperwork
from bot.practice import open_practice
from bot.practice.pick import Picker
from bot.practising import Practising
from bot.practising.afterwards import Afterwards
from bot.practising.closing import Closing
from bot.practising.step import Aside
from bot.practising.step import Step as PracticeStep
from bot.practising.words import PracticeWords
from bot.progress import Progress
from bot.quiz import Bank, Learner, Quiz, QuizWords, Requests, Step
from bot.quiz.short_answer import ShortAnswers
from bot.reply import Words, is_token
from bot.safety import Safety
from bot.settings import Settings

_SURE_OF_INTENT: Final = 0.5
# Intents that are never an answer to a quiz's question.
_ELSEWHERE: Final = frozenset(
    {"progress", "quiz", "practice", "my_data", "other_person", "greet", "thank", "goodbye", "help", "capabilities", "bot_challenge"}
    | {"insult", "start_again", "awarding_body"}
)


@dataclass(frozen=True)
class Tutor:
    """All skills. Immutable and free of any learner's state: safe to share."""

    asking: Asking
    quiz: Quiz
    practising: Practising
    progress: Progress

    def respond(self, message: Message, state: State, learner: Learner) -> Turn:
        """The turn for a message as typed, or for a pressed button's token. Never raises on any text."""
        learner = replace(learner, body=state.answer.body)
        if is_token(message.text):
            return self._press(message, state, learner)
        if self._is_grave(message, state):
            return self._ask(message, state.on_hold())  # whoever is in distress is not kept waiting by a question
        if not message.text.strip() or len(message.text) > self.asking.message_characters:
            return self._ask(message, state)
        return (
            self._practice_turn(message, state, learner)
            or self._quiz_turn(message, state, learner)
            or self._elsewhere(message, state, learner)
        )

    def warm_up(self) -> None:
        """Make what is made at first use, and keep on disk what can be kept there."""
        self.quiz.warm_up()
        self.practising.warm_up()

    def _is_grave(self, message: Message, state: State) -> bool:
        """In a practice, and for words that lead a quiz, only by the words: there the classifier has never seen what is said."""
        if self.asking.safety.called_for(message.text):
            return True
        if (state.practice and state.practice.takes_all) or self.quiz.leads(message.text) or self.practising.leads(message.text):
            return False
        return self.asking.grave(message.text, state.answer, message.intent, message.confidence) is not None

    def _press(self, message: Message, state: State, learner: Learner) -> Turn:
        kind, _, name = message.text.partition(":")
        if kind == "quiz":
            return self._quizzed(self.quiz.press(name, state.quiz, learner), state, learner)
        if kind == "practice":
            step = self.practising.press(name, state.practice, learner)
            return _practised(step, replace(state, quiz=state.quiz and replace(state.quiz, paused=True)))
        if message.text == "do:progress":
            return Turn((self.progress.told(learner),), state)
        if message.text == "do:start_again":
            return Turn(self._ask(message, state).replies, State())
        return self._with_check(self._ask(message, state), learner)

    def _practice_turn(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """The customer is said everything but what plainly leaves the role."""
        run = state.practice
        if run is None:
            return None
        if self.practising.is_left(run, learner) or (run.takes_all and self.quiz.requests.asks(message.text)):
            return self._leave(message, state, learner)
        heard = self.practising.hear(run, message.text, learner)
        if isinstance(heard, Aside):
            turn = self._elsewhere(replace(message, text=heard.question, intent="ask"), replace(state, practice=heard.run), learner)
            return replace(turn, replies=(*turn.replies, self.practising.waiting(heard.run)))
        return _practised(heard, state) if heard else None

    def _leave(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """The debrief of a run that was left, then the turn for the message itself; None where it takes up the run again."""
        assert state.practice
        again = self.practising.hear(state.practice, message.text, learner) if self.practising.leads(message.text) else None
        if again:
            return None if isinstance(again, Aside) else _practised(again, state)
        left = self.practising.left(state.practice, learner)
        turn = self.respond(message, replace(state, practice=None), learner)
        return replace(turn, replies=(*left.replies, *turn.replies), records=(*left.records, *turn.records))

    def _quiz_turn(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """The quiz in progress takes every message first; what it leaves is answered, and then the question comes back."""
        if state.quiz is None:
            return None
        elsewhere = message.intent in _ELSEWHERE and message.confidence >= _SURE_OF_INTENT
        step = self.quiz.hear(state.quiz, message.text, learner, elsewhere)
        if step:
            return _quizzed(step, state)
        starts = self._asks_for_quiz(message) or self._asks_for_practice(message) or message.intent == "start_again"
        if state.quiz.paused or state.quiz.item is None or starts:
            return None
        turn = self._elsewhere(message, state, learner)
        return replace(turn, replies=(*turn.replies, self.quiz.again(state.quiz)))

    def _asks_for_quiz(self, message: Message) -> bool:
        return _is_sure(message, "quiz") or self.quiz.requests.asks(message.text)

    def _asks_for_practice(self, message: Message) -> bool:
        return _is_sure(message, "practice") or self.practising.asks(message.text)

    def _elsewhere(self, message: Message, state: State, learner: Learner) -> Turn:
        waits = state.practice is not None and (state.practice.is_open or state.practice.takes_all)
        if state.quiz is None and not waits and (idle := self.quiz.idle(message.text)):
            return Turn((idle,), state)
        if self._asks_for_practice(message) and not self.quiz.requests.asks(message.text):
            started = self.practising.start(message.text, learner)
            return _practised(started, state.on_hold())
        if self._asks_for_quiz(message):
            hand = [topic for topic in (state.answer.topic, state.answer.before) if topic]
            return self._quizzed(self.quiz.start(self.quiz.requests.read(message.text, hand), learner), state, learner)
        if message.intent == "progress":
            return Turn((self.progress.told(learner),), state)
        turn = self._ask(message, state)
        if message.intent == "start_again" and turn.replies[0].kind == "start_again":
            return replace(turn, state=State())
        return turn if state.quiz and not state.quiz.paused else self._with_check(turn, learner)

    def _quizzed(self, step: Step, state: State, learner: Learner) -> Turn:
        """A quiz that begins while a customer waits ends that practice first."""
        left = self.practising.left(state.practice, learner) if state.practice and state.practice.is_open else None
        turn = _quizzed(step, replace(state, practice=None) if left else state)
        return replace(turn, replies=(*left.replies, *turn.replies), records=(*left.records, *turn.records)) if left else turn

    def _ask(self, message: Message, state: State) -> Turn:
        answered = self.asking.respond(message.text, state.answer, message.intent, message.confidence)
        return Turn((answered.reply,), replace(state, answer=answered.context))

    def _with_check(self, turn: Turn, learner: Learner) -> Turn:
        """After a plain answer, the offer of one question on the same topic."""
        reply = turn.replies[0]
        if reply.kind != "answer" or turn.state.answer.topic is None:
            return turn
        button = self.quiz.check_button(turn.state.answer.topic, learner.dice.randrange(1000))
        return replace(turn, replies=(replace(reply, buttons=(*reply.buttons, button)),)) if button else turn


def _is_sure(message: Message, intent: str) -> bool:
    return message.intent == intent and message.confidence >= _SURE_OF_INTENT


def _quizzed(step: Step, state: State) -> Turn:
    return Turn(step.replies, replace(state, quiz=step.session), step.records)


def _practised(step: PracticeStep, state: State) -> Turn:
    return Turn(step.replies, replace(state, practice=step.run), step.records)


def outside_messages(root: Path) -> list[str]:
    """The messages known not to be for us: the examples of the intent `out_of_scope`."""
    return examples(root / "data" / "nlu" / "out_of_scope.yml", "out_of_scope")


def examples(path: Path, intent: str) -> list[str]:
    """The examples of an intent in a file of training data."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    blocks = [block["examples"] for block in data["nlu"] if block["intent"] == intent]
    return [line[2:].strip() for block in blocks for line in block.splitlines() if line.startswith("- ")]


def open_asking(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Asking:
    """The answering skill alone: all that a question in the terminal needs. Raises AftercareError with what to do."""
    library = load_kept(settings.knowledge, settings.var / "index" / "content.json")
    lexicon = load_lexicon(settings.knowledge)
    encoder = Encoder.load()
    index = open_index(library, lexicon, outside_messages(settings.root), VectorStore(encoder, settings.var / "index", advance))
    evidence = Evidence(index, lexicon, encoder)
    return Asking(
        library,
        Answerer(index, evidence, Ranker(evidence, Weights.load(), encoder)),
        Words.load(settings.knowledge, library),
        Safety.load(settings.knowledge),
        load_templates(settings.knowledge / "calculators.yml"),
        settings.message_characters,
    )


def open_tutor(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Tutor:
    """A tutor on the settings' content. Slow (seconds): a process does it once. Raises AftercareError with what to do."""
    asking = open_asking(settings, advance)
    bank = Bank.load(settings.knowledge)
    practising = _practising(settings, asking, bank)
    return Tutor(asking, _quiz(settings, asking, bank), practising, Progress.load(settings.knowledge, bank, asking.library))


def _practising(settings: Settings, asking: Asking, bank: Bank) -> Practising:
    practice = open_practice(settings.knowledge)
    names = {topic.id: (topic.title, *topic.aliases) for topic in asking.library.topics.values()}
    picker = Picker.load(settings.knowledge, practice.scenarios, names)
    debriefer = Debriefer.load(settings.knowledge, asking.library, practice, frozenset(bank.by_topic))
    closing = Closing(debriefer, Teller(debriefer.words), PracticeWords.load(settings.knowledge), bank.by_topic)
    assessor = Assessor.open(ready(settings), settings.knowledge, Encoder.load())
    link = partial(evidence_path, settings.secret)
    after = Afterwards(Paperwork.load(settings.knowledge), closing.words, practice.scenarios, link)
    return Practising(assessor, picker, closing, after, asking.answerer.named_topics)


def _quiz(settings: Settings, asking: Asking, bank: Bank) -> Quiz:
    def nearest(phrase: str) -> str | None:
        found = asking.answerer.answer(phrase, Context())
        return found.answerable.topic.id if isinstance(found, Found) and not found.caveat else None

    titles = {topic.id: topic.title for topic in asking.library.topics.values()}
    kept, lexicon = settings.var / "index" / "short-answers", load_lexicon(settings.knowledge)
    marker = ShortAnswers.open(Encoder.load(), kept, bank.items.values(), lexicon)
    requests = Requests(bank.file, titles, asking.answerer.named_topics, nearest)
    return Quiz(bank, QuizWords(bank, asking.library), requests, marker, settings.due_per_day)
