"""What the customer took from one line of the learner's."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.scenarios import MOVES

HARMS = frozenset({"rude", "defensive", "dismissive", "overpromise", "disclose"})
BAD_MANNERS = frozenset({"rude", "defensive", "dismissive"})
SOOTHING = ("empathise", "apologise", "listen", "explain", "prevent", "follow_up", "thank", "check", "probe", "verify")


@dataclass(frozen=True)
class Heard:
    """Moves by the rubric's names; what they were about; and `oddity`, when the line was no line to a customer.

    `remedy` is a remedy's id, `less` that its sum or extent is below what is owed, `refused` a remedy that was said not to be had.
    `facts` are the ids that a question was about, `open` that it was about everything. `promise` is when the learner will act, `cause`
    that the line names what lay behind it. `touches` are words of the scenario (`s0`, `i1`) or of every customer (`c2`) that were met.
    """

    moves: tuple[str, ...] = ()
    remedy: str | None = None
    less: bool = False
    refused: str | None = None
    facts: tuple[str, ...] = ()
    open: bool = False
    answered: tuple[str, ...] = ()  # the customer's own questions that the words answer, whatever the moves
    cause: bool = False
    promise: str = ""
    touches: tuple[str, ...] = ()
    secret: bool = False
    forbidden: bool = False
    farewell: bool = False
    long: bool = False
    oddity: str | None = None
    typed: str = ""

    def has(self, move: str) -> bool:
        return move in self.moves

    @property
    def harmful(self) -> bool:
        """Whether anything in the line would make a customer angrier by itself."""
        return bool(BAD_MANNERS.intersection(self.moves))


def known_moves(names: object) -> tuple[str, ...]:
    """The labels among `names`, each once, in the rubric's order."""
    given = set(names) if isinstance(names, (set, frozenset, list, tuple)) else set()
    return tuple(move for move in MOVES if move in given)
