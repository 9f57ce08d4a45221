"""One learner in several conversations: linking them by a code, and separating them again."""
