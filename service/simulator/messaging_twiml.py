"""The answer to a messaging webhook, as Twilio reads it: which texts go back, and where it points next."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from service.simulator.connection import Answer
from service.simulator.documents import TWIML_TYPES, DocumentError, content_type_of, parse_root

_ATTRIBUTES = {
    "Message": frozenset({"to", "from", "action", "method", "statusCallback"}),
    "Redirect": frozenset({"method"}),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A text to send back; empty `to` and `sender` mean the two ends of the message that is answered."""

    body: str
    media_urls: tuple[str, ...] = ()
    to: str = ""
    sender: str = ""
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask another address what to do."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Document:
    """What a webhook's answer asks for, in order, and what Twilio would warn about."""

    steps: tuple[Reply | Redirect, ...] = ()
    warnings: tuple[str, ...] = ()


def read_answer(answer: Answer) -> Document:
    """Return what the answer to a messaging webhook asks for; raises `DocumentError` with Twilio's code.

    A plain text is sent to the handset as it stands: an error page in `text/plain` reaches the patient.
    """
    if not answer.body.strip():
        return Document()
    kind = content_type_of(answer)
    if kind == "text/plain":
        return Document((Reply(answer.body.decode("utf-8", "replace")),))
    if kind not in TWIML_TYPES:
        code = 12300 if kind else 11200
        raise DocumentError(code, f"The answer's content type is {kind or 'missing'}; it must be text/xml.")
    return _document(parse_root(answer.body))


def _document(root: ElementTree.Element) -> Document:
    steps: list[Reply | Redirect] = []
    warnings: list[str] = []
    for element in root:
        if element.tag not in _ATTRIBUTES:
            warnings.append(f"<{element.tag}> is not a messaging verb.")
            continue
        warnings.extend(
            f"<{element.tag}> has no attribute {name!r}."
            for name in element.attrib
            if name not in _ATTRIBUTES[element.tag]
        )
        steps.append(_reply(element) if element.tag == "Message" else _redirect(element))
    return Document(tuple(steps), tuple(warnings))


def _redirect(element: ElementTree.Element) -> Redirect:
    return Redirect((element.text or "").strip(), element.get("method", "POST").upper())


def _reply(element: ElementTree.Element) -> Reply:
    bodies = [node.text or "" for node in element.findall("Body")]
    text = "".join(bodies) if bodies else (element.text or "").strip()
    media = tuple((node.text or "").strip() for node in element.findall("Media"))
    if (not text and not media) or len(text) > 1600:
        raise DocumentError(14103, "A <Message> must have a body of 1 to 1600 characters, or media.")
    return Reply(
        body=text,
        media_urls=media,
        to=element.get("to", ""),
        sender=element.get("from", ""),
        status_callback=element.get("statusCallback", ""),
    )
