"""A conversation in memory: its last turns, its slots, and what is not saved yet. Its size does not grow with its length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

WINDOW = 18  # events: about three turns. Our rules look at the last message only


class LiveTracker(DialogueStateTracker):
    """Rasa's tracker over a window of events. Slot values from before the window are kept beside it, so that copies have them too."""

    def __init__(self, sender_id: str, slots: Iterable[Slot], before: Mapping[str, Any], last_event_id: int = 0) -> None:
        self._before = dict(before)
        self.unsaved: list[Event] = []
        self.last_event_id = last_event_id  # of the newest event in the database; 0 when there is none
        super().__init__(sender_id, slots)
        self._set_slots_from_before(self)

    def update(self, event: Event, domain: Domain | None = None) -> None:
        super().update(event, domain)
        self.unsaved.append(event)

    def init_copy(self) -> DialogueStateTracker:
        copied = super().init_copy()
        self._set_slots_from_before(copied)
        return copied

    def _set_slots_from_before(self, tracker: DialogueStateTracker) -> None:
        for name, value in self._before.items():
            if name in tracker.slots:
                tracker.slots[name].value = value

    def slots_as_json(self) -> str:
        """Values of the slots that have one."""
        return json.dumps({name: slot.value for name, slot in self.slots.items() if slot.value is not None})

    def saved(self, last_event_id: int) -> None:
        """Note that everything is in the database, and let go of turns before the window."""
        self.unsaved.clear()
        self.last_event_id = last_event_id
        self._before = {name: slot.value for name, slot in self.slots.items() if slot.value is not None}
        kept = from_turn_start(list(self.events)[-WINDOW:])
        if len(kept) < len(self.events):
            self.events = self._create_events(kept)


def from_turn_start(events: list[Event]) -> list[Event]:
    """The events from the first moment of listening on, so that the window begins where a turn can begin."""
    starts = (at for at, event in enumerate(events) if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME)
    return events[next(starts, 0) :]
