"""Simulated learners who forget by a law that is not FSRS's: what spaced retrieval gains them, and how well recall is predicted."""
