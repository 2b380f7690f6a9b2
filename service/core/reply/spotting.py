"""Find every phrase of the lexicon in a row of words, in one walk that never looks back far.

All phrases share one automaton. Its deterministic states are made when a text first needs them and
kept, so that an ordinary reply costs one dictionary look-up a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from service.core.reply.phrases import GAP_WIDTH, Gap, Item, Phrase, PhraseError, SetName, Word

# A phrase with its gaps and filler words spans fewer words than this; a bound keeps the walk linear.
WIDEST_MATCH: Final = 16
# Both caches start afresh beyond these sizes, so that no stream of odd words fills the memory.
_MOST_STATES: Final = 12_000
_MOST_WORDS: Final = 12_000
_SHORTEST_STEM: Final = 3
_ROOT: Final = 0
# Room for 65,535 words, stems and sets in the key of an edge.
_SYMBOL_BITS: Final = 16
NUMBER_SET: Final = "number"
FILLER_SET: Final = "filler"
BARRIER_SET: Final = "barrier"


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: the words [start, end) and the entry it belongs to."""

    start: int
    end: int
    entry: int


@dataclass(slots=True)
class _State:
    """A deterministic state: the phrase positions reached, what ends here, and the steps already worked out."""

    positions: frozenset[int]
    accepts: tuple[int, ...]
    steps: dict[int, _State | None] = field(default_factory=dict)


