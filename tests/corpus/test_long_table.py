"""Each row of the long table of symptoms that a patient can put into words is reached by a reply."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from service.core.interpretation import TriageGuide, interpret
from service.core.words import Asked, Disposition, Language
from service.library.triage import load_triage


class Row(NamedTuple):
    """A row's reply, and the least disposition that it must reach."""

    row: str
    hours: float
    least: Disposition
    text: str


def rows() -> list[Row]:
    lines = Path("tests/corpus/long_table.txt").read_text("utf-8").splitlines()
    parts = [[part.strip() for part in line.split("|")] for line in lines if not line.startswith("#")]
    return [Row(row, float(hours), Disposition(least), text) for row, hours, least, text in parts]


@pytest.fixture(scope="module")
def guide() -> TriageGuide:
    return load_triage(Path("schedules"))


def test_every_row_of_the_long_table_is_reached(guide: TriageGuide) -> None:
    asked = Asked.parse("unsolicited")
    too_low = {
        row.row: (row.text, str(reached))
        for row in rows()
        if (
            reached := interpret(row.text, asked, row.hours, Language.ENGLISH, guide).judgement.disposition
        ).rank
        < row.least.rank
    }

    assert too_low == {}
