"""Phone numbers as staff read them, and as links that a phone can dial."""

from __future__ import annotations

import phonenumbers


def as_written(number: str) -> str:
    """Return the number as it is written at home, "(202) 555-0123"; a sender that is no number stays as it came."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number or "a withheld number"
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        parsed, shape.NATIONAL if parsed.country_code == 1 else shape.INTERNATIONAL
    )


def link_to(number: str) -> str:
    """Return the link that dials the number; empty for a sender that can't be called."""
    is_callable = number.startswith("+") and number[1:].isdigit()
    return f"tel:{number}" if is_callable else ""
