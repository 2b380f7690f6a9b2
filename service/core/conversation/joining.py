"""Two texts that are one answer: what the first left open is read together with the second."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from service.core.findings import Evidence, Finding, Interpretation

# A phone splits a long text, and a thumb sends too early, within this.
JOIN_WITHIN: Final = timedelta(minutes=3)
_NUMBER: Final = re.compile(r"\W*\d{1,2}\W*")


def is_number(words: str) -> bool:
    """Return whether the text is a bare number, which may be how bad something is that was not named yet."""
    return _NUMBER.fullmatch(words) is not None


def joined(first: str, second: str) -> str:
    """Return the two texts as one."""
    return f"{first.rstrip()} {second}"


def of_second(interpretation: Interpretation, first: str) -> Interpretation:
    """Return a reading of the joined texts with its evidence where it stands in the second; the first's is left out."""
    offset = len(first.rstrip()) + 1
    return replace(
        interpretation, findings=tuple(_shifted(finding, offset) for finding in interpretation.findings)
    )


def _shifted(finding: Finding, offset: int) -> Finding:
    kept = tuple(
        Evidence(words.start - offset, words.end - offset, words.text)
        for words in finding.evidence
        if words.start >= offset
    )
    return replace(finding, evidence=kept)
