"""Linking this conversation with another of the same person by a code, and separating it again: the learner's side."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Final

from bot.account import Account
from bot.groups.groups import WRONG_CODES
from bot.linking.record import CodeGiven, Linked, LinkRecords, Owner, Unlinked
from bot.linking.step import Step
from bot.linking.words import ANSWERS, KIND, LinkWords
from bot.quiz.learner import Learner

_HOUR: Final = 3600
_OPEN_SECONDS: Final = 900  # a code lives no longer either
_AWAITED, _LINK, _UNLINK = "link_code", "link_confirm", "unlink_confirm"  # questions that can be open
_NAMED: Final = "join_name"  # the question of the groups that any short message may answer


class Linking:
    """Immutable and free of any learner's state: safe to share. Where nothing is kept, as in the terminal, it hears nothing.

    Nothing of the other conversation is told before both are linked, not even on which channel it is.
    """

    def __init__(self, words: LinkWords) -> None:
        self.words = words

    def leads(self, text: str) -> bool:
        """Whether the message is for this skill by its words alone."""
        return self.words.command(text) not in (None, *ANSWERS) or self.words.code(text, awaited=False) is not None

    def hear(self, text: str, account: Account | None, learner: Learner, in_role: bool, busy: bool) -> Step | None:
        """The turn for what was typed; None for what is for other skills.

        `in_role` while a customer is being talked to: only the exact form with a code and answers to a question of ours are heard then.
        `busy` while a question of a quiz is open: a code without words could be an answer.
        """
        if learner.links is None:
            return None
        account = _fresh(account, learner)
        alone = account.step == _AWAITED or not busy
        code = self.words.code(text, account.step == _AWAITED) if not in_role and alone else self.words.exact_code(text)
        if code:
            return self._enter(code, account, learner, learner.links)
        command = self.words.command(text)
        if account.step in (_LINK, _UNLINK) and command in ANSWERS:
            return self._settled(account.step, command == "yes", account, learner, learner.links)
        if account.step == _AWAITED and command == "no":
            return Step((self.words.reply("kept"),), account.settled())
        if in_role or account.step == _NAMED or command is None or command in ANSWERS:
            return None
        return self._do(command, account, learner, learner.links)

    def press(self, name: str, account: Account | None, learner: Learner) -> Step | None:
        """The turn for a button; `name` is its token after `do:`. None for buttons of other skills."""
        if learner.links is None:
            return None
        account = _fresh(account, learner)
        if name in ("link_yes", "link_no"):
            return self._settled(_LINK, name == "link_yes", account, learner, learner.links)
        if name in ("unlink_yes", "unlink_no"):
            return self._settled(_UNLINK, name == "unlink_yes", account, learner, learner.links)
        return self._do("give", account, learner, learner.links) if name == "link_give" else None

    def lapsed(self, kind: str, account: Account | None) -> Account | None:
        """The same where something else was said to a question of ours: `kind` is that of the reply."""
        ours = account is not None and account.step in (_AWAITED, _LINK, _UNLINK)
        return account.settled() if account and ours and not kind.startswith(KIND) else account

    def _do(self, what: str, account: Account, learner: Learner, records: LinkRecords) -> Step:
        others = records.others(learner.sender)
        if what == "give":
            code = records.new_code()
            return Step((self.words.reply("code", code=code.shown),), account.settled(), (CodeGiven(code.digest, learner.now),), holds=True)
        if what == "enter":
            return Step((self.words.reply("which_code"),), account.asked(_AWAITED, learner.seconds), holds=True)
        if not others:
            return Step((self.words.reply("alone", (self.words.button("link_give"),)),), account.settled())
        conversations = f"{others} other conversation{'s' if others > 1 else ''}"
        if what == "which":
            return Step((self.words.reply("which", conversations=conversations),), account.settled())
        buttons = (self.words.button("unlink_yes"), self.words.button("unlink_no"))
        return Step((self.words.reply("unlink_sure", buttons),), account.asked(_UNLINK, learner.seconds), holds=True)

    def _enter(self, code: str, account: Account, learner: Learner, records: LinkRecords) -> Step:
        """What linking means, before anything is shared. Wrong codes count together with those of groups."""
        misses = tuple(at for at in account.misses if learner.seconds - at < _HOUR)
        account = replace(account, misses=misses)
        if len(misses) >= WRONG_CODES:
            minutes = max(1, ceil((misses[0] + _HOUR - learner.seconds) / 60))
            told = self.words.reply("codes_slow", minutes=f"{minutes} minute{'s' if minutes > 1 else ''}")
            return Step((told,), account.settled(), holds=True)
        digest = records.digest(code)
        owner = records.owner(learner.sender, digest, learner.seconds)
        if owner is None:
            missed = replace(account, misses=(*misses, learner.seconds))
            return Step((self.words.reply("code_unknown"),), missed.asked(_AWAITED, learner.seconds), holds=True)
        if owner is not Owner.OTHER:
            name = "code_own" if owner is Owner.THIS else "linked_already"
            return Step((self.words.reply(name),), account.settled(), holds=True)
        buttons = (self.words.button("link_yes"), self.words.button("link_no"))
        asked = replace(account.asked(_LINK, learner.seconds), code=digest)
        return Step((self.words.reply("sure", buttons),), asked, holds=True)

    def _settled(self, question: str, sure: bool, account: Account, learner: Learner, records: LinkRecords) -> Step:
        """The answer to the question whether to link or to separate; a button of long ago does neither."""
        if account.step != question or not sure:
            return Step((self.words.reply("kept"),), account.settled())
        if question == _UNLINK:
            if not records.others(learner.sender):
                return self._do("which", account, learner, records)
            return Step((self.words.reply("unlinked"),), account.settled(), (Unlinked(learner.now),), ends=True)
        if records.owner(learner.sender, account.code, learner.seconds) is not Owner.OTHER:
            return Step((self.words.reply("code_gone"),), account.settled())
        return Step((self.words.reply("linked"),), account.settled(), (Linked(account.code, learner.now),))


def _fresh(account: Account | None, learner: Learner) -> Account:
    """The state, with no question of ours open that is too old to be answered."""
    account = account or Account()
    stale = account.step in (_AWAITED, _LINK, _UNLINK) and not 0 <= learner.seconds - account.at <= _OPEN_SECONDS
    return account.settled() if stale else account
