"""Reading YAML: plain words stay words, and every mistake is shown where it stands."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from service.library.errors import LibraryError
from service.library.source import read_yaml, validated


def a_file(folder: Path, text: str) -> Path:
    path = folder / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(LibraryError) as caught:
        read_yaml(path)
    return [(problem.line, problem.field, problem.sentence) for problem in caught.value.problems]


def test_words_that_yaml_once_took_for_other_things_stay_words(tmp_path: Path) -> None:
    words = "[no, yes, on, off, 21:00, 0o7, 1_000, 2026-05-04, .5, n, y]"

    content = read_yaml(a_file(tmp_path, f"words: {words}")).content

    assert content == {"words": words.strip("[]").split(", ")}


def test_numbers_truth_and_nothing_are_what_they_look_like(tmp_path: Path) -> None:
    content = read_yaml(a_file(tmp_path, "[0, -7, 12, 1.5, true, false, null, ~]")).content

    assert content == [0, -7, 12, 1.5, True, False, None, None]


def test_every_field_knows_its_line(tmp_path: Path) -> None:
    source = read_yaml(a_file(tmp_path, "# a note\nsteps:\n  - key: a\n    after: 4 h\n  - key: b\n"))

    assert source.line(("steps",)) == 2
    assert source.line(("steps", 0, "after")) == 4
    assert source.line(("steps", 1, "after")) == 5
    assert source.line(("steps", 1, "missing")) == 5


def test_a_field_that_stands_twice_is_a_mistake(tmp_path: Path) -> None:
    path = a_file(tmp_path, "steps:\n  - key: a\n    window: 1 h\n    key: b\n")

    assert problems_of(path) == [(4, "steps[0].key", "stands here and on line 2; keep one.")]


def test_what_is_no_yaml_is_a_mistake_on_its_line(tmp_path: Path) -> None:
    [(line, field, sentence)] = problems_of(a_file(tmp_path, "key: a\nsteps: [1, 2\nother: b\n"))

    assert (line, field) == (3, "(file)")
    assert sentence.startswith("is no readable YAML: ")


@pytest.mark.parametrize("text", ["", "# only a note\n"])
def test_an_empty_file_is_a_mistake(tmp_path: Path, text: str) -> None:
    assert problems_of(a_file(tmp_path, text)) == [(1, "(file)", "is empty; fill it or remove it.")]


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    parts: tuple[int, ...]


def test_a_mistake_is_a_sentence_with_file_line_and_field(tmp_path: Path) -> None:
    path = a_file(tmp_path, "parts:\n  - 1\n  - two\ncolor: red\n")

    with pytest.raises(LibraryError) as caught:
        validated(read_yaml(path), Colour)

    assert str(caught.value) == (
        f"{path}:1: name is missing; add it.\n"
        f"{path}:3: parts[1] must be a whole number.\n"
        f"{path}:4: color is not a field known here; check its spelling or remove it."
    )


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (b"key: a\nother: \xff\n", 2, "is not in UTF-8; save it so."),
        (b"key: a\nother: \x00\n", 1, "holds signs that YAML does not allow; remove them."),
        (b"? [a, b]\n: c\n", 1, "is no readable YAML: found unhashable key."),
    ],
)
def test_signs_that_are_no_text_are_a_mistake(
    tmp_path: Path, content: bytes, line: int, sentence: str
) -> None:
    path = tmp_path / "some.yaml"
    path.write_bytes(content)

    assert problems_of(path) == [(line, "(file)", sentence)]


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none.yaml") == [
        (1, "(file)", "cannot be read: No such file or directory."),
    ]
