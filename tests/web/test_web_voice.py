"""Who calls the clinic's number hears who it is, when to call 911, and how to reach a person; in both languages."""

from __future__ import annotations

from xml.etree import ElementTree

from builders import ACCOUNT_SID, ANA, CLINIC_NUMBER, PUBLIC_URL, TOKEN, a_clinic, deps_for, signed_form

from service.store.database import Store
from service.web.app import create_app
from service.web.site import Site

CALL = {
    "AccountSid": ACCOUNT_SID,
    "CallSid": "CA" + "1" * 32,
    "From": ANA,
    "To": CLINIC_NUMBER,
    "CallStatus": "ringing",
}


def test_a_caller_hears_911_and_how_to_reach_a_person_and_then_the_call_ends(store: Store) -> None:
    deps = deps_for(store)
    a_clinic(deps)
    client = create_app(deps, Site("s" * 40, PUBLIC_URL, (TOKEN,), ACCOUNT_SID)).test_client()

    answer = client.post("/twilio/voice", data=CALL, headers=signed_form("/twilio/voice", CALL))
    forged = client.post("/twilio/voice", data=CALL, headers={"X-Twilio-Signature": "forged"})

    document = ElementTree.fromstring(answer.data)
    said = [verb.text or "" for verb in document.iter("Say")]
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert [verb.tag for verb in document] == ["Say", "Say", "Say", "Say", "Redirect"]
    assert [verb.get("language") for verb in document.iter("Say")] == ["en-US", "en-US", "es-US", "es-US"]
    assert all("9 1 1" in said[place] for place in (0, 2))
    assert all("2 0 2, 5 5 5, 0 1 9 9" in said[place] for place in (1, 3))
    assert forged.status_code == 403
