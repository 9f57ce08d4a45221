"""From a learner's words and their moves to what the customer took from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz, process

from bot.answer.lexicon import Lexicon
from bot.answer.wording import clean, open_shorthand, words
from bot.calculate.spelling import plain_text
from bot.content.scenarios import LineFile, Remedy, Scenario
from bot.practice.files import CueFile
from bot.practice.heard import HARMS, Heard, known_moves
from bot.practice.phrases import before, clauses, holds, place, places, stems
from bot.practice.promises import promised, without_times
from bot.practice.state import State, mark

LONGEST = 4000  # characters that are read
_ESSAY = 130  # words
_ECHO = 90
_ECHO_WORDS = 4
_REFUSED_WITHIN = 5
_REFUSED_CLOSE = 2
_DENIED_WITHIN = 4  # "isn't" is two words here
_REPORTED_AFTER = 4
_ONLY_ALONE = frozenset({"small_talk", "reversal"})  # odd unless the line does something besides
_EMPTY = frozenset({"echo", "stuffing", "bot", "silence", "repeat", "private"})  # whatever such a line holds, no courtesy was meant
_OFFERING = frozenset({"resolve", "escalate", "follow_up"})
_WORTH = {"full": 0, "partial": 1, "not_allowed": 2, "wrong": 3}
_SUM = re.compile(r"£\s?(\d+(?:\.\d{1,2})?)|\b(\d+(?:\.\d{1,2})?) pounds\b")
_SHARE = re.compile(r"\b(\d{1,2})(?:\.\d+)?\s?%")
_ADDED = re.compile(r"\+|\b(?:plus|and|with|also|as well as|on top)\b")
_NOT_ADDED = re.compile(r"\b(?:minus|less|keep|not|or|instead|of the|of your)\b")
_WHOLE_AND = re.compile(r"\b(?:full refund|in full|(?:full|whole) (?:amount|price)|every penny|all of it)\b.*(?:" + _ADDED.pattern + r")[^£]*$")
_SPOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?: [^\W_]+(?:['’][^\W_]+)*)*")
_LOOSE = re.compile(r"\s+([?.!,;:%])")
_RUN_ON = re.compile(r"(?<=[^\W_])([.!?;])(?=[^\W\d_]{2}|I\b)")  # "sorry.I", not "3.30" or "p.m."
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


class Reader:
    """Reads lines of any scenario. `cues` and `shared` are knowledge/practice/cues.yml and lines.yml; the lexicon opens phone spelling."""

    def __init__(self, cues: CueFile, shared: LineFile, lexicon: Lexicon) -> None:
        self._cues = cues
        self._lexicon = lexicon
        self._touches = shared.touches
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
        remedy, less, refused = self._remedy(scenario, text, labels)
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

    def _remedy(self, scenario: Scenario, text: str, labels: Sequence[str]) -> tuple[str | None, bool, str | None]:
        """The best remedy offered, whether it is less than owed, and the first that was refused."""
        offered: list[tuple[Remedy, bool]] = []
        refused: str | None = None
        for sentence in _SENTENCE.split(text):
            for remedy in scenario.remedies:
                stance = self._stance(sentence, remedy)
                if stance == "offered" and remedy.move in labels:
                    offered.append((remedy, self._is_less(sentence, remedy)))
                elif stance == "refused" and not refused and remedy.worth == "full":
                    refused = remedy.id
        if not offered:
            return None, False, None if _OFFERING.intersection(labels) else refused
        remedy, less = min(offered, key=lambda offer: (_WORTH[offer[0].worth] + offer[1], scenario.remedies.index(offer[0])))
        return remedy.id, less, None

    def _stance(self, sentence: str, remedy: Remedy) -> str | None:
        """`offered`, `refused` or `reported`, whichever comes first in this order; None when the remedy is not in the sentence."""
        cues = (*remedy.cues, *self._cues.kinds.get(remedy.kind or "", ()))
        spoken = [stems(clause) for clause in clauses(sentence)]
        stances = {self._stance_at(said, at) for said in spoken for cue in cues for at in places(cue, said)}
        return next((stance for stance in ("offered", "refused", "reported") if stance in stances), None)

    def _stance_at(self, said: Sequence[str], at: int) -> str:
        """How the clause speaks of a remedy: "you've had a repair" and "it wasn't refunded" report, and neither offer nor refuse."""
        near = before(said, at, _REFUSED_WITHIN)
        if holds(near, self._cues.reported) or holds(said[at + 1 : at + 1 + _REPORTED_AFTER], self._cues.failed):
            return "reported"
        return "refused" if self._is_refused(said, at, near) else "offered"

    def _is_refused(self, said: Sequence[str], at: int, near: Sequence[str]) -> bool:
        either = place("or", near)
        if either is not None and self._is_refused(said, at - len(near) + either, before(said, at - len(near) + either, _REFUSED_WITHIN)):
            return True
        return any(place(word, near[-_REFUSED_CLOSE:] if word == "no" else near) is not None for word in self._cues.refusing)

    def _is_less(self, sentence: str, remedy: Remedy) -> bool:
        if remedy.worth != "full":
            return False
        spoken = without_times(sentence)
        if any(self._stands_undenied(cue, stems(clause)) for clause in clauses(spoken) for cue in self._cues.lesser):
            return True
        lowered = plain_text(spoken)
        return any(int(share) < 100 for share in _SHARE.findall(lowered)) or _falls_short(lowered, remedy.amount)

    def _stands_undenied(self, cue: str, said: Sequence[str]) -> bool:
        return any(not self._is_denied(said, at) for at in places(cue, said))

    def _is_denied(self, said: Sequence[str], at: int) -> bool:
        """Whether a denial stands just before: "no deduction", "it isn't just wear"; or "nothing" just after: "we deduct nothing"."""
        return holds(before(said, at, _DENIED_WITHIN), self._cues.denying) or "noth" in said[at + 1 : at + 3]

    def _touched(self, scenario: Scenario, text: str, said: Sequence[str]) -> Iterator[str]:
        """Names of the touches met. What inflames this customer is not met where it is denied."""
        yield from (f"s{number}" for number, touch in enumerate(scenario.soothes) if holds(said, touch.cues))
        spoken = [stems(clause) for clause in clauses(text)]
        yield from (f"i{number}" for number, touch in enumerate(scenario.inflames) if self._stings(touch.cues, said, spoken))
        yield from (f"c{number}" for number, touch in enumerate(self._touches) if holds(said, touch.cues))

    def _stings(self, cues: Iterable[str], said: Sequence[str], spoken: Sequence[Sequence[str]]) -> bool:
        """Whether a cue stands undenied in a clause, or reaches over the end of one."""
        for cue in cues:
            if place(cue, said) is None:
                continue
            within = [clause for clause in spoken if places(cue, clause)]
            if not within or any(self._stands_undenied(cue, clause) for clause in within):
                return True
        return False


def _falls_short(sentence: str, amount: float | None) -> bool:
    """Whether the sums named, those joined by "plus" or "and" added up, are all below the amount. Extras on top of a full refund are none."""
    found = list(_SUM.finditer(sentence))
    if not amount or not found or _WHOLE_AND.search(sentence[: found[0].start()]):
        return False
    totals = [_pounds(found[0])]
    for earlier, later in pairwise(found):
        between = sentence[earlier.end() : later.start()]
        if _ADDED.search(between) and not _NOT_ADDED.search(between):
            totals[-1] += _pounds(later)
        else:
            totals.append(_pounds(later))
    return max(totals) < amount - 0.005


def _pounds(found: re.Match[str]) -> float:
    return float(found[1] or found[2])


def _questions(text: str) -> str:
    """The sentences that ask."""
    return " ".join(sentence for sentence in _SENTENCE.split(text) if "?" in sentence)
