"""What follows a practice: two reflections, and a complaint log or a returns form filled in by chat and marked."""

from bot.paperwork.paperwork import Paperwork
from bot.paperwork.session import Session
from bot.paperwork.step import Note, Step

__all__ = ["Note", "Paperwork", "Session", "Step"]
