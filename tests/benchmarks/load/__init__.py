"""The server under load, side by side with stock Rasa: `python -m tests.benchmarks.load`."""
