"""A red flag that is read hours late is paged as late: staff hear when it came, by the clinic's clock."""

from __future__ import annotations

from datetime import UTC, datetime

from builders import NADIA
from main_path import ANA, SEVERE, Clinic, live

from service.carrier.gateway import LoggedText
from service.core.words import Disposition
from service.store import escalations
from service.workflows.catch_up import catch_up

# Ten past two at night where the clinic is, in the first days of daylight saving.
AT_NIGHT = datetime(2026, 3, 11, 7, 10, tzinfo=UTC)
CAME = "Wed, Mar 11 2:10 AM"


def twilio_has(clinic: Clinic, body: str, at: datetime, sid: str) -> None:
    clinic.carrier.received.insert(
        0, LoggedText("SM" + sid * 32, "inbound", ANA, clinic.carrier.sender, body, "received", None, at)
    )


def down_until_morning(clinic: Clinic) -> None:
    """Let the whole service stand still over a night in which Ana writes."""
    clinic.ask()
    clinic.clock.instant = AT_NIGHT.replace(hour=14)


def test_a_red_flag_fetched_hours_later_is_paged_with_the_time_it_came(clinic: Clinic) -> None:
    down_until_morning(clinic)
    twilio_has(clinic, SEVERE, AT_NIGHT, "e")

    catch_up(clinic.deps)
    clinic.tick()

    (escalation,) = live(clinic)
    assert escalation.reason.endswith(f"This came {CAME}, and was read late.")
    assert clinic.texts_to(NADIA) == [
        f"Dripline: URGENT {escalation.code}. A patient needs you now. The text came {CAME}, read late. "
        f"Reply {escalation.code} to take it. Details are on your worklist."
    ]
    with clinic.store.reading() as session:
        opened = next(e for e in escalations.timeline(session, escalation.id) if e.kind == "opened")
        assert opened.words.endswith(f"This came {CAME}, and was read late.")


def test_the_tiers_above_hear_it_too(clinic: Clinic) -> None:
    down_until_morning(clinic)
    twilio_has(clinic, SEVERE, AT_NIGHT, "e")
    catch_up(clinic.deps)
    clinic.tick()

    clinic.move(minutes=11)

    assert [f"came {CAME}, read late" in text for text in clinic.texts_to("+12025550112")] == [True]


def test_a_reply_read_as_it_came_is_not_called_late(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears(SEVERE)

    (escalation,) = live(clinic)
    assert (escalation.came_at, "late" in escalation.reason) == (None, False)
    assert ["late" in text for text in clinic.texts_to(NADIA)] == [False]


def test_a_new_red_flag_on_an_old_late_one_is_not_called_late(clinic: Clinic) -> None:
    down_until_morning(clinic)
    twilio_has(clinic, SEVERE, AT_NIGHT, "e")
    catch_up(clinic.deps)
    clinic.tick()

    clinic.hears("I can't breathe and my chest hurts")

    (escalation,) = live(clinic)
    assert (escalation.disposition, escalation.came_at) == (Disposition.EMERGENCY, None)
