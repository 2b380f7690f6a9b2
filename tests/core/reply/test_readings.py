"""What single replies mean: the forms of denial, question, number and answer, one sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.core.findings import Interpretation, Status
from service.core.interpretation import KnownFacts, TriageGuide, interpret
from service.core.words import Asked, Disposition, Intent, Language
from service.library.triage import load_triage

GUIDE: TriageGuide = load_triage(Path("schedules"))


def read(
    text: str, asked: str = "opening", hours: float = 24, known: KnownFacts | None = None
) -> Interpretation:
    return interpret(text, Asked.parse(asked), hours, Language.ENGLISH, GUIDE, known or KnownFacts())


def statuses(text: str, asked: str = "opening") -> dict[str, Status]:
    return {finding.symptom: finding.status for finding in read(text, asked).findings}


@pytest.mark.parametrize(
    ("text", "symptom", "status"),
    [
        ("no headache but my legs are cramping", "spasm", Status.PRESENT),
        ("no headache but my legs are cramping", "headache", Status.ABSENT),
        ("no headache, my legs are cramping", "spasm", Status.PRESENT),
        ("no cramps, headache or bladder trouble", "urinary", Status.ABSENT),
        ("no fever, chest pain", "chest_pain", Status.PRESENT),
        ("no problems other than a headache", "headache", Status.PRESENT),
        ("not only dizzy but nauseous", "dizziness", Status.PRESENT),
        ("no change in the dizziness", "dizziness", Status.PRESENT),
        ("no relief from the headache", "headache", Status.PRESENT),
        ("can't stop shaking", "spasm", Status.PRESENT),
        ("the cramps won't go away", "spasm", Status.PRESENT),
        ("no, I have a headache", "headache", Status.PRESENT),
        ("never had a headache like this", "headache", Status.PRESENT),
        ("headache gone now", "headache", Status.RESOLVED),
        ("had cramps last night, all gone now", "spasm", Status.RESOLVED),
        ("headache: no", "headache", Status.ABSENT),
        ("headache 0/10", "headache", Status.ABSENT),
        ("my coworker has a headache", "headache", Status.OTHER_PERSON),
        ("my mom has a headache but I'm good", "headache", Status.OTHER_PERSON),
        ("this is his wife, he has a bad headache", "headache", Status.PRESENT),
        ("my wife says I had a seizure", "seizure", Status.PRESENT),
        ("will I get headaches from this?", "headache", Status.HYPOTHETICAL),
        ("I always had a weak bladder, nothing new", "urinary", Status.HISTORICAL),
        ("no me duele la cabeza pero tengo calambres", "spasm", Status.PRESENT),
        ("ya se me quitó el dolor de cabeza", "headache", Status.RESOLVED),
        ("sin calambres ni dolor de cabeza", "headache", Status.ABSENT),
        ("haven't fainted or thrown up", "dizziness", Status.ABSENT),
        ("haven't slept, headache", "headache", Status.PRESENT),
        ("walked the dog and fainted", "dizziness", Status.PRESENT),
        ("my coworker fainted at work", "dizziness", Status.OTHER_PERSON),
        ("the one with the fever is my son, I'm fine", "fever", Status.OTHER_PERSON),
        ("no bladder problems but my mom can't move her legs", "spasm", Status.PRESENT),
        ("my uncle had a stroke in 2019, nothing like that for me", "stroke_signs", Status.OTHER_PERSON),
        ("the whites of his eyes are yellow. I used to be a nurse", "liver", Status.PRESENT),
        ("chest pain started, I am 70 years old", "chest_pain", Status.PRESENT),
        ("Headache? None. Spasms? None. Bladder? Fine.", "urinary", Status.ABSENT),
        ("spasms none headache none bladder burns", "headache", Status.ABSENT),
        ("headache 5, nothing else", "headache", Status.PRESENT),
        ("not chest pain exactly more of a squeezing behind the breastbone", "chest_pain", Status.PRESENT),
        ("jaw won't open and can't swallow good since this morning", "spasm", Status.PRESENT),
        ("sigo con asquito", "nausea", Status.PRESENT),
    ],
)
def test_a_symptom_stands_as_the_words_around_it_say(text: str, symptom: str, status: Status) -> None:
    assert statuses(text)[symptom] == status


@pytest.mark.parametrize(
    ("text", "symptom", "severity"),
    [
        ("headache 7/10", "headache", 7),
        ("headache, like a 5-6", "headache", 6),
        ("headache was a 9, now 3", "headache", 3),
        ("cramps four out of ten", "spasm", 4),
        ("me duele la cabeza, un ocho", "headache", 8),
        ("mild headache", "headache", 2),
        ("0 spasms, 2 headache", "headache", 2),
        ("headache for 3 days, maybe a 6", "headache", 6),
    ],
)
def test_a_number_belongs_to_the_symptom_it_speaks_of(text: str, symptom: str, severity: int) -> None:
    assert {f.symptom: f.severity for f in read(text).findings}[symptom] == severity


@pytest.mark.parametrize(
    ("text", "asked", "disposition"),
    [
        ("7", "severity:spasm", Disposition.URGENT),
        ("0", "severity:headache", Disposition.OK),
        ("yes", "opening", Disposition.UNCLEAR),
        ("yes", "redflag:urinary", Disposition.URGENT),
        ("no", "redflag:spasm", Disposition.CALLBACK),
        ("better", "recheck:spasm", Disposition.OK),
        ("same", "recheck:headache", Disposition.CALLBACK),
        ("N N Y", "opening", Disposition.CALLBACK),
        ("1. no 2. yes, 8 3. no", "opening", Disposition.URGENT),
        ("5", "opening", Disposition.CALLBACK),
        ("none", "opening", Disposition.OK),
        ("???", "opening", Disposition.UNCLEAR),
    ],
)
def test_a_bare_answer_is_read_by_its_question(text: str, asked: str, disposition: Disposition) -> None:
    assert read(text, asked).judgement.disposition == disposition


@pytest.mark.parametrize(
    "text",
    [
        "this traffic is killing me, otherwise no issues",
        "dead tired from chasing grandkids lol. none of those",
        "none, pissed about the bill",
    ],
)
def test_a_saying_alarms_nobody(text: str) -> None:
    assert not read(text).judgement.disposition.needs_paging


@pytest.mark.parametrize(
    "text",
    [
        "don't want to be here anymore",
        "what's the point of living",
        "better off without me",
        "ya no quiero vivir",
    ],
)
def test_a_euphemism_for_death_pages_staff(text: str) -> None:
    assert read(text).judgement.disposition.needs_paging


@pytest.mark.parametrize(
    "text",
    [
        "cantbreathe",
        "c a n t  b r e a t h e",
        "cant breeathe",
        "I CANT BREATHE",
        "can’t breathe",
        "cant br eathe",
        "my chestpain is bad",
        "I had a seizrue",
    ],
)
def test_a_masked_red_flag_still_reaches_a_person(text: str) -> None:
    assert read(text).judgement.disposition.rank >= Disposition.CALLBACK.rank


@pytest.mark.parametrize(
    ("text", "intent", "disposition"),
    [
        ("STOP", Intent.STOP, Disposition.OK),
        ("STOP. and btw I cant move my legs", Intent.STOP, Disposition.URGENT),
        ("it won't stop, please make it stop", Intent.UNCLEAR, None),
        ("call me", Intent.CALL_ME, Disposition.CALLBACK),
        ("wrong number", Intent.WRONG_PERSON, Disposition.OK),
        ("can I drive tomorrow?", Intent.QUESTION, Disposition.CALLBACK),
        ("HELP", Intent.HELP, Disposition.OK),
        ("thank you!", Intent.THANKS, Disposition.OK),
    ],
)
def test_what_the_writer_wants_is_told_apart_from_symptoms(
    text: str, intent: Intent, disposition: Disposition | None
) -> None:
    reading = read(text, "unsolicited")

    assert (reading.intent is Intent.STOP) == (intent is Intent.STOP)
    if disposition is not None:
        assert (reading.intent, reading.judgement.disposition) == (intent, disposition)


def test_a_complaint_that_no_word_list_knows_is_never_ok() -> None:
    assert read("none but my flurble hurts").judgement.disposition.rank > Disposition.OK.rank


def test_a_known_pregnancy_raises_a_severe_headache() -> None:
    text = "severe headache"

    assert read(text).judgement.disposition == Disposition.URGENT
    assert read(text, known=KnownFacts(pregnant=True)).judgement.disposition == Disposition.EMERGENCY


def test_known_epilepsy_makes_a_seizure_urgent_and_unknown_keeps_it_an_emergency() -> None:
    text = "I had a seizure this morning"

    assert read(text).judgement.disposition == Disposition.EMERGENCY
    assert read(text, known=KnownFacts(epilepsy=True)).judgement.disposition == Disposition.URGENT


def test_a_fall_on_a_blood_thinner_is_an_emergency() -> None:
    text = "I fell in the kitchen, nothing broken"

    assert read(text).judgement.disposition == Disposition.CALLBACK
    thinner = KnownFacts(medicines=frozenset({"blood_thinner"}))
    assert read(text, known=thinner).judgement.disposition == Disposition.EMERGENCY


def test_the_same_words_mean_more_the_later_they_come() -> None:
    assert read("feeling floaty and unreal", hours=3).judgement.disposition == Disposition.OK
    assert read("feeling floaty and unreal", hours=60).judgement.disposition == Disposition.CALLBACK


def test_every_finding_names_its_words_and_every_denial_its_cue() -> None:
    text = "No spasms. My head 🤕 is pounding, 7"

    found = {finding.symptom: finding for finding in read(text).findings}

    assert [text[e.start : e.end] for e in found["spasm"].evidence] == ["spasms"]
    assert found["spasm"].cue == "no: no"
    assert found["headache"].cue is None
    assert len(read(text).version) == 12


def test_a_reply_longer_than_is_read_word_by_word_goes_to_a_person() -> None:
    assert read("no " * 2000).judgement.disposition.rank >= Disposition.CALLBACK.rank


def test_with_nobody_on_call_an_urgent_reply_becomes_an_emergency() -> None:
    text = "headache 8"

    assert read(text).judgement.disposition == Disposition.URGENT
    assert (
        read(text, known=KnownFacts(clinician_on_call=False)).judgement.disposition == Disposition.EMERGENCY
    )


@pytest.mark.parametrize(
    ("text", "symptom", "severity"),
    [
        ("headache 5 day 3", "headache", 5),
        ("head a 2, rest 0", "headache", 2),
        ("spasms a 6 and she is a tough one", "spasm", 6),
    ],
)
def test_a_number_is_the_score_of_what_it_stands_beside(text: str, symptom: str, severity: int) -> None:
    assert {finding.symptom: finding.severity for finding in read(text).findings}[symptom] == severity


@pytest.mark.parametrize(
    ("text", "disposition"),
    [
        ("top number 195 and the lower one 115", Disposition.URGENT),
        ("vomit looks like coffee grounds since this morning", Disposition.EMERGENCY),
        ("my son has a fever of 102, I'm fine", Disposition.OK),
        ("Yes. Sorry, no! Misread. None", Disposition.OK),
        ("one: no. two: no. three: yes", Disposition.CALLBACK),
        ("0,0,0", Disposition.OK),
        ("none. is it ok to have a glass of wine tonight?", Disposition.CALLBACK),
        ("1 9 2 0 3 0", Disposition.URGENT),
        ("1 0 2 0 3 0", Disposition.OK),
    ],
)
def test_a_reply_reaches_whom_it_needs(text: str, disposition: Disposition) -> None:
    assert read(text).judgement.disposition is disposition


@pytest.mark.parametrize(
    ("text", "disposition"),
    [
        ("grandpa won't wake up… otherwise I feel good", Disposition.EMERGENCY),
        ("I feel good otherwise. my husband had a seizure", Disposition.EMERGENCY),
        ("mi mamá no despierta. fuera de eso me siento bien", Disposition.EMERGENCY),
        ("my husband fainted in the kitchen. I'm fine", Disposition.CALLBACK),
        ("I'm ok but my mom can't move her legs", Disposition.CALLBACK),
        ("my son has a fever of 102, I'm fine", Disposition.OK),
        ("slept well. my mom can't move her legs", Disposition.URGENT),
        ("mom is in the hospital with a stroke. I'm fine", Disposition.OK),
    ],
)
def test_a_relatives_red_flag_reaches_a_person_where_a_carer_may_have_written_it(
    text: str, disposition: Disposition
) -> None:
    assert read(text).judgement.disposition is disposition


@pytest.mark.parametrize(
    ("text", "asked", "disposition"),
    [
        ("its unbearable. nothing else to report", "severity:headache", Disposition.URGENT),
        ("only threw up. no worries tho", "redflag:headache", Disposition.URGENT),
        ("sorry to bother you but Y", "redflag:urinary", Disposition.URGENT),
        ("sorry to bother you but yes whole body", "redflag:spasm", Disposition.URGENT),
        ("my head hurts, 9 🙏", "opening", Disposition.URGENT),
        ("I feel good otherwise. um YES i have that", "redflag:spasm", Disposition.URGENT),
        ("bladder is fine. it's gone up to 7", "severity:headache", Disposition.URGENT),
        ("its unbearable. otherwise no complaints", "severity:headache", Disposition.URGENT),
    ],
)
def test_courtesy_around_an_alarm_takes_nothing_from_it(
    text: str, asked: str, disposition: Disposition
) -> None:
    assert read(text, asked).judgement.disposition is disposition
