"""A practice in progress as one small value, kept in one slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.practice import State

PHASES = ("offered", "playing", "paused", "over", "paperwork")
_LONGEST_LINE = 600


@dataclass(frozen=True)
class Run:
    """`phase` is one of PHASES: `offered` while a choice of scenarios is open, `over` once the debrief has been given.

    `customer` is the customer's last line, `at` the moment of the last turn in seconds since 1970, `origin` the run that this one
    retries, `paperwork` the state of reflections and form.
    """

    id: str
    phase: str = "playing"
    state: State = field(default_factory=State)
    customer: str = ""
    hidden: bool = False
    at: float = 0.0
    origin: str = ""
    paperwork: Mapping[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the customer is waiting."""
        return self.phase in ("playing", "paused")

    @property
    def takes_all(self) -> bool:
        """Whether whatever is typed is for the customer or the paperwork."""
        return self.phase in ("playing", "paperwork")

    def to_dict(self) -> dict[str, Any]:
        """JSON types; what is empty is left out."""
        values = {
            "id": self.id,
            "phase": self.phase,
            "at": self.at,
            "customer": self.customer,
            "origin": self.origin,
            "hidden": self.hidden,
        }
        kept = {name: value for name, value in values.items() if value}
        return {**kept, "state": self.state.to_dict(), **({"paperwork": dict(self.paperwork)} if self.paperwork else {})}

    @classmethod
    def from_dict(cls, values: object) -> Run | None:
        """None for nothing and for anything that is no run, so that an old slot never breaks a conversation."""
        if not isinstance(values, Mapping) or values.get("phase") not in PHASES or not isinstance(values.get("id"), str):
            return None
        texts = {name: values[name][:_LONGEST_LINE] for name in ("customer", "origin") if isinstance(values.get(name), str)}
        at, paperwork = values.get("at"), values.get("paperwork")
        return cls(
            id=values["id"][:16],
            phase=values["phase"],
            state=State.from_dict(values.get("state")),
            hidden=values.get("hidden") is True,
            at=float(at) if isinstance(at, (int, float)) and not isinstance(at, bool) else 0.0,
            paperwork=paperwork if isinstance(paperwork, Mapping) else None,
            **texts,
        )
