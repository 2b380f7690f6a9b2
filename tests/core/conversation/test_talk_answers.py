"""What a person expects of a correction, another language, a worsening, silence, a shared phone and two half texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dialogue import Dialogue, says

from service.core.conversation import on_silence, opened
from service.core.conversation.correction import corrected, is_correction, read_against
from service.core.conversation.handover import Said, as_text, hand_over
from service.core.conversation.history import Told, known_facts, last_severities, usual_severities
from service.core.conversation.household import list_of_names, only_names, whose
from service.core.conversation.joining import joined, of_second
from service.core.conversation.talk import Complaint, Talk
from service.core.decisions import Answer, Escalate, ExpectAnswer, OptOut, PlanRecheck, SetLanguage
from service.core.findings import Evidence, Finding, Interpretation, Judgement, Status
from service.core.words import OPENING, Asked, AskedKind, Disposition, Intent, Language, Urgency

OK, UNCLEAR, CALLBACK = Disposition.OK, Disposition.UNCLEAR, Disposition.CALLBACK
URGENT = Disposition.URGENT
DAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
NAMES = ("Ana Example", "Ben Example")


def test_espanol_switches_the_language_and_asks_the_same_question_again() -> None:
    talk = Dialogue()

    talk.hears(says(UNCLEAR, intent=Intent.UNCLEAR), "español por favor")

    assert talk.decisions == (
        SetLanguage(Language.SPANISH),
        Answer("check_in_opening", Urgency.ANSWER),
        ExpectAnswer(timedelta(hours=4)),
    )
    assert talk.talk == opened()


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Español", Language.SPANISH),
        ("in English please", Language.ENGLISH),
        ("no hablo inglés", Language.SPANISH),
        ("no habla english", Language.SPANISH),
    ],
)
def test_a_language_is_wished_for_in_the_words_that_people_use(words: str, language: Language) -> None:
    talk = Dialogue()

    talk.hears(says(UNCLEAR), words)

    assert talk.decisions[0] == SetLanguage(language)


def test_a_symptom_told_beside_the_word_english_is_no_wish_for_a_language() -> None:
    talk = Dialogue()

    assert talk.hears(says(OK, ("headache", 2)), "my english is bad, headache 2") == ["reply_ok"]


def test_the_wrong_number_of_a_correction_is_read_by_nobody() -> None:
    talk = Talk(OPENING, complaints=(Complaint("headache", 8),))

    words, asked = read_against(talk, "sorry I meant 3 not 8")

    assert (words, asked) == ("sorry I meant 3      ", Asked(AskedKind.SEVERITY, "headache"))


def test_help_is_answered_and_the_question_stays_in_the_air() -> None:
    talk = Dialogue()

    assert talk.hears(says(OK, intent=Intent.HELP), "what is this?") == ["reply_help"]
    assert talk.talk == opened()
    assert talk.decisions[-1] == ExpectAnswer(timedelta(hours=4))


def test_stop_ends_the_talk_and_a_concern_beside_it_still_reaches_staff() -> None:
    talk = Dialogue()

    assert talk.hears(says(CALLBACK, ("headache", 5), intent=Intent.STOP), "STOP, my head") == [
        "reply_stopped"
    ]
    assert OptOut() in talk.decisions
    assert talk.escalations() == [CALLBACK]
    assert not talk.talk.waits


@pytest.mark.parametrize("words", ["oops, 3", "3 not 8", "quise decir 3, no 8", "typo: 3"])
def test_a_correction_is_heard_however_it_is_put(words: str) -> None:
    assert is_correction(words)
    assert "8" not in corrected(words)


@pytest.mark.parametrize("words", ["a 3", "I did not sleep", "my head, not my legs", "had 2 not bad days"])
def test_an_ordinary_reply_is_no_correction(words: str) -> None:
    assert not is_correction(words)


def test_a_correction_downwards_reaches_staff_and_takes_nothing_back() -> None:
    talk = Dialogue()
    talk.hears(says(URGENT, ("headache", 8)))

    assert talk.hears(says(OK, ("headache", 3)), "sorry I meant 3 not 8") == ["reply_corrected"]
    assert talk.escalations() == [CALLBACK]
    assert talk.talk.disposition is URGENT


def test_two_points_more_than_the_last_answer_raises_what_would_have_been_fine() -> None:
    talk = Dialogue(opened(before=(("headache", 1),)))

    talk.hears(says(OK, ("headache", 3)))

    assert talk.escalations() == [CALLBACK]


def test_one_point_more_raises_nothing() -> None:
    talk = Dialogue(opened(before=(("headache", 2),)))

    assert talk.hears(says(OK, ("headache", 3))) == ["reply_ok"]


def test_what_grows_within_one_talk_is_raised_too() -> None:
    talk = Dialogue()
    talk.hears(says(CALLBACK, ("spasm", 4)))

    talk.hears(says(CALLBACK, ("spasm", 6)), "now a 6")

    assert talk.escalations() == [URGENT]


def test_a_callback_is_asked_about_again_the_next_day_by_its_worst_symptom() -> None:
    talk = Dialogue()

    talk.hears(says(CALLBACK, ("nausea", 4), ("mood", 6)))

    assert PlanRecheck("mood", timedelta(hours=24)) in talk.decisions


def test_nobody_is_asked_by_text_whether_thoughts_of_harm_are_better() -> None:
    talk = Dialogue()

    talk.hears(says(URGENT, ("self_harm", None)))

    assert [act for act in talk.decisions if isinstance(act, PlanRecheck)] == []


def test_a_number_put_right_is_no_rise_over_the_wrong_one() -> None:
    talk = Dialogue()
    talk.hears(says(OK, ("spasm", 3)))

    assert talk.hears(says(CALLBACK, ("spasm", 5)), "sorry, I meant 5") == ["ask_redflag_spasm"]
    assert talk.escalations() == [CALLBACK]


def test_a_number_put_right_is_a_rise_over_the_day_before() -> None:
    talk = Dialogue(opened(before=(("spasm", 3),)))
    talk.hears(says(OK, ("spasm", 3)))

    talk.hears(says(CALLBACK, ("spasm", 5)), "sorry, I meant 5")

    assert talk.escalations() == [URGENT]


def test_silence_on_a_question_of_ours_brings_a_callback_and_a_late_answer_still_counts() -> None:
    talk = Dialogue()
    talk.hears(says(CALLBACK, ("headache", None)))

    silent, decisions = on_silence(talk.talk)
    late = Dialogue(silent)

    assert [act.disposition for act in decisions if isinstance(act, Escalate)] == [CALLBACK]
    assert silent.asked == Asked(AskedKind.SEVERITY, "headache")
    assert late.hears(says(OK, ("headache", 2)), "2") == ["reply_callback"]


def test_silence_after_a_talk_that_led_to_a_page_is_urgent() -> None:
    _, decisions = on_silence(opened(high_risk=True))

    assert [act.disposition for act in decisions if isinstance(act, Escalate)] == [URGENT]


def test_silence_on_the_opening_is_missed_and_pages_nobody() -> None:
    assert on_silence(opened())[1] == ()


@pytest.mark.parametrize(
    ("words", "was_asked", "place"),
    [
        ("Ana", True, 0),
        ("it's Ben", True, 1),
        ("2", True, 1),
        ("2", False, None),
        ("3", True, None),
        ("Ana and Ben", True, None),
        ("bén has a headache", False, 1),
        ("headache", True, None),
    ],
)
def test_whose_answer_it_is(words: str, was_asked: bool, place: int | None) -> None:
    assert whose(words, NAMES, was_asked=was_asked) == place


def test_two_of_one_name_are_told_apart_by_number_alone() -> None:
    assert whose("Ana", ("Ana Bell", "Ana Cole"), was_asked=True) is None
    assert whose("2", ("Ana Bell", "Ana Cole"), was_asked=True) == 1


def test_a_name_with_a_symptom_is_more_than_a_name() -> None:
    assert only_names("it's Ana", NAMES)
    assert not only_names("Ana, and now her legs cramp", NAMES)
    assert list_of_names(NAMES) == "1 Ana, 2 Ben"


def test_the_evidence_of_two_joined_texts_stands_where_it_is_in_the_second() -> None:
    first, second = "my legs ", "cramp, 5"
    text = joined(first, second)
    start = text.index("cramp")
    finding = Finding(
        "spasm", Status.PRESENT, 5, (Evidence(start, start + 5, "cramp"), Evidence(3, 7, "legs"))
    )
    together = Interpretation(Intent.REPORT, (finding,), Judgement(CALLBACK, ()), "v")

    assert of_second(together, first).findings[0].evidence == (Evidence(0, 5, "cramp"),)


def _told(day: int, severity: int | None, status: Status = Status.PRESENT) -> Told:
    return Told(DAY + timedelta(days=day), day, (Finding("headache", status, severity, ()),))


def test_what_was_told_much_the_same_three_times_is_usual() -> None:
    assert usual_severities((_told(1, 2), _told(2, 3), _told(3, 2))) == (("headache", 3),)
    assert usual_severities((_told(1, 2), _told(2, 3))) == ()
    assert usual_severities((_told(1, 2), _told(2, 8), _told(3, 2))) == ()


def test_what_is_gone_is_no_last_answer() -> None:
    assert last_severities((_told(1, 6), _told(2, 4))) == (("headache", 4),)
    assert last_severities((_told(1, 6), _told(2, None, Status.ABSENT))) == ()


def test_the_rules_know_what_came_after_an_earlier_infusion_and_not_what_is_said_now() -> None:
    told = (_told(1, 2), _told(9, 5))

    known = known_facts(told, DAY + timedelta(days=8), dialogue=9)

    assert known.after_infusions == frozenset({"headache"})
    assert known.last_severity == (("headache", 2),)
    assert known_facts((_told(9, 5),), DAY, dialogue=9).earlier_symptoms is None


def test_the_handover_is_one_page_with_course_intake_and_the_patients_words() -> None:
    def spasm(hours: int, severity: int, words: str) -> Said:
        found = (Finding("spasm", Status.PRESENT, severity, (), frozenset({"whole_body"})),)
        return Said(DAY + timedelta(hours=hours), words, OPENING, CALLBACK, found)

    page = as_text(
        hand_over(
            patient="Ana Example",
            zone="America/Chicago",
            infusions=(DAY - timedelta(days=14), DAY - timedelta(days=7)),
            said=(spasm(0, 4, "cramps, a 4"), spasm(20, 6, "worse,\na 6")),
            intake=(("where", "left calf"), ("how", "a minute, awake")),
        )
    )

    assert page.splitlines() == [
        "HANDOVER  Ana Example  (times: America/Chicago)",
        "Highest so far: CALLBACK",
        "Infusions: 2, the last ended Tue 03 Mar 09:00",
        "Days between them: 7 to 7",
        "Has: spasm, 6 of 10 (whole body)",
        "Course of spasm: 4 (Tue 10 Mar 10:00) > 6 (Wed 11 Mar 06:00)",
        "Spasm, as asked:",
        "  Where, how much of it, all at once or spreading: left calf",
        "  How long, awake and clear, pain or tightness: a minute, awake",
        "  When it began, during the infusion too, seen by the nurse: not answered",
        "  First time or every time, how often infusions, other medicines: not answered",
        "In the patient's words:",
        "  Tue 10 Mar 10:00  “cramps, a 4”",
        "  Wed 11 Mar 06:00  “worse, a 6”",
    ]
