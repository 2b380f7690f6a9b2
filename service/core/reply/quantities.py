"""Read the numbers of a reply: scores out of ten, and everything else that is a number but no score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.core.findings import Measure
from service.core.reply.layout import IN_IDIOM, IN_PHRASE, Layout
from service.core.reply.lexicon import Cue, Group, Lexicon

_TOP: Final = 10
_ORDINAL: Final = "#"
# A feature of phrases that end with their number out of ten ("head is a 5").
_SCORED: Final = "scored"
_PLAUSIBLE_PRESSURE: Final = (50.0, 300.0, 25.0, 200.0)
_FAHRENHEIT: Final = (94.0, 109.0)
_CELSIUS: Final = (34.0, 43.0)
_LONGEST_LEAD: Final = 3
_HOURS_A_DAY: Final = 24
# How many words from a number its name may stand ("185 110 on the cuff").
_NEAR: Final = 6
_FARTHEST_BOTTOM: Final = 7
_FRESH_MARKS: Final = frozenset(".):-")
# A score may follow these ("1. 9"); after a dash it would be a range.
_SCORE_MARKS: Final = frozenset(".)")
_ITEMS: Final = (1, 2, 3)
_ANSWERS: Final = frozenset({Cue.YES, Cue.NO, Cue.NONE})


@dataclass(slots=True)
class Score:
    """A number out of ten at the words [start, end); `past` where the words say that it was so before."""

    start: int
    end: int
    value: int
    past: bool
    certain: bool
    sentence: int


@dataclass(slots=True)
class Quantities:
    """All numbers of one text."""

    scores: list[Score]
    measures: list[Measure]
    items: list[tuple[int, int]]
    placed: list[tuple[str, int, int]]


def find_quantities(layout: Layout, lexicon: Lexicon) -> Quantities:
    """Return the scores, the measures (pressure in mmHg, temperature in °F, counts, days) and the list numbers."""
    if lexicon.numbers.keys().isdisjoint(layout.words) and not any(map(_begins_with_digit, layout.words)):
        return Quantities([], [], [], [])
    return _Reader(layout, lexicon).read()


def _begins_with_digit(word: str) -> bool:
    return word[0].isdigit()


class _Reader:
    def __init__(self, layout: Layout, lexicon: Lexicon) -> None:
        self.layout = layout
        self.words = layout.words
        self.groups = layout.groups
        self.named = lexicon.numbers
        self.items: frozenset[int] | None = None
        self.scored = {mention.end - 1 for mention in layout.mentions if _SCORED in mention.features}
        self.found = Quantities([], [], [], [])

    def read(self) -> Quantities:
        place = 0
        words = self.words
        while place < len(words):
            word = words[place]
            if word[0].isdigit() or word in self.named:
                place = self._number(place)
            else:
                place += 1
        return self.found

    def _value(self, place: int) -> float | None:
        if not 0 <= place < len(self.words):
            return None
        word = self.words[place]
        if word in self.named:
            return self.named[word]
        if not word[0].isdigit() or not word.isascii() or len(word) > 9:
            return None
        try:
            return float(word.replace(",", "."))
        except ValueError:
            return None

    def _is(self, place: int, group: Group) -> bool:
        return 0 <= place < len(self.words) and self.words[place] in self.groups[group]

    def _number(self, place: int) -> int:
        value = self._value(place)
        if value is None:
            return place + 1
        for reading in (
            self._pressure,
            self._out_of,
            self._range,
            self._clock,
            self._temperature,
            self._with_unit,
        ):
            end = reading(place, value)
            if end:
                return end
        return self._plain(place, value)

    # --- one way to read a number each; 0 where it is not that -----------------------------------

    def _pressure(self, place: int, value: float) -> int:
        low_top, high_top, low_bottom, high_bottom = _PLAUSIBLE_PRESSURE
        if not low_top <= value <= high_top:
            return 0
        joined = place + 1 < len(self.words) and (
            self.words[place + 1] in "/-" or self._is(place + 1, Group.OVER_WORD)
        )
        second = place + 2 if joined else self._next_number(place)
        bottom = self._value(second)
        if bottom is None or not low_bottom <= bottom <= high_bottom or bottom >= value:
            return 0
        if not joined and not self._near(place, Group.PRESSURE_WORD):
            return 0
        if self._is(second + 1, Group.DURATION_UNIT):
            return 0
        self._measure("systolic", value)
        self._measure("diastolic", bottom)
        self.found.placed.append(("systolic", place, second + 1))
        return second + 1

    def _next_number(self, place: int) -> int:
        """Return where the lower pressure stands: right behind, or behind words that name it ("and the bottom 48")."""
        following = range(place + 1, min(place + _FARTHEST_BOTTOM, len(self.words)))
        second = next((other for other in following if (self._value(other) or 0) > _TOP), place + 1)
        named = any(self._is(between, Group.BOTTOM_WORD) for between in range(place + 1, second))
        return second if named else place + 1

    def _out_of(self, place: int, value: float) -> int:
        joined = place + 1
        if not (
            joined < len(self.words) and (self.words[joined] == "/" or self._is(joined, Group.OUT_OF_WORD))
        ):
            return 0
        joined += 1
        while self._is(joined, Group.OUT_OF_WORD):
            joined += 1
        top = self._value(joined)
        if top not in (5.0, 10.0, 100.0) or self.layout.covered[place] == IN_IDIOM:
            return 0
        self._score(place, joined + 1, min(value * _TOP / top, _TOP), certain=True)
        return joined + 1

    def _range(self, place: int, value: float) -> int:
        if not self._is(place + 1, Group.RANGE_WORD) and not (
            place + 1 < len(self.words) and self.words[place + 1] == "-"
        ):
            return 0
        other = self._value(place + 2)
        if other is None or other > _TOP or value > _TOP or not self._may_end(place + 3):
            return 0
        moves = self._is(place - 1, Group.PAST_LEAD)
        end = place + 3
        if self._out_of(place + 2, other):
            self.found.scores.pop()
            end = place + 5
        self._score(place, end, other if moves else max(value, other), certain=True)
        return end

    def _may_end(self, place: int) -> bool:
        return not self._is(place, Group.DURATION_UNIT) and not self._is(place, Group.COUNT_UNIT)

    def _clock(self, place: int, value: float) -> int:
        words = self.words
        if self._is(place + 1, Group.CLOCK_WORD):
            return place + 2
        if self._is(place - 1, Group.DAY_WORD) and value == int(value):
            return place + 1
        if self._is(place - 1, Group.CLOCK_LEAD) and self._is(place + 1, Group.CLOCK_FOLLOW):
            return place + 1
        minutes = place + 2 < len(words) and words[place + 1] == ":" and len(words[place + 2]) == 2
        if minutes and words[place + 2].isdigit() and words[place].isdigit():
            return place + 3
        return 0

    def _temperature(self, place: int, value: float) -> int:
        fahrenheit = _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]
        celsius = _CELSIUS[0] <= value <= _CELSIUS[1]
        if not fahrenheit and not celsius:
            return 0
        unit = self._is(place + 1, Group.DEGREE_WORD)
        exact = value != int(value) or "." in self.words[place]
        if not (unit or exact or self._near(place, Group.TEMPERATURE_WORD)):
            return 0
        if not unit and not self._may_end(place + 1):
            return 0
        self._measure("temperature", value if fahrenheit else value * 9 / 5 + 32)
        self.found.placed.append(("temperature", place, place + 1))
        return place + 2 if unit else place + 1

    def _with_unit(self, place: int, value: float) -> int:
        unit = place + 1
        if (
            unit < len(self.words)
            and self.words[unit] in "+-x"
            and (self._is(unit + 1, Group.DURATION_UNIT) or self._is(unit + 1, Group.COUNT_UNIT))
        ):
            unit += 1
        if self._is(unit, Group.COUNT_UNIT):
            self._measure("times", value)
            return unit + 1
        # In "headache 5 day 3" the day has a number of its own.
        is_counted = self._is(unit, Group.DAY_WORD) and value != 1 and self._value(unit + 1) is not None
        return unit + 1 if self._is(unit, Group.DURATION_UNIT) and not is_counted else 0

    def _plain(self, place: int, value: float) -> int:
        if self._is_item_number(place):
            self.found.items.append((place, int(value)))
            return place + 1
        if self._near(place, Group.PULSE_WORD) and 30 <= value <= 250:
            self._measure("pulse", value)
            return place + 1
        if place in self.scored:
            self._score(place, place + 1, min(value, _TOP), certain=True)
            return place + 1
        is_pronoun = value == 1 and place > 0 and self.words[place].isalpha()
        if is_pronoun and not self._is(place - 1, Group.SCORE_LEAD):
            return place + 1
        if self.layout.covered[place] >= IN_PHRASE or (place and self.words[place - 1] == _ORDINAL):
            return place + 1
        if value <= _TOP:
            certain = self._is_led(place) or self._is_followed(place)
            self._score(place, place + 1, value, certain=certain)
        elif (
            value in (11.0, 12.0, 15.0, 20.0, 100.0, 1000.0)
            and (self._is_led(place) or len(self.words) == 1)
            and self._is_followed(place)
        ):
            self._score(place, place + 1, _TOP, certain=False)
        return place + 1

    # --- what stands around a number -------------------------------------------------------------

    def _is_item_number(self, place: int) -> bool:
        if self._value(place) not in _ITEMS or place + 1 >= len(self.words):
            return False
        if self.items is None:
            self.items = self._list_items()
        return place in self.items

    def _list_items(self) -> frozenset[int]:
        """Return where a list's numbers stand, each before a mark, an answer or, in "1 9 2 0 3 0", its score."""
        words = self.words
        answered = {signal.start for signal in self.layout.signals if signal.cue in _ANSWERS}
        numbers = [self._value(place) for place, word in enumerate(words) if word[0].isalnum()]
        bare = len(numbers) == 2 * len(_ITEMS) and tuple(numbers[::2]) == _ITEMS and None not in numbers
        places: list[int] = []
        for place in range(len(words) - 1):
            is_item = len(places) < len(_ITEMS) and self._value(place) == _ITEMS[len(places)]
            if is_item and (bare or self._is_marked(place) or place + 1 in answered):
                places.append(place)
        return frozenset(places) if len(places) > 1 else frozenset()

    def _is_marked(self, place: int) -> bool:
        """Return whether a mark stands behind the number, and behind the mark what the list says of it."""
        words = self.words
        if place + 2 >= len(words) or words[place + 1] not in _FRESH_MARKS:
            return False
        said = words[place + 2][0]
        return said.isalpha() or (said.isdigit() and words[place + 1] in _SCORE_MARKS)

    def _is_led(self, place: int) -> bool:
        return any(self._is(place - back, Group.SCORE_LEAD) for back in range(1, _LONGEST_LEAD))

    def _is_followed(self, place: int) -> bool:
        following = place + 1
        if following >= len(self.words):
            return True
        word = self.words[following]
        return not word[0].isalnum() or word in self.groups[Group.SCORE_FOLLOW]

    def _near(self, place: int, group: Group) -> bool:
        members = self.groups[group]
        return any(word in members for word in self.words[max(0, place - _NEAR) : place + _NEAR])

    def _score(self, start: int, end: int, value: float, *, certain: bool) -> None:
        past = any(self._is(start - back, Group.PAST_LEAD) for back in range(1, _LONGEST_LEAD))
        whole = min(_TOP, max(0, int(value + 0.5)))
        self.found.scores.append(Score(start, end, whole, past, certain, self.layout.sentences[start]))

    def _measure(self, name: str, value: float) -> None:
        self.found.measures.append(Measure(name, value))
