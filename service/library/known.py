"""What may be known of a patient: the groups of `rules/known.yaml`, and the facts that an example gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from service.core.findings import KnownFacts
from service.core.triage.knowable import KNOWN_ALONE, Knowable, is_known_sign
from service.core.triage.rule import Condition
from service.library.errors import LibraryError
from service.library.source import read_yaml, validated

KNOWN_FILE: Final = "known.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _GroupsRow(_Strict):
    medicines: dict[str, str]
    conditions: dict[str, str]


class _KnownFile(_Strict):
    known: _GroupsRow


class KnownRow(_Strict):
    """What an example says to be known of the patient; what it leaves out is unknown."""

    age: int | None = Field(default=None, ge=0, le=120)
    pregnant: bool | None = None
    epilepsy: bool | None = None
    migraine: bool | None = None
    takes: tuple[str, ...] | None = None
    has: tuple[str, ...] | None = None
    again: tuple[str, ...] | None = None
    after_infusions: tuple[str, ...] | None = None
    last: dict[str, int] | None = None
    on_call: bool | None = None

    def facts(self) -> KnownFacts:
        """Return the row as the core's value."""
        return KnownFacts(
            age=self.age,
            pregnant=self.pregnant,
            epilepsy=self.epilepsy,
            migraine=self.migraine,
            medicines=_set_of(self.takes),
            conditions=_set_of(self.has),
            earlier_symptoms=_set_of(self.again),
            after_infusions=_set_of(self.after_infusions),
            last_severity=tuple(self.last.items()) if self.last is not None else None,
            clinician_on_call=self.on_call,
        )

    def unknown_names(self, knowable: Knowable, symptoms: frozenset[str]) -> Iterator[str]:
        """Yield a sentence for each name that the clinic has no group or symptom for."""
        for name in sorted(set(self.takes or ()) - set(knowable.medicines)):
            yield f"takes {name!r}, which is no group of medicines in {KNOWN_FILE}."
        for name in sorted(set(self.has or ()) - set(knowable.conditions)):
            yield f"has {name!r}, which is no condition in {KNOWN_FILE}."
        told = {*(self.again or ()), *(self.after_infusions or ()), *(self.last or {})}
        for name in sorted(told - symptoms):
            yield f"names {name!r}, which is no symptom of the lexicon."

    def named(self) -> frozenset[str]:
        """Return the facts that the row speaks of, as rules name them, whether it says yes or no to them."""
        single = {name for name in KNOWN_ALONE if getattr(self, name, None) is not None}
        return frozenset(
            single
            | {f"takes.{name}" for name in self.takes or ()}
            | {f"has.{name}" for name in self.has or ()}
            | {f"{name}.again" for name in self.again or ()}
            | {f"{name}.after_infusions" for name in self.after_infusions or ()}
            | ({"much_worse"} if self.last is not None else set())
            | ({"pregnancy_known"} if self.pregnant is not None else set())
            | ({"nobody_on_call"} if self.on_call is not None else set())
        )


def load_knowable(folder: Path) -> Knowable:
    """Return the groups that the clinic's rules may look at; raises LibraryError with file and line.

    A folder without the file has none, so that a rule which names one is refused.
    """
    path = folder / KNOWN_FILE
    if not path.exists():
        return Knowable(MappingProxyType({}), MappingProxyType({}))
    source = read_yaml(path)
    groups = validated(source, _KnownFile).known
    twice = sorted(
        ("conditions" if name in groups.conditions else "medicines", name)
        for name in {*groups.medicines, *groups.conditions}
        if name in KNOWN_ALONE or (name in groups.medicines and name in groups.conditions)
    )
    if twice:
        sentence = "is a name that stands for something else already; names are unique."
        raise LibraryError(source.problem(("known", *place), sentence) for place in twice)
    return Knowable(MappingProxyType(groups.medicines), MappingProxyType(groups.conditions))


def facts_used(condition: Condition) -> frozenset[str]:
    """Return the known facts that a condition looks at, as rules name them."""
    signs = condition.together_any | condition.together_all | condition.together_none
    age = {"age"} if any(limit.name == "age" for limit in condition.measured) else set()
    return frozenset(sign for sign in signs if is_known_sign(sign)) | age


def _set_of(names: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
