"""Phone numbers as people write them, in the one form that everything else uses."""

from __future__ import annotations

import phonenumbers


class NotANumber(Exception):
    """What was written can't be a phone number; the message quotes it and shows how one is written."""


def e164(number: str) -> str:
    """Return the number in E.164, read as one of the United States where it names no country.

    Raises:
        NotANumber: where it can't be a phone number.
    """
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        written = number.strip() or "An empty field"
        raise NotANumber(
            f"{written} is not a phone number. Write it with its area code, such as (202) 555-0123."
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
