"""The answer to a voice webhook, read as Twilio reads it: verbs with their attributes, and what it warns about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from service.simulator.connection import Answer
from service.simulator.documents import TWIML_TYPES, DocumentError, content_type_of, parse_root

_LONGEST_SAY: Final = 4096

_CALLBACKS: Final = "statusCallback statusCallbackEvent statusCallbackMethod"
_ATTRIBUTES: Final = {
    "Say": "voice language loop",
    "Play": "loop digits",
    "Pause": "length",
    "Redirect": "method",
    "Hangup": "",
    "Reject": "reason",
    "Gather": "input action method timeout speechTimeout numDigits finishOnKey hints language speechModel "
    "profanityFilter partialResultCallback partialResultCallbackMethod actionOnEmptyResult bargeIn maxSpeechTime "
    "debug enhanced dtmfDetection",
    "Dial": "action method timeout timeLimit hangupOnStar callerId record trim answerOnBridge ringTone "
    "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent sequential referUrl",
    "Number": f"sendDigits url method {_CALLBACKS} byoc",
}
# What Polly's voices understand inside a <Say>; the words in it are spoken like any.
_SPOKEN: Final = frozenset(
    ["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"]
)
_NESTED: Final = {"Gather": frozenset({"Say", "Play", "Pause"}), "Dial": frozenset({"Number"})}


@dataclass(frozen=True, slots=True)
class Verb:
    """One element of the document."""

    name: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    inside: tuple[Verb, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return dict(self.attributes).get(name, default)

    def seconds(self, name: str, default: float) -> float:
        """Return an attribute that is a number of seconds."""
        text = self.get(name)
        return float(text) if text.isdigit() else default


@dataclass(frozen=True, slots=True)
class Gather:
    """A question that is open: what it takes, and where the answer goes."""

    action: str
    method: str
    takes_keys: bool
    takes_speech: bool
    most_digits: int | None
    finish_key: str
    timeout: float
    asks_when_empty: bool


@dataclass(frozen=True, slots=True)
class VoiceDocument:
    """The verbs in order, and what Twilio would warn about."""

    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


def read_voice_answer(answer: Answer) -> VoiceDocument:
    """Return what a call is to do next; raises `DocumentError`. A plain text is read aloud, a sound is played."""
    kind = content_type_of(answer)
    if not answer.body.strip():
        return VoiceDocument(())
    if kind == "text/plain":
        return VoiceDocument((Verb("Say", answer.body.decode("utf-8", "replace")),))
    if kind.startswith("audio/"):
        return VoiceDocument((Verb("Play", kind),))
    if kind not in TWIML_TYPES:
        raise DocumentError(12300, f"The answer's content type is {kind or 'missing'}; it must be text/xml.")
    return read_voice_twiml(answer.body)


def read_voice_twiml(body: bytes) -> VoiceDocument:
    """Return the verbs of a document; raises `DocumentError` where it can't be run at all."""
    warnings: list[str] = []
    root = parse_root(body)
    verbs = tuple(_verb(element, warnings) for element in root if _is_known(element, warnings))
    return VoiceDocument(verbs, tuple(warnings))


def _is_known(element: ElementTree.Element, warnings: list[str]) -> bool:
    known = element.tag in _ATTRIBUTES and element.tag != "Number"
    if not known:
        warnings.append(f"<{element.tag}> is no voice verb that this simulator knows.")
    return known


def _verb(element: ElementTree.Element, warnings: list[str]) -> Verb:
    allowed = _ATTRIBUTES[element.tag].split()
    warnings.extend(
        f"Attribute {name!r} is not allowed to appear in element {element.tag!r}."
        for name in element.attrib
        if name not in allowed
    )
    text = "".join(element.itertext() if element.tag == "Say" else [element.text or ""]).strip()
    if element.tag == "Say" and len(text) > _LONGEST_SAY:
        raise DocumentError(13521, f"A <Say> holds {len(text)} characters; {_LONGEST_SAY} is the most.")
    return Verb(element.tag, text, tuple(element.attrib.items()), _inside(element, warnings))


def _inside(element: ElementTree.Element, warnings: list[str]) -> tuple[Verb, ...]:
    allowed = _NESTED.get(element.tag, frozenset())
    if element.tag == "Say":
        warnings.extend(
            f"<{part.tag}> is no speech mark-up."
            for part in element.iter()
            if part.tag not in _SPOKEN | {"Say"}
        )
        return ()
    warnings.extend(
        f"<{child.tag}> may not stand inside <{element.tag}>."
        for child in element
        if child.tag not in allowed
    )
    return tuple(_verb(child, warnings) for child in element if child.tag in allowed)


def gather_of(verb: Verb, url: str) -> Gather:
    """Return the question that a `<Gather>` asks; without an action it comes back to `url`."""
    kinds = verb.get("input", "dtmf").split()
    digits = verb.get("numDigits")
    return Gather(
        action=verb.get("action") or url,
        method=verb.get("method", "POST").upper(),
        takes_keys="dtmf" in kinds,
        takes_speech="speech" in kinds,
        most_digits=int(digits) if digits.isdigit() else None,
        finish_key=verb.get("finishOnKey", "#"),
        timeout=verb.seconds("timeout", 5.0),
        asks_when_empty=verb.get("actionOnEmptyResult", "false") == "true",
    )
