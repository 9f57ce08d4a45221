"""Memory: when an item comes back (`schedule`), which one is asked (`pick`), what is known (`mastery`)."""
