"""One end of a call in the tests: picks up, presses, speaks, stays silent and hangs up, as Twilio would report it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from main_path import Clinic

from service.carrier.gateway import OutgoingCall
from service.carrier.inbound import CallReport, HeardTurn, InboundCall
from service.workflows.calls.colleague import ask_colleague, connect_colleague
from service.workflows.calls.inbound import take_call_in
from service.workflows.calls.reports import apply_call_report
from service.workflows.calls.turns import answer_call, take_turn

_TURN = re.compile(r"/twilio/calls/(?P<reference>[\w-]+)/turns/(?P<step>\d+)")
_COLLEAGUE = re.compile(r"/twilio/calls/(?P<reference>[\w-]+)/colleagues/(?P<staff_id>\d+)")
_MOST_REDIRECTS = 5


@dataclass(slots=True)
class Phone:
    """A call as the person at the phone lives it: `said` is what was heard, turn by turn."""

    clinic: Clinic
    sid: str
    reference: str = ""
    said: list[str] = field(default_factory=list)
    waits_at: int | None = None
    rings: tuple[str, ...] = ()
    is_over: bool = False
    documents: list[str] = field(default_factory=list)

    def press(self, keys: str) -> Phone:
        """Press the keys."""
        return self._hear(HeardTurn(keys, "", None, ""))

    def say(self, words: str, confidence: float | None = 0.9) -> Phone:
        """Say the words, of which Twilio is so sure."""
        return self._hear(HeardTurn("", words, confidence, ""))

    def stay_silent(self) -> Phone:
        """Say nothing until Twilio gives up waiting."""
        return self._hear(HeardTurn("", "", None, ""))

    def dialled(self, status: str) -> Phone:
        """Let the call to the colleagues end so."""
        return self._hear(HeardTurn("", "", None, status))

    def repeat(self, step: int, keys: str = "") -> str:
        """Let Twilio ask for a step again; return the document."""
        return take_turn(self.clinic.deps, self.reference, step, HeardTurn(keys, "", None, ""))

    def hang_up(self, status: str = "completed", duration: int = 30) -> None:
        """End the call, and let Twilio say so."""
        self.is_over = True
        report = CallReport(self.sid, status, self.reference, duration=duration)
        apply_call_report(self.clinic.deps, report)

    def follow(self, document: str) -> Phone:
        """Live through a document, and those that it redirects to, until something is waited for or the call ends."""
        for _ in range(_MOST_REDIRECTS):
            self.documents.append(document)
            root = ElementTree.fromstring(document)
            self.said += [verb.text or "" for verb in root.iter("Say")]
            last = root[-1]
            if last.tag == "Redirect":
                document = take_turn(
                    self.clinic.deps, self.reference, self._step(last.text or ""), HeardTurn("", "", None, "")
                )
                continue
            self.rings = tuple(f"{verb.text}" for verb in root.iter("Number"))
            if last.tag == "Hangup":
                self.hang_up()
            else:
                self.waits_at = self._step(last.get("action") or "")
            return self
        raise AssertionError("The call is redirected and redirected.")

    def _hear(self, heard: HeardTurn) -> Phone:
        assert self.waits_at is not None, "nothing is waited for"
        assert not self.is_over, "the call is over"
        self.said.clear()
        return self.follow(take_turn(self.clinic.deps, self.reference, self.waits_at, heard))

    def _step(self, address: str) -> int:
        found = _TURN.fullmatch(address)
        assert found is not None, address
        self.reference = found["reference"]
        return int(found["step"])


def ringing(clinic: Clinic, recipient: str) -> Phone:
    """Return the newest call that rings at this number."""
    place, call = next(
        (place, call)
        for place, call in reversed(list(enumerate(clinic.carrier.calls, 1)))
        if call.recipient == recipient
    )
    return Phone(clinic, f"CA{place:032x}", call.reference)


def picked_up(clinic: Clinic, recipient: str, answered_by: str = "human") -> Phone:
    """Let somebody, or a machine, take the newest call to this number."""
    phone = ringing(clinic, recipient)
    report = CallReport(phone.sid, "in-progress", phone.reference, answered_by)
    return phone.follow(answer_call(clinic.deps, report))


def calls_in(clinic: Clinic, caller: str, sid: str = "CA" + "9" * 32) -> Phone:
    """Let somebody call the clinic's number."""
    return Phone(clinic, sid).follow(take_call_in(clinic.deps, InboundCall(sid, caller)))


def colleague_presses(clinic: Clinic, document: str, key: str, place: int = 0) -> str:
    """Let one of the colleagues who are rung hear what is asked of them and press the key; return what they hear then."""
    number = list(ElementTree.fromstring(document).iter("Number"))[place]
    found = _COLLEAGUE.fullmatch(number.get("url") or "")
    assert found is not None
    reference, staff_id = found["reference"], int(found["staff_id"])
    asked = ask_colleague(clinic.deps, reference, staff_id)
    assert "press 1" in asked
    return connect_colleague(clinic.deps, reference, staff_id, HeardTurn(key, "", None, ""))


def calls_to(clinic: Clinic, recipient: str) -> list[OutgoingCall]:
    """Return the calls that were placed to this number."""
    return [call for call in clinic.carrier.calls if call.recipient == recipient]
