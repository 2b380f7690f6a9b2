"""A play on the demo's stage: what each phone shows or says is printed as it comes, and time skips ahead at a word."""

from __future__ import annotations

import json
import re
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import click

from service.bootstrap import Service
from service.cli.cast import LATER, PATIENTS, STAFF, ZONE, post_json
from service.cli.stage import Stage, UnableToStage
from service.core.conversation.handover import as_text
from service.store.calls import CallStatus, call_by_sid
from service.store.check_ins import CheckInState, check_ins_of
from service.store.escalations import live_escalations
from service.store.infusions import infusions_of
from service.store.patients import Patient, patients_on
from service.workflows.acknowledge import OUTCOMES, close_on_page
from service.workflows.handover_page import handover_for
from service.workflows.register_infusion import cancel_infusion, register_infusion

_PATIENCE_SECONDS: Final = 15.0
_LOOKS_EVERY_SECONDS: Final = 0.05
# After so many skips what was waited for will not come.
_MOST_SKIPS: Final = 60
_Found = TypeVar("_Found")
_NAMES: Final = {person[1]: person[0] for person in (*PATIENTS, *LATER, *STAFF)}
_ARROWS: Final = {"clinic": "<-", "caller": "->", "other": "<-"}
_CODE: Final = re.compile(r"Reply ([A-Z]\d[A-Z]\d)")
_WIDTH: Final = 88


