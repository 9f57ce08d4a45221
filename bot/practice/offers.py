"""Which remedy a line offers, whether it is less than owed, and which it refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.calculate.spelling import plain_text
from bot.content.scenarios import Remedy, Scenario
from bot.practice.files import CueFile
from bot.practice.phrases import before, clauses, holds, place, places, stems
from bot.practice.promises import without_times

_REFUSED_WITHIN = 5
_REFUSED_CLOSE = 2
_FAILED_WITHIN = 4
_SPARED_WITHIN = 4
_OFFERING = frozenset({"resolve", "escalate", "follow_up"})
_WORTH = {"full": 0, "partial": 1, "not_allowed": 2, "wrong": 3}
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHARE = re.compile(r"\b(\d{1,2})(?:\.\d+)?\s?%")
_SUM = re.compile(r"£\s?(\d+(?:\.\d{1,2})?)|\b(\d+(?:\.\d{1,2})?) pounds\b")
_SUM_OFF = re.compile(r"£\s?\d+(?:\.\d{1,2})? off\b(?! your next)|\boff £")
_ADDED = re.compile(r"\+|\b(?:plus|and|with|also|as well as|on top)\b")
_NOT_ADDED = re.compile(r"\b(?:minus|less|keep|not|or|instead|of the|of your)\b")
_WHOLE_AND = re.compile(
    r"\b(?:full refund|in full|(?:full|whole) (?:amount|price)|every penny|all of it)\b.*(?:" + _ADDED.pattern + r")[^£]*$"
)


class Offers:
    """Reads lines of any scenario by knowledge/practice/cues.yml."""

    def __init__(self, cues: CueFile) -> None:
        self._cues = cues

    def read(self, scenario: Scenario, text: str, labels: Sequence[str]) -> tuple[str | None, bool, str | None]:
        """The best remedy offered, whether it is less than owed, and the first that was refused."""
        offered: list[tuple[Remedy, bool]] = []
        refused: str | None = None
        for sentence in _SENTENCE.split(text):
            spoken = [stems(clause) for clause in clauses(sentence)]
            for remedy in scenario.remedies:
                stance = self._stance(spoken, remedy)
                if stance == "offered" and remedy.move in labels:
                    offered.append((remedy, self._is_less(sentence, remedy)))
                elif stance == "refused" and not refused and remedy.worth == "full":
                    refused = remedy.id
        if not offered:
            return None, False, None if _OFFERING.intersection(labels) else refused
        remedy, less = min(offered, key=lambda offer: (_WORTH[offer[0].worth] + offer[1], scenario.remedies.index(offer[0])))
        return remedy.id, less, None

    def _stance(self, spoken: Sequence[Sequence[str]], remedy: Remedy) -> str | None:
        """`offered`, `refused` or `reported`, whichever comes first in this order; None when the remedy is not in the sentence."""
        cues = (*remedy.cues, *self._cues.kinds.get(remedy.kind or "", ()))
        stances = {self._stance_at(said, at) for said in spoken for cue in cues for at in places(cue, said)}
        return next((stance for stance in ("offered", "refused", "reported") if stance in stances), None)

    def _stance_at(self, said: Sequence[str], at: int) -> str:
        """How the clause speaks of a remedy: "you've had a repair" and "it wasn't refunded" report, and neither offer nor refuse."""
        near = before(said, at, _REFUSED_WITHIN)
        failed = holds((*near[-1:], *said[at + 1 : at + 1 + _FAILED_WITHIN]), self._cues.failed)
        if failed or holds(near, self._cues.reported):
            return "reported"
        return "refused" if self._is_refused(said, at, near) else "offered"

    def _is_refused(self, said: Sequence[str], at: int, near: Sequence[str]) -> bool:
        """Whether a refusing word stands near before the place, or before the "or" that joins it to another remedy."""
        while not any(place(word, near[-_REFUSED_CLOSE:] if word == "no" else near) is not None for word in self._cues.refusing):
            if "or" not in near:
                return False
            at -= len(near) - near.index("or")
            near = before(said, at, _REFUSED_WITHIN)
        return True

    def _is_less(self, sentence: str, remedy: Remedy) -> bool:
        if remedy.worth != "full":
            return False
        spoken = without_times(sentence)
        if any(self._takes_away(cue, said) for said in map(stems, clauses(spoken)) for cue in self._cues.lesser):
            return True
        lowered = plain_text(spoken)
        if remedy.kind == "refund" and _SUM_OFF.search(lowered):
            return True
        return any(int(share) < 100 for share in _SHARE.findall(lowered)) or _falls_short(lowered, remedy.amount)

    def _takes_away(self, cue: str, said: Sequence[str]) -> bool:
        """Whether a cue of less stands in the clause undenied: "no deduction", "we deduct nothing". "No more than half" is half."""
        return any(not self._is_spared(said, at) for at in places(cue, said))

    def _is_spared(self, said: Sequence[str], at: int) -> bool:
        near = before(said, at, _SPARED_WITHIN)
        return ("than" not in near and holds(near, self._cues.denying)) or holds(said[at + 1 : at + 3], ("nothing",))


def _falls_short(sentence: str, amount: float | None) -> bool:
    """Whether all sums named are below the amount, those joined by "plus" or "and" added up. An extra on top of a full refund is not."""
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
