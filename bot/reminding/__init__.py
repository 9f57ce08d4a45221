"""Reminders of items that are due: asked for by the learner, decided here, queued by bot.records.reminders."""
