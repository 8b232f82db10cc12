"""Attempts to learn of a client from where one must not see it."""
