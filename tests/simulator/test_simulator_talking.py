"""TwiML on the phone: questions by key and voice, silence, and redirects."""

from __future__ import annotations

import pytest
from simulated_phones import Phones, Said, on_the_phone, wait_until

ASK = '<Gather action="/answer" {}><Say>How bad is it?</Say></Gather><Say>We heard nothing.</Say>'


def submitted(phones: Phones) -> list[dict[str, str]]:
    """Return what the actions were told of the answer."""
    names = ("Digits", "SpeechResult", "Confidence")
    return [
        {name: heard.form[name] for name in names if name in heard.form}
        for heard in phones.service.at("/answer")
    ]


def test_the_last_digit_sends_the_answer(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format('numDigits="2"'))
    assert phones.do(sid, "press", keys="1")["asking"]["digits"] == "1"

    phones.do(sid, "press", keys="0")

    assert submitted(phones) == [{"Digits": "10"}]
    assert phones.heard(sid)[-1] == ("clinic", "Thank you")


def test_the_finishing_key_sends_the_answer_without_itself(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format(""))
    phones.do(sid, "press", keys="7#")

    assert submitted(phones) == [{"Digits": "7"}]


def test_a_pause_sends_what_was_pressed(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format('timeout="3"'))
    phones.do(sid, "press", keys="7")
    phones.skip(3)
    wait_until(lambda: phones.service.at("/answer"))

    assert submitted(phones) == [{"Digits": "7"}]


def test_silence_falls_through_without_a_request(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format('input="dtmf speech"'))
    phones.do(sid, "silence")

    assert submitted(phones) == []
    assert phones.heard(sid)[-1] == ("clinic", "We heard nothing.")
    assert phones.sdk.calls(sid).fetch().status == "completed"


def test_silence_is_an_answer_where_it_was_asked_for(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format('input="dtmf speech" actionOnEmptyResult="true"'))
    phones.do(sid, "silence")

    assert submitted(phones) == [{"Digits": "", "SpeechResult": ""}]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"text": "my legs are stiff", "confidence": 0.42},
            {"SpeechResult": "my legs are stiff", "Confidence": "0.42"},
        ),
        ({"text": "no", "confidence": None}, {"SpeechResult": "no"}),
    ],
)
def test_speech_comes_with_its_confidence_or_without(
    phones: Phones, said: dict[str, object], expected: dict[str, str]
) -> None:
    sid = on_the_phone(phones, ASK.format('input="dtmf speech"'))
    phones.do(sid, "speak", **said)

    assert submitted(phones) == [expected]


def test_speech_is_lost_where_only_keys_are_taken(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format('input="dtmf"'))

    assert phones.do(sid, "speak", text="hello")["asking"]["keys"]
    assert submitted(phones) == []


def test_keys_are_lost_while_nothing_is_asked(phones: Phones) -> None:
    sid = on_the_phone(phones, '<Pause length="9"/>' + ASK.format('numDigits="1"'))
    phones.do(sid, "press", keys="1")
    phones.do(sid, "silence")
    phones.do(sid, "press", keys="2")

    assert submitted(phones) == [{"Digits": "2"}]


def test_a_question_without_an_action_comes_back_to_where_it_was_asked(phones: Phones) -> None:
    sid = on_the_phone(phones, '<Gather numDigits="1"><Say>Again?</Say></Gather>')
    phones.do(sid, "press", keys="1")
    phones.do(sid, "press", keys="2")

    assert [heard.form.get("Digits") for heard in phones.service.at("/voice")] == [None, "1", "2"]


def test_speaking_takes_its_time_and_then_the_question_waits(phones: Phones) -> None:
    phones.post("/network", speaking=1.0)
    sid = on_the_phone(phones, ASK.format('timeout="5"'))
    phones.skip(len("How bad is it?") + 3)
    assert phones.get(f"/calls/{sid}")["asking"] is not None

    phones.skip(len("How bad is it?") + 6)
    wait_until(lambda: phones.heard(sid)[-1] == ("clinic", "We heard nothing."))

    assert submitted(phones) == []


def test_hanging_up_in_the_middle_asks_nothing_more(phones: Phones) -> None:
    sid = on_the_phone(phones, ASK.format('actionOnEmptyResult="true"'))
    phones.do(sid, "hangup")
    phones.skip(60)
    phones.settle()

    assert submitted(phones) == []
    assert phones.sdk.calls(sid).fetch().status == "completed"


def test_a_redirect_is_followed_and_a_circle_is_left(phones: Phones) -> None:
    sid = on_the_phone(phones, "<Redirect>/voice</Redirect>")

    assert phones.heard(sid)[-1][0] == "network"
    assert phones.world.alerts.newest_first()[0].code == 11215


def test_marked_up_speech_is_heard_with_all_its_words(phones: Phones) -> None:
    say = '<Say>Code <say-as interpret-as="characters">K7</say-as><break time="1s"/> now</Say>'
    sid = on_the_phone(phones, say)

    assert phones.heard(sid) == [("clinic", "Code K7 now")]
    assert phones.world.alerts.newest_first() == []


def test_hangup_ends_the_call_before_the_rest(phones: Phones) -> None:
    sid = on_the_phone(phones, "<Say>Bye</Say><Hangup/><Say>Never</Say>")

    assert phones.heard(sid) == [("clinic", "Bye")]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('<Dial statusCallbackEvent="answered">+12025550177</Dial>', 12200),
        ("<Gather><Redirect>/x</Redirect></Gather>", 12200),
        ("<Shout>Hi</Shout>", 12200),
        (f"<Say>{'a' * 4097}</Say>", 13521),
    ],
)
def test_what_twilio_would_complain_about(phones: Phones, document: str, code: int) -> None:
    on_the_phone(phones, document)

    assert phones.world.alerts.newest_first()[0].code == code


def test_a_plain_text_is_read_aloud(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(200, "Traceback", "text/plain")
    sid = phones.call()
    phones.do(sid, "answer")

    assert phones.heard(sid) == [("clinic", "Traceback")]


def test_a_voice_webhook_may_come_twice_or_never(phones: Phones) -> None:
    phones.post("/faults", next={"webhook_twice": 1})
    sid = on_the_phone(phones, ASK.format('numDigits="1"'))
    phones.post("/faults", next={"webhook_dropped": 1})
    phones.do(sid, "press", keys="1")

    assert len(phones.service.at("/voice")) == 2
    assert len({heard.headers["I-Twilio-Idempotency-Token"] for heard in phones.service.at("/voice")}) == 1
    assert submitted(phones) == []
    assert phones.heard(sid)[-1][0] == "network"
