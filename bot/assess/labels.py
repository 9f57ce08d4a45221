"""The names of what a line to a customer can do, and what one found move is."""

from __future__ import annotations

from dataclasses import dataclass

GOOD = ("thank", "listen", "empathise", "apologise", "probe", "verify", "explain", "resolve", "check", "follow_up", "escalate", "prevent")
BAD = ("defensive", "dismissive", "disclose", "overpromise", "rude", "scripted")
LABELS = GOOD + BAD


@dataclass(frozen=True)
class Move:
    """One act that a line performs: `text[start:end]` are the words that earned it, `confidence` runs from 0 to 1."""

    name: str
    start: int
    end: int
    confidence: float
