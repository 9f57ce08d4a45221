"""Practice: takes what a learner says or presses, and gives replies, the run to carry on and what to record."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final

from bot.assess import Assessor
from bot.assess.labels import Move
from bot.commands import Phrases
from bot.content.scenarios import Scenario
from bot.debrief import Debriefer
from bot.practice import Practice
from bot.practice import Reply as Spoken
from bot.practice.pick import Picked, Picker
from bot.practising.afterwards import Afterwards
from bot.practising.closing import Closing
from bot.practising.record import Began, Said
from bot.practising.run import Run
from bot.practising.step import Aside, Step
from bot.practising.words import PracticeWords
from bot.privacy import Personal, invented, personal
from bot.quiz import Learner
from bot.quiz.memory.schedule import Outcome
from bot.reply import Button, Reply

LEFT_SECONDS: Final = 2 * 3600  # after so long without a word a run counts as left
_SOON_SECONDS: Final = 60  # between being told a line from anything else and being answered
_OFFERED: Final = 4
_SAID_CHARACTERS: Final = 1000


class Practising:
    """Immutable and free of any learner's state: safe to share. `named` finds the topics that a text names."""

    def __init__(
        self, assessor: Assessor, picker: Picker, closing: Closing, after: Afterwards, named: Callable[[str], Collection[str]]
    ) -> None:
        self.practice: Practice = closing.debriefer.practice
        self.words: PracticeWords = closing.words
        self._assessor, self._picker, self._closing, self._after_talk, self._named = assessor, picker, closing, after, named
        file = self.words.file
        self._commands = Phrases(file.commands, file.signs)
        self._asks, self._back, self._rewind, self._aside_words, self._study, self._hides = (
            re.compile(pattern) for pattern in ("|".join(file.asks), file.back, file.rewind, file.aside, file.study, file.hides)
        )

    @property
    def debriefer(self) -> Debriefer:
        """What makes debriefs, for pages that show them again."""
        return self._closing.debriefer

    def warm_up(self) -> None:
        """The first line of a practice should not wait for the assessor."""
        self._assessor.moves("My kettle broke.", "I am sorry to hear that.")

    # Starting

    def asks(self, text: str) -> bool:
        """Whether the message asks for a practice, by its words alone."""
        return bool(self._asks.search(_plain(text)))

    def start(self, text: str, learner: Learner) -> Step:
        """The scenario that the words ask for, at once where that is clear; otherwise a choice."""
        results = learner.practices.practice_results(learner.sender) if learner.practices else {}
        picked = self._picker.pick(text, results, learner.dice.getrandbits(16), self._lapsed(learner))
        if picked.sure:
            return self._begin(picked.ids[0], learner, hides=bool(self._hides.search(_plain(text))))
        return self._offer(picked, results, learner)

    def _lapsed(self, learner: Learner) -> frozenset[str]:
        """Topics that the learner got wrong in quizzes last time: their customers come up more often."""
        wrong = {card.item_id for card in learner.cards.values() if card.last is Outcome.WRONG}
        return frozenset(topic for topic, items in self._closing.items.items() if any(item.id in wrong for item in items))

    def _offer(self, picked: Picked, results: dict[str, str], learner: Learner) -> Step:
        ids = picked.ids or self._picker.choose(results, learner.dice.getrandbits(16), self._lapsed(learner)).ids
        buttons = [Button(self.practice.scenarios[id].title, f"practice:start.{id}") for id in ids[:_OFFERED]]
        lead = () if picked.ids else (self.words.reply("nothing_like_it"),)
        offered = self.words.reply("offer", (*buttons, self.words.button("any", "any")))
        return Step((*lead, offered), Run(_number(learner), "offered", at=learner.seconds))

    def _begin(self, scenario: str, learner: Learner, hides: bool = False, difficulty: int | None = None) -> Step:
        """The brief, then the customer's first words."""
        seed = learner.dice.getrandbits(15)
        state, spoken = self.practice.begin(scenario, seed, difficulty)
        run = Run(_number(learner), "playing", state, spoken.text, hides, learner.seconds)
        began = self._began(run, spoken, learner)
        buttons = [self.words.button("hint", "hint"), self.words.button("pause", "pause"), self.words.button("feedback", "feedback")]
        about = self.practice.scenarios[scenario]
        if not hides and not about.writing:
            buttons.append(self.words.button("hide", "hide"))
        return Step((self.words.brief(about), self.words.customer(about, spoken, hides, buttons)), run, (began,))

    def _began(self, run: Run, spoken: Spoken, learner: Learner) -> Began:
        state = run.state
        mood = (spoken.mood, spoken.anger, spoken.trust)
        origin = run.origin or None
        return Began(
            run.id, state.scenario, state.difficulty, state.seed, run.hidden, run.customer, *mood, learner.body, origin, learner.now
        )

    # A practice in progress

    def hear(self, run: Run, text: str, learner: Learner) -> Step | Aside | None:
        """The turn for what was typed; an Aside for a question to the tutor; None for what has nothing to do with the practice."""
        if run.phase == "offered":
            return self._chosen(run, text, learner)
        if run.phase == "paperwork":
            return self._aside(run, text) or self._after_talk.take(run, text, learner)
        return self._talked(run, text, learner)

    def _talked(self, run: Run, text: str, learner: Learner) -> Step | Aside | None:
        """While the customer waits, or has gone."""
        command = self._commands.read(text)
        rewind = self._rewind.search(_plain(text))
        if rewind and run.state.scenario:
            return self._rewound(run, int(rewind[1]), learner)
        if not run.is_open:
            return self._after_end(run, command, learner) if self._known(run) else None
        if not self._known(run):
            return Step((self.words.reply("gone", (self.words.button("start", "any"),)),), None)
        if command and command != "more":
            return self._led(run, command, learner)
        return self._heard(run, text, learner)

    def _after_end(self, run: Run, command: str | None, learner: Learner) -> Step | None:
        """What is said to a debrief."""
        if command == "restart":
            return self._begin(run.state.scenario, learner, run.hidden)
        return Step(self._closing.more(run, learner), run) if command == "more" else None

    def _heard(self, run: Run, text: str, learner: Learner) -> Step | Aside | None:
        """What leads nothing: a line to the customer, or a question to the tutor."""
        if self.is_left(run, learner.seconds):
            return None
        if run.phase == "paused":
            return self._resumed(run, learner) if self._back.search(_plain(text)) else None
        return self._aside(run, text) or self._played(run, text, learner)

    def is_line(self, run: Run, text: str, seconds: float) -> bool:
        """Whether `hear` takes the text as said to the customer, or as leading the practice, now or very soon after."""
        if run.phase != "playing" or not self._known(run) or self.is_left(run, seconds + _SOON_SECONDS):
            return False
        return self._aside(run, text) is None

    def leads(self, text: str) -> bool:
        """Whether the message is one of the words that lead a practice, and no more."""
        return self._commands.read(text) is not None

    def is_left(self, run: Run, seconds: float) -> bool:
        """Whether the learner has been away so long that the run counts as left at this moment, in seconds since 1970."""
        return run.is_open and seconds - run.at > LEFT_SECONDS

    def left(self, run: Run, learner: Learner) -> Step:
        """The end of a run that was left for something else."""
        return self._closing.left(run, learner) if run.is_open else Step((), None)

    def waiting(self, run: Run) -> Reply:
        """The customer's last line once more, after something else was answered."""
        scenario = self.practice.scenarios[run.state.scenario]
        if run.phase == "paperwork":
            return self._after_talk.again(run, scenario)
        if run.phase == "paused":
            return self.words.reply("aside_paused", (self.words.button("resume", "resume"),), name=scenario.customer.name)
        return self.words.line_again(scenario, run.customer, self.words.say("went_on", name=scenario.customer.name))

    def press(self, name: str, run: Run | None, learner: Learner) -> Step:
        """The turn for a button; `name` is its token after `practice:`."""
        head, _, rest = name.partition(".")
        if head == "start" and rest in self.practice.scenarios:
            return self._after(run, self._begin(rest, learner), learner)
        if head == "any":
            return self._after(run, self.start("you choose", learner), learner)
        pressed = self._press_on_run(run, name, learner) if run and self._known(run) else None
        return pressed or Step((self.words.reply("old_button", (self.words.button("start", "any"),)),), run)

    def _press_on_run(self, run: Run, name: str, learner: Learner) -> Step | None:
        """A button of this run; None for one that it does not have any more."""
        head, _, rest = name.partition(".")
        if head == "retry" and rest.isdigit():
            return self._rewound(run, int(rest), learner)
        if name == "debrief.more":
            return Step(self._closing.more(run, learner), run)
        if head == "evidence":
            return Step((self._after_talk.evidence(learner),), run)
        if head in ("reflect", "form"):
            return self._after_talk.press(run, name, learner)
        step = self._talked(run, self._commands.phrase(name) or name, learner) if run.is_open else None
        return step if isinstance(step, Step) else None

    def _after(self, run: Run | None, begun: Step, learner: Learner) -> Step:
        """A new practice while another is open: that one's debrief comes first."""
        if run is None or not run.is_open:
            return begun
        left = self.left(run, learner)
        return replace(begun, replies=(*left.replies, *begun.replies), records=(*left.records, *begun.records))

    def _known(self, run: Run) -> bool:
        return self.practice.knows(run.state)

    def _chosen(self, run: Run, text: str, learner: Learner) -> Step | None:
        """A scenario out of those offered, or any other, in words; None for what names none."""
        results = learner.practices.practice_results(learner.sender) if learner.practices else {}
        picked = self._picker.pick(text, results, learner.dice.getrandbits(16), self._lapsed(learner))
        return self._begin(picked.ids[0], learner) if picked.ids else None

    # In the role

    def _played(self, run: Run, text: str, learner: Learner) -> Step:
        """A line to the customer."""
        line = text.strip()[:_SAID_CHARACTERS]
        moves = self._assessor.moves(run.customer, line)
        state, spoken = self.practice.say(run.state, line, [move.name for move in moves])
        scenario = self.practice.scenarios[state.scenario]
        said = Said(run.id, state.turn, *_masked(line, moves, scenario), spoken.text, spoken.mood, spoken.anger, spoken.trust, learner.now)
        after = replace(run, phase="playing", state=state, customer=spoken.text, at=learner.seconds)
        reply = self.words.customer(scenario, spoken, run.hidden)
        if not spoken.ending:
            return Step((reply,), after, (said,))
        return self._closing.end(after, said, (reply,), learner)

    def _aside(self, run: Run, text: str) -> Aside | None:
        """A question that leaves the role: put after "pause", or plainly about what is studied."""
        plain = _plain(text)
        put = self._aside_words.match(plain)
        if put:
            return Aside(text[-len(put[1]) :], replace(run, phase="paused") if run.is_open else run)
        if self._study.search(plain) and set(self._named(text)) & set(self.words.file.study_topics):
            return Aside(text, run)
        return None

    # Out of the role

    def _led(self, run: Run, command: str, learner: Learner) -> Step:
        scenario = self.practice.scenarios[run.state.scenario]
        if command in ("stop", "feedback"):
            return self._closing.end(run, None, (self.words.reply("left"),) if command == "stop" else (), learner)
        if command == "restart":
            return self._after(run, self._begin(scenario.id, learner, run.hidden, run.state.difficulty), learner)
        if command == "pause":
            said = self.words.reply("paused", (self.words.button("resume", "resume"),), name=scenario.customer.name)
            return Step((said,), replace(run, phase="paused"))
        if command in ("hide", "show"):
            turned = replace(run, hidden=command == "hide")
            return Step((self.words.reply("mood_hidden" if turned.hidden else "mood_shown"), self.waiting(turned)), turned)
        if command == "brief":
            return Step((self.words.brief(scenario), self.waiting(run)), run)
        return self._hinted(run, scenario) if command == "hint" else self._resumed(run, learner)

    def _hinted(self, run: Run, scenario: Scenario) -> Step:
        """What the customer still waits for, without the words for it."""
        need = next(iter(run.state.needs), "check")
        hint = self.words.reply("hint_writing" if scenario.writing else f"hint_{need}")
        return Step((hint, self.waiting(replace(run, phase="playing"))), replace(run, phase="playing"))

    def _resumed(self, run: Run, learner: Learner) -> Step:
        scenario = self.practice.scenarios[run.state.scenario]
        again = self.words.line_again(scenario, run.customer, self.words.say("back", name=scenario.customer.name))
        return Step((again,), replace(run, phase="playing", at=learner.seconds))

    def _rewound(self, run: Run, turn: int, learner: Learner) -> Step:
        """A new run that takes over the lines before `turn` and goes on from there."""
        found = learner.practices.played(learner.sender, run.id) if learner.practices else None
        if found is None or not self._known(run):
            return Step((self.words.reply("nothing_to_rewind", (self.words.button("start", "any"),)),), run)
        began, played = found
        if not 1 <= turn <= max(1, played.turns):
            return Step((self.words.reply("cannot_rewind", turns=played.turns),), run)
        state, spoken = self.practice.begin(began.scenario, began.seed, began.difficulty)
        fresh = Run(_number(learner), "playing", state, spoken.text, run.hidden, learner.seconds, origin=run.id)
        kept: list[Began | Said] = [self._began(fresh, spoken, learner)]
        for line in played.agent[: turn - 1]:
            state, spoken = self.practice.say(state, line.text, [move.name for move in line.moves])
            mood = (spoken.text, spoken.mood, spoken.anger, spoken.trust)
            kept.append(Said(fresh.id, line.turn, line.text, line.moves, *mood, learner.now))
        fresh = replace(fresh, state=state, customer=spoken.text)
        scenario = self.practice.scenarios[state.scenario]
        lead = self.words.say("rewound", turn=turn, name=scenario.customer.name)
        return Step((self.words.line_again(scenario, fresh.customer, lead),), fresh, tuple(kept))


def _masked(line: str, moves: tuple[Move, ...], scenario: Scenario) -> tuple[str, tuple[Move, ...]]:
    """The line with real people's data hidden and the scenario's own left, and the moves at their words' new places."""
    found = personal(line, invented(scenario))
    for one in reversed(found):
        hidden = f"[{one.kind}]"
        moves = tuple(replace(move, start=_shifted(move.start, one, hidden), end=_shifted(move.end, one, hidden)) for move in moves)
        line = f"{line[: one.start]}{hidden}{line[one.end :]}"
    return line, moves


def _shifted(place: int, one: Personal, hidden: str) -> int:
    if place <= one.start:
        return place
    return one.start + len(hidden) + max(0, place - one.end)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def _number(learner: Learner) -> str:
    return f"{learner.dice.getrandbits(32):08x}"
