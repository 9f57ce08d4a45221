"""The tutor itself, in plain Python: it knows nothing of Rasa, channels or web servers."""
