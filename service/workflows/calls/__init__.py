"""Calls: promised in the outbox, answered turn by turn, and settled when they are over."""
