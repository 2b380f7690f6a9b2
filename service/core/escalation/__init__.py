"""Escalation as arithmetic: whom to page when, who is on call, what staff ask by text, and when a callback is due."""

from service.core.escalation.climbing import Climb, PageTo, climb
from service.core.escalation.staff_text import (
    CODE_DIGITS,
    CODE_LETTERS,
    StaffAsk,
    StaffText,
    is_code,
    read_staff_text,
)

__all__ = [
    "CODE_DIGITS",
    "CODE_LETTERS",
    "Climb",
    "PageTo",
    "StaffAsk",
    "StaffText",
    "climb",
    "is_code",
    "read_staff_text",
]
