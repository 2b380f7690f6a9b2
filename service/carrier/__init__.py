"""Twilio, seen through our own small vocabulary: send, look up, and what came of it."""
