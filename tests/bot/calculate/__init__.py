"""Tests of bot.calculate."""
