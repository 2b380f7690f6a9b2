"""A browser without a screen: follows forms with their tokens, and reads what a page says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from builders import PASSWORD, signed_form, text_form
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.store import heartbeats
from service.store.readings import readings_by_message
from service.workflows.deps import Deps

PREVIOUS_TOKEN = "fedcba9876543210fedcba9876543210"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
_EMPTY = frozenset({"input", "img", "link", "meta", "br"})


@dataclass(slots=True)
class Browser:
    """A client with its cookies."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def send(self, path: str, fields: Mapping[str, str | list[str]], *, form_at: str) -> TestResponse:
        """Fill in a form that stands on the page `form_at`, and send it."""
        return self.client.post(path, data={**hidden_in(self.get(form_at), path), **fields})

    def sign_in(self, login: str, password: str = PASSWORD, *, wanted: str = "") -> TestResponse:
        """Sign in."""
        typed = {"login": login, "password": password, "wanted": wanted}
        return self.send("/login", typed, form_at="/login")


def hidden_in(page: TestResponse, path: str) -> dict[str, str]:
    """Return what the page's form for that address sends unseen; its token alone where the page itself is the address."""
    token = _TOKEN.search(page.text)
    assert token is not None, "the page holds no form"
    _, _, form = page.text.partition(f'action="{path}"')
    return {"csrf_token": token[1], **dict(_HIDDEN.findall(form.partition("</form>")[0]))}


def from_twilio(client: FlaskClient, path: str, form: Mapping[str, str], **signing: str) -> TestResponse:
    """Send a webhook as Twilio does, and hang up once its answer is read."""
    answer = client.post(path, data=form, headers=signed_form(path, form, **signing))
    answer.close()
    return answer


def a_text(client: FlaskClient, body: str, **details: str) -> TestResponse:
    """Let a text come in."""
    return from_twilio(client, "/twilio/text", text_form(body, **details))


def the_clock_ticks(deps: Deps) -> None:
    """Let every tick of the clock process have finished just now."""
    with deps.store.transaction() as session:
        for tick in ("read the inbox", "climb escalations", "deliver the outbox", "catch up"):
            heartbeats.beat(session, tick, deps.now())


def words_in(page: TestResponse, element_id: str) -> str:
    """Return the words inside the element with that id, spaces run together; empty where there is none."""
    reader = _Reader(element_id)
    reader.feed(page.text)
    return " ".join("".join(reader.words).split())


def why(deps: Deps, message_id: int) -> str:
    """Return what the library says of the first rule that a stored reading names."""
    with deps.store.reading() as session:
        first = readings_by_message(session, [message_id])[message_id].rules[0]
    return next(rule.because for rule in deps.library.guide.rules.rules if rule.id == first)


def marked_words(page: TestResponse) -> list[str]:
    """Return what is highlighted on the page."""
    return re.findall(r"<mark>(.*?)</mark>", page.text)


@dataclass(slots=True)
class _Reader(HTMLParser):
    """Collects the words of one element."""

    element_id: str
    depth: int = 0
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        if self.depth or dict(attrs).get("id") == self.element_id:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.words.append(data)
