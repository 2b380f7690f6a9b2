"""The fewest questions that change what happens: severity, red flags, the intake; four at most, none after a red flag."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dialogue import Dialogue, kept, says
from hypothesis import given
from hypothesis import strategies as st

from service.core import findings
from service.core.conversation import MOST_QUESTIONS, on_reply, on_silence, opened
from service.core.conversation.correction import read_against
from service.core.conversation.talk import Complaint, Talk
from service.core.decisions import Answer, Escalate, ExpectAnswer, PlanRecheck, SettleCheckIn
from service.core.findings import Finding, Interpretation, Judgement, Status
from service.core.words import UNSOLICITED, Asked, AskedKind, Disposition, Intent, Urgency

OK, UNCLEAR, CALLBACK = Disposition.OK, Disposition.UNCLEAR, Disposition.CALLBACK
URGENT, EMERGENCY = Disposition.URGENT, Disposition.EMERGENCY


def test_a_well_patient_answers_with_one_word_and_is_asked_nothing() -> None:
    assert Dialogue().hears(says(OK), "none") == ["reply_ok"]


def test_a_mild_headache_with_its_number_is_asked_nothing() -> None:
    assert Dialogue().hears(says(OK, ("headache", 2))) == ["reply_ok"]


def test_a_headache_without_a_number_is_asked_how_bad_and_then_its_red_flags() -> None:
    talk = Dialogue()

    assert talk.hears(says(CALLBACK, ("headache", None))) == ["ask_severity"]
    assert talk.hears(says(CALLBACK, ("headache", 5))) == ["ask_redflag_headache"]
    assert talk.hears(says(CALLBACK)) == ["reply_callback"]


def test_a_second_symptom_of_the_first_reply_is_not_forgotten_over_the_first() -> None:
    talk = Dialogue()

    talk.hears(says(CALLBACK, ("spasm", 5), ("headache", 6)))
    talk.hears(says(CALLBACK))

    assert talk.talk.prompt == "ask_redflag_headache"


def test_a_moderate_spasm_is_followed_by_the_intake_after_its_red_flags_in_four_texts() -> None:
    talk = Dialogue()
    asked = talk.hears(says(CALLBACK, ("spasm", 5)), "cramps, a 5")

    for words in ("no", "left calf", "a minute, awake, it hurts", "that evening, not at the visit"):
        asked += talk.hears(says(CALLBACK), words)

    assert asked == [
        "ask_redflag_spasm",
        "ask_intake_where",
        "ask_intake_how",
        "ask_intake_when",
        "reply_callback",
    ]
    assert talk.talk.intake == (
        ("where", "left calf"),
        ("how", "a minute, awake, it hurts"),
        ("when", "that evening, not at the visit"),
    )


def test_the_intake_goes_on_at_the_next_check_in_where_it_stopped() -> None:
    told = (("where", "left calf"), ("how", "a minute"), ("when", "that evening"))
    talk = Dialogue(opened(Asked(AskedKind.RECHECK, "spasm"), "recheck", intake=told))

    talk.hears(says(CALLBACK, ("spasm", 5)))

    assert talk.hears(says(CALLBACK), "no") == ["ask_intake_before"]


def test_a_mild_spasm_has_no_intake() -> None:
    assert Dialogue().hears(says(OK, ("spasm", 2))) == ["reply_ok"]


def test_an_intake_answer_of_all_four_limbs_pages_at_once() -> None:
    talk = Dialogue(Talk(Asked(AskedKind.SEVERITY, "spasm"), "ask_intake_where", disposition=CALLBACK))

    assert talk.hears(says(CALLBACK), "both arms and both legs") == ["reply_urgent"]
    assert talk.escalations() == [URGENT]


def test_who_was_not_awake_during_a_spasm_is_told_to_call_911() -> None:
    talk = Dialogue(Talk(Asked(AskedKind.SEVERITY, "spasm"), "ask_intake_how", disposition=CALLBACK))

    assert talk.hears(says(OK), "2 minutes, I was not awake") == ["reply_emergency"]


def test_a_spasm_that_comes_every_time_pages() -> None:
    talk = Dialogue(Talk(Asked(AskedKind.SEVERITY, "spasm"), "ask_intake_before", disposition=CALLBACK))

    assert talk.hears(says(CALLBACK), "every time, once a week, lexapro") == ["reply_urgent"]


def test_a_red_flag_ends_the_questions_and_the_safety_text_leaves_before_the_page() -> None:
    talk = Dialogue()

    talk.hears(says(EMERGENCY, ("spasm", 9), ("headache", None)))

    assert talk.decisions[:2] == (
        Answer("reply_emergency", Urgency.SAFETY),
        Escalate(EMERGENCY, "A reply was read as emergency."),
    )
    assert not talk.talk.waits


def test_a_headache_that_is_always_there_at_this_strength_is_asked_one_question_not_four() -> None:
    talk = Dialogue(opened(usual=(("headache", 4),)))

    assert talk.hears(says(CALLBACK, ("headache", None))) == ["ask_severity"]
    assert talk.hears(says(CALLBACK, ("headache", 4))) == ["reply_callback"]


def test_a_headache_over_what_is_usual_is_asked_for_its_red_flags() -> None:
    talk = Dialogue(opened(usual=(("headache", 4),)))

    assert talk.hears(says(CALLBACK, ("headache", 6))) == ["ask_redflag_headache"]


def test_call_me_is_promised_a_call_and_asked_nothing() -> None:
    talk = Dialogue()

    assert talk.hears(says(CALLBACK, ("headache", None), intent=Intent.CALL_ME)) == ["reply_callback"]
    assert talk.escalations() == [CALLBACK]


def test_an_unreadable_reply_after_the_page_asks_nothing_and_joins_what_staff_have() -> None:
    talk = Dialogue()
    talk.hears(says(URGENT, ("spasm", 8)))

    assert talk.hears(says(UNCLEAR, intent=Intent.UNCLEAR), "ok??") == []
    assert talk.escalations() == [CALLBACK]


REPLIES = st.builds(
    says,
    st.sampled_from(list(Disposition)),
    st.tuples(
        st.sampled_from(["spasm", "headache", "urinary", "nausea"]),
        st.one_of(st.none(), st.integers(0, 10)),
    ),
    status=st.sampled_from([Status.PRESENT, Status.ABSENT, Status.RESOLVED, Status.HISTORICAL]),
    intent=st.sampled_from(list(Intent)),
)
WORDS = st.sampled_from(
    ["…", "no", "every time", "both arms and both legs", "español", "sorry I meant 3 not 8"]
)


@given(st.lists(st.tuples(REPLIES, WORDS), max_size=12))
def test_no_talk_asks_more_than_four_questions_nor_leaves_a_danger_unsaid_nor_waits_for_ever(
    replies: list[tuple[Interpretation, str]],
) -> None:
    talk = opened()
    for interpretation, words in replies:
        was_waiting = talk.waits
        talk, decisions = on_reply(kept(talk), interpretation, words=words)
        kinds = [type(act) for act in decisions]
        pages = [act for act in decisions if isinstance(act, Escalate) and act.disposition.needs_paging]
        if pages:
            safety = [act for act in decisions if isinstance(act, Answer) and act.urgency is Urgency.SAFETY]
            assert decisions.index(safety[0]) < decisions.index(pages[0])
        if talk.waits:
            assert ExpectAnswer in kinds or kinds == []
        elif words != "español":
            assert SettleCheckIn in kinds
        if was_waiting and talk.allowed == MOST_QUESTIONS:
            assert len(talk.questions) <= MOST_QUESTIONS
        assert len(talk.questions) <= 2 * MOST_QUESTIONS
        assert sum(kind is PlanRecheck for kind in kinds) <= 1
    settled, decisions = on_silence(kept(talk))
    assert not settled.waits
    assert on_silence(settled) == (settled, ())
    if talk.waits and (talk.questions or talk.unclear):
        assert [act for act in decisions if isinstance(act, Escalate)] != []


def test_who_says_how_bad_in_words_is_not_asked_for_a_number() -> None:
    finding = Finding("headache", Status.PRESENT, None, (), features=frozenset({"mild"}))
    mild = Interpretation(Intent.REPORT, (finding,), Judgement(OK, ()), "v")

    assert Dialogue().hears(mild, "a little headache") == ["reply_ok"]


@pytest.mark.parametrize("symptom", ["spasm", "urinary"])
def test_better_at_a_recheck_ends_it(symptom: str) -> None:
    talk = Dialogue(opened(Asked(AskedKind.RECHECK, symptom), "recheck", before=((symptom, 5),)))
    finding = Finding(symptom, Status.PRESENT, None, (), features=frozenset({"mild"}))

    assert talk.hears(Interpretation(Intent.REPORT, (finding,), Judgement(OK, ()), "v"), "better") == [
        "reply_ok"
    ]


def test_after_a_page_nothing_more_is_asked_and_what_is_added_is_seen() -> None:
    talk = Dialogue()
    talk.hears(says(URGENT, ("spasm", None)), "worse")

    assert talk.hears(says(CALLBACK, ("spasm", 6)), "6") == ["reply_noted"]
    assert talk.escalations() == [CALLBACK]
    assert talk.hears(says(OK, intent=Intent.THANKS), "thanks") == []


def test_what_is_added_to_a_promised_call_and_not_understood_goes_to_the_nurse_and_not_back() -> None:
    talk = Dialogue()
    talk.hears(says(CALLBACK, intent=Intent.CALL_ME), "call me")

    assert talk.hears(says(Disposition.UNCLEAR), "after four by the side door") == ["reply_noted"]
    assert talk.escalations() == [CALLBACK]


def test_the_same_at_a_recheck_is_as_bad_as_before_and_not_asked_for_a_number() -> None:
    talk = Dialogue(opened(Asked(AskedKind.RECHECK, "headache"), "recheck", before=(("headache", 5),)))
    same = replace(says(CALLBACK, ("headache", None)), answer=findings.Answer.SAME)

    assert talk.hears(same, "same") == ["ask_redflag_headache"]
    assert talk.talk.severity_of("headache") == 5


def test_a_bare_number_after_the_close_is_how_bad_the_last_complaint_is() -> None:
    closed = Talk(UNSOLICITED, waits=False, complaints=(Complaint("spasm", 2),))

    assert read_against(closed, "6") == ("6", Asked(AskedKind.SEVERITY, "spasm"))
    assert read_against(closed, "6 people") == ("6 people", UNSOLICITED)
    assert read_against(replace(closed, complaints=()), "6") == ("6", UNSOLICITED)
