"""Running a call's TwiML: say, ask, wait, go elsewhere, hang up; and what the person on the handset does meanwhile."""

from __future__ import annotations

from urllib.parse import urljoin

from service.simulator.alerts import Level
from service.simulator.bridging import connect, dial
from service.simulator.call import OVER, CallStatus, PhoneCall, Script
from service.simulator.call_reports import call_fields
from service.simulator.documents import DocumentError
from service.simulator.ending import finish
from service.simulator.faults import Fault
from service.simulator.session import Heard, Session, Speaker
from service.simulator.signing import Form, signed_address
from service.simulator.voice_twiml import (
    Gather,
    Verb,
    VoiceDocument,
    gather_of,
    read_voice_answer,
    read_voice_twiml,
)
from service.simulator.waiting import stop_waiting, wait
from service.simulator.webhooks import Call, fetch, notify
from service.simulator.world import World

# A call that is sent on so often with nobody asked or told anything would go on for ever.
_MOST_DOCUMENTS = 50

_SORRY = "We are sorry, an application error has occurred. Goodbye."


def start_script(world: World, sid: str, script: Script) -> None:
    """Run a call's document from its beginning."""
    if script.twiml and not script.url:
        _run_inline(world, sid, script.twiml)
        return
    _go(world, sid, script.url, script.method, fallback=(script.fallback_url, script.fallback_method))


def _run_inline(world: World, sid: str, twiml: str) -> None:
    try:
        document = read_voice_twiml(twiml.encode())
    except DocumentError as error:
        world.alerts.add(world.clock.now(), error.code, str(error), subject=sid, url="")
        _apologise(world, sid)
        return
    _run(world, sid, "", document)


def _go(
    world: World,
    sid: str,
    url: str,
    method: str = "POST",
    *,
    extra: Form = (),
    fallback: tuple[str, str] = ("", "POST"),
) -> None:
    """Ask an address for the next document and run it."""
    call, session = _call(world, sid), world.calls.session(sid)
    session.documents_in_a_row += 1
    if session.documents_in_a_row > _MOST_DOCUMENTS:
        world.alerts.add(world.clock.now(), 11215, "The call goes round in circles.", subject=sid, url=url)
        _apologise(world, sid)
        return
    address = urljoin(session.url and signed_address(session.url), url)
    request = Call(
        url=address,
        method=method,
        form=(*call_fields(call, call.status), *extra),
        subject=sid,
        fallback_url=fallback[0],
        fallback_method=fallback[1],
        voice=True,
    )
    document = _fetch_document(world, request)
    if _call(world, sid).status in OVER:
        return
    if document is None:
        _apologise(world, sid)
    else:
        _run(world, sid, address, document)


def _fetch_document(world: World, request: Call) -> VoiceDocument | None:
    if world.faults.strikes(Fault.WEBHOOK_DROPPED):
        world.attempts.add(request.subject, request.url, "dropped")
        world.alerts.add(
            world.clock.now(), 11200, "The webhook was lost.", subject=request.subject, url=request.url
        )
        return None
    if world.faults.strikes(Fault.WEBHOOK_TWICE):
        notify(world, request)
    return fetch(world, request, read_voice_answer)


def _run(world: World, sid: str, url: str, document: VoiceDocument) -> None:
    for warning in document.warnings:
        world.alerts.add(world.clock.now(), 12200, warning, subject=sid, url=url, level=Level.WARNING)
    _pick_up_unless_rejected(world, sid, document)
    world.calls.session(sid).load(url, document.verbs)
    proceed(world, sid)


def _pick_up_unless_rejected(world: World, sid: str, document: VoiceDocument) -> None:
    """Connect an inbound call: it rings until its first document says what to do with it."""
    if not (document.verbs and document.verbs[0].name == "Reject"):
        now = world.clock.now()
        world.calls.change(sid, {CallStatus.RINGING}, status=CallStatus.IN_PROGRESS, started=now, updated=now)


def _apologise(world: World, sid: str) -> None:
    hear(world, sid, Speaker.NETWORK, _SORRY)
    finish(world, sid, CallStatus.COMPLETED)


def proceed(world: World, sid: str) -> None:
    """Perform the next verb, which sees to what follows it; a document that runs out hangs up."""
    session = world.calls.session(sid)
    if session.position == len(session.verbs):
        _end_of_document(world, sid, session)
        return
    verb = session.verbs[session.position]
    session.position += 1
    _perform(world, sid, session, verb)


