"""What learners can do with what is kept of them: see it, and have it erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.account import Account
from bot.privacy.held import Held, HeldRecords
from bot.privacy.words import PrivacyWords
from bot.quiz.learner import Learner
from bot.reply import Reply

KIND: Final = "data_"  # begins the kind of each of its replies
_OPEN_SECONDS: Final = 900  # a "yes" counts for so long
_QUESTION: Final = "erase_confirm"


@dataclass(frozen=True)
class Step:
    """`account` carries the question that is open; `erases` once the learner has confirmed."""

    replies: tuple[Reply, ...]
    account: Account
    erases: bool = False


class MyData:
    """Immutable and free of any learner's state: safe to share. `link` gives the address of a sender's page at a moment.

    Where nothing is kept, as in the terminal, only the question how it is with data is answered.
    """

    def __init__(self, words: PrivacyWords, link: Callable[[str, datetime], str]) -> None:
        self._words = words
        self._link = link

    def leads(self, text: str) -> bool:
        """Whether the message asks for one's data or their erasure, by its exact words."""
        return self._words.command(text) is not None

    def hear(self, text: str, account: Account | None, learner: Learner) -> Step | None:
        """The turn for an exact form, or for an answer to the question whether to delete; None for anything else."""
        account = account or Account()
        if learner.data is None:
            return None
        if self._is_open(account, learner) and (answer := self._words.answer(text)):
            return self._settled(answer == "yes", account, learner, learner.data)
        command = self._words.command(text)
        return self._do(command, account, learner, learner.data) if command else None

    def about(self, text: str, account: Account | None, learner: Learner) -> Step:
        """The turn for any message that is about the learner's own data."""
        meant = self._words.meant(text)
        if learner.data is not None and meant:
            return self._do(meant, account or Account(), learner, learner.data)
        buttons = () if learner.data is None else (self._words.button("show"), self._words.button("ask"))
        return Step((self._words.reply("how", buttons),), account or Account())

    def press(self, name: str, account: Account | None, learner: Learner) -> Step | None:
        """The turn for a button; `name` is its token after `do:`. None for buttons of other skills."""
        account = account or Account()
        if learner.data is None or not name.startswith(KIND):
            return None
        what = name.removeprefix(KIND)
        if what in ("erase", "keep"):
            if self._is_open(account, learner):
                return self._settled(what == "erase", account, learner, learner.data)
            # A button of long ago: nothing is deleted by it.
            kept = Step((self._words.reply("kept"),), account.settled())
            return self._do("erase", account, learner, learner.data) if what == "erase" else kept
        return self._do({"show": "show", "ask": "erase"}[what], account, learner, learner.data) if what in ("show", "ask") else None

    def lapsed(self, account: Account | None) -> Account | None:
        """The same where something else was said to the question."""
        return account.settled() if account and account.step == _QUESTION else account

    @staticmethod
    def _is_open(account: Account, learner: Learner) -> bool:
        return account.step == _QUESTION and 0 <= learner.seconds - account.at <= _OPEN_SECONDS

    def _do(self, what: str, account: Account, learner: Learner, data: HeldRecords) -> Step:
        held = data.held(learner.sender)
        if what == "show":
            return Step((self._shown(held, learner),), account.settled())
        buttons = (self._words.button("erase"), self._words.button("keep"), self._words.button("show"))
        return Step((self._words.reply("sure", buttons, counts=self._words.counts(held)),), account.asked(_QUESTION, learner.seconds))

    def _shown(self, held: Held, learner: Learner) -> Reply:
        if held.since is None:
            return self._words.reply("held_nothing")
        link = self._link(learner.sender, learner.now)
        since = f"{held.since.day} {held.since:%B %Y}"
        return self._words.reply("held", (self._words.button("ask"),), counts=self._words.counts(held), since=since, link=link)

    def _settled(self, sure: bool, account: Account, learner: Learner, data: HeldRecords) -> Step:
        if not sure:
            return Step((self._words.reply("kept"),), account.settled())
        told = self._words.reply("erased", counts=self._words.counts(data.held(learner.sender)))
        return Step((told,), replace(Account(), step="erased"), erases=True)
