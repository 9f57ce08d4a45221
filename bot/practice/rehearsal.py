"""Plays a scenario without anybody there: what a check of the content, and not its schema, can know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.content.scenarios import ENDINGS, Scenario, ScriptLine
from bot.practice.heard import Heard
from bot.practice.phrases import holds, stems
from bot.practice.practice import Practice
from bot.practice.state import State

DIFFICULTIES = (1, 2, 3)
SEEDS = (1, 2, 3, 4)
_COURTESIES = ("listen", "apologise", "thank", "empathise", "explain")


def problems(practice: Practice, scenario: Scenario) -> Iterator[str]:
    """What goes wrong when it is played: scripts with the wrong end, endings and facts that cannot be reached."""
    yield from _scripts(practice, scenario)
    reached = {run(practice, scenario, 1, scenario.difficulty, lines).ended for lines in _ways(practice, scenario)}
    yield from (f"{scenario.id}: the ending {ending} cannot be reached" for ending in ENDINGS if ending not in reached)
    yield from _unheard_facts(practice, scenario)


def play(practice: Practice, scenario: Scenario, seed: int, difficulty: int, script: Sequence[ScriptLine]) -> tuple[State, int]:
    """The state after the script, or where it ended before, and how many of its lines were said."""
    state, _ = practice.begin(scenario.id, seed, difficulty)
    said = 0
    for line in script:
        if state.ended:
            break
        state, _ = practice.say(state, line.say, line.moves)
        said += 1
    return state, said


def run(practice: Practice, scenario: Scenario, seed: int, difficulty: int, lines: Iterable[Heard]) -> State:
    """The state after these lines, or where they ended before."""
    state, _ = practice.begin(scenario.id, seed, difficulty)
    for heard in lines:
        state, _ = practice.hear(state, heard)
    return state


def _scripts(practice: Practice, scenario: Scenario) -> Iterator[str]:
    for name, script, wanted in (
        ("model", scenario.model, ("satisfied",)),
        ("defensive", scenario.defensive, ("escalated", "walked_out")),
    ):
        for difficulty in DIFFICULTIES:
            played = [play(practice, scenario, seed, difficulty, script) for seed in SEEDS]
            state = next((state for state, _ in played if state.ended not in wanted), None)
            if state:
                where = f"anger {state.anger}, trust {state.trust}, agreed to {state.agreed or 'nothing'}"
                told = _given_away(scenario, script) if state.ended == "unsafe" else ""
                yield f"{scenario.id}: the {name} script ends {state.ended or 'nowhere'} at difficulty {difficulty} ({where}){told}"
            elif name == "model" and min(said for _, said in played) < len(script):
                yield f"{scenario.id}: at difficulty {difficulty} the model script is over before its last line"


def _given_away(scenario: Scenario, script: Sequence[ScriptLine]) -> str:
    """Which phrases of `identity` the script says, as far as it says any."""
    kept = [("guarded", cue) for cue in scenario.identity.guarded] + [("never", cue) for cue in scenario.identity.never]
    found = [f"“{cue}” ({key}) in “{line.say}”" for line in script for key, cue in kept if holds(stems(line.say), (cue,))]
    return f": it says {', '.join(found)}" if found else ""


def _ways(practice: Practice, scenario: Scenario) -> Iterator[list[Heard]]:
    """Ways of going through the scenario, each towards another ending."""
    longest = practice.tables.moves.longest
    right = next(remedy for remedy in scenario.remedies if remedy.worth == "full")
    offer = Heard((right.move,), remedy=right.id)
    if scenario.writing:
        yield [Heard((*_COURTESIES, right.move, "follow_up", "check"), remedy=right.id)]
        yield from ([Heard((move,))] for move in ("dismissive", "rude", "disclose"))
        yield [offer]
        return
    yield [*(Heard((move,)) for move in _COURTESIES), offer, Heard(("check", "follow_up"))]
    yield [offer, Heard(farewell=True)]
    yield [Heard(("dismissive",))] * longest
    yield [Heard(("rude",))] * longest
    yield [Heard(("disclose",))]


def _unheard_facts(practice: Practice, scenario: Scenario) -> Iterator[str]:
    """Facts that their own cues do not bring out, as questions."""
    state, _ = practice.begin(scenario.id, 1)
    for fact in scenario.facts:
        for cue in fact.cues:
            if fact.id not in practice.read(state, f"Could you tell me, {cue}?", ("probe",)).facts:
                yield f"{scenario.id}: asking “{cue}” does not bring out the fact {fact.id}"
