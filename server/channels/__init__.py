"""Messaging channels: our own connectors, on where their vendor's account is set."""
