"""Twilio brings the same text again, by the address that it knows or by the fallback: read once, answered the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import permutations

import pytest
from browsing import Browser
from builders import ANA, Clock, a_patient, an_infusion, signed_form, text_form
from werkzeug.test import TestResponse

from service.store import outbox
from service.store.inbox import InboxMessage
from service.store.readings import Reading
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_next
from service.workflows.send_due_check_ins import send_next

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'
TOKEN = {"I-Twilio-Idempotency-Token": "b5a1f6d2-7a3e-4c6e-9f7d-2f1f6a0c9e11"}
TEXT = text_form("none, feeling good")
# What Twilio adds once the first address has failed it.
FAILED = {"ErrorCode": "11200", "ErrorUrl": "http://clinic.test/twilio/text"}
BY = {
    "at first": ("/twilio/text", TEXT),
    "again": ("/twilio/text", TEXT),
    "by the fallback": ("/twilio/text/fallback", TEXT | FAILED),
}


def brought(visitor: Browser, path: str, form: Mapping[str, str]) -> TestResponse:
    answer = visitor.client.post(path, data=form, headers=signed_form(path, form) | TOKEN)
    answer.close()
    return answer


def to_ana(deps: Deps) -> list[tuple[str, str]]:
    """Return the kind and the state of what is to be sent, or was sent, to Ana, in order."""
    with deps.store.reading() as session:
        return [(text.key.split(":")[0], text.state) for text in outbox.messages_to(session, 1)]


@pytest.mark.parametrize("order", list(permutations(BY))[::2], ids=", then ".join)
def test_a_text_that_comes_three_times_by_two_addresses_is_read_once_and_answered_the_same(
    visitor: Browser, deps: Deps, clock: Clock, order: tuple[str, ...]
) -> None:
    an_infusion(deps, a_patient(deps))
    clock.move(hours=4, minutes=1)
    while send_next(deps) or deliver_next(deps):
        pass

    answers = [brought(visitor, *BY[way]) for way in order]
    while read_next(deps) or deliver_next(deps):
        pass

    assert Counter((one.status_code, one.mimetype, one.text) for one in answers) == {
        (200, "text/xml", EMPTY): 3
    }
    with deps.store.reading() as session:
        assert [(one.sender, one.body) for one in session.query(InboxMessage)] == [(ANA, TEXT["Body"])]
        assert session.query(Reading).count() == 1
    assert [kind for kind, _ in to_ana(deps)] == ["welcome", "check-in", "answer"]
