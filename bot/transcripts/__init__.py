"""Conversations as they were held, out of the rows of Rasa's `events`: the one place that knows how those are written.

`bot.records.transcripts.read` reads a page of a conversation from the database.
"""

from bot.transcripts.events import Event, Row, event_of
from bot.transcripts.transcript import Before, Choice, Said, Session, Transcript, labelled, transcript_of

__all__ = ["Before", "Choice", "Event", "Row", "Said", "Session", "Transcript", "event_of", "labelled", "transcript_of"]
