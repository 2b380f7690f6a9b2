"""An iCalendar file is understood as its program meant it, or refused with a sentence; what we write reads back the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.library.roster_file import Entry, UnreadableCalendar, read_calendar, write_calendar

CHICAGO = ZoneInfo("America/Chicago")
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 4, 1, tzinfo=UTC)


def file(*events: str) -> bytes:
    body = "\n".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events: str) -> list[str]:
    """Return each occurrence as "day hour-hour" in UTC."""
    found = read_calendar(file(*events), CHICAGO, SINCE, UNTIL)
    return [f"{one.starts_at:%d %H}-{one.ends_at:%H}" for one in found]


NIGHT = "UID:1\nSUMMARY:Nadia\nDTSTART;TZID=America/Chicago:20260306T190000\nDTEND;TZID=America/Chicago:20260307T070000"


def test_a_night_shift_keeps_to_the_wall_when_the_clocks_change() -> None:
    assert read(f"{NIGHT}\nRRULE:FREQ=DAILY;COUNT=3") == ["07 01-13", "08 01-12", "09 00-12"]


def test_a_length_holds_exactly_when_the_clocks_change() -> None:
    lasting = NIGHT.partition("\nDTEND")[0] + "\nDURATION:PT12H"

    assert read(f"{lasting}\nRRULE:FREQ=DAILY;COUNT=3") == ["07 01-13", "08 01-13", "09 00-12"]


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("UID:1\nSUMMARY:x\nDTSTART:20260310T010000Z\nDTEND:20260310T130000Z", ["10 01-13"]),
        ("UID:1\nSUMMARY:x\nDTSTART:20260310T080000\nDTEND:20260310T090000", ["10 13-14"]),
        ("UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20260310\nDTEND;VALUE=DATE:20260311", ["10 05-05"]),
        ("UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20260310", ["10 05-05"]),
        (
            "UID:1\nSUMMARY:x\nDTSTART;TZID=Central Standard Time:20260310T080000\nDURATION:PT1H",
            ["10 13-14"],
        ),
        (f"{NIGHT}\nSTATUS:CANCELLED", []),
        (f"{NIGHT}\nRRULE:FREQ=WEEKLY;BYDAY=FR;UNTIL=20260314T010000Z", ["07 01-13", "14 00-12"]),
        (f"{NIGHT}\nRRULE:FREQ=WEEKLY;BYDAY=FR;UNTIL=20260312", ["07 01-13"]),
        (
            f"{NIGHT}\nRRULE:FREQ=WEEKLY;BYDAY=FR\nEXDATE;TZID=America/Chicago:20260313T190000",
            ["07 01-13", "21 00-12", "28 00-12"],
        ),
        (f"{NIGHT}\nRDATE;TZID=America/Chicago:20260320T190000", ["07 01-13", "21 00-12"]),
        (f"{NIGHT}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []),
    ],
)
def test_what_calendars_write_is_understood(event: str, found: list[str]) -> None:
    assert read(event) == found


def test_one_evening_that_was_moved_or_cancelled_by_itself_is() -> None:
    weekly = f"{NIGHT}\nRRULE:FREQ=WEEKLY;COUNT=3"
    moved = (
        "UID:1\nSUMMARY:Noor\nRECURRENCE-ID;TZID=America/Chicago:20260313T190000\n"
        "DTSTART:20260314T020000Z\nDTEND:20260314T030000Z"
    )
    cancelled = f"{NIGHT}\nRECURRENCE-ID;TZID=America/Chicago:20260320T190000\nSTATUS:CANCELLED"

    assert read(weekly, moved, cancelled) == ["07 01-13", "14 02-03"]


def test_what_began_before_and_still_lasts_is_there_and_what_is_over_is_not() -> None:
    lasting = "UID:1\nSUMMARY:x\nDTSTART:20260201T000000Z\nDTEND:20260302T000000Z"
    over = "UID:2\nSUMMARY:x\nDTSTART:20260201T000000Z\nDTEND:20260202T000000Z"

    assert read(lasting, over) == ["01 00-00"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"name,day\nNadia,Monday", "It is no iCalendar file."),
        (b"", "It is no iCalendar file."),
        (b"\xff\xfe\x00", "It is no iCalendar file."),
        (file("UID:1\nSUMMARY:Nadia"), "“Nadia” has no beginning."),
        (file("UID:1\nSUMMARY:Nadia\nDTSTART:soon"), "“Nadia”: DTSTART can't be read"),
        (file("UID:1\nSUMMARY:Nadia\nDTSTART:20260310T010000Z"), "“Nadia” has no end."),
        (file(NIGHT.replace("20260307", "20260306")), "“Nadia” ends before it starts."),
        (file(NIGHT.replace("America/Chicago", "Mars/Base")), "time zone that nobody knows: Mars/Base."),
        (file(f"{NIGHT}\nRRULE:FREQ=SECONDLY"), "“Nadia” repeats in a way that no roster does."),
    ],
)
def test_what_can_not_be_understood_is_told_with_the_event(raw: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableCalendar, match=sentence.replace(".", r"\.")):
        read_calendar(raw, CHICAGO, SINCE, UNTIL)


def test_title_categories_and_who_attends_are_the_words_of_an_event() -> None:
    event = f"{NIGHT}\nCATEGORIES:backup,night\nATTENDEE;CN=Noor Haddad:mailto:noor@clinic.test"

    (entry,) = read_calendar(file(event), CHICAGO, SINCE, UNTIL)

    assert entry.texts == ("Nadia", "backup", "night", "Noor Haddad", "noor")


def test_what_is_written_reads_back_and_is_the_same_bytes_each_time() -> None:
    starts_at = datetime(2026, 3, 8, 1, tzinfo=UTC)
    entries = [Entry("nurse: Nadia Osei, RN", ("nurse", "1"), starts_at, starts_at + timedelta(hours=11))]

    written = write_calendar("Willow Clinic: on call", entries, SINCE)
    (found,) = read_calendar(written, CHICAGO, SINCE, UNTIL)

    assert (found.title, found.starts_at, found.ends_at) == (
        "“nurse: Nadia Osei, RN”",
        starts_at,
        starts_at + timedelta(hours=11),
    )
    assert write_calendar("Willow Clinic: on call", entries, SINCE) == written
    assert b"DTSTART:20260308T010000Z\r\n" in written
