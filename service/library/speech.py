"""Codes and numbers written so that a voice says them sign by sign: K7Q2 is "K 7 Q 2"."""

from __future__ import annotations


def spelled(text: str) -> str:
    """Return the letters and digits of a code with a space between them: "K7Q2" is "K 7 Q 2"."""
    return " ".join(sign for sign in text if sign.isalnum())


def spoken_number(phone: str) -> str:
    """Return a phone number sign by sign with pauses: "+12025550123" is "2 0 2, 5 5 5, 0 1 2 3".

    Numbers of other countries than +1 are said in groups of three from their country code on.
    """
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) == 11 and digits.startswith("1"):
        groups = [digits[1:4], digits[4:7], digits[7:]]
    else:
        groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    return ", ".join(spelled(group) for group in groups)
