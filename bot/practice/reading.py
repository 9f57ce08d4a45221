"""From a learner's words and their moves to what the customer took from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from bot.answer.lexicon import Lexicon
from bot.answer.wording import clean, open_shorthand, words
from bot.content.scenarios import LineFile, Scenario
from bot.practice.files import CueFile
from bot.practice.heard import HARMS, Heard, known_moves
from bot.practice.offers import Offers
from bot.practice.phrases import clauses, holds, place, places, stems
from bot.practice.promises import promised
from bot.practice.state import State, mark

LONGEST = 4000  # characters that are read
_ESSAY = 130  # words
_ECHO = 90
_ECHO_WORDS = 4
_DENIED_WITHIN = 4  # "isn't" is two words here
_ONLY_ALONE = frozenset({"small_talk", "reversal"})  # odd unless the line does something besides
_EMPTY = frozenset({"echo", "stuffing", "bot", "silence", "repeat", "private"})  # whatever such a line holds, no courtesy was meant
_SPOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?: [^\W_]+(?:['’][^\W_]+)*)*")
_LOOSE = re.compile(r"\s+([?.!,;:%])")
_RUN_ON = re.compile(r"(?<=[^\W_])([.!?;])(?=[^\W\d_]{2}|I\b)")  # "sorry.I", not "3.30" or "p.m."
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


class Reader:
    """Reads lines of any scenario. `cues` and `shared` are knowledge/practice/cues.yml and lines.yml; the lexicon opens phone spelling."""

    def __init__(self, cues: CueFile, shared: LineFile, lexicon: Lexicon) -> None:
        self._cues = cues
        self._lexicon = lexicon
        self._offers = Offers(cues)
        self._touches = shared.touches
        self._denying, self._between = _single(cues.denying), _single(cues.between)
        self._shared_lines = [text for text in shared.all() if len(words(text)) >= _ECHO_WORDS]
        self._known: dict[str, list[str]] = {}

    def read(self, scenario: Scenario, state: State, text: str, moves: Iterable[str]) -> Heard:
        """The value that the customer reacts to. `moves` are labels of the rubric; others are ignored."""
        typed = mark(" ".join(words(text[:LONGEST])))
        text = self._opened(text[:LONGEST])
        labels = known_moves(tuple(moves))
        said = stems(text)
        secret, forbidden = holds(said, scenario.identity.guarded), holds(said, scenario.identity.never)
        if holds(said, self._cues.swearing):
            return Heard(known_moves((*labels, "rude")), oddity="swearing", typed=typed, secret=secret, forbidden=forbidden)
        oddity = self._oddity(scenario, state, text, said, typed)
        if labels and oddity in _ONLY_ALONE:
            oddity = None
        if oddity in _EMPTY:
            harms = tuple(label for label in labels if label in HARMS)
            return Heard(harms, oddity=oddity, typed=typed, secret=secret, forbidden=forbidden)
        remedy, less, refused = self._offers.read(scenario, text, labels)
        asked = stems(_questions(text) or (text if "probe" in labels else ""))
        return Heard(
            moves=labels,
            remedy=remedy,
            less=less,
            refused=refused,
            facts=tuple(fact.id for fact in scenario.facts if holds(asked, fact.cues)),
            open=holds(asked or said, self._cues.open) and bool(asked or "listen" in labels),
            answered=tuple(question.id for question in scenario.questions if labels and holds(said, question.cues)),
            cause={"explain", "prevent"}.intersection(labels) != set() and holds(said, scenario.cause.cues),
            promise=promised(text) if "follow_up" in labels else "",
            touches=tuple(self._touched(scenario, text, said)),
            secret=secret,
            forbidden=forbidden,
            farewell="?" not in text and holds(stems(_SENTENCE.split(text.strip())[-1]), self._cues.farewell),
            long=not scenario.writing and len(words(text)) > _ESSAY,
            oddity=oddity,
            typed=typed,
        )

    def _opened(self, text: str) -> str:
        """The text with phone spelling written out, its punctuation left alone but for spaces."""
        lines = (_SPOKEN.sub(self._written_out, clean(line)) for line in text.splitlines())
        return _RUN_ON.sub(r"\1 ", _LOOSE.sub(r"\1", "\n".join(lines)))

    def _written_out(self, run: re.Match[str]) -> str:
        return open_shorthand(run.group(), self._lexicon.shorthand, self._lexicon.digits)

    def _oddity(self, scenario: Scenario, state: State, text: str, said: Sequence[str], typed: str) -> str | None:
        """What is odd about the line, the plainest oddity first."""
        spoken = words(text)
        signs: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("silence", lambda: not spoken),
            ("bot", lambda: holds(said, self._cues.bot)),
            ("echo", lambda: self._is_echo(scenario, text, spoken)),
            ("repeat", lambda: typed == state.typed and len(spoken) > 1),
            ("stuffing", lambda: self._is_stuffed(spoken)),
            ("private", lambda: holds(said, self._cues.private)),
            ("reversal", lambda: holds(said, self._cues.reversal)),
            ("small_talk", lambda: holds(said, self._cues.small_talk)),
        )
        return next((oddity for oddity, shows in signs if shows()), None)

    def _is_echo(self, scenario: Scenario, text: str, spoken: Sequence[str]) -> bool:
        if len(spoken) < _ECHO_WORDS:
            return False
        return process.extractOne(text, self._lines_of(scenario), scorer=fuzz.ratio, score_cutoff=_ECHO) is not None

    def _lines_of(self, scenario: Scenario) -> list[str]:
        """Everything this customer may say, whole and by sentences; kept, because every line is compared with all of it."""
        if scenario.id not in self._known:
            self._known[scenario.id] = self._lines(scenario)
        return self._known[scenario.id]

    def _lines(self, scenario: Scenario) -> list[str]:
        own = [line for line in (*scenario.opening, *scenario.lines()) if len(words(line)) >= _ECHO_WORDS]
        sentences = [part for line in own for part in _SENTENCE.split(line) if len(words(part)) >= _ECHO_WORDS]
        return [*dict.fromkeys([*own, *sentences, *self._shared_lines])]

    def _is_stuffed(self, spoken: Sequence[str]) -> bool:
        """Set words of courtesy strung together: at least three different ones, little else, and no sentence's small words."""
        keys = [word for word in spoken if word in self._cues.stuffing]
        rest = [word for word in spoken if word not in self._cues.stuffing and word not in self._cues.filler]
        fillers = len(spoken) - len(keys) - len(rest)
        return len(set(keys)) >= 3 and len(keys) >= 2 * len(rest) + fillers

    def _touched(self, scenario: Scenario, text: str, said: Sequence[str]) -> Iterator[str]:
        """Names of the touches met. What inflames this customer is not met where it is denied."""
        yield from (f"s{number}" for number, touch in enumerate(scenario.soothes) if holds(said, touch.cues))
        stated = [stems(clause) for sentence in _SENTENCE.split(text) if "?" not in sentence for clause in clauses(sentence)]
        for number, touch in enumerate(scenario.inflames):
            if any(place(cue, said) is not None and not self._is_only_denied(cue, said, stated) for cue in touch.cues):
                yield f"i{number}"
        yield from (f"c{number}" for number, touch in enumerate(self._touches) if holds(said, touch.cues))

    def _is_only_denied(self, cue: str, said: Sequence[str], stated: Sequence[Sequence[str]]) -> bool:
        """Whether a denial stands right before, wherever the cue does: "it isn't just wear". "Isn't it just wear?" denies nothing."""
        denied = [self._is_denied(clause, at) for clause in stated for at in places(cue, clause)]
        return all(denied) and len(denied) == len(places(cue, said))

    def _is_denied(self, said: Sequence[str], at: int) -> bool:
        begin = at
        while begin > max(0, at - _DENIED_WITHIN) and said[begin - 1] in self._between:
            begin -= 1
        return begin > 0 and said[begin - 1] in self._denying


def _single(words_: Iterable[str]) -> frozenset[str]:
    """The stems of single words."""
    return frozenset(stem for word in words_ for stem in stems(word))


def _questions(text: str) -> str:
    """The sentences that ask."""
    return " ".join(sentence for sentence in _SENTENCE.split(text) if "?" in sentence)
