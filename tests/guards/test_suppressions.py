"""Every exception to a rule of the tools says why it is one, and no test is left out."""

import re

import pytest
from source_code import python_files

_REASON = r" +(#|--) *\w+ \w+.*"
_WITH_REASON = {
    "noqa": re.compile(rf"# noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*{_REASON}"),
    "type: ignore": re.compile(rf"# type: ignore\[[a-z, -]+\]{_REASON}"),
}
_LEFT_OUT = re.compile(r"\b(pytest\.|mark\.)(skip|skipif|xfail|importorskip)\b")


@pytest.mark.parametrize("suppression", _WITH_REASON)
def test_every_suppression_names_its_rule_and_its_reason(suppression: str) -> None:
    bare = [
        f"{file.name}:{line} {comment}"
        for file in python_files("service", "tests", "benchmarks")
        for line, comment in file.comments()
        if comment.startswith(f"# {suppression}") and not _WITH_REASON[suppression].fullmatch(comment)
    ]

    assert bare == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    files = [file for file in python_files("tests") if not file.name.endswith("test_suppressions.py")]

    assert [file.name for file in files if _LEFT_OUT.search(file.text)] == []
