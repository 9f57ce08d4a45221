"""Messages that mean alike: by their sentence vectors, one at a time and in groups."""

from bot.similar.groups import Groups
from bot.similar.packing import packed, unpacked
from bot.similar.uncovered import Asked, Cluster, clusters

__all__ = ["Asked", "Cluster", "Groups", "clusters", "packed", "unpacked"]
