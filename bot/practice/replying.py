"""What the customer says to a line: a reaction to what was heard, then what they are still waiting for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.content.scenarios import Fact, Remedy, Scenario
from bot.practice.endings import Outcome
from bot.practice.feelings import accepts, touches
from bot.practice.files import Tables
from bot.practice.heard import SOOTHING, Heard
from bot.practice.speech import Speech
from bot.practice.state import State

_FACTS_AT_ONCE = 2
_MOST_PIECES = 2  # before what they are waiting for is added, or an explanation is taken up
_HARMS = ("rude", "dismissive", "defensive")
_TAKEN = {
    "again": "offered_again",
    "besides": "besides",
    "cold": "cold",
    "partial": "less",
    "settles": "settles",
    "wrong": "wrong",
    "not_allowed": "not_allowed",
    "full": "accepted",
}
_OWN_LINES_FIRST = frozenset({"full", "partial", "wrong", "not_allowed"})


@dataclass(frozen=True)
class Turn:
    """One line and all that the reply to it depends on."""

    tables: Tables
    scenario: Scenario
    before: State
    heard: Heard
    events: frozenset[str]
    speech: Speech


def answer(turn: Turn, end: Outcome) -> None:
    """Fills the turn's speech. It stays empty only when every fitting line has been said."""
    if end.ending:
        _end(turn, end.ending)
        return
    _react(turn)
    if end.warning:
        turn.speech.say(end.warning)
    elif not turn.speech.asks and len(turn.speech.pieces) < _MOST_PIECES:
        _push(turn)
    if not turn.speech.pieces:
        turn.speech.say("anything")


def _end(turn: Turn, ending: str) -> None:
    """Last words: the scenario's, then shared ones."""
    remedy = turn.scenario.remedy(turn.heard.remedy)
    if turn.scenario.writing and remedy and not turn.heard.harmful:
        _taken(turn, remedy)
    speech = turn.speech
    if not speech.say_one(turn.scenario.endings[ending]):  # type: ignore[index]
        speech.say(ending)


def _react(turn: Turn) -> None:
    heard, speech = turn.heard, turn.speech
    _note_answers(turn)
    if heard.oddity:
        speech.say(heard.oddity)
        return
    if heard.harmful:
        _react_to_harm(turn)
        return
    _drop_question(turn)
    _tell(turn)
    _identify(turn)
    remedy = turn.scenario.remedy(heard.remedy)
    if remedy:
        _taken(turn, remedy)
    if "cause" in turn.events and len(speech.pieces) < _MOST_PIECES:
        speech.say_one(turn.scenario.cause.lines)
    if not speech.pieces:
        _react_to_manner(turn)


def _react_to_harm(turn: Turn) -> None:
    for _, touch in touches(turn.tables, turn.scenario, turn.heard):
        if touch.anger > 0 and turn.speech.say_one(touch.lines):
            return
    worst = next(move for move in _HARMS if turn.heard.has(move))
    turn.speech.say(worst)


def _note_answers(turn: Turn) -> None:
    """What was answered unasked is not asked."""
    state = turn.speech.state
    settled = tuple(id for id in turn.heard.answered if id not in state.questions)
    turn.speech.state = replace(state, questions=(*state.questions, *settled))


def _drop_question(turn: Turn) -> None:
    """A question is pressed once; then, or when it was answered, it is let go."""
    heard, state = turn.heard, turn.speech.state
    asked_back = heard.facts or heard.open or heard.has("probe") or heard.has("verify")
    if not asked_back or "ignored" in turn.events or state.asked in heard.answered:
        turn.speech.state = replace(state, asked="")


