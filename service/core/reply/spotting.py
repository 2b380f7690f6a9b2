"""Find every phrase of the lexicon in a row of words, in one walk that never looks back far.

All phrases share one automaton. Its deterministic states are made when a text first needs them and
kept, so that an ordinary reply costs one dictionary look-up a word; making one is cheap as well, since
no two replies are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Final

from service.core.reply.phrases import GAP_WIDTH, Choice, Gap, Item, Phrase, PhraseError, SetName, Word
from service.core.reply.remembered import Remembered

# A phrase with its gaps and filler words spans fewer words than this; a bound keeps the walk linear.
WIDEST_MATCH: Final = 16
# Both caches start afresh beyond these sizes, so that no stream of odd words fills the memory.
_MOST_STATES: Final = 12_000
_MOST_WORDS: Final = 12_000
_SHORTEST_STEM: Final = 3
_ROOT: Final = 0
_NONE: Final[frozenset[int]] = frozenset()
NUMBER_SET: Final = "number"
FILLER_SET: Final = "filler"
BARRIER_SET: Final = "barrier"


# A phrase found: the words [start, end) and the place of its entry in the lexicon.
Match = tuple[int, int, int]
# Where one symbol leads: from a position in the phrases to those that follow it.
_Edges = dict[int, tuple[int, ...]]


@dataclass(eq=False, slots=True)
class _Look:
    """All that the phrases can see of a word: where it leads, whether a gap may swallow it, whether it is a filler.

    `opens` is the state where a phrase stands that begins with it.
    """

    edges: tuple[_Edges, ...]
    crossable: bool
    filler: bool
    known: bool
    opens: _State


@dataclass(slots=True)
class _State:
    """A deterministic state: the positions from which phrases go on, what ends here, and the steps worked out so far."""

    positions: frozenset[int]
    accepts: tuple[int, ...]
    beyond_gap: frozenset[int]
    across: _State | None = None
    steps: dict[_Look, _State] = field(default_factory=dict)


class Spotter:
    """The compiled phrases of a lexicon."""

    def __init__(self, sets: Mapping[str, Sequence[Phrase]]) -> None:
        """Take the named sets of words; phrases are added with `add`."""
        self._sets = sets
        self._symbols: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._edges: list[_Edges] = []
        self._attached: dict[tuple[tuple[int, ...], Item], tuple[int, ...]] = {}
        self._last_position = _ROOT
        self._gaps: dict[int, tuple[int, ...]] = {}
        self._ends: dict[int, tuple[int, ...]] = {}
        self._finals: frozenset[int] = frozenset()
        self._barriers: set[int] = set()
        self._members: dict[str, tuple[frozenset[Word], tuple[Phrase, ...]]] = {}
        self._word_sets: dict[str, list[int]] = {}
        self._stem_sets: dict[str, list[int]] = {}
        self._looks: dict[tuple[tuple[int, ...], bool, bool, bool], _Look] = {}
        self._states: dict[tuple[frozenset[int], frozenset[int]], _State] = {}
        self._look_of = Remembered(self._look_for_the_first_time, _MOST_WORDS)
        for name in (NUMBER_SET, FILLER_SET, BARRIER_SET, *sets):
            self._use_set(name)
        self._barriers.add(self._symbols["<" + BARRIER_SET])

    # --- building -------------------------------------------------------------------------------

    def add(self, phrase: Phrase, entry: int, *, ends_thoughts: bool) -> None:
        """Add one phrase of an entry; `ends_thoughts`: where it is a single word, no gap may swallow it."""
        ends = self._attach(phrase, (_ROOT,))
        if _ROOT in ends:
            raise PhraseError("a phrase needs at least one word that is not optional.")
        for position in ends:
            self._ends[position] = tuple(sorted({entry, *self._ends.get(position, ())}))
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
                self._gaps[source] = (*self._gaps.get(source, ()), position)
            sources = (position,)
            reached = (*reached, position)
        return reached

    def _lead(self, symbol: int, sources: tuple[int, ...], into: int) -> None:
        edges = self._edges[symbol]
        for source in sources:
            edges[source] = (*edges.get(source, ()), into)

    def _new_position(self) -> int:
        self._last_position += 1
        return self._last_position

    def seal(self) -> None:
        """Forget what only building needs; no phrase can be added afterwards."""
        self._attached.clear()
        going_on = set(self._gaps).union(*self._edges)
        self._finals = frozenset(self._ends.keys() - going_on)

    def _symbol_of(self, word: Word) -> int:
        key = word.text + "*" if word.stem else word.text
        symbol = self._symbol(key)
        if word.stem:
            self._stems[word.text] = symbol
        return symbol

    def _symbol(self, key: str) -> int:
        if key not in self._symbols:
            self._symbols[key] = len(self._edges)
            self._edges.append({})
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

    # --- words ----------------------------------------------------------------------------------

    def vocabulary(self) -> frozenset[str]:
        """Return every whole word and stem that some phrase or set uses."""
        words = {key.rstrip("*") for key in self._symbols if not key.startswith("<")}
        return frozenset(words | self._word_sets.keys() | self._stem_sets.keys())

    def members(self, name: str) -> frozenset[str]:
        """Return the single words of a set; empty where there is no such set."""
        return frozenset(word.text for word in self._members.get(name, (frozenset(), ()))[0])

    def knows(self, word: str) -> bool:
        """Return whether some phrase or set uses the word, by itself or by its stem."""
        return self._look_of[word].known

    def _look_for_the_first_time(self, word: str) -> _Look:
        symbols = self._symbols_of(word)
        leading = tuple(sorted(symbol for symbol in symbols if self._edges[symbol]))
        crossable = word[0].isalnum() and symbols.isdisjoint(self._barriers)
        filler = self._symbols["<" + FILLER_SET] in symbols
        key = (leading, crossable, filler, bool(symbols) or not crossable)
        if key not in self._looks:
            edges = tuple(self._edges[symbol] for symbol in leading)
            begun = frozenset(chain.from_iterable(one[_ROOT] for one in edges if _ROOT in one))
            opens = self._state_at(begun, _NONE) if begun else _NOWHERE
            self._looks[key] = _Look(edges, *key[1:], opens)
        return self._looks[key]

    def _symbols_of(self, word: str) -> set[int]:
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

    # --- walking --------------------------------------------------------------------------------

    def find(self, words: Sequence[str]) -> list[Match]:
        """Return every match, the longest of each entry at each start, in order of start and the longest first."""
        looks = [*map(self._look_of.__getitem__, words)]
        matches: list[Match] = []
        for start, look in enumerate(looks):
            state, end = look.opens, start + 1
            found = dict.fromkeys(state.accepts, end) if state.accepts else {}
            if state.positions:
                for following in looks[end : start + WIDEST_MATCH]:
                    state = state.steps.get(following) or self._step(state, following)
                    end += 1
                    if state.accepts:
                        found.update(dict.fromkeys(state.accepts, end))
                    if not state.positions:
                        break
            if found:
                longest_first = sorted(found.items(), key=_by_end, reverse=True)
                matches += [(start, end, entry) for entry, end in longest_first]
        return matches

    def _step(self, state: _State, look: _Look) -> _State:
        arrived: set[int] = set()
        for edges in look.edges:
            if not edges.keys().isdisjoint(state.positions):
                for position in edges.keys() & state.positions:
                    arrived.update(edges[position])
        if arrived or look.filler:
            beyond = state.beyond_gap if look.crossable else _NONE
            following = self._state_at(beyond.union(arrived), state.positions if look.filler else _NONE)
        else:
            following = self._across(state) if look.crossable else _NOWHERE
        state.steps[look] = following
        return following

    def _across(self, state: _State) -> _State:
        """Return where any word leads that a gap may swallow and that no phrase waits for."""
        if state.across is None:
            state.across = self._state_at(state.beyond_gap, _NONE)
        return state.across

    def _state_at(self, arrived: frozenset[int], kept: frozenset[int]) -> _State:
        """Return the state of the positions just reached, where phrases may end, and of those kept besides."""
        key = (arrived, kept)
        state = self._states.get(key)
        if state is None:
            if len(self._states) > _MOST_STATES:
                self._states.clear()
                self._looks.clear()
                self._look_of.clear()
            state = self._states[key] = self._make_state(arrived, kept)
        return state

    def _make_state(self, arrived: frozenset[int], kept: frozenset[int]) -> _State:
        ended = [self._ends[position] for position in self._ends.keys() & arrived]
        accepts = ended[0] if len(ended) == 1 else tuple(sorted({*chain.from_iterable(ended)}))
        positions = arrived - self._finals | kept
        gaps = self._gaps.keys() & positions
        beyond = frozenset(chain.from_iterable(self._gaps[position] for position in gaps)) if gaps else _NONE
        return _State(positions, accepts, beyond)


_NOWHERE: Final = _State(_NONE, (), _NONE)
_by_end: Final = itemgetter(1)
