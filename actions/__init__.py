"""Rasa custom actions: translators between the tracker and `bot.tutor`, and nothing else."""
