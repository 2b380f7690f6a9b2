"""TwiML on the phone: questions by key and voice, silence, redirects, and a call that is passed on."""

from __future__ import annotations

import pytest
from simulated_phones import ANA, CLINIC, Heard, Phones, Said, twiml, wait_until

NADIA = "+12025550177"
ASK = '<Gather action="/answer" {}><Say>How bad is it?</Say></Gather><Say>We heard nothing.</Say>'


def on_the_phone(phones: Phones, document: str, answer: str = "<Say>Thank you</Say>") -> str:
    """Answer a call whose document is given; its action says `answer`."""
    phones.service.answer = lambda heard: twiml(document if heard.target == "/voice" else answer)
    sid = phones.call()
    phones.do(sid, "answer")
    return sid


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


def connected(phones: Phones, document: str) -> tuple[str, str]:
    """Put Ana on the phone with a document that dials Nadia; return both calls, Nadia's ringing."""
    sid = on_the_phone(phones, document)
    return sid, phones.calls(NADIA)[0]["sid"]


def test_a_call_is_passed_on_and_told_about_when_that_is_over(phones: Phones) -> None:
    sid, leg = connected(phones, f'<Dial action="/answer" timeout="20">{NADIA}</Dial>')
    phones.do(leg, "answer")
    phones.do(sid, "speak", text="Is this the nurse?")
    phones.do(leg, "hangup")

    form = phones.service.at("/answer")[0].form
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialCallDuration"]) == ("completed", leg, "0")
    assert phones.heard(leg) == [("other", "Is this the nurse?")]
    fetched = phones.sdk.calls(leg).fetch()
    assert (fetched.direction, fetched.parent_call_sid, fetched._from) == ("outbound-dial", sid, CLINIC)


@pytest.mark.parametrize(("doing", "status"), [("silence", "no-answer"), ("decline", "busy")])
def test_nobody_takes_a_call_that_is_passed_on(phones: Phones, doing: str, status: str) -> None:
    _, leg = connected(phones, f'<Dial action="/answer">{NADIA}</Dial>')
    phones.do(leg, doing)

    assert phones.service.at("/answer")[0].form["DialCallStatus"] == status


def test_without_an_action_the_document_goes_on_after_a_dial(phones: Phones) -> None:
    sid, leg = connected(phones, f"<Dial>{NADIA}</Dial><Say>Nobody is free.</Say>")
    phones.do(leg, "decline")

    assert phones.heard(sid)[-1] == ("clinic", "Nobody is free.")


def test_the_first_of_several_to_answer_stops_the_others(phones: Phones) -> None:
    third = "+12025550178"
    _, leg = connected(phones, f"<Dial><Number>{NADIA}</Number><Number>{third}</Number></Dial>")
    phones.do(phones.calls(third)[0]["sid"], "answer")

    assert phones.get(f"/calls/{leg}")["status"] == "canceled"


def test_a_caller_who_hangs_up_takes_the_other_leg_along(phones: Phones) -> None:
    sid, leg = connected(phones, f'<Dial action="/answer">{NADIA}</Dial>')
    phones.do(leg, "answer")
    phones.do(sid, "hangup")

    assert phones.get(f"/calls/{leg}")["status"] == "completed"
    assert phones.service.at("/answer") == []


def test_a_handset_that_calls_waits_for_no_one_elses_call(phones: Phones) -> None:
    def slow_for_nadia(heard: Heard) -> Said:
        if heard.form["From"] == NADIA:
            wait_until(lambda: phones.calls(ANA) and phones.heard(phones.calls(ANA)[0]["sid"]))
        return twiml("<Say>Hello</Say><Pause length='60'/>")

    phones.service.answer = slow_for_nadia
    phones.post(f"/phones/{NADIA}/call")
    phones.post(f"/phones/{ANA}/call")
    wait_until(lambda: phones.heard(phones.calls(NADIA)[0]["sid"]))

    assert phones.heard(phones.calls(ANA)[0]["sid"]) == [("clinic", "Hello")]


@pytest.mark.parametrize(("answering", "status"), [("busy", "busy"), ("voicemail", "completed")])
def test_a_dialled_handset_may_answer_by_itself(phones: Phones, answering: str, status: str) -> None:
    phones.post("/phones", number=NADIA, answering=answering)
    sid, leg = connected(phones, f'<Dial action="/answer">{NADIA}</Dial>')
    wait_until(lambda: phones.get(f"/calls/{leg}")["status"] in ("busy", "in-progress"))
    if status == "completed":
        phones.do(sid, "hangup")

    assert phones.get(f"/calls/{leg}")["status"] == status


def screened(phones: Phones, question: str) -> tuple[str, str]:
    """Put Ana on the phone and let Nadia be asked before the two are connected; Nadia has answered."""
    dial = f'<Dial action="/answer"><Number url="/whisper">{NADIA}</Number></Dial>'
    documents = {"/voice": dial, "/whisper": question, "/accepted": "<Say>Connecting.</Say>"}
    phones.service.answer = lambda heard: twiml(documents.get(heard.target, "<Say>Nobody is free.</Say>"))
    sid = phones.call()
    phones.do(sid, "answer")
    leg = phones.calls(NADIA)[0]["sid"]
    phones.do(leg, "answer")
    return sid, leg


ACCEPT = '<Gather numDigits="1" action="/accepted"><Say>Press 1 to take it.</Say></Gather><Hangup/>'


def test_who_is_dialled_can_be_asked_first_and_accept(phones: Phones) -> None:
    sid, leg = screened(phones, ACCEPT)
    assert phones.get(f"/calls/{sid}")["connected_to"] is None

    phones.do(leg, "press", keys="1")

    assert phones.get(f"/calls/{sid}")["connected_to"] == leg
    assert phones.heard(leg)[-1] == ("clinic", "Connecting.")


def test_a_machine_that_picks_up_a_dialled_call_accepts_nothing(phones: Phones) -> None:
    sid, leg = screened(phones, ACCEPT)
    phones.do(leg, "silence")

    assert phones.get(f"/calls/{leg}")["status"] == "completed"
    assert phones.heard(sid) == [("clinic", "Nobody is free.")]


def test_a_voice_webhook_may_come_twice_or_never(phones: Phones) -> None:
    phones.post("/faults", next={"webhook_twice": 1})
    sid = on_the_phone(phones, ASK.format('numDigits="1"'))
    phones.post("/faults", next={"webhook_dropped": 1})
    phones.do(sid, "press", keys="1")

    assert len(phones.service.at("/voice")) == 2
    assert len({heard.headers["I-Twilio-Idempotency-Token"] for heard in phones.service.at("/voice")}) == 1
    assert submitted(phones) == []
    assert phones.heard(sid)[-1][0] == "network"
