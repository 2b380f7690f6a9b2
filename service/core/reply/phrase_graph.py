"""All phrases of a lexicon as one graph: positions within phrases, and which word leads from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from service.core.reply.phrases import GAP_WIDTH, Choice, Gap, Item, Phrase, PhraseError, SetName, Word

_SHORTEST_STEM: Final = 3
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
        self._stems: dict[str, int] = {}
        self._attached: dict[tuple[tuple[int, ...], Item], tuple[int, ...]] = {}
        self._last_position = ROOT
        self._barriers: set[int] = set()
        self._members: dict[str, tuple[frozenset[Word], tuple[Phrase, ...]]] = {}
        self._word_sets: dict[str, list[int]] = {}
        self._stem_sets: dict[str, list[int]] = {}
        for name in (NUMBER_SET, FILLER_SET, BARRIER_SET, *sets):
            self._use_set(name)
        self._barriers.add(self._symbols["<" + BARRIER_SET])

    def add(self, phrase: Phrase, entry: int, *, ends_thoughts: bool) -> None:
        """Add one phrase of an entry; `ends_thoughts`: where it is a single word, no gap may swallow it."""
        ends = self._attach(phrase, (ROOT,))
        if ROOT in ends:
            raise PhraseError("a phrase needs at least one word that is not optional.")
        for position in ends:
            self.ends[position] = tuple(sorted({entry, *self.ends.get(position, ())}))
        if ends_thoughts and len(phrase) == 1 and isinstance(phrase[0], Word | SetName):
            item = phrase[0]
            self._barriers.add(
                self._symbol_of(item) if isinstance(item, Word) else self._symbols["<" + item.name]
            )

    def _attach(self, items: Sequence[Item], sources: tuple[int, ...]) -> tuple[int, ...]:
        for item in items:
            step = (sources, item)
            # Phrases that begin alike share their positions: a prefix tree.
            if step not in self._attached:
                self._attached[step] = self._attach_one(item, sources)
            sources = self._attached[step]
        return sources

    def _attach_one(self, item: Item, sources: tuple[int, ...]) -> tuple[int, ...]:
        if isinstance(item, Gap):
            return self._attach_gap(sources)
        into = self._new_position()
        if isinstance(item, Choice):
            ends = sources if item.optional else ()
            for option in item.options:
                ends += self._lead_along(option, sources, into)
        else:
            ends = self._lead_over(item, sources, into)
        return tuple(dict.fromkeys((into, *ends)))

    def _lead_along(self, items: Phrase, sources: tuple[int, ...], into: int) -> tuple[int, ...]:
        """Lead a row of items into a position; return the ends that it has besides."""
        last = items[-1]
        if isinstance(last, Gap | Choice):
            return self._attach(items, sources)
        return self._lead_over(last, self._attach(items[:-1], sources), into)

    def _lead_over(self, item: Word | SetName, sources: tuple[int, ...], into: int) -> tuple[int, ...]:
        """Lead a word, or any member of a set, into a position; return the ends that it has besides."""
        if isinstance(item, Word):
            self._lead(self._symbol_of(item), sources, into)
            return ()
        ends: tuple[int, ...] = ()
        _, sequences = self._use_set(item.name)
        self._lead(self._symbols["<" + item.name], sources, into)
        for sequence in sequences:
            ends += self._lead_along(sequence, sources, into)
        return ends

    def _attach_gap(self, sources: tuple[int, ...]) -> tuple[int, ...]:
        reached = sources
        for _ in range(GAP_WIDTH):
            position = self._new_position()
            for source in sources:
                self.gaps[source] = (*self.gaps.get(source, ()), position)
            sources = (position,)
            reached = (*reached, position)
        return reached

    def _lead(self, symbol: int, sources: tuple[int, ...], into: int) -> None:
        edges = self.edges[symbol]
        for source in sources:
            edges[source] = (*edges.get(source, ()), into)

    def _new_position(self) -> int:
        self._last_position += 1
        return self._last_position

    def seal(self) -> None:
        """Forget what only building needs; no phrase can be added afterwards."""
        self._attached.clear()
        going_on = set(self.gaps).union(*self.edges)
        self.finals = frozenset(self.ends.keys() - going_on)

    def _symbol_of(self, word: Word) -> int:
        key = word.text + "*" if word.stem else word.text
        symbol = self._symbol(key)
        if word.stem:
            self._stems[word.text] = symbol
        return symbol

    def _symbol(self, key: str) -> int:
        if key not in self._symbols:
            self._symbols[key] = len(self.edges)
            self.edges.append({})
        return self._symbols[key]

    def _use_set(self, name: str) -> tuple[frozenset[Word], tuple[Phrase, ...]]:
        if name not in self._members:
            if name not in self._sets and name not in (NUMBER_SET, FILLER_SET, BARRIER_SET):
                raise PhraseError(f"there is no set <{name}>.")
            self._members[name] = (frozenset(), ())
            singles, sequences = self._flatten(self._sets.get(name, ()))
            self._members[name] = (singles, sequences)
            symbol = self._symbol("<" + name)
            for word in singles:
                (self._stem_sets if word.stem else self._word_sets).setdefault(word.text, []).append(symbol)
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
        words = {key.rstrip("*") for key in self._symbols if not key.startswith("<")}
        return frozenset(words | self._word_sets.keys() | self._stem_sets.keys())

    def members(self, name: str) -> frozenset[str]:
        """Return the single words of a set; empty where there is no such set."""
        return frozenset(word.text for word in self._members.get(name, (frozenset(), ()))[0])

    def symbols_of(self, word: str) -> set[int]:
        """Return everything that a word is to the phrases."""
        symbols = set(self._word_sets.get(word, ()))
        if word in self._symbols:
            symbols.add(self._symbols[word])
        # An ending is short or no longer than its stem: "headddache" is no ending of "head".
        shortest = max(_SHORTEST_STEM, min(len(word) - _SHORTEST_STEM, (len(word) + 1) // 2))
        for length in range(shortest, len(word) + 1):
            stem = word[:length]
            if stem in self._stems:
                symbols.add(self._stems[stem])
            symbols.update(self._stem_sets.get(stem, ()))
        if word[0].isdigit():
            symbols.add(self._symbols["<" + NUMBER_SET])
        return symbols

    def may_be_swallowed(self, word: str, symbols: set[int]) -> bool:
        """Return whether a gap may swallow the word: it is one, and ends no thought."""
        return word[0].isalnum() and symbols.isdisjoint(self._barriers)

    def is_filler(self, symbols: set[int]) -> bool:
        """Return whether a word of these symbols may stand anywhere within a phrase."""
        return self._symbols["<" + FILLER_SET] in symbols
