"""The project runs anywhere: no file names a folder of the machine it was written on, or a package index."""

import re

from source_code import ROOT, text_files

_OF_ONE_MACHINE = re.compile(r"(?<![\w.*}-])/(work|tmp|root|home|opt)/\w")
_OF_ONE_INDEX = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.org|deb\.debian\.org")
_PINNED = re.compile(r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[^ ]+( ; .+)? \\")


def test_no_file_names_a_folder_of_one_machine() -> None:
    naming = [
        f"{file.name}: {match.group()}"
        for file in text_files()
        for match in _OF_ONE_MACHINE.finditer(file.text)
    ]

    assert naming == []


def test_no_file_names_a_package_index() -> None:
    files = [file for file in text_files() if not file.name.endswith("test_nothing_of_this_machine.py")]

    assert [file.name for file in files if _OF_ONE_INDEX.search(file.text)] == []


def test_requirements_are_pinned_and_hashed_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]

        assert [line for line in lines if "://" in line or line.startswith("-")] == []
        assert [line for line in pins if not _PINNED.fullmatch(line)] == []
        assert len(pins) > 20


def test_the_tests_run_on_the_versions_that_are_deployed() -> None:
    deployed, tested = (_versions(name) for name in ("requirements.txt", "requirements-dev.txt"))

    assert deployed.items() <= tested.items()


def _versions(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if re.match(r"[a-z0-9]", line))
