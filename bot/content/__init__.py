"""Reads and checks what is taught. `load` gives the whole of it as one immutable value."""

from bot.content.library import Answerable, Library, fingerprint, load, load_kept
from bot.content.schema import STANDARD_FACETS, Body, Facet, Law, Source, Topic

__all__ = ["STANDARD_FACETS", "Answerable", "Body", "Facet", "Law", "Library", "Source", "Topic", "fingerprint", "load", "load_kept"]
