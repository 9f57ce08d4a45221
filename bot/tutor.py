"""Who takes a turn: help lines first, then a practice or quiz in progress, then what is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.asking import Asking
from bot.content.questions import Numeric, Short
from bot.conversation import Message, State, Turn
from bot.groups.groups import Groups
from bot.groups.step import Step as GroupStep
from bot.linking.linking import Linking
from bot.linking.step import Step as LinkStep
from bot.practising import Practising
from bot.practising.run import Run
from bot.practising.step import Aside
from bot.practising.step import Step as PracticeStep
from bot.privacy import Mask, invented
from bot.privacy.my_data import KIND, MyData
from bot.privacy.my_data import Step as DataStep
from bot.progress import Progress
from bot.quiz import Learner, Quiz, Step
from bot.reminding.reminding import SHOUTED, Reminding
from bot.reply import Reply, is_token
from bot.unhelpful import Unhelpful

_SURE_OF_INTENT: Final = 0.5
_GRAVE: Final = frozenset({"distress", "distress_customer", "emergency"})  # replies that nothing is added to
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
    groups: Groups
    linking: Linking
    reminding: Reminding
    unhelpful: Unhelpful
    data: MyData

    def respond(self, message: Message, state: State, learner: Learner) -> Turn:
        """The turn for a message as typed, or for a pressed button's token. Never raises on any text.

        The message is understood and marked as it was typed; what the turn leaves behind has personal data hidden.
        """
        turn = self._with_news(self._taken(message, state, learner), learner)
        if not turn.replies[0].kind.startswith(KIND):
            turn = replace(turn, state=replace(turn.state, account=self.data.lapsed(turn.state.account)))
        turn = replace(turn, state=replace(turn.state, account=self.linking.lapsed(turn.replies[0].kind, turn.state.account)))
        return turn.masked(self._mask(message, state))

    def is_line(self, text: str, state: State, seconds: float) -> bool:
        """Whether what is typed is plainly for the customer of a practice: then `respond` makes the same of it whatever its intent.

        `seconds` since 1970 is now. Lets whoever would recognise the intent save itself the work.
        """
        if is_token(text) or not text.strip() or len(text) > self.asking.message_characters:
            return False
        run = state.practice
        if run is None or not self.practising.is_line(run, text, seconds):
            return False
        return not (self.asking.safety.called_for(text) or self.quiz.requests.asks(text))

    def _mask(self, message: Message, state: State) -> Mask:
        """A customer's data in a practice are nobody's; numbers in answer to a question are no telephone numbers."""
        if is_token(message.text):
            return Mask()
        run = state.practice
        scenario = self.practising.practice.scenarios.get(run.state.scenario) if run else None
        asked = self.quiz.bank.items.get(state.quiz.item or "") if state.quiz and not state.quiz.paused else None
        return Mask.of(message.text, invented(scenario) if scenario else "", isinstance(asked, (Numeric, Short)))

    def _taken(self, message: Message, state: State, learner: Learner) -> Turn:
        learner = replace(learner, body=state.answer.body)
        if is_token(message.text):
            return self._press(message, state, learner)
        if self._is_grave(message, state):
            return self._ask(message, state.on_hold())  # whoever is in distress is not kept waiting by a question
        if not message.text.strip() or len(message.text) > self.asking.message_characters:
            return self._ask(message, state)
        return (
            self._data_turn(self.data.hear(message.text, state.account, learner), state)
            or self._link_turn(message, state, learner)
            or self._reminder_turn(message, state, learner)
            or self._group_turn(message, state, learner)
            or self._practice_turn(message, state, learner)
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
        if self.data.leads(message.text) or self.groups.leads(message.text, state.account):
            return False
        if self.linking.leads(message.text) or self.reminding.leads(message.text):
            return False
        return self.asking.grave(message.text, state.answer, message.intent, message.confidence) is not None

    def _press(self, message: Message, state: State, learner: Learner) -> Turn:
        kind, _, name = message.text.partition(":")
        if kind == "quiz":
            return self._quizzed(self.quiz.press(name, state.quiz, learner), state, learner)
        if kind == "practice":
            step = self.practising.press(name, state.practice, learner)
            return _practised(step, replace(state, quiz=state.quiz and replace(state.quiz, paused=True)))
        own = self._press_own(name, state, learner) if kind == "do" else None
        return own or self._with_check(self._ask(message, state), learner)

    def _press_own(self, name: str, state: State, learner: Learner) -> Turn | None:
        """The turn for a button that is about the learner rather than about what is taught."""
        own = self._data_turn(self.data.press(name, state.account, learner), state) or self._reminder_pressed(name, state, learner)
        if own:
            return own
        grouped = self.groups.press(name, state.account, learner)
        if grouped:
            return self._grouped(grouped, state)
        linked = self.linking.press(name, state.account, learner)
        if linked:
            return self._linked(linked, state, learner)
        if name == "unhelpful":
            return self._unhelpful(state, learner)
        if name == "progress":
            return self._told(state, learner)
        return Turn(self._ask(Message("do:start_again"), state).replies, _afresh(state)) if name == "start_again" else None

    @staticmethod
    def _data_turn(step: DataStep | None, state: State) -> Turn | None:
        """What is kept of the learner, shown or erased; quiz and practice wait as they are."""
        if step is None:
            return None
        return Turn(step.replies, State(account=step.account) if step.erases else replace(state, account=step.account))

    def _group_turn(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """Joining a group and what goes with it; a question of the quiz that it came across is put again."""
        asked = state.quiz is not None and state.quiz.item is not None and not state.quiz.paused
        in_role = state.practice is not None and state.practice.takes_all
        if self._is_no_name(message.text, state):
            return None
        step = self.groups.hear(message.text, state.account, learner, in_role, asked)
        if step is None:
            return None
        turn = self._grouped(step, state)
        if step.holds or not asked or state.quiz is None:
            return turn
        return replace(turn, replies=(*turn.replies, self.quiz.again(state.quiz)))

    def _is_no_name(self, text: str, state: State) -> bool:
        """Whether the question for a name got one of the words that lead or start a quiz or a practice instead."""
        if state.account is None or state.account.step != "join_name" or self.groups.words.command(text):
            return False
        return any(says(text) for says in (self.quiz.leads, self.practising.leads, self.quiz.requests.asks, self.practising.asks))

    def _grouped(self, step: GroupStep, state: State) -> Turn:
        held = replace(state.on_hold() if step.holds else state, account=step.account)
        over = step.replies[0].kind in ("group_joined", "group_not_joined")
        return Turn((*step.replies, *(self._waiting(held) if over else ())), held, step.records)

    def _link_turn(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """Linking conversations and separating them again."""
        asked = state.quiz is not None and state.quiz.item is not None and not state.quiz.paused
        in_role = state.practice is not None and state.practice.takes_all
        step = self.linking.hear(message.text, state.account, learner, in_role, asked)
        if step is None:
            return None
        turn = self._linked(step, state, learner)
        if step.holds or step.ends or not asked or state.quiz is None:
            return turn
        return replace(turn, replies=(*turn.replies, self.quiz.again(state.quiz)))

    def _linked(self, step: LinkStep, state: State, learner: Learner) -> Turn:
        """Once nothing more is asked, what was paused can be gone on with; a conversation that begins anew leaves it behind."""
        if step.ends:
            left = self.practising.left(state.practice, learner) if state.practice else PracticeStep((), None)
            return Turn((*left.replies, *step.replies), State(account=step.account), (*left.records, *step.records))
        held = replace(state.on_hold() if step.holds else state, account=step.account)
        return Turn((*step.replies, *(() if step.account.step else self._waiting(held))), held, step.records)

    def _reminder_pressed(self, name: str, state: State, learner: Learner) -> Turn | None:
        step = self.reminding.press(name, learner)
        return Turn((step.reply,), state, (step.record,) if step.record else ()) if step else None

    def _reminder_turn(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """Reminders asked for, stopped or paused; what is in progress goes on."""
        asked = state.quiz is not None and state.quiz.item is not None and not state.quiz.paused
        in_role = state.practice is not None and state.practice.takes_all
        if state.account is not None and state.account.step and message.text.strip() != SHOUTED:
            return None  # "stop" is for the question that is open
        step = self.reminding.hear(message.text, learner, in_role, asked)
        if step is None:
            return None
        again = (self.quiz.again(state.quiz),) if asked and state.quiz else ()
        waits = (self.practising.waiting(state.practice),) if in_role and state.practice else ()
        return Turn((step.reply, *again, *waits), state, (step.record,) if step.record else ())

    def _waiting(self, state: State) -> tuple[Reply, ...]:
        """How to go on with what was paused for joining."""
        if state.practice and state.practice.phase == "paused":
            return (self.practising.waiting(state.practice),)
        return (self.quiz.waiting(state.quiz),) if state.quiz and state.quiz.paused and state.quiz.item else ()

    def _with_news(self, turn: Turn, learner: Learner) -> Turn:
        """Work that was set meanwhile is told of, once, when nothing else is going on; a name that was not given is asked for no more."""
        state = turn.state
        kinds = [reply.kind for reply in turn.replies]
        if not kinds or kinds[0] in _GRAVE:
            return replace(turn, state=replace(state, account=state.account and state.account.settled()))
        lapsed = self.groups.lapsed(state.account, learner) if state.account and not kinds[-1].startswith("group_") else None
        if lapsed:
            return replace(turn, replies=(*turn.replies, lapsed[0], *self._waiting(state)), state=replace(state, account=lapsed[1]))
        busy = (state.quiz and state.quiz.item and not state.quiz.paused) or (state.practice and state.practice.takes_all)
        news = None if busy or (state.account and state.account.step) else self.groups.news(state.account, learner)
        if news is None:
            return turn if busy or kinds[0] != "greet" else self._with_marks(turn, learner)
        replies = (*turn.replies, news[0]) if news[0] else turn.replies
        return replace(turn, replies=replies, state=replace(state, account=news[1]))

    def _with_marks(self, turn: Turn, learner: Learner) -> Turn:
        """What a tutor marked otherwise is told of when they are back, once."""
        news, told = self.progress.news(learner)
        return replace(turn, replies=(*turn.replies, *news), records=(*turn.records, *told))

    def _unhelpful(self, state: State, learner: Learner) -> Turn:
        return Turn((self.unhelpful.told(state.answer, self.groups.has_group(learner)),), state)

    def _practice_turn(self, message: Message, state: State, learner: Learner) -> Turn | None:
        """The customer is said everything but what plainly leaves the role."""
        run = state.practice
        if run is None:
            return None
        if self.practising.is_left(run, learner.seconds) or (run.takes_all and self.quiz.requests.asks(message.text)):
            return self._leave(run, message, state, learner)
        heard = self.practising.hear(run, message.text, learner)
        if isinstance(heard, Aside):
            turn = self._elsewhere(replace(message, text=heard.question, intent="ask"), replace(state, practice=heard.run), learner)
            return replace(turn, replies=(*turn.replies, self.practising.waiting(heard.run)))
        return _practised(heard, state) if heard else None

    def _leave(self, run: Run, message: Message, state: State, learner: Learner) -> Turn | None:
        """The debrief of a run that was left, then the turn for the message itself; None where it takes up the run again."""
        again = self.practising.hear(run, message.text, learner) if self.practising.leads(message.text) else None
        if again:
            return None if isinstance(again, Aside) else _practised(again, state)
        left = self.practising.left(run, learner)
        turn = self._taken(message, replace(state, practice=None), learner)
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
        if message.intent in ("progress", "my_data"):
            return self._about_learner(message, state, learner)
        unhelpful = state.answer.answerable and self.unhelpful.says(message.text)
        turn = self._unhelpful(state, learner) if unhelpful else self._ask(message, state)
        if message.intent == "start_again" and turn.replies[0].kind == "start_again":
            return replace(turn, state=_afresh(state))
        return turn if state.quiz and not state.quiz.paused else self._with_check(turn, learner)

    def _about_learner(self, message: Message, state: State, learner: Learner) -> Turn:
        """How they are doing, or what is kept of them."""
        if message.intent == "progress":
            return self._told(state, learner)
        about = self.data.about(message.text, state.account, learner)
        return Turn(about.replies, replace(state, account=about.account))

    def _quizzed(self, step: Step, state: State, learner: Learner) -> Turn:
        """A quiz that begins while a customer waits ends that practice first."""
        left = self.practising.left(state.practice, learner) if state.practice and state.practice.is_open else None
        turn = _quizzed(step, replace(state, practice=None) if left else state)
        return replace(turn, replies=(*left.replies, *turn.replies), records=(*left.records, *turn.records)) if left else turn

    def _told(self, state: State, learner: Learner) -> Turn:
        """How they are doing; first what a tutor changed, last the work that is set."""
        news, told = self.progress.news(learner)
        return Turn((*news, self.groups.with_work(self.progress.told(learner), learner)), state, told)

    def _ask(self, message: Message, state: State) -> Turn:
        answered = self.asking.respond(message.text, state.answer, message.intent, message.confidence)
        reply = answered.reply
        if reply.kind == "answer":
            reply = replace(reply, buttons=self.unhelpful.offered(reply))
        return Turn((reply,), replace(state, answer=answered.context))

    def _with_check(self, turn: Turn, learner: Learner) -> Turn:
        """After a plain answer, the offer of one question on the same topic."""
        reply = turn.replies[0]
        if reply.kind != "answer" or turn.state.answer.topic is None:
            return turn
        button = self.quiz.check_button(turn.state.answer.topic, learner.dice.randrange(1000))
        return replace(turn, replies=(replace(reply, buttons=(*reply.buttons, button)),)) if button else turn


def _afresh(state: State) -> State:
    """A clean sheet. What was tried and told of groups is no part of it: wrong codes go on counting."""
    return State(account=state.account and state.account.settled())


def _is_sure(message: Message, intent: str) -> bool:
    return message.intent == intent and message.confidence >= _SURE_OF_INTENT


def _quizzed(step: Step, state: State) -> Turn:
    return Turn(step.replies, replace(state, quiz=step.session), step.records)


def _practised(step: PracticeStep, state: State) -> Turn:
    return Turn(step.replies, replace(state, practice=step.run), step.records)