@dataclass(slots=True)
class Play:
    """The play so far; a line that never comes ends it with a sentence."""

    stage: Stage
    service: Service
    _shown: int = field(default=0)
    # What is waited for answers what was done last, and nothing older.
    _done_at: int = field(default=0)
    _heard: dict[str, int] = field(default_factory=dict)

    def register(self, *phones: str) -> None:
        """Let an infusion of each of these patients end now."""
        deps = self.service.deps
        for phone in phones:
            patient = self._patient(phone)
            register_infusion(deps, patient_id=patient.id, ended_at=deps.now(), actor="demo")
            self.tell(f"An infusion of {patient.name} has ended.")

    def schedule(
        self, phone: str, protocol: str, ends: Sequence[timedelta], *, dose_mg: float | None = None
    ) -> None:
        """Register infusions of a patient that end so long from now, or ended so long ago where it is below zero."""
        deps = self.service.deps
        patient, now = self._patient(phone), deps.now()
        for end in ends:
            register_infusion(
                deps,
                patient_id=patient.id,
                ended_at=now + end,
                protocol=protocol,
                dose_mg=dose_mg,
                actor="demo",
            )
        self.tell(f"{len(ends)} infusions of {patient.name} are on record, by {protocol}. What is planned:")

    def tell_plan(self, phone: str) -> None:
        """Print the check-ins that wait for a patient, and why each is where it is."""
        with self.service.deps.store.reading() as session:
            rows = check_ins_of(session, self._patient(phone).id)
            waiting = sorted(
                (row.due_at, row.occurrence, row.why) for row in rows if row.state == CheckInState.PLANNED
            )
        for due_at, occurrence, why in waiting:
            self._print(due_at, f"{occurrence}  {why}".rstrip(), before="planned: ")

    def show_handover(self, phone: str) -> None:
        """Print the page that the infusion doctor gets of a patient."""
        deps = self.service.deps
        with deps.store.reading() as session:
            patient = patients_on(session, phone)[0]
            page = handover_for(session, patient, deps.library.guide.knowable, deps.now())
        self.tell("The page for the infusion doctor:")
        click.echo(textwrap.indent(as_text(page), " " * 11 + "| "))

    def call_off(self, *phones: str) -> None:
        """Take back the infusions of these patients, so that nothing of theirs falls due in the next act."""
        deps = self.service.deps
        for phone in phones:
            with deps.store.reading() as session:
                ids = [one.id for one in infusions_of(session, self._patient(phone).id)]
            for infusion_id in ids:
                cancel_infusion(deps, infusion_id, actor="demo")
        self.tell(f"What was still planned for {', '.join(_NAMES[phone] for phone in phones)} is called off.")

    def say(self, phone: str, body: str) -> None:
        """Let somebody text the clinic."""
        self._mark()
        post_json(f"{self.stage.simulator_url}/phones/{quote(phone)}/send", {"body": body})

    def expect(self, phone: str, what: str, is_it: Callable[[str], bool]) -> str:
        """Wait until such a text is on the phone, which came after what was done last, and return it."""

        def there() -> str | None:
            return next((body for body in self._new_to(phone) if is_it(body)), None)

        return self._await(there, f"{_NAMES[phone]} waited {_PATIENCE_SECONDS:.0f} s for {what}")

    def expect_words(self, phone: str, words: str) -> None:
        """Wait until a text with these words is on the phone."""
        self.expect(phone, f"“{words}”", lambda text: words in text)

    def expect_code(self, phone: str) -> str:
        """Wait until a page is on the phone, and return its code."""
        page = self.expect(phone, "a page", lambda text: _CODE.search(text) is not None)
        return "".join(_CODE.findall(page))

    def skip_until(self, what: str, has_come: Callable[[], bool]) -> None:
        """Skip ahead, from one moment at which something is due to the next, until it has come."""
        for _ in range(_MOST_SKIPS):
            if has_come():
                return
            answer = post_json(f"{self.stage.simulator_url}/skip", {})
            if "error" in answer:
                raise UnableToStage(f"The clock could not be moved: {answer['error']}")
            self._show_new()
            self.tell(f"-- the clock skips ahead: {answer['what']} --")
            deadline = time.monotonic() + 3
            while not has_come() and time.monotonic() < deadline:
                time.sleep(_LOOKS_EVERY_SECONDS)
        raise UnableToStage(f"{what} never came, however far the clock was moved.")

    def skip_until_it_rings(self, phone: str) -> None:
        """Skip ahead until the phone rings."""
        self.skip_until(f"The call to {_NAMES[phone]}", lambda: self.rings(phone) is not None)

    def skip_until_text(self, phone: str, what: str) -> None:
        """Skip ahead until a text comes to the phone that is not there yet."""
        self._mark()
        self.skip_until(f"The text to {_NAMES[phone]} ({what})", lambda: self._new_to(phone) != [])

    def was_asked(self, phone: str) -> bool:
        """Return whether a check-in's question is on the phone."""
        return any(
            text["number"] == phone and text["way"] == "received" and "10" in text["body"]
            for text in self._texts()
        )

    def rings(self, phone: str) -> str | None:
        """Return the sid of the call that rings at the phone, or None."""
        calls = self._get(f"/phones/{quote(phone)}/calls")["calls"]
        return next((call["sid"] for call in calls if call["status"] == "ringing"), None)

    def pick_up(self, phone: str, *, voicemail: bool = False) -> str:
        """Wait until the phone rings, let somebody or a voicemail answer, and return the call's sid."""
        sid = self._await(lambda: self.rings(phone), f"{_NAMES[phone]} waited for a call")
        self.tell(
            f"The phone of {_NAMES[phone]} rings, and {'a voicemail answers' if voicemail else 'is answered'}."
        )
        self._do(sid, "voicemail" if voicemail else "answer", {})
        return sid

    def press(self, sid: str, keys: str) -> None:
        """Wait until the call listens, and press the keys."""
        self._when_it_listens(sid, "press", {"keys": keys})

    def speak(self, sid: str, words: str) -> None:
        """Wait until the call listens, and say the words."""
        self._when_it_listens(sid, "speak", {"text": words})

    def hear_out(self, sid: str) -> None:
        """Listen until the call is over."""
        self._await(lambda: self._call(sid)["ended"], "A call never ended")
        # What the end leads to is done before the clock is moved past it.
        self._await(lambda: self._has_settled(sid), "The end of a call was never heard of")
        self._show_new()

    def hang_up(self, sid: str) -> None:
        """Hang up, unless the other side has."""
        if self._call(sid)["ended"] is None:
            self._do(sid, "hangup", {})

    def close_all(self) -> None:
        """Close what is open, and say so."""
        deps = self.service.deps
        with deps.store.reading() as session:
            live = [(e.id, e.code, e.disposition, e.state) for e in live_escalations(session)]
        for escalation_id, code, level, state in live:
            close_on_page(deps, escalation_id, 1, OUTCOMES[1], "")
            self.tell(f"Escalation {code} ({level}, {state}) is closed: {OUTCOMES[1]}.")

    def _has_settled(self, sid: str) -> bool | None:
        with self.service.deps.store.reading() as session:
            call = call_by_sid(session, sid)
            return (call is not None and CallStatus(call.status).is_over) or None

    def tell(self, sentence: str) -> None:
        """Print what happens, with the time at the clinic."""
        self._show_new()
        self._print(self.service.deps.now(), sentence)

    def _patient(self, phone: str) -> Patient:
        with self.service.deps.store.reading() as session:
            return patients_on(session, phone)[0]

    def _new_to(self, phone: str) -> list[str]:
        new = self._texts()[self._done_at :]
        return [text["body"] for text in new if text["number"] == phone and text["way"] == "received"]

    def _mark(self) -> None:
        self._show_new()
        self._done_at = self._shown

    def _when_it_listens(self, sid: str, doing: str, fields: dict[str, object]) -> None:
        self._await(lambda: self._call(sid)["asking"], "A call was to listen")
        self._mark()
        self._do(sid, doing, fields)

    def _await(self, there: Callable[[], _Found | None], what: str) -> _Found:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = there()
            if found is not None:
                self._show_new()
                return found
            time.sleep(_LOOKS_EVERY_SECONDS)
        self._show_new()
        raise UnableToStage(f"{what}, and it never came.")

    def _do(self, sid: str, doing: str, fields: dict[str, object]) -> None:
        post_json(f"{self.stage.simulator_url}/calls/{sid}/{doing}", fields)
        self._show_new()

    def _call(self, sid: str) -> dict[str, Any]:
        return self._get(f"/calls/{sid}")

    def _texts(self) -> list[dict[str, str]]:
        texts: list[dict[str, str]] = self._get("/ledger")["texts"]
        return texts

    def _get(self, path: str) -> dict[str, Any]:
        with urlopen(f"{self.stage.simulator_url}{path}", timeout=10) as answer:
            came: dict[str, Any] = json.load(answer)
            return came

    def _show_new(self) -> None:
        ledger = self._get("/ledger")
        lines = [
            (text["at"], text["number"], "->" if text["way"] == "sent" else "<-", text["body"])
            for text in ledger["texts"][self._shown :]
        ]
        self._shown = len(ledger["texts"])
        for call in ledger["calls"]:
            before = self._heard.get(call["sid"], 0)
            lines += [
                (line["at"], call["number"], _ARROWS.get(line["who"], "~~"), f"“{line['text']}”")
                for line in call["heard"][before:]
            ]
            self._heard[call["sid"]] = len(call["heard"])
        for at, number, arrow, words in sorted(lines, key=lambda line: str(line[0])):
            name = _NAMES.get(number, number)
            self._print(datetime.fromisoformat(at), words, before=f"{name:16} {arrow} ")

    def _print(self, at: datetime, words: str, *, before: str = "") -> None:
        lines = textwrap.wrap(words, _WIDTH, break_on_hyphens=False) or [""]
        wall = at.astimezone(ZoneInfo(ZONE))
        margin = f"{wall:%a %d %b %H:%M}  {before}"
        click.echo(margin + f"\n{'':{len(margin)}}".join(lines))
