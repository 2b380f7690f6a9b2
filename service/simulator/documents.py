"""The answer to a webhook as a document: its media type, its root, and what makes it unusable."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree

from service.simulator.connection import Answer

TWIML_TYPES: Final = frozenset({"text/xml", "application/xml", "text/html"})
_LARGEST: Final = 64 * 1024


class DocumentError(Exception):
    """The answer can't be used; `code` is Twilio's error code for it."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def content_type_of(answer: Answer) -> str:
    """Return the media type in lower case, without its parameters."""
    return answer.content_type.partition(";")[0].strip().lower()


def parse_root(body: bytes) -> ElementTree.Element:
    """Return the `<Response>`; raises `DocumentError` where there is none, or one that is too large."""
    if len(body) > _LARGEST:
        raise DocumentError(11750, "The answer is larger than 64 kB.")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise DocumentError(12100, f"The answer is not well-formed XML: {error}.") from error
    if root.tag != "Response":
        raise DocumentError(12102, f"The root of the answer is <{root.tag}>; it must be <Response>.")
    return root
