"""What leaves the system: rows as CSV and JSON, xAPI statements, and a learner's evidence pack. Everything is made piece by piece."""

from bot.exporting.files import FORMATS, in_format
from bot.exporting.rows import AttemptRow, ConversationRow, MessageRow, PracticeRow
from bot.exporting.xapi import Statements

__all__ = ["FORMATS", "AttemptRow", "ConversationRow", "MessageRow", "PracticeRow", "Statements", "in_format"]
