"""`dripline demo`: three patients from infusion to taken or closed, through real HTTP, with its transcript."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import click

from service.bootstrap import Service
from service.cli.cast import ANA, BRUNO, CLEO, NADIA, PATIENTS, STAFF, ZONE, post_json
from service.cli.run import raise_the_curtain
from service.cli.stage import Stage, UnableToStage, free_port
from service.cli.starting import started
from service.store.escalations import live_escalations
from service.store.patients import patients_on
from service.workflows.acknowledge import OUTCOMES, close_on_page
from service.workflows.register_infusion import register_infusion

_PATIENCE_SECONDS = 15.0
_NAMES = {person[1]: person[0] for person in (*PATIENTS, *STAFF)}
_CODE = re.compile(r"Reply ([A-Z]\d[A-Z]\d)")


@click.command()
def demo() -> None:
    """Play three patients through web, clock and simulator, skipping time, and print what was said."""
    folder = Path(tempfile.mkdtemp(prefix="dripline-demo-"))
    stage = Stage(folder, free_port(), free_port(), tick_seconds=0.2, delay=0.05)
    try:
        raise_the_curtain(stage)
        os.environ["LOG_LEVEL"] = "ERROR"
        _Play(stage, started("demo")).perform()
    except UnableToStage as error:
        raise click.ClickException(str(error)) from error
    finally:
        stage.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class _Play:
    """The play: what each phone shows is printed as it arrives; a line that never comes ends it with a sentence."""

    stage: Stage
    service: Service
    _shown: int = field(default=0)

    def perform(self) -> None:
        """Play the three patients, and then tell where each escalation stands."""
        for person in PATIENTS:
            self._expect(person[1], "the welcome text", lambda text: bool(text))
        self._register(ANA[1], BRUNO[1], CLEO[1])
        while not self._all_asked():
            self._skip()
        self._say(ANA[1], "none, feeling good")
        self._expect(ANA[1], "a reassuring line", lambda text: "rest" in text or "Thank you" in text)
        self._say(BRUNO[1], "las piernas se me engarrotaron, no puedo moverme, un 9")
        page = self._expect(NADIA[1], "a page", lambda text: _CODE.search(text) is not None)
        self._say(CLEO[1], "blorp the wumble zzz")
        self._expect(CLEO[1], "to be asked again", lambda text: "did not get that" in text)
        code = _CODE.search(page)
        self._say(NADIA[1], f"ok {code.group(1).lower() if code else ''}")
        self._expect(NADIA[1], "to be told that it is hers", lambda text: "is yours" in text)
        self._expect(BRUNO[1], "to hear that a nurse has seen it", lambda text: "enfermer" in text)
        self._say(CLEO[1], "wumble blorp blorp")
        self._expect(CLEO[1], "to hear that a nurse will call", lambda text: "nurse will call" in text)
        self._close_all()

    def _register(self, *phones: str) -> None:
        deps = self.service.deps
        for phone in phones:
            with deps.store.reading() as session:
                patient = patients_on(session, phone)[0]
            register_infusion(deps, patient_id=patient.id, ended_at=deps.now(), actor="demo")
            self._tell(f"An infusion of {patient.name} has ended.")

    def _all_asked(self) -> bool:
        asked = {
            text["number"] for text in self._texts() if "10" in text["body"] and text["way"] == "received"
        }
        return {person[1] for person in PATIENTS} <= asked

    def _skip(self) -> None:
        answer = post_json(f"{self.stage.simulator_url}/skip", {})
        if "error" in answer:
            raise UnableToStage(f"The clock could not be moved: {answer['error']}")
        self._show_new()
        self._tell(f"-- the clock skips ahead: {answer['what']} --")
        deadline = time.monotonic() + 3
        while not self._all_asked() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _say(self, phone: str, body: str) -> None:
        self._show_new()
        post_json(f"{self.stage.simulator_url}/phones/{quote(phone)}/send", {"body": body})

    def _expect(self, phone: str, what: str, is_it: Callable[[str], bool]) -> str:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for text in self._texts():
                if text["number"] == phone and text["way"] == "received" and is_it(text["body"]):
                    self._show_new()
                    return str(text["body"])
            time.sleep(0.05)
        self._show_new()
        raise UnableToStage(
            f"{_NAMES[phone]} waited {_PATIENCE_SECONDS:.0f} s for {what}, and it never came."
        )

    def _close_all(self) -> None:
        deps = self.service.deps
        with deps.store.reading() as session:
            live = [(e.id, e.code, e.disposition, e.state) for e in live_escalations(session)]
        for escalation_id, code, level, state in live:
            close_on_page(deps, escalation_id, 1, OUTCOMES[1], "")
            self._tell(f"Escalation {code} ({level}, {state}) is closed: {OUTCOMES[1]}.")
        self._tell("Nobody is waiting.")

    def _texts(self) -> list[dict[str, str]]:
        with urlopen(f"{self.stage.simulator_url}/ledger", timeout=10) as answer:
            texts: list[dict[str, str]] = json.load(answer)["texts"]
            return texts

    def _show_new(self) -> None:
        texts = self._texts()
        for text in texts[self._shown :]:
            at = datetime.fromisoformat(text["at"]).astimezone(ZoneInfo(ZONE))
            name = _NAMES.get(text["number"], text["number"])
            arrow = "->" if text["way"] == "sent" else "<-"
            lines = textwrap.wrap(text["body"], 88, break_on_hyphens=False) or [""]
            click.echo(f"{at:%a %H:%M}  {name:16} {arrow} " + f"\n{'':31}".join(lines))
        self._shown = len(texts)

    def _tell(self, sentence: str) -> None:
        self._show_new()
        at = self.service.deps.now().astimezone(ZoneInfo(ZONE))
        click.echo(f"{at:%a %H:%M}  {sentence}")
