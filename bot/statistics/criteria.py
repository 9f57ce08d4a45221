"""Criteria of practices as statistics take them."""

from __future__ import annotations

UNWANTED = frozenset({"disclosed_data", "defensive"})  # met by keeping clear of them
