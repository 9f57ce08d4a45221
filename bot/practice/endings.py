"""When and how a practice ends: the published thresholds of knowledge/practice/moves.yml, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.content.scenarios import Scenario
from bot.practice.feelings import GOODBYE
from bot.practice.files import MoveFile
from bot.practice.heard import Heard
from bot.practice.state import State


@dataclass(frozen=True)
class Outcome:
    """An ending, or a warning that one is near, or neither."""

    ending: str = ""
    warning: str = ""


def outcome(table: MoveFile, scenario: Scenario, before: State, after: State, heard: Heard) -> tuple[State, Outcome]:
    """The state with the closing counted and warnings noted, and what comes of the line."""
    if is_unsafe(scenario, before, heard):
        return after, Outcome("unsafe")
    if scenario.writing:
        return after, Outcome(_of_a_writing(table, after, heard))
    limit = _limit(table, before, after)
    if limit and not after.warned and after.turn < table.longest and not (heard.has("escalate") and limit == "escalated"):
        return replace(after, warned=limit), Outcome(warning="warn_leave" if limit == "walked_out" else "warn_manager")
    after = _closing(before, after, heard)
    return after, Outcome((after.warned or limit) if limit else _peaceful(table, scenario, before, after, heard))


def _peaceful(table: MoveFile, scenario: Scenario, before: State, after: State, heard: Heard) -> str:
    """An ending that no limit forces, if any."""
    if _is_handed_over(scenario, before, after, heard):
        return "escalated"
    return _verdict(table, after) if _is_over(table, after, heard) else _cut_short(table, before, after, heard)


def is_unsafe(scenario: Scenario, before: State, heard: Heard) -> bool:
    """Whether personal data was given away: the account's before the check, or anybody else's at all."""
    if heard.forbidden:
        return True
    checked = scenario.identity.kind == "account" and before.verified
    return (heard.secret or heard.has("disclose")) and not checked


def _limit(table: MoveFile, before: State, after: State) -> str:
    """The ending whose limit is passed by a line that made things worse."""
    if after.anger < before.anger or (after.anger == before.anger and after.trust >= before.trust and after.anger < 100):
        return ""
    if after.anger >= table.walk_out:
        return "walked_out"
    return "escalated" if after.anger >= table.manager.anger and after.trust <= table.manager.trust else ""


def _is_handed_over(scenario: Scenario, before: State, after: State, heard: Heard) -> bool:
    """Offered once, they ask why; offered twice, or once they have asked for it, they go. What is agreed by then stays agreed."""
    remedy = scenario.remedy(heard.remedy)
    if not heard.has("escalate") or (remedy and remedy.move == "escalate") or after.agreed:
        return False
    return bool(before.warned) or before.counts.get("escalate", 0) > 0


def _closing(before: State, after: State, heard: Heard) -> State:
    """Counts the turns since they agreed that brought neither an insult nor a move not heard before."""
    new = any(move not in before.counts for move in heard.moves)
    return replace(after, closing=after.closing + 1) if before.agreed and not heard.harmful and not new else after


def _is_over(table: MoveFile, after: State, heard: Heard) -> bool:
    if not after.agreed or heard.harmful:
        return False
    if heard.farewell or after.closing >= table.patience:
        return True
    return bool(after.counts.get("check") and after.counts.get("follow_up"))


def _verdict(table: MoveFile, after: State) -> str:
    calm = after.anger <= table.satisfied.anger and after.trust >= table.satisfied.trust
    return "satisfied" if calm and not after.settled and "apology" not in after.needs else "grudging"


def _cut_short(table: MoveFile, before: State, after: State, heard: Heard) -> str:
    """The learner leaves with nothing settled, or the turns run out."""
    if heard.farewell and not after.agreed and before.counts.get(GOODBYE, 0) > 0:
        return "walked_out"
    if after.turn < table.longest:
        return ""
    if after.agreed and not heard.harmful:
        return _verdict(table, after)
    return "escalated" if after.trust <= table.satisfied.trust else "walked_out"


def _of_a_writing(table: MoveFile, after: State, heard: Heard) -> str:
    """One letter decides: insulted, they leave; put off, or offered nothing that helps, they take it further."""
    if heard.has("rude"):
        return "walked_out"
    return _verdict(table, after) if after.agreed else "escalated"
