"""All phrases of a lexicon as one graph: positions within phrases, and which word leads from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from service.core.reply.phrases import GAP_WIDTH, Choice, Gap, Item, Phrase, PhraseError, SetName, Word

_SHORTEST_STEM: Final = 3
# No stem of a lexicon is longer; a word without end is not looked through for one.
_LONGEST_STEM: Final = 40
# Where every phrase begins.
ROOT: Final = 0
NUMBER_SET: Final = "number"
FILLER_SET: Final = "filler"
BARRIER_SET: Final = "barrier"

# Where one symbol leads: from a position in the phrases to those that follow it.
Edges = dict[int, tuple[int, ...]]


class PhraseGraph:
    """Positions are numbers; a symbol is a word, a stem or a set that a phrase uses, and a word may be several.

    `ends` names the entries whose phrases end at a position, `finals` the positions from which none goes on,
    and `gaps` where any word leads that a gap may swallow.
    """

    def __init__(self, sets: Mapping[str, Sequence[Phrase]]) -> None:
        """Take the named sets of words; phrases are added with `add`."""
        self.ends: dict[int, tuple[int, ...]] = {}
        self.finals: frozenset[int] = frozenset()
        self.gaps: dict[int, tuple[int, ...]] = {}
        self.edges: list[Edges] = []
        self._sets = sets
        self._symbols: dict[str, int] = {}
        self._attached: dict[tuple[tuple[int, ...], int], tuple[int, ...]] = {}
        self._last_position = ROOT
        self._barriers: set[int] = set()
        self._members: dict[str, tuple[frozenset[Word], tuple[Phrase, ...]]] = {}
        # The symbols of each word as it is written, and of every word that begins so.
        self._of_words: dict[str, list[int]] = {}
        self._of_stems: dict[str, list[int]] = {}
        for name in (NUMBER_SET, FILLER_SET, BARRIER_SET, *sets):
            self._use_set(name)
        self._barriers.add(self._symbols["<" + BARRIER_SET])

    def add(self, phrase: Phrase, entry: int, *, ends_thoughts: bool) -> None:
        """Add one phrase of an entry; `ends_thoughts`: where it is a single word, no gap may swallow it."""
        ends = self._attach(phrase, (ROOT,))
        if ROOT in ends:
            raise PhraseError("a phrase needs at least one word that is not optional.")
        for position in ends:
            before = self.ends.get(position)
            self.ends[position] = tuple(sorted({entry, *before})) if before else (entry,)
        if ends_thoughts and len(phrase) == 1 and isinstance(phrase[0], Word | SetName):
            self._barriers.add(self._symbol_of(phrase[0]))

    def _attach(self, items: Sequence[Item], sources: tuple[int, ...]) -> tuple[int, ...]:
        for item in items:
            if isinstance(item, Gap):
                sources = self._attach_gap(sources)
            elif isinstance(item, Choice):
                sources = self._attach_choice(item, sources)
            else:
                step = (sources, self._symbol_of(item))
                # Phrases that begin alike share their positions: a prefix tree.
                if step not in self._attached:
                    into = self._new_position()
                    self._attached[step] = into + self._lead_over(item, sources, into)
                sources = self._attached[step]
        return sources

    def _attach_choice(self, choice: Choice, sources: tuple[int, ...]) -> tuple[int, ...]:
        into = self._new_position()
        ends = sources if choice.optional else ()
        for option in choice.options:
            ends += self._lead_along(option, sources, into)
        return tuple(dict.fromkeys(into + ends)) if ends else into

    def _lead_along(self, items: Phrase, sources: tuple[int, ...], into: tuple[int, ...]) -> tuple[int, ...]:
        """Lead a row of items into a position; return the ends that it has besides."""
        last = items[-1]
        if isinstance(last, Gap | Choice):
            return self._attach(items, sources)
        return self._lead_over(last, self._attach(items[:-1], sources), into)

    def _lead_over(
        self, item: Word | SetName, sources: tuple[int, ...], into: tuple[int, ...]
    ) -> tuple[int, ...]:
        """Lead a word, or any member of a set, into a position; return the ends that it has besides."""
        self._lead(self._symbol_of(item), sources, into)
        ends: tuple[int, ...] = ()
        if isinstance(item, SetName):
            for sequence in self._use_set(item.name)[1]:
                ends += self._lead_along(sequence, sources, into)
        return ends

    def _attach_gap(self, sources: tuple[int, ...]) -> tuple[int, ...]:
        reached = sources
        for _ in range(GAP_WIDTH):
            position = self._new_position()
            for source in sources:
                self.gaps[source] = self.gaps.get(source, ()) + position
            sources = position
            reached += position
        return reached

    def _lead(self, symbol: int, sources: tuple[int, ...], into: tuple[int, ...]) -> None:
        edges = self.edges[symbol]
        for source in sources:
            edges[source] = edges[source] + into if source in edges else into

    def _new_position(self) -> tuple[int, ...]:
        """Return a position by itself: one value for all that lead there, since most lead nowhere else."""
        self._last_position += 1
        return (self._last_position,)

    def seal(self) -> None:
        """Forget what only building needs; no phrase can be added afterwards."""
        self._attached.clear()
        going_on = set(self.gaps).union(*self.edges)
        self.finals = frozenset(self.ends.keys() - going_on)

    def _symbol_of(self, item: Word | SetName) -> int:
        if isinstance(item, SetName):
            self._use_set(item.name)
            return self._symbols["<" + item.name]
        key = item.text + "*" if item.stem else item.text
        symbol = self._symbols.get(key)
        if symbol is None:
            symbol = self._symbols[key] = self._new_symbol()
            (self._of_stems if item.stem else self._of_words).setdefault(item.text, []).append(symbol)
        return symbol

    def _new_symbol(self) -> int:
        self.edges.append({})
        return len(self.edges) - 1

    def _use_set(self, name: str) -> tuple[frozenset[Word], tuple[Phrase, ...]]:
        if name not in self._members:
            if name not in self._sets and name not in (NUMBER_SET, FILLER_SET, BARRIER_SET):
                raise PhraseError(f"there is no set <{name}>.")
            self._members[name] = (frozenset(), ())
            singles, sequences = self._flatten(self._sets.get(name, ()))
            self._members[name] = (singles, sequences)
            symbol = self._symbols["<" + name] = self._new_symbol()
            for word in singles:
                (self._of_stems if word.stem else self._of_words).setdefault(word.text, []).append(symbol)
        return self._members[name]

    def _flatten(self, members: Iterable[Phrase]) -> tuple[frozenset[Word], tuple[Phrase, ...]]:
        singles: set[Word] = set()
        sequences: list[Phrase] = []
        for member in members:
            if len(member) == 1 and isinstance(member[0], Word):
                singles.add(member[0])
            elif len(member) == 1 and isinstance(member[0], SetName):
                inner_singles, inner_sequences = self._use_set(member[0].name)
                singles |= inner_singles
                sequences += inner_sequences
            else:
                sequences.append(member)
        return frozenset(singles), tuple(sequences)

    def vocabulary(self) -> frozenset[str]:
        """Return every whole word and stem that some phrase or set uses."""
        return frozenset(self._of_words.keys() | self._of_stems.keys())

    def members(self, name: str) -> frozenset[str]:
        """Return the single words of a set; empty where there is no such set."""
        return frozenset(word.text for word in self._members.get(name, (frozenset(), ()))[0])

    def symbols_of(self, word: str) -> frozenset[int]:
        """Return everything that a word is to the phrases."""
        symbols = set(self._of_words.get(word, ()))
        # An ending is short or no longer than its stem: "headddache" is no ending of "head".
        shortest = max(_SHORTEST_STEM, min(len(word) - _SHORTEST_STEM, (len(word) + 1) // 2))
        for length in range(shortest, min(len(word), _LONGEST_STEM) + 1):
            symbols.update(self._of_stems.get(word[:length], ()))
        if word[0].isdigit():
            symbols.add(self._symbols["<" + NUMBER_SET])
        return frozenset(symbols)

    def ends_thoughts(self, symbols: frozenset[int]) -> bool:
        """Return whether no gap may swallow a word of these symbols."""
        return not symbols.isdisjoint(self._barriers)

    def is_filler(self, symbols: frozenset[int]) -> bool:
        """Return whether a word of these symbols may stand anywhere within a phrase."""
        return self._symbols["<" + FILLER_SET] in symbols
