"""What went wrong in a run, by the names of `faults` in knowledge/debrief.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.content.scenarios import Scenario
from bot.debrief.marks import Criteria, is_premature, is_timed
from bot.debrief.talk import Said
from bot.practice.files import CueFile

_BAD_MOVES = ("rude", "defensive", "dismissive", "overpromise", "scripted")
_MOST_OF_A_LINE = 2  # faults told of one line
_ODDITIES = frozenset({"echo", "stuffing", "repeat", "private", "reversal", "bot", "small_talk", "silence"})
_EVENTS = {
    "refused": "refused",
    "wrong": "wrong",
    "partial": "less",
    "not_allowed": "overpromise",
    "told_again": "told_again",
    "needless": "needless",
    "wearing": "wearing",
    "ignored": "ignored",
    "leaving": "leaving",
}
_FAULTS_OF = {"disclosed_data": ("disclose", "disclose_other"), "defensive": ("defensive",)}
_ABSENT = {
    "resolve": "resolve_absent",
    "apologise": "apologise_absent",
    "empathise": "empathise_absent",
    "listen": "listen_absent",
    "explain": "explain_absent",
    "follow_up": "follow_up_absent",
    "check": "check_absent",
    "thank": "thank_absent",
    "prevent": "prevent_absent",
}


@dataclass(frozen=True)
class Found:
    """A fault: in the line `said`, in the words of `move` or those that hold `cues`; or absent from the run where `said` is None.

    `answers` are words that a better line holds.
    """

    name: str
    said: Said | None = None
    move: str | None = None
    cues: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def faults(scenario: Scenario, cues: CueFile, talk: Sequence[Said], criteria: Criteria) -> Iterator[Found]:
    """Everything that went wrong, line by line and then what was absent; a fault may come several times."""
    for said in talk:
        yield from _of_line(scenario, cues, said)
    yield from _absent(scenario, talk, criteria)


def _of_line(scenario: Scenario, cues: CueFile, said: Said) -> Iterator[Found]:
    heard = said.heard
    if said.unsafe:
        name = "disclose_other" if heard.forbidden or scenario.identity.kind == "none" else "disclose"
        yield Found(name, said, "disclose", (*scenario.identity.guarded, *scenario.identity.never))
    for move in _BAD_MOVES:
        if said.has(move):
            yield Found(move, said, move)
    if heard.oddity == "swearing":
        yield Found("rude", said, "rude", cues.swearing)
    elif heard.oddity in _ODDITIES:
        yield Found(heard.oddity, said)
        return
    yield from _of_events(scenario, cues, said)
    yield from _of_manner(scenario, said)


def _of_events(scenario: Scenario, cues: CueFile, said: Said) -> Iterator[Found]:
    heard = said.heard
    remedy = scenario.remedy(heard.remedy or heard.refused)
    offer = (*remedy.cues, *cues.kinds.get(remedy.kind or "", ())) if remedy else ()
    for event in sorted(said.events & _EVENTS.keys(), key=[*_EVENTS].index):
        name = _EVENTS[event]
        if event == "refused":
            # A reason beside it may deny something else in the same words.
            if heard.harmful or not (said.has("explain") or said.has("prevent")):
                yield Found(name, said, None, offer, offer)
        elif event in ("wrong", "partial", "not_allowed"):
            yield Found(name, said, remedy.move if remedy else None, offer)
        elif event == "told_again":
            asked = [fact for fact in scenario.facts if fact.id in heard.facts and fact.id in said.facts]
            yield Found(name, said, "probe", tuple(cue for fact in asked for cue in fact.cues))
        elif event == "ignored":
            yield Found(name, said, None, (), _answers(scenario, said))
        else:
            yield Found(name, said, {"needless": "verify", "wearing": _worn(said)}.get(event), cues.farewell if event == "leaving" else ())


def _of_manner(scenario: Scenario, said: Said) -> Iterator[Found]:
    heard = said.heard
    if "vague" in said.events:
        yield Found("vague", said, "resolve")
    if is_premature(scenario, said):
        yield Found("premature", said, "resolve")
    stung = [scenario.inflames[int(touch[1:])] for touch in heard.touches if touch.startswith("i")]
    if stung:
        yield Found("inflamed", said, None, stung[0].cues)
    if said.has("follow_up") and not heard.promise:
        yield Found("untimed", said, "follow_up")
    if heard.long:
        yield Found("essay", said)


def _absent(scenario: Scenario, talk: Sequence[Said], criteria: Criteria) -> Iterator[Found]:
    if criteria["verify"] is False:
        late = next((said for said in talk if said.has("verify")), None)
        yield Found("verify_late", late, "verify") if late else Found("verify_absent")
    offered = any(said.offered for said in talk) or any({"wrong", "partial", "not_allowed"} & said.events for said in talk)
    for name, fault in _ABSENT.items():
        if criteria[name] is False and not (name == "resolve" and offered):
            yield Found(fault)
    known = {fact for said in talk for fact in (*said.facts, *said.heard.facts)}
    if any(fact.needed and fact.id not in known for fact in scenario.facts) and not any(said.heard.open for said in talk):
        yield Found("probe_absent")


def told_of(found: Sequence[Found], talk: Sequence[Said]) -> dict[str, list[Found]]:
    """Faults by name, without those that another one tells already."""
    named: dict[str, list[Found]] = {}
    for fault in found:
        named.setdefault(fault.name, []).append(fault)
    if "disclose" in named:
        named.pop("verify_absent", None)
        named.pop("verify_late", None)
    if "premature" in named:
        named.pop("probe_absent", None)
    if "untimed" in named and is_timed(talk):
        named.pop("untimed")
    return named


def without(named: Mapping[str, Sequence[Found]], denied: frozenset[str]) -> dict[str, Sequence[Found]]:
    """Faults by name, without those that a tutor did not see."""
    dropped = {name for criterion in denied for name in _FAULTS_OF.get(criterion, ())}
    return {name: found for name, found in named.items() if name not in dropped}


def told_once(named: Mapping[str, Sequence[Found]], order: Sequence[str]) -> list[tuple[str, list[Found]]]:
    """By importance. A line is quoted for its worst fault first; for lesser ones rather elsewhere, and never for more than two."""
    counts: dict[int, int] = {}
    kept: list[tuple[str, list[Found]]] = []
    for name in order:
        everywhere = list(named.get(name, ()))
        fresh = sorted(everywhere, key=lambda fault: counts.get(fault.said.turn, 0) if fault.said else 0)
        fresh = [fault for fault in fresh if not fault.said or counts.get(fault.said.turn, 0) < _MOST_OF_A_LINE]
        if not fresh:
            continue
        if fresh[0].said:
            counts[fresh[0].said.turn] = counts.get(fresh[0].said.turn, 0) + 1
        kept.append((name, [fresh[0], *(fault for fault in everywhere if fault is not fresh[0])]))
    return kept


def _answers(scenario: Scenario, said: Said) -> tuple[str, ...]:
    """Words that would have answered what the customer had asked."""
    asked = next((question for question in scenario.questions if any(ask in said.before for ask in question.asks)), None)
    return asked.cues if asked else ()


def _worn(said: Said) -> str | None:
    return next((move for move in ("apologise", "thank", "empathise") if said.has(move)), None)
