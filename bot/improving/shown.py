"""Changes as a file that a person reads before they are applied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

from bot.improving.change import Change
from bot.improving.plan import Plan
from bot.improving.reviewed import quoted


def change_file(plan: Plan) -> str:
    """YAML: `changes` that would be written and `refused` ones with the reason, in an order of their own."""
    changes = [line for change in plan.accepted for line in _entry(change)]
    refused = [line for one in plan.refused for line in (*_entry(one.change), f"    why: {quoted(one.why)}")]
    return "\n".join([*_section("changes", changes), *_section("refused", refused), ""])


def _section(name: str, lines: list[str]) -> list[str]:
    return [f"{name}:", *lines] if lines else [f"{name}: []"]


def _entry(change: Change) -> Iterator[str]:
    yield f"  - id: {change.id}"
    yield f"    kind: {change.kind}"
    yield f"    text: {quoted(change.text)}"
    yield f"    was: {quoted(change.was) if change.was else 'null'}"
    yield f"    target: {quoted(change.target)}"
    yield f"    by: {quoted(change.by)}"
    yield f"    on: {datetime.fromtimestamp(change.at, timezone.utc).date().isoformat()}"
