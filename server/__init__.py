"""What plugs into Rasa's server: understanding, channels, tracker store, in-process actions, the launcher."""