def _end_of_document(world: World, sid: str, session: Session) -> None:
    if session.is_screening:
        session.is_screening = False
        connect(world, _call(world, sid))
    else:
        finish(world, sid, CallStatus.COMPLETED)


def _perform(world: World, sid: str, session: Session, verb: Verb) -> None:
    match verb.name:
        case "Say" | "Play":
            wait(world, sid, _utter(world, sid, verb), lambda: proceed(world, sid))
        case "Pause":
            wait(world, sid, verb.seconds("length", 1.0), lambda: proceed(world, sid))
        case "Gather":
            _ask(world, sid, session, verb)
        case "Redirect":
            _go(world, sid, verb.text, verb.get("method", "POST").upper())
        case "Dial":
            dial(world, sid, verb, lambda form: _after_dial(world, sid, verb, form))
        case "Reject":
            busy = verb.get("reason", "rejected") == "busy"
            finish(world, sid, CallStatus.BUSY if busy else CallStatus.NO_ANSWER)
        case _:
            finish(world, sid, CallStatus.COMPLETED)


def _utter(world: World, sid: str, verb: Verb) -> float:
    """Let the handset hear a `<Say>` or `<Play>` and return how long it takes, in seconds."""
    if verb.name == "Pause":
        return verb.seconds("length", 1.0)
    text = verb.text if verb.name == "Say" else f"[plays {verb.text}]"
    hear(world, sid, Speaker.CLINIC, text, verb.get("language", "en-US"))
    return len(text) * world.pace.speaking * max(verb.seconds("loop", 1.0), 1.0)


def _ask(world: World, sid: str, session: Session, verb: Verb) -> None:
    session.gather, session.digits = gather_of(verb, session.url), ""
    spoken = sum(_utter(world, sid, inside) for inside in verb.inside)
    wait(world, sid, spoken + session.gather.timeout, lambda: _no_more_input(world, sid))


def _no_more_input(world: World, sid: str) -> None:
    session = world.calls.session(sid)
    stop_waiting(world, sid)
    gather, digits = session.gather, session.digits
    session.gather, session.digits = None, ""
    if gather is not None and digits:
        _submit(world, sid, gather, (("Digits", digits),))
    elif gather is not None and gather.asks_when_empty:
        empty = (("Digits", ""), *((("SpeechResult", ""),) if gather.takes_speech else ()))
        _submit(world, sid, gather, empty)
    else:
        proceed(world, sid)


def _submit(world: World, sid: str, gather: Gather, fields: Form) -> None:
    _go(world, sid, gather.action, gather.method, extra=fields)


def _after_dial(world: World, sid: str, verb: Verb, form: Form) -> None:
    if verb.get("action"):
        _go(world, sid, verb.get("action"), verb.get("method", "POST").upper(), extra=form)
    else:
        proceed(world, sid)


def hear(world: World, sid: str, who: Speaker, text: str, language: str = "en-US") -> None:
    """Add a line to a call's transcript."""
    world.calls.session(sid).heard.append(Heard(who, text, world.clock.now(), language))
    world.phones.announce()


def press(world: World, sid: str, keys: str) -> None:
    """Press keys on the handset; while nothing is asked they are lost."""
    session = world.calls.session(sid)
    for key in keys:
        hear(world, sid, Speaker.CALLER, f"[{key}]")
        gather = session.gather
        if gather is None or not gather.takes_keys:
            continue
        if key == gather.finish_key:
            _no_more_input(world, sid)
            continue
        session.digits += key
        if len(session.digits) == gather.most_digits:
            _no_more_input(world, sid)
        else:
            wait(world, sid, gather.timeout, lambda: _no_more_input(world, sid))


def speak(world: World, sid: str, text: str, confidence: float | None) -> None:
    """Say something into the handset; while nothing is asked it is lost, and keys that were begun win."""
    session = world.calls.session(sid)
    hear(world, sid, Speaker.CALLER, text)
    other, gather = session.bridged_to, session.gather
    if other is not None:
        hear(world, other, Speaker.OTHER, text)
    if gather is None or not gather.takes_speech or session.digits:
        return
    session.gather = None
    stop_waiting(world, sid)
    score = () if confidence is None else (("Confidence", str(confidence)),)
    _submit(world, sid, gather, (("SpeechResult", text), *score))


def _call(world: World, sid: str) -> PhoneCall:
    call = world.calls.get(sid)
    if call is None:
        raise LookupError(f"There is no call {sid}.")
    return call
