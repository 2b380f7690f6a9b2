"""The code stays small: one idea a file, said in its first line, and functions that fit on a screen."""

import ast

from source_code import python_files

_LINES_OF_A_FILE = 300
_LINES_OF_A_FUNCTION = 50
# A migration is a list of columns, as long as what it moves, and is never edited again.
_LISTS = "service/store/migrations/versions/"
_JUNK_DRAWERS = ("utils", "util", "helpers", "helper", "common", "misc", "manager", "data", "info")


def test_no_file_is_longer_than_300_lines() -> None:
    files = [
        file for file in python_files("service", "tests", "benchmarks") if not file.name.startswith(_LISTS)
    ]
    lengths = {file.name: len(file.text.splitlines()) for file in files}

    assert {name: lines for name, lines in lengths.items() if lines > _LINES_OF_A_FILE} == {}


def test_every_file_says_its_idea_in_its_first_lines() -> None:
    files = [file for file in python_files("service") if file.text.strip()]

    assert [file.name for file in files if not ast.get_docstring(file.tree)] == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{file.name}:{node.lineno} {node.name}"
        for file in python_files("service")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.FunctionDef) and _lines(node) > _LINES_OF_A_FUNCTION
        if not file.name.startswith(_LISTS)
    ]

    assert long == []


def test_no_file_is_a_junk_drawer() -> None:
    stems = {file.name: file.name.rsplit("/", 1)[-1].removesuffix(".py") for file in python_files("service")}

    assert [name for name, stem in stems.items() if stem in _JUNK_DRAWERS] == []


def _lines(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
