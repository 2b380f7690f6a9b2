"""What a code of Twilio's calls for: to give up, to wait, or to stop until ops have put something right."""

from __future__ import annotations

import pytest

from service.carrier.outcome import Refusal, call_failed, refusal


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (10001, Refusal.CONFIGURATION, "the account at Twilio is not active"),
        (10004, Refusal.PASSING, "the account has too many calls at once"),
        (13224, Refusal.PERMANENT, "Twilio can't call that number"),
        (13225, Refusal.PERMANENT, "calls to that number are blocked"),
        (13227, Refusal.PERMANENT, "the account may not call that country"),
        (21210, Refusal.CONFIGURATION, "our own number is not the account's, so that it can't call"),
        (21211, Refusal.PERMANENT, "the number is not a phone number"),
        (21212, Refusal.CONFIGURATION, "our own number is not valid as a sender"),
        (21214, Refusal.PERMANENT, "the number can't be called"),
        (21215, Refusal.PERMANENT, "the account may not call that country"),
        (21216, Refusal.PERMANENT, "calls to that number are blocked"),
        (21217, Refusal.PERMANENT, "the number is not a phone number"),
        (21219, Refusal.PERMANENT, "a trial account calls verified numbers only"),
    ],
)
def test_a_refused_call_says_what_that_calls_for(code: int, kind: Refusal, reason: str) -> None:
    assert refusal(code, 400) == (kind, reason)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (
            Refusal.PERMANENT,
            (21211, 21408, 21608, 21612, 21614, 30003, 30004, 30005, 30006, 30007, 30008, 30036),
        ),
        (Refusal.OPTED_OUT, (21610,)),
        (Refusal.PASSING, (20429, 21611, 30001, 30022, 63017, 63038)),
        (Refusal.CONFIGURATION, (20003, 20404, 21212, 21606, 30002, 30032, 30034)),
    ],
)
def test_a_refused_text_is_given_up_kept_for_later_or_stops_the_line(
    kind: Refusal, codes: tuple[int, ...]
) -> None:
    assert {code: refusal(code, 400)[0] for code in codes} == dict.fromkeys(codes, kind)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (None, 401, Refusal.CONFIGURATION),
        (None, 403, Refusal.CONFIGURATION),
        (None, 429, Refusal.PASSING),
        (99999, 400, Refusal.PERMANENT),
        (None, None, Refusal.PERMANENT),
    ],
)
def test_a_code_that_nobody_has_heard_of_is_given_up(
    code: int | None, status: int | None, kind: Refusal
) -> None:
    assert refusal(code, status)[0] is kind


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "the phone can't be called"),
        (404, "no phone has this number"),
        (603, "the call was declined"),
        (599, "the network answered 599"),
    ],
)
def test_a_call_that_failed_on_its_way_says_why_in_words(code: int | None, words: str) -> None:
    assert call_failed(code) == words
