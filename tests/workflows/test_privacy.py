"""Law 6: a canary patient's name, number and words are in no column that can be read, and in no line of the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import a_patient, an_infusion
from main_path import Clinic

from service.core.words import Disposition
from service.store import patients
from service.workflows import read_patient

NAME = "Quillon Canary"
PHONE = "+12025550179"
WORDS = "zebrawood in my legs, locked up, cant move, a 9"
CANARIES = ("Quillon", "Canary", "2025550179", "555-0179", "zebrawood")


def a_whole_story(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = a_patient(clinic.deps, name=NAME, phone=PHONE)
    an_infusion(clinic.deps, canary)
    clinic.move(hours=4, minutes=1)
    clinic.hears(WORDS, sender=PHONE)
    clinic.move(minutes=6)
    with monkeypatch.context() as broken:
        broken.setattr(
            read_patient, "interpret", lambda *_: (_ for _ in ()).throw(ValueError(f"{NAME}: {WORDS}"))
        )
        clinic.hears(f"again {WORDS}", sender=PHONE)


def test_no_line_of_the_log_holds_a_patients_name_number_or_words(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_whole_story(clinic, monkeypatch)

    said = capsys.readouterr()
    assert '"inbox.unreadable"' in said.out, "the story did reach the log"
    assert [canary for canary in CANARIES if canary in said.out + said.err] == []


def test_the_database_file_holds_nothing_of_a_patient_that_can_be_read(
    sqlite_clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_whole_story(sqlite_clinic, monkeypatch)

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("dripline.db*"))
    assert [canary for canary in CANARIES if canary.encode() in kept] == []
    with sqlite_clinic.store.reading() as session:
        (found,) = patients.patients_on(session, PHONE)
        assert (found.name, found.phone) == (NAME, PHONE)


def test_a_page_and_its_code_say_nothing_of_the_patient(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_whole_story(clinic, monkeypatch)

    pages = " ".join(clinic.texts_to("+12025550111"))
    assert Disposition.URGENT.upper() in pages
    assert [canary for canary in (*CANARIES, "legs", "spasm", "locked") if canary in pages] == []
