"""Readings: what was understood of a reply, by which rules, from which version of lexicon and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.findings import Evidence, Finding, Interpretation, Judgement, Status
from service.core.words import Disposition, Intent
from service.store.base import Base, RowId, SealedJson
from service.store.gathering import Gathered


class Reading(Base):
    """The interpretation of one inbox message, kept so that an old decision still explains itself."""

    __tablename__ = "readings"

    id: Mapped[RowId]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    read_at: Mapped[datetime]
    asked: Mapped[str]
    hours: Mapped[float]
    disposition: Mapped[str]
    intent: Mapped[str]
    findings: Mapped[Any] = mapped_column(SealedJson)
    rules: Mapped[Any] = mapped_column(SealedJson)
    version: Mapped[str]

    def interpretation(self) -> Interpretation:
        """Return the stored reading as the core's value."""
        judgement = Judgement(Disposition(self.disposition), tuple(self.rules))
        return Interpretation(Intent(self.intent), findings_from_json(self.findings), judgement, self.version)


def findings_from_json(findings: Any) -> tuple[Finding, ...]:
    """Return findings that were kept as JSON as the core's values."""
    return tuple(
        Finding(
            symptom=finding["symptom"],
            status=Status(finding["status"]),
            severity=finding["severity"],
            evidence=tuple(Evidence(**words) for words in finding["evidence"]),
            features=frozenset(finding["features"]),
            cue=finding["cue"],
        )
        for finding in findings
    )


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values."""
    return {
        "symptom": finding.symptom,
        "status": str(finding.status),
        "severity": finding.severity,
        "evidence": [
            {"start": words.start, "end": words.end, "text": words.text} for words in finding.evidence
        ],
        "features": sorted(finding.features),
        "cue": finding.cue,
    }


def save_reading(
    gathered: Gathered,
    interpretation: Interpretation,
    *,
    inbox_id: int,
    patient_id: int | None,
    conversation_id: int | None,
    asked: str,
    hours: float,
    now: datetime,
) -> None:
    """Keep the interpretation of an inbox message; one message has one."""
    reading = {
        "inbox_id": inbox_id,
        "patient_id": patient_id,
        "conversation_id": conversation_id,
        "read_at": now,
        "asked": asked,
        "hours": hours,
        "disposition": interpretation.judgement.disposition,
        "intent": interpretation.intent,
        "findings": [finding_as_json(finding) for finding in interpretation.findings],
        "rules": list(interpretation.judgement.rules),
        "version": interpretation.version,
    }
    gathered.add(Reading, reading, "inbox_id")


def drop_reading(session: Session, inbox_id: int) -> None:
    """Drop the reading of a message that is about to be read anew, now that it is known who wrote it."""
    session.execute(delete(Reading).where(Reading.inbox_id == inbox_id))


def readings_by_message(session: Session, inbox_ids: Iterable[int]) -> Mapping[int, Reading]:
    """Return the readings of these messages, by message id."""
    found = session.scalars(select(Reading).where(Reading.inbox_id.in_(list(inbox_ids))))
    return {reading.inbox_id: reading for reading in found}
