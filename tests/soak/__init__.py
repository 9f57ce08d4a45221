"""A server under a day's mix of learners for half an hour: `python -m tests.soak`."""