class Spotter:
    """The compiled phrases of a lexicon."""

    def __init__(self, sets: Mapping[str, Sequence[Phrase]]) -> None:
        """Take the named sets of words; phrases are added with `add`."""
        self._sets = sets
        self._symbols: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._edges: dict[int, tuple[int, ...]] = {}
        self._prefixes: dict[int, tuple[int, ...]] = {}
        self._last_state = _ROOT
        self._gaps: dict[int, tuple[int, ...]] = {}
        self._ends: dict[int, list[int]] = {}
        self._lone: set[int] = set()
        self._members: dict[str, tuple[frozenset[Word], tuple[Phrase, ...]]] = {}
        self._word_sets: dict[str, list[int]] = {}
        self._stem_sets: dict[str, list[int]] = {}
        self._signatures: dict[tuple[int, ...], int] = {}
        self._signature_symbols: list[tuple[int, ...]] = []
        self._word_signatures: dict[str, int] = {}
        self._states: dict[tuple[frozenset[int], tuple[int, ...]], _State] = {}
        self._root = _State(frozenset((_ROOT,)), ())
        for name in (NUMBER_SET, FILLER_SET, BARRIER_SET, *sets):
            self._use_set(name)

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
            self._lone.add(
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
            for source in sources:
                edge = source << _SYMBOL_BITS | symbol
                self._edges[edge] = self._edges[edge] + state if edge in self._edges else state
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
        shared = sources[0] << _SYMBOL_BITS | symbol if len(sources) == 1 else None
        if shared is not None and shared in self._prefixes:
            return self._prefixes[shared]
        state = (self._new_state(),)
        for source in sources:
            edge = source << _SYMBOL_BITS | symbol
            self._edges[edge] = self._edges[edge] + state if edge in self._edges else state
        if shared is not None:
            self._prefixes[shared] = state
        return state

    def _new_state(self) -> int:
        self._last_state += 1
        return self._last_state

    def seal(self) -> None:
        """Forget what only building needs; no phrase can be added afterwards."""
        self._prefixes = {}

    def _symbol_of(self, word: Word) -> int:
        key = word.text + "*" if word.stem else word.text
        symbol = self._symbols.setdefault(key, len(self._symbols) + 1)
        if word.stem:
            self._stems[word.text] = symbol
        return symbol

    def _use_set(self, name: str) -> tuple[frozenset[Word], tuple[Phrase, ...]]:
        if name not in self._members:
            if name not in self._sets and name not in (NUMBER_SET, FILLER_SET, BARRIER_SET):
                raise PhraseError(f"there is no set <{name}>.")
            self._members[name] = (frozenset(), ())
            singles, sequences = self._flatten(self._sets.get(name, ()))
            self._members[name] = (singles, sequences)
            symbol = self._symbols.setdefault("<" + name, len(self._symbols) + 1)
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
        return bool(self._signature_symbols[self.signature(word)])

    def signature(self, word: str) -> int:
        """Return a small number that stands for everything the phrases can see of a word."""
        known = self._word_signatures.get(word)
        if known is None:
            if len(self._word_signatures) > _MOST_WORDS:
                self._word_signatures.clear()
            known = self._word_signatures[word] = self._work_out_signature(word)
        return known

    def _work_out_signature(self, word: str) -> int:
        symbols: list[int] = list(self._word_sets.get(word, ()))
        if word in self._symbols:
            symbols.append(self._symbols[word])
        # An ending is no longer than its stem: "headddache" is no ending of "head".
        for length in range(_SHORTEST_STEM, len(word) + 1):
            if len(word) - length > max(_SHORTEST_STEM, length):
                continue
            stem = word[:length]
            if stem in self._stems:
                symbols.append(self._stems[stem])
            symbols += self._stem_sets.get(stem, ())
        if word[0].isdigit():
            symbols.append(self._symbols["<" + NUMBER_SET])
        barrier = self._symbols["<" + BARRIER_SET]
        if not word[0].isalnum() or not self._lone.isdisjoint(symbols):
            symbols.append(barrier)
        key = tuple(sorted(set(symbols)))
        if key not in self._signatures:
            self._signatures[key] = len(self._signature_symbols)
            self._signature_symbols.append(key)
        return self._signatures[key]

    # --- walking --------------------------------------------------------------------------------

    def find(self, words: Sequence[str]) -> list[Match]:
        """Return every match, the longest of each entry at each start, in order of start."""
        signature = self.signature
        signatures = [signature(word) for word in words]
        matches: list[Match] = []
        for start in range(len(signatures)):
            state = self._step(self._root, signatures[start])
            if state is not None:
                self._follow(state, signatures, start, matches)
        return matches

    def _follow(self, state: _State, signatures: Sequence[int], start: int, matches: list[Match]) -> None:
        end = start + 1
        limit = min(len(signatures), start + WIDEST_MATCH)
        found: dict[int, int] = {}
        while True:
            for entry in state.accepts:
                found[entry] = end
            if end == limit:
                break
            signature = signatures[end]
            following = state.steps[signature] if signature in state.steps else self._step(state, signature)
            if following is None:
                break
            state = following
            end += 1
        for entry, stop in found.items():
            matches.append(Match(start, stop, entry))

    def _step(self, state: _State, signature: int) -> _State | None:
        steps = state.steps
        if signature in steps:
            return steps[signature]
        following = steps[signature] = self._work_out_step(state, signature)
        return following

    def _work_out_step(self, state: _State, signature: int) -> _State | None:
        symbols = self._signature_symbols[signature]
        arrived: set[int] = set()
        crossable = self._symbols["<" + BARRIER_SET] not in symbols
        for position in state.positions:
            base = position << _SYMBOL_BITS
            for symbol in symbols:
                arrived.update(self._edges.get(base | symbol, ()))
            if crossable:
                arrived.update(self._gaps.get(position, ()))
        accepts = tuple(sorted({entry for position in arrived for entry in self._ends.get(position, ())}))
        if self._symbols["<" + FILLER_SET] in symbols:
            arrived |= state.positions - {_ROOT}
        return self._intern(frozenset(arrived), accepts) if arrived else None

    def _intern(self, positions: frozenset[int], accepts: tuple[int, ...]) -> _State:
        if len(self._states) > _MOST_STATES:
            self._states.clear()
            self._root.steps.clear()
        key = (positions, accepts)
        if key not in self._states:
            self._states[key] = _State(positions, accepts)
        return self._states[key]


def _unique(states: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(states))
