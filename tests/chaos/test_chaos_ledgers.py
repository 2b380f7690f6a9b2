"""Each way in which the three ledgers of a chaos run may disagree is found, and a sound run leaves nothing to find."""

from __future__ import annotations

from typing import Any

import pytest
from chaos_ledgers import Books, compare
from chaos_people import Sent
from chaos_traces import Trace

from service.core.words import Disposition
from service.store.check_ins import CheckIn, CheckInState
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage, InboxState
from service.store.outbox import OutboxMessage, OutboxState

_BODY = "I can't breathe"
_SENT = Sent("SM1", "+12125550100", _BODY, is_grave=True)


def a_reply(**fields: Any) -> InboxMessage:
    """Return the grave reply as the database keeps it."""
    kept = {"id": 1, "sid": "SM1", "body": _BODY, "state": InboxState.READ, "escalation_id": 1}
    return InboxMessage(**{**kept, **fields})


def a_page(**fields: Any) -> OutboxMessage:
    """Return the page that it led to."""
    promised = {"key": "page:1", "reference": "a1", "state": OutboxState.DELIVERED, "channel": "sms"}
    return OutboxMessage(**{**promised, "attempts": 1, "remark": None, **fields})


def an_escalation(**fields: Any) -> Escalation:
    """Return what it opened, which somebody has."""
    taken = {
        "id": 1,
        "state": EscalationState.ACKNOWLEDGED,
        "disposition": Disposition.EMERGENCY,
        "climbs": 1,
    }
    return Escalation(**{**taken, **fields})


def a_check_in(**fields: Any) -> CheckIn:
    """Return a check-in that was never sent, with a good reason."""
    return CheckIn(**{"id": 1, "state": CheckInState.CANCELLED, "why": "", **fields})


def a_ledger(*, shown: int = 1, reference: str = "a1", status: str = "delivered") -> dict[str, Any]:
    """Return Twilio's side: the reply, answered with 200, and the page, shown so many times."""
    reply = {"sid": "SM1", "status": "received", "status_callback": "", "webhooks": [{"outcome": "200"}]}
    callback = f"http://clinic.test/twilio/status?m={reference}"
    page = {"sid": "SM2", "status": status, "status_callback": callback, "webhooks": []}
    texts = [{"sid": "SM1", "way": "sent"}, *({"sid": "SM2", "way": "received"} for _ in range(shown))]
    return {"messages": [reply, page], "texts": texts, "calls": []}


def books(
    *,
    inbox: tuple[InboxMessage, ...] | None = None,
    outbox: tuple[OutboxMessage, ...] | None = None,
    escalations: tuple[Escalation, ...] | None = None,
    check_ins: tuple[CheckIn, ...] = (),
) -> Books:
    """Return the database's side, sound but for what is given."""
    return Books(
        (a_reply(),) if inbox is None else inbox,
        (a_page(),) if outbox is None else outbox,
        (an_escalation(),) if escalations is None else escalations,
        check_ins,
    )


def test_a_sound_run_leaves_nothing_to_find() -> None:
    verdict = compare([_SENT], a_ledger(), books(check_ins=(a_check_in(),)))

    assert verdict.found == []
    assert verdict.is_sound


def test_a_run_that_never_comes_to_rest_is_not_sound() -> None:
    assert not compare([_SENT], a_ledger(), books(), "Something is still on its way.").is_sound


def test_what_twilio_itself_gave_up_is_not_lost() -> None:
    assert compare([_SENT], a_ledger(shown=0, status="undelivered"), books()).is_sound


def test_only_news_of_the_clock_may_grow_too_old_in_a_skip() -> None:
    too_old = {"state": OutboxState.CANCELLED, "remark": "It had become too old to be sent."}
    late = [a_page(id=2, key=key, reference="b2", **too_old) for key in ("clock-stopped:7:1", "page:2")]

    found = [compare([_SENT], a_ledger(), books(outbox=(a_page(), row))).found for row in late]

    assert [[trace for trace, _ in one] for one in found] == [[], [Trace.NEVER_ARRIVED]]


UNSOUND = [
    (Trace.ANSWERED_AND_LOST, a_ledger(), books(inbox=())),
    (Trace.NEVER_READ, a_ledger(), books(inbox=(a_reply(state=InboxState.SET_ASIDE),))),
    (Trace.NEVER_READ, a_ledger(), books(inbox=(a_reply(body="I can breathe"),))),
    (Trace.TAKEN_IN_TWICE, a_ledger(), books(inbox=(a_reply(), a_reply(id=2)))),
    (Trace.BEFORE_NOBODY, a_ledger(), books(inbox=(a_reply(escalation_id=None),))),
    (Trace.TAKEN_BY_NOBODY, a_ledger(), books(escalations=(an_escalation(state=EscalationState.OPEN),))),
    (Trace.NEVER_ARRIVED, a_ledger(shown=0), books()),
    (Trace.NEVER_ARRIVED, a_ledger(), books(outbox=(a_page(), a_page(key="page:2", reference="b2")))),
    (Trace.LEFT_TWICE, a_ledger(shown=2), books()),
    (Trace.PROMISED_BY_NOBODY, a_ledger(), books(outbox=())),
    (Trace.NEVER_PROMISED, a_ledger(), books(check_ins=(a_check_in(state=CheckInState.SENT),))),
    (Trace.NEVER_PROMISED, a_ledger(), books(check_ins=(a_check_in(why="Its window had closed."),))),
]


@pytest.mark.parametrize(("trace", "ledger", "kept"), UNSOUND)
def test_each_disagreement_leaves_its_trace(trace: Trace, ledger: dict[str, Any], kept: Books) -> None:
    assert [found for found, _ in compare([_SENT], ledger, kept).found] == [trace]


def test_a_key_promised_twice_is_found_beside_what_it_did_to_the_handsets() -> None:
    twice = books(outbox=(a_page(), a_page(reference="b2")))

    found = compare([_SENT], a_ledger(), twice).found

    assert [trace for trace, _ in found] == [Trace.NEVER_ARRIVED, Trace.PROMISED_TWICE]


def test_a_text_that_the_webhook_never_answered_is_told_apart_from_one_that_it_lost() -> None:
    ledger = a_ledger()
    ledger["messages"][0]["webhooks"] = [{"outcome": "ct"}]

    assert [trace for trace, _ in compare([_SENT], ledger, books(inbox=())).found] == [Trace.NEVER_STORED]


def test_a_phone_that_rang_twice_for_one_promise_is_found() -> None:
    rang = {"url": "http://clinic.test/twilio/calls/a1/start"}
    ledger = a_ledger(shown=0) | {"calls": [rang, rang]}

    assert [trace for trace, _ in compare([_SENT], ledger, books()).found] == [Trace.LEFT_TWICE]