def _tell(turn: Turn) -> None:
    """Answers to what was asked. A question about everything gets the next thing that matters."""
    scenario, heard, speech = turn.scenario, turn.heard, turn.speech
    asked = [fact for fact in scenario.facts if fact.id in heard.facts][:_FACTS_AT_ONCE]
    if not asked and heard.open:
        untold = [fact for fact in scenario.facts if fact.id not in turn.before.facts]
        asked = sorted(untold, key=lambda fact: not fact.needed)[:1]
    for fact in asked:
        if fact.id in turn.before.facts:
            _tell_again(turn, fact)
        elif speech.say_one(fact.tells):
            speech.state = replace(speech.state, facts=(*speech.state.facts, fact.id))
    if not asked and heard.has("probe") and not heard.has("verify"):
        speech.say("probe")


def _tell_again(turn: Turn, fact: Fact) -> None:
    if not turn.speech.say_one(fact.again):
        turn.speech.say("told_again")


def _identify(turn: Turn) -> None:
    if not turn.heard.has("verify"):
        return
    if turn.scenario.identity.kind == "none":
        turn.speech.say("verify_needless")
    elif turn.before.verified or not turn.speech.say_one(turn.scenario.identity.given):
        turn.speech.say("verify_again")


def _taken(turn: Turn, remedy: Remedy) -> None:
    """To an offer: in the scenario's own words where it has them, coldly when nobody has said sorry."""
    taken = accepts(turn.scenario, turn.before, turn.heard)
    if not taken:
        return
    if taken in ("full", "cold") and _needed_and_unknown(turn):
        turn.speech.say("premature")
    handover = taken == "besides" and remedy.worth == "full" and remedy.move == "escalate"
    own = (handover or taken in _OWN_LINES_FIRST) and not (taken == "partial" and turn.heard.less)
    if not (own and turn.speech.say_one(remedy.lines)):
        turn.speech.say(_TAKEN[taken])


def _needed_and_unknown(turn: Turn) -> bool:
    told = turn.speech.state.facts
    return any(fact.needed and fact.id not in told for fact in turn.scenario.facts) and not turn.before.offered


def _react_to_manner(turn: Turn) -> None:
    """No fact, check or offer to speak to: what the words did, the worst first."""
    heard, speech, events = turn.heard, turn.speech, turn.events
    if any(speech.say_one(touch.lines) for _, touch in touches(turn.tables, turn.scenario, heard)):
        return
    situations = [
        *(["goodbye_early"] if "leaving" in events else []),
        *(["essay"] if heard.long else []),
        *(["overpromise"] if heard.has("overpromise") else []),
        *(["wearing"] if "wearing" in events else []),
        *(["refused"] if "refused" in events else []),
        *(["vague"] if "vague" in events else []),
        *(["escalate_late" if turn.before.agreed else "escalate"] if heard.has("escalate") else []),
        *(_situation(turn, move) for move in SOOTHING if heard.has(move) and move not in ("probe", "verify")),
        *(["scripted"] if heard.has("scripted") else []),
    ]
    if not any(speech.say(situation) for situation in situations) and not speech.pieces:
        speech.say("nothing")


def _situation(turn: Turn, move: str) -> str:
    return "check_early" if move == "check" and not turn.speech.state.agreed else move


def _push(turn: Turn) -> None:
    """What they are still waiting for: a question of their own, or the need that is open."""
    speech = turn.speech
    if "ignored" in turn.events and not turn.heard.oddity and speech.say("ignored"):
        return
    if turn.heard.oddity in ("bot", "silence") or (turn.tables.moves.mood(speech.state.anger) == "calm" and speech.dice(2)):
        return
    if speech.state.agreed:
        if not speech.state.counts.get("follow_up"):
            speech.say("need_when")
        return
    question = next((q for q in turn.scenario.questions if q.id not in speech.state.questions), None)
    if question and (speech.state.turn + speech.state.seed) % 2 and not speech.state.asked and speech.say_one(question.asks):
        speech.state = replace(speech.state, asked=question.id, questions=(*speech.state.questions, question.id))
        return
    needs = speech.state.needs
    if needs:
        speech.say(f"need_{needs[speech.dice(len(needs))]}")
