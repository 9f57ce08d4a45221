"""How far the paperwork has come: one small value, kept in a slot between turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

Stage = Literal["cause", "prevention", "form", "marked"]
STAGES: tuple[str, ...] = Stage.__args__  # type: ignore[attr-defined]
_LONGEST = 260
_MOST = 12  # boxes


@dataclass(frozen=True)
class Session:
    """`answers` holds the text of each box by its key, `todo` the keys still to be asked in this round, the open one first.

    `done` are those asked in this round, `due` the follow-up day (ISO), `ending` how the talk ended, `mending` that it was marked before.
    """

    scenario: str
    stage: Stage = "cause"
    ending: str = ""
    form: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    todo: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    due: str = ""
    mending: bool = False

    @property
    def box(self) -> str | None:
        """The key of the box that is open."""
        return self.todo[0] if self.stage == "form" and self.todo else None

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.due) if self.due else None

    def to_dict(self) -> dict[str, Any]:
        """What differs from a new session, in JSON types; under 1.5 KB."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        values |= {"answers": dict(self.answers), "todo": list(self.todo), "done": list(self.done)}
        return {name: value for name, value in values.items() if value or name == "scenario"}

    @classmethod
    def from_dict(cls, values: object) -> Session | None:
        """None for anything that is not a session, so that an old slot never breaks a conversation. Unknown keys are passed over."""
        if not isinstance(values, Mapping):
            return None
        try:
            session = cls(
                scenario=_text(values["scenario"]),
                stage=values.get("stage", "cause"),
                ending=_text(values.get("ending", "")),
                form=_text(values.get("form", "")),
                answers={_text(key): _text(text) for key, text in dict(values.get("answers", {})).items()},
                todo=_keys(values.get("todo", ())),
                done=_keys(values.get("done", ())),
                due=_text(values.get("due", "")),
                mending=values.get("mending", False) is True,
            )
            whole = session.stage in STAGES and bool(session.todo) == (session.stage == "form") and len(session.answers) <= _MOST
            return session if whole and (session.day or not session.due) else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError(value)
    return value


def _keys(values: object) -> tuple[str, ...]:
    if not isinstance(values, (list, tuple)) or len(values) > _MOST:
        raise TypeError(values)
    return tuple(map(_text, values))
