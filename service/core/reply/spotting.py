"""Find every phrase of the lexicon in a row of words, in one walk that never looks back far.

All phrases share one automaton. Its deterministic states are made when a text first needs them and
kept, so that an ordinary reply costs one dictionary look-up a word; making one is cheap as well, since
no two replies are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Final

from service.core.reply.phrase_graph import ROOT, Edges, PhraseGraph
from service.core.reply.remembered import Remembered

# A phrase with its gaps and filler words spans fewer words than this; a bound keeps the walk linear.
WIDEST_MATCH: Final = 16
# Both caches start afresh beyond these sizes, so that no stream of odd words fills the memory.
_MOST_STATES: Final = 10_000
_MOST_WORDS: Final = 12_000
_NONE: Final[frozenset[int]] = frozenset()
# A phrase found: the words [start, end) and the place of its entry in the lexicon.
Match = tuple[int, int, int]


@dataclass(eq=False, slots=True)
class _Look:
    """All that the phrases can see of a word: where it leads, whether a gap may swallow it, whether it is a filler.

    `opens` is the state where a phrase stands that begins with it.
    """

    edges: tuple[Edges, ...]
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
    """Walks the phrases of a lexicon along the words of a reply."""

    def __init__(self, graph: PhraseGraph) -> None:
        """Take the phrases, all added and sealed."""
        self._graph = graph
        self._looks: dict[tuple[frozenset[int], bool], _Look] = {}
        self._states: dict[tuple[frozenset[int], frozenset[int]], _State] = {}
        self._look_of = Remembered(self._look_for_the_first_time, _MOST_WORDS)

    def knows(self, word: str) -> bool:
        """Return whether some phrase or set uses the word, by itself or by its stem."""
        return self._look_of[word].known

    def _look_for_the_first_time(self, word: str) -> _Look:
        key = (self._graph.symbols_of(word), word[0].isalnum())
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._make_look(*key)
        return look

    def _make_look(self, symbols: frozenset[int], is_word: bool) -> _Look:
        edges = tuple(filter(None, map(self._graph.edges.__getitem__, symbols)))
        begun = frozenset(chain.from_iterable(one[ROOT] for one in edges if ROOT in one))
        crossable = is_word and not self._graph.ends_thoughts(symbols)
        return _Look(
            edges,
            crossable=crossable,
            filler=self._graph.is_filler(symbols),
            known=bool(symbols) or not crossable,
            opens=self._state_at(begun, _NONE) if begun else _NOWHERE,
        )

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
        ended = [self._graph.ends[position] for position in self._graph.ends.keys() & arrived]
        accepts = ended[0] if len(ended) == 1 else tuple(sorted({*chain.from_iterable(ended)}))
        positions = arrived | kept if kept else arrived
        if not self._graph.finals.isdisjoint(positions):
            positions -= self._graph.finals
        gaps = self._graph.gaps.keys() & positions
        beyond = (
            frozenset(chain.from_iterable(self._graph.gaps[position] for position in gaps)) if gaps else _NONE
        )
        return _State(positions, accepts, beyond)


_NOWHERE: Final = _State(_NONE, (), _NONE)
_by_end: Final = itemgetter(1)
