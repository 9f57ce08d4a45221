"""What a conversation carries of the learner's own arrangements, as one small value in one slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_LINKING = ("link_code", "link_confirm", "unlink_confirm")
STEPS = ("", "join_code", "join_name", "leave_confirm", *_LINKING, "erase_confirm", "erased")
ERASED: Mapping[str, Any] = {"step": "erased"}  # the slot of a learner who is to be erased with the turn that says so
_MOST_MISSES = 8
_LONGEST_NAME = 40
_LONGEST_CODE = 64


@dataclass(frozen=True)
class Account:
    """`step` is the question that is open: one of STEPS, empty for none, asked at the moment `at`.

    `group` is the group to be joined or left, `name` the name that the learner gave for it, `code` the digest of the code to link
    with. `misses` are the moments of wrong codes, `told` the highest id of set work that this conversation was told of. Moments are in
    seconds since 1970.
    """

    step: str = ""
    at: float = 0.0
    group: int = 0
    name: str = ""
    misses: tuple[float, ...] = ()
    told: int = 0
    code: str = ""

    def asked(self, step: str, at: float, group: int = 0, name: str = "") -> Account:
        """The same with that question open."""
        return replace(self, step=step, at=at, group=group, name=name, code="")

    def settled(self) -> Account:
        """The same with no question open."""
        return replace(self, step="", at=0.0, group=0, name="", code="")

    def to_dict(self) -> dict[str, Any]:
        """JSON types; what is empty is left out."""
        values = {**vars(self), "misses": list(self.misses)}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_dict(cls, values: object) -> Account | None:
        """None for nothing and for anything that is no such state, so that an old slot never breaks a conversation."""
        if not isinstance(values, Mapping) or values.get("step", "") not in STEPS:
            return None
        name, misses, code = values.get("name"), values.get("misses"), values.get("code")
        return cls(
            step=values.get("step", ""),
            at=_number(values.get("at")),
            group=int(_number(values.get("group"))),
            name=name[:_LONGEST_NAME] if isinstance(name, str) else "",
            misses=tuple(_number(at) for at in misses[-_MOST_MISSES:]) if isinstance(misses, (list, tuple)) else (),
            told=int(_number(values.get("told"))),
            code=code[:_LONGEST_CODE] if isinstance(code, str) else "",
        )


def _number(value: object) -> float:
    """A finite number in the range of ids and moments; 0 for anything else."""
    usable = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**53
    return float(value) if usable else 0.0  # type: ignore[arg-type]
