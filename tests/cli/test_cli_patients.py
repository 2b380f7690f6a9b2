"""Enrolling and registering from a terminal: what is wrong is said in a sentence, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builders import settings_of_a_deployment
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from service.cli import main

Dripline = Callable[..., Result]


@pytest.fixture
def dripline(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Dripline:
    settings = settings_of_a_deployment(database_url)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture
def set_up(dripline: Dripline) -> Dripline:
    done = dripline(
        *(
            "clinic",
            "set",
            "--name",
            "Willow Clinic",
            "--phone",
            "(202) 555-0199",
            "--zone",
            "America/Chicago",
        )
    )
    assert done.exit_code == 0, done.output
    return dripline


def test_a_patient_is_enrolled_and_an_infusion_registered(set_up: Dripline) -> None:
    enrolled = set_up("patient", "enrol", "--name", "Ana Example", "--phone", "(202) 555-0121", "--consent")
    registered = set_up("infusion", "register", "--patient", "1")

    assert enrolled.output == "Enrolled as patient 1.\n"
    assert registered.output == "Registered as infusion 1; its check-ins are planned.\n"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"--phone": "12345"},
            "12345 is not a phone number. Write it with its area code, such as (202) 555-0123.",
        ),
        ({"--name": "  "}, "The name is empty. Write the patient's name."),
        ({"--zone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone. Write one such as America/Chicago."),
    ],
)
def test_what_is_wrong_with_an_enrolment_is_said(
    set_up: Dripline, changes: dict[str, str], sentence: str
) -> None:
    fields = {"--name": "Ana Example", "--phone": "(202) 555-0121"} | changes

    refused = set_up("patient", "enrol", "--consent", *[word for field in fields.items() for word in field])

    assert (refused.exit_code, refused.output) == (1, f"Error: {sentence}\n")


def test_nobody_is_enrolled_without_having_agreed(set_up: Dripline) -> None:
    refused = set_up("patient", "enrol", "--name", "Ana Example", "--phone", "(202) 555-0121")

    assert refused.exit_code == 1
    assert "has not agreed" in refused.output


def test_the_same_patient_is_enrolled_once(set_up: Dripline) -> None:
    words = ("patient", "enrol", "--name", "Ana Example", "--phone", "(202) 555-0121", "--consent")
    set_up(*words)

    again = set_up(*words)

    assert (again.exit_code, again.output) == (
        1,
        "Error: A patient with this name and number is enrolled already.\n",
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--patient", "9"), "There is no patient 9. Enrol the patient first."),
        (
            ("--patient", "1", "--ended", "yesterday"),
            "'yesterday' is no time. Write one such as 2026-03-07T15:00.",
        ),
        (("--patient", "1", "--protocol", "nothing"), "There is no protocol 'nothing'."),
        (("--patient", "1", "--ended", "2020-01-01T10:00"), "more than 60 days from now"),
    ],
)
def test_what_is_wrong_with_an_infusion_is_said(
    set_up: Dripline, words: tuple[str, ...], sentence: str
) -> None:
    set_up("patient", "enrol", "--name", "Ana Example", "--phone", "(202) 555-0121", "--consent")

    refused = set_up("infusion", "register", *words)

    assert refused.exit_code == 1
    assert sentence in refused.output


def test_fresh_keys_are_usable_ones(dripline: Dripline) -> None:
    printed = dict(line.split("=", 1) for line in dripline("keys", "new").output.splitlines())

    assert set(printed) == {"ENCRYPTION_KEYS", "LOOKUP_KEY"}
    assert (
        Fernet(printed["ENCRYPTION_KEYS"]).decrypt(Fernet(printed["ENCRYPTION_KEYS"]).encrypt(b"x")) == b"x"
    )
    assert len(printed["LOOKUP_KEY"]) >= 32
