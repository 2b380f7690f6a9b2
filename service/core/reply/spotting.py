"""Find every phrase of the lexicon in a row of words, in one walk that never looks back far.

All phrases share one automaton. Its deterministic states are made when a text first needs them and
kept, so that an ordinary reply costs one dictionary look-up a word; making one is cheap as well, since
no two replies are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Final

from service.core.reply.phrases import GAP_WIDTH, Gap, Item, Phrase, PhraseError, SetName, Word

# A phrase with its gaps and filler words spans fewer words than this; a bound keeps the walk linear.
WIDEST_MATCH: Final = 16
# Both caches start afresh beyond these sizes, so that no stream of odd words fills the memory.
_MOST_STATES: Final = 12_000
_MOST_WORDS: Final = 12_000
_SHORTEST_STEM: Final = 3
_ROOT: Final = 0
NUMBER_SET: Final = "number"
FILLER_SET: Final = "filler"
BARRIER_SET: Final = "barrier"


# A phrase found: the words [start, end) and the place of its entry in the lexicon.
Match = tuple[int, int, int]
# Where one symbol leads: from a position in the phrases to those that follow it.
_Edges = dict[int, tuple[int, ...]]


@dataclass(eq=False, slots=True)
class _Look:
    """All that the phrases can see of a word: where it leads, whether a gap may swallow it, whether it is a filler."""

    edges: tuple[_Edges, ...]
    crossable: bool
    filler: bool
    known: bool


@dataclass(slots=True)
class _State:
    """A deterministic state: the phrase positions reached, what ends here, and the steps already worked out."""

    positions: frozenset[int]
    accepts: tuple[int, ...]
    steps: dict[_Look, _State] = field(default_factory=dict)


class Spotter:
    """The compiled phrases of a lexicon."""

    def __init__(self, sets: Mapping[str, Sequence[Phrase]]) -> None:
        """Take the named sets of words; phrases are added with `add`."""
        self._sets = sets
        self._symbols: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._edges: list[_Edges] = []
        self._prefixes: dict[tuple[int, int], tuple[int, ...]] = {}
        self._last_state = _ROOT
        self._gaps: dict[int, tuple[int, ...]] = {}
        self._ends: dict[int, list[int]] = {}
        self._barriers: set[int] = set()
        self._members: dict[str, tuple[frozenset[Word], tuple[Phrase, ...]]] = {}
        self._word_sets: dict[str, list[int]] = {}
        self._stem_sets: dict[str, list[int]] = {}
        self._looks: dict[tuple[tuple[int, ...], bool, bool, bool], _Look] = {}
        self._states: dict[tuple[frozenset[int], tuple[int, ...]], _State] = {}
        self._root = _State(frozenset((_ROOT,)), ())
        self._look_at = lru_cache(maxsize=_MOST_WORDS)(self._look_for_the_first_time)
        for name in (NUMBER_SET, FILLER_SET, BARRIER_SET, *sets):
            self._use_set(name)
        self._barriers.add(self._symbols["<" + BARRIER_SET])

    # --- building -------------------------------------------------------------------------------

    def add(self, phrase: Phrase, entry: int, *, ends_thoughts: bool) -> None:
        """Add one phrase of an entry; `ends_thoughts`: where it is a single word, no gap may swallow it."""
        ends = self._attach(phrase, (_ROOT,))
        if _ROOT in ends:
            raise PhraseError("a phrase needs at least one word that is not optional.")
        for state in ends:
            self._ends.setdefault(state, []).append(entry)
        if ends_thoughts and len(phrase) == 1 and isinstance(phrase[0], Word | SetName):
            item = phrase[0]
            self._barriers.add(
                self._symbol_of(item) if isinstance(item, Word) else self._symbols["<" + item.name]
            )

    def _attach(self, items: Sequence[Item], sources: tuple[int, ...]) -> tuple[int, ...]:
        for item in items:
            sources = self._attach_one(item, sources)
        return sources

    def _attach_one(self, item: Item, sources: tuple[int, ...]) -> tuple[int, ...]:
        if isinstance(item, Word):
            return self._edge(self._symbol_of(item), sources)
        if isinstance(item, SetName):
            singles, sequences = self._use_set(item.name)
            has_singles = singles or item.name == NUMBER_SET
            ends = self._edge(self._symbols["<" + item.name], sources) if has_singles else ()
            for sequence in sequences:
                ends += self._attach(sequence, sources)
            return _unique(ends)
        if isinstance(item, Gap):
            return self._attach_gap(sources)
        ends = sources if item.optional else ()
        words = tuple(
            option[0] for option in item.options if len(option) == 1 and isinstance(option[0], Word)
        )
        ends += self._any_word(words, sources)
        for option in item.options:
            if len(option) > 1 or not isinstance(option[0], Word):
                ends += self._attach(option, sources)
        return _unique(ends)

    def _any_word(self, words: tuple[Word, ...], sources: tuple[int, ...]) -> tuple[int, ...]:
        """Lead every one of the words to one and the same state, so that a long choice costs no more than a word."""
        if len(words) < 2:
            return self._edge(self._symbol_of(words[0]), sources) if words else ()
        state = (self._new_state(),)
        for symbol in dict.fromkeys(map(self._symbol_of, words)):
            self._lead(symbol, sources, state)
        return state

    def _attach_gap(self, sources: tuple[int, ...]) -> tuple[int, ...]:
        reached = sources
        for _ in range(GAP_WIDTH):
            state = self._new_state()
            for source in sources:
                self._gaps[source] = (*self._gaps.get(source, ()), state)
            sources = (state,)
            reached = (*reached, state)
        return reached

    def _edge(self, symbol: int, sources: tuple[int, ...]) -> tuple[int, ...]:
        # Two phrases share a state only while they began alike and left no choice behind: a plain prefix tree.
        shared = (sources[0], symbol) if len(sources) == 1 else None
        if shared is not None and shared in self._prefixes:
            return self._prefixes[shared]
        state = (self._new_state(),)
        self._lead(symbol, sources, state)
        if shared is not None:
            self._prefixes[shared] = state
        return state

    def _lead(self, symbol: int, sources: tuple[int, ...], state: tuple[int, ...]) -> None:
        edges = self._edges[symbol]
        for source in sources:
            edges[source] = edges[source] + state if source in edges else state

    def _new_state(self) -> int:
        self._last_state += 1
        return self._last_state

    def seal(self) -> None:
        """Forget what only building needs; no phrase can be added afterwards."""
        self._prefixes = {}

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
        return self._look_at(word).known

    def _look_for_the_first_time(self, word: str) -> _Look:
        symbols = self._symbols_of(word)
        leading = tuple(sorted(symbol for symbol in symbols if self._edges[symbol]))
        crossable = word[0].isalnum() and symbols.isdisjoint(self._barriers)
        filler = self._symbols["<" + FILLER_SET] in symbols
        key = (leading, crossable, filler, bool(symbols) or not crossable)
        if key not in self._looks:
            self._looks[key] = _Look(tuple(self._edges[symbol] for symbol in leading), *key[1:])
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
        looks = [*map(self._look_at, words)]
        matches: list[Match] = []
        for start in range(len(looks)):
            state, end = self._root, start
            found: dict[int, int] = {}
            for look in looks[start : start + WIDEST_MATCH]:
                state = state.steps.get(look) or self._step(state, look)
                if state is _NOWHERE:
                    break
                end += 1
                for entry in state.accepts:
                    found[entry] = end
            if found:
                longest_first = sorted(found.items(), key=_by_end, reverse=True)
                matches += [(start, end, entry) for entry, end in longest_first]
        return matches

    def _step(self, state: _State, look: _Look) -> _State:
        arrived: set[int] = set()
        for edges in (*look.edges, self._gaps) if look.crossable else look.edges:
            for position in edges.keys() & state.positions:
                arrived.update(edges[position])
        ends = self._ends.keys() & arrived
        if look.filler:
            arrived |= state.positions - {_ROOT}
        following = state.steps[look] = self._intern(arrived, ends) if arrived else _NOWHERE
        return following

    def _intern(self, positions: set[int], ends: set[int]) -> _State:
        if len(self._states) > _MOST_STATES:
            self._states.clear()
            self._root.steps.clear()
        accepts = (
            tuple(sorted({entry for position in ends for entry in self._ends[position]})) if ends else ()
        )
        key = (frozenset(positions), accepts)
        if key not in self._states:
            self._states[key] = _State(*key)
        return self._states[key]


_NOWHERE: Final = _State(frozenset(), ())
_by_end: Final = itemgetter(1)


def _unique(states: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(states))
