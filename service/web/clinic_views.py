"""What the template of the clinic's page is given: frozen values, ready to be written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClinicForm:
    """The clinic as its form shows it; quiet hours are local times as the browser writes them, "21:00"."""

    name: str = ""
    phone: str = ""
    zone: str = ""
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    fallback_role: str = "admin"


@dataclass(frozen=True, slots=True)
class HoursLine:
    """A weekday's opening hours as they are typed: "09:00-12:00, 13:00-17:00"; empty where it is closed."""

    weekday: int
    name: str
    hours: str


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A holiday: for machines ("2026-12-25"), as staff read it, and its name."""

    iso: str
    day: str
    name: str


@dataclass(frozen=True, slots=True)
class ClinicPage:
    """The clinic's settings; `fault_in` names the form that could not be carried out: clinic, hours or holiday."""

    may_change: bool
    form: ClinicForm
    roles: tuple[str, ...]
    zones: tuple[str, ...]
    hours: tuple[HoursLine, ...]
    holidays: tuple[HolidayLine, ...]
    holiday_typed: tuple[str, str] = ("", "")
    fault_in: str = ""
    fault: str = ""
