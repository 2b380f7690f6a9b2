"""How many parts a text takes, at the borders of both alphabets."""

import pytest

from service.library.segments import Encoding, foreign_characters, segments

GSM7, UCS2 = Encoding.GSM7, Encoding.UCS2


@pytest.mark.parametrize(
    ("text", "parts", "encoding"),
    [
        ("", 1, GSM7),
        ("a" * 160, 1, GSM7),
        ("a" * 161, 2, GSM7),
        ("a" * 306, 2, GSM7),
        ("a" * 307, 3, GSM7),
        ("¿ñéüàÑ¡?" * 20, 1, GSM7),
        ("a" * 159 + "€", 2, GSM7),  # the euro sign takes two places
        ("a" * 158 + "€", 1, GSM7),
        ("á" * 70, 1, UCS2),
        ("á" + "a" * 70, 2, UCS2),
        ("á" + "a" * 133, 2, UCS2),
        ("á" + "a" * 134, 3, UCS2),
        ("😀" * 35, 1, UCS2),  # outside the first plane: two places each
        ("😀" * 36, 2, UCS2),
        ("it’s", 1, UCS2),  # a curly quote costs the whole alphabet
        ("`", 1, UCS2),
        ("\xa0", 1, UCS2),
    ],
)
def test_parts_and_alphabet(text: str, parts: int, encoding: Encoding) -> None:
    assert segments(text) == (parts, encoding)


def test_the_signs_that_do_not_fit_are_named_once_each() -> None:
    assert foreign_characters("más y más: ¿qué está aquí?") == "áí"
