"""Joining a tutor's group, leaving it, who can read what, and the work that is set there: the learner's side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from bot.account import Account
from bot.groups.catalogue import Catalogue
from bot.groups.record import Group, GroupRecords, Joined, Left
from bot.groups.step import Step
from bot.groups.words import GroupWords
from bot.groups.work import Progress, SetWork, Status, progress
from bot.quiz.learner import Learner
from bot.reply import Reply

WRONG_CODES: Final = 5  # in an hour; then no code is looked at until the first of them is an hour old
_HOUR: Final = 3600
_OPEN_SECONDS: Final = 1800  # a question of ours that was not answered for so long is none any more
_SHORT_NAME, _LONG_NAME = 3, 7  # words, with "my name is" before it
_COMMANDS: Final = frozenset({"join", "leave", "which", "readers", "work"})


class Groups:
    """Immutable and free of any learner's state: safe to share. Where nothing is kept, as in the terminal, it hears nothing."""

    def __init__(self, words: GroupWords, catalogue: Catalogue) -> None:
        self.words = words
        self._catalogue = catalogue

    # What is typed

    def leads(self, text: str, account: Account | None) -> bool:
        """Whether the message is for this skill by its words alone: of the two or three of a name no classifier can tell anything."""
        named = account is not None and account.step == "join_name" and len(text.split()) <= _SHORT_NAME
        return named or self.words.code(text, bare=False) is not None or self.words.command(text) in _COMMANDS

    def hear(self, text: str, account: Account | None, learner: Learner, in_role: bool, busy: bool) -> Step | None:
        """The turn for what was typed; None for what is for other skills.

        `in_role` while a customer is being talked to: only the exact form of joining and answers to a question of ours are heard then.
        `busy` while a question of a quiz is open: what could be about it is left alone.
        """
        if learner.groups is None:
            return None
        account = _fresh(account, learner)
        code = self.words.exact_code(text) if in_role else self.words.code(text, account.step == "join_code")
        if code:
            return self._enter(code, account, learner, learner.groups)
        command = self.words.command(text)
        answered = self._answered(text, command, account, learner, learner.groups)
        if answered or in_role:
            return answered
        if command == "next":
            return None if busy else self._next(account, learner)
        return self._told_of(command, account, learner, learner.groups) if command in _COMMANDS else None

    def _answered(self, text: str, command: str | None, account: Account, learner: Learner, records: GroupRecords) -> Step | None:
        """The turn for an answer to a question of ours; None where none is open or something else was said."""
        if account.step == "join_name":
            return self._named(text, command, account, learner, records)
        if account.step == "leave_confirm" and command in ("yes", "no"):
            return self._leave_settled(command == "yes", account, learner, records)
        return None

    def press(self, name: str, account: Account | None, learner: Learner) -> Step | None:
        """The turn for a button; `name` is its token after `do:`. None for buttons of other skills."""
        if learner.groups is None:
            return None
        account = _fresh(account, learner)
        if name == "work":
            return self._told_of("work", account, learner, learner.groups)
        if name.startswith("leave."):
            return self._leave(name.partition(".")[2], account, learner.groups, learner)
        if name in ("leave_yes", "leave_no"):
            return self._leave_settled(name == "leave_yes", account, learner, learner.groups)
        if name in ("join", "join_keep", "join_no"):
            return self._press_to_join(name, account, learner, learner.groups)
        return None

    def lapsed(self, account: Account, learner: Learner) -> tuple[Reply, Account] | None:
        """What is added, and the state, where something else was said to the question for a name: it is asked again only on request."""
        group = learner.groups.group(account.group) if learner.groups and account.step == "join_name" else None
        if group is None:
            return None
        button = self.words.button("join", "join", group=group.name)
        return self.words.reply("not_yet", (button,), group=group.name), replace(account, step="")

    # Set work

    def news(self, account: Account | None, learner: Learner) -> tuple[Reply | None, Account] | None:
        """Work that this conversation was not told of yet, and the state once it is; None when there is none."""
        if learner.groups is None:
            return None
        account = account or Account()
        newest = learner.groups.newest_work(learner.sender)
        if newest <= account.told:
            return None
        fresh = [pair for pair in self._work(learner) if pair[0].id > account.told and pair[1].status is not Status.DONE]
        return self.words.work("work_new", fresh) if fresh else None, replace(account, told=newest)

    def with_work(self, reply: Reply, learner: Learner) -> Reply:
        """A reply on how the learner is doing, with the set work after it."""
        told = self._work(learner)
        if not told:
            return reply
        said = self.words.work("work", told)
        return replace(reply, text=f"{reply.text}\n\n{said.text}", buttons=(*reply.buttons, *said.buttons))

    def has_group(self, learner: Learner) -> bool:
        """Whether a tutor has the learner in a group."""
        return bool(learner.groups and learner.groups.groups_of(learner.sender))

    def _work(self, learner: Learner) -> list[tuple[SetWork, Progress]]:
        if learner.groups is None:
            return []
        return self._far(learner.groups.work_of(learner.sender), learner, learner.groups)

    def _far(self, set_work: Sequence[SetWork], learner: Learner, records: GroupRecords) -> list[tuple[SetWork, Progress]]:
        """What of that can still be done, with how far the learner is."""
        known = [work for work in set_work if self._catalogue.knows(work.kind, work.target)]
        if not known:
            return []
        deeds = records.deeds_of(learner.sender, min(work.set_at for work in known))
        return [(work, progress(work, deeds, self._catalogue.items_for(work), learner.seconds)) for work in known]

    def _next(self, account: Account, learner: Learner) -> Step | None:
        """Set work is what to do next, where there is some."""
        told = self._work(learner)
        return Step((self.words.work("work", told),), account) if told else None

    # Joining

    def _enter(self, code: str, account: Account, learner: Learner, records: GroupRecords) -> Step:
        """The group of a code, with who can read what, before anything is kept."""
        misses = tuple(at for at in account.misses if learner.seconds - at < _HOUR)
        if len(misses) >= WRONG_CODES:
            minutes = max(1, ceil((misses[0] + _HOUR - learner.seconds) / 60))
            told = self.words.reply("codes_slow", minutes=f"{minutes} minute{'s' if minutes > 1 else ''}")
            return Step((told,), replace(account.settled(), misses=misses), holds=True)
        group = records.open_group(code)
        if group is None:
            asked = replace(account, misses=(*misses, learner.seconds)).asked("join_code", learner.seconds)
            return Step((self.words.reply("code_unknown"),), asked, holds=True)
        return self._ask_name(group, replace(account, misses=misses), learner, records)

    def _ask_name(self, group: Group, account: Account, learner: Learner, records: GroupRecords) -> Step:
        known = records.known_as(learner.sender)
        inside = any(group.id == own.id for own in records.groups_of(learner.sender))
        keep = (self.words.button("keep", "join_keep", name=known),) if known else ()
        if inside:
            said = self.words.reply("change_name", keep, group=group.name, name=known)
        else:
            buttons = (*keep, self.words.button("no_join", "join_no"))
            tutors, readers = self.words.tutors([group]), self.words.readers([group])
            said = self.words.reply("ask_name", buttons, group=group.name, tutors=tutors, readers=readers)
        return Step((said,), account.asked("join_name", learner.seconds, group.id), holds=True)

    def _named(self, text: str, command: str | None, account: Account, learner: Learner, records: GroupRecords) -> Step | None:
        """The answer to the question for a name; None where something else was said."""
        if command == "no":
            return Step((self.words.reply("not_joined"),), account.settled())
        if command in ("readers", "yes"):
            group = records.group(account.group)
            readers = [self.words.reply("readers", tutors=self.words.tutors([group]))] if group and command == "readers" else []
            return Step((*readers, *self._name_again(group)), account.asked("join_name", learner.seconds, account.group))
        if command in _COMMANDS and command is not None:
            return self._told_of(command, account.settled(), learner, records)
        if not self._could_be_name(text):
            return None
        name = self.words.name(text)
        if name is None:
            return Step((self.words.reply("name_unusable"),), account.asked("join_name", learner.seconds, account.group))
        return self._join(name, account, learner, records)

    def _name_again(self, group: Group | None) -> tuple[Reply, ...]:
        return (self.words.reply("ask_name_again", group=group.name) if group else self.words.reply("group_gone"),)

    @staticmethod
    def _could_be_name(text: str) -> bool:
        return "?" not in text and len(text.split()) <= _LONG_NAME and len(text) <= 80

    def _join(self, name: str, account: Account, learner: Learner, records: GroupRecords) -> Step:
        group = records.group(account.group)
        if group is None:
            return Step((self.words.reply("group_gone"),), account.settled())
        set_here = [pair for pair in self._far(records.work_in(group.id), learner, records) if pair[1].status is not Status.DONE]
        said = self.words.reply("joined", group=group.name, name=name, readers=self.words.readers([group]))
        newest = max((work.id for work, _ in set_here), default=account.told)
        settled = replace(account.settled(), told=max(account.told, newest))
        replies = (said, self.words.work("work_joined", set_here)) if set_here else (said,)
        return Step(replies, settled, (Joined(group.id, name, learner.now),))

    def _press_to_join(self, name: str, account: Account, learner: Learner, records: GroupRecords) -> Step | None:
        """Only a group that this conversation gave the code of can be joined by a button."""
        group = records.group(account.group) if account.group else None
        if group is None:
            return Step((self.words.reply("join_which"),), account.asked("join_code", learner.seconds))
        if name == "join_no":
            return Step((self.words.reply("not_joined"),), account.settled())
        known = records.known_as(learner.sender)
        if name == "join_keep" and known:
            return self._join(known, account, learner, records)
        return self._ask_name(group, account, learner, records)

    # Belonging

    def _told_of(self, command: str | None, account: Account, learner: Learner, records: GroupRecords) -> Step:
        own = records.groups_of(learner.sender)
        if command == "join":
            return Step((self.words.reply("join_which"),), account.asked("join_code", learner.seconds))
        if command == "leave":
            return self._leave("", account, records, learner)
        if command == "readers":
            return Step((Reply("group_readers", self.words.readers(own)),), account)
        if command == "which":
            return Step((self._which(own, learner),), account)
        told = self._work(learner)
        name = "work" if told else "work_none" if own else "work_no_group"
        return Step((self.words.work(name, told) if told else self.words.reply(name),), account)

    def _which(self, own: Sequence[Group], learner: Learner) -> Reply:
        if not own:
            return self.words.reply("which_none")
        names = self.words.say("which" if len(own) == 1 else "which_several", **_named(own))
        buttons = (self.words.button("work", "work"),) if self._work(learner) else ()
        return Reply("group_which", f"{names} {self.words.readers(own)}", buttons)

    def _leave(self, number: str, account: Account, records: GroupRecords, learner: Learner) -> Step:
        """Asks whether they are sure; which group, where there are several."""
        own = records.groups_of(learner.sender)
        chosen = [group for group in own if str(group.id) == number] or list(own)
        if not chosen:
            return Step((self.words.reply("which_none"),), account.settled())
        if len(chosen) > 1:
            buttons = [self.words.button("leave", f"leave.{group.id}", group=group.name) for group in chosen]
            return Step((self.words.reply("leave_which", buttons),), account.settled())
        name = chosen[0].name
        yes = self.words.button("leave", "leave_yes", group=name)
        said = self.words.reply("leave_sure", (yes, self.words.button("stay", "leave_no")), group=name)
        return Step((said,), account.asked("leave_confirm", learner.seconds, chosen[0].id))

    def _leave_settled(self, sure: bool, account: Account, learner: Learner, records: GroupRecords) -> Step:
        own = next((group for group in records.groups_of(learner.sender) if group.id == account.group), None)
        if own is None or account.step != "leave_confirm":
            return self._leave("", account, records, learner)
        if not sure:
            return Step((self.words.reply("stayed", group=own.name),), account.settled())
        return Step((self.words.reply("left", group=own.name),), account.settled(), (Left(own.id, learner.now),))


def _fresh(account: Account | None, learner: Learner) -> Account:
    """The state, with no question open that is too old to be answered."""
    account = account or Account()
    stale = account.step and learner.seconds - account.at > _OPEN_SECONDS
    return account.settled() if stale else account


def _named(groups: Sequence[Group]) -> dict[str, str]:
    names = [f"**{group.name}**" for group in groups]
    return {"group": groups[0].name, "groups": f"{', '.join(names[:-1])} and {names[-1]}"}
