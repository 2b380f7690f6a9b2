"""Escalation as arithmetic: whom to page when, who is on call, what staff ask by text, and when a callback is due."""

from service.core.escalation.climbing import ALL_PHONES_WORK, Climb, PageTo, Refusing, climb
from service.core.escalation.staff_text import (
    CODE_DIGITS,
    CODE_LETTERS,
    StaffAsk,
    StaffText,
    is_code,
    read_staff_text,
)

__all__ = [
    "ALL_PHONES_WORK",
    "CODE_DIGITS",
    "CODE_LETTERS",
    "Climb",
    "PageTo",
    "Refusing",
    "StaffAsk",
    "StaffText",
    "climb",
    "is_code",
    "read_staff_text",
]
