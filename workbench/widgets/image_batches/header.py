"""New Image Batch and Batch Details without a screen: the header as it is being filled in (spec 1.7, 3.3, 3.4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from workbench.domain.findings import Severity
from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action, BatchFacts, refusal
from workbench.domain.scan_batch.header import (
    CHARGE_FIELDS,
    FIELDS_OF,
    PAYMENT_FIELDS,
    BatchHeader,
    with_payer,
    with_plan,
    with_practice,
)
from workbench.domain.scan_batch.records import ScanBatch
from workbench.domain.scan_batch.words import BatchType
from workbench.services.scan_desk import ScanDesk
from workbench.storage.stores.batch_choices import Entry, Found

OF_ONE_TYPE = (*CHARGE_FIELDS, *PAYMENT_FIELDS)


class HeaderModel:
    """One header, new or of a batch.

    Attributes:
        header: as it stands; fields of the other type keep what was chosen until it is saved.
        batch: the stored batch that is edited, None while a new one is made.
    """

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor]) -> None:
        self._desk = desk
        self._actor = actor
        self.header = BatchHeader()
        self.batch: ScanBatch | None = None
        self._facts: BatchFacts | None = None
        self._start = BatchHeader()

    def start_new(self) -> None:
        """An empty header; with just one practice, that one is filled in (the seed)."""
        self.batch = self._facts = None
        practices = self.practices()
        only = practices[0].id if len(practices) == 1 else None
        self.header = self._start = BatchHeader(practice_id=only)

    def start_update(self, batch_id: int) -> None:
        """The header of a batch, as it is now."""
        actor = self._actor()
        self.batch = self._desk.batches.get(actor, batch_id)
        self._facts = self._desk.batches.facts(actor, batch_id)
        self.header = self._start = self.batch.header

    @property
    def changed(self) -> bool:
        """Whether leaving now would lose something."""
        return self.header != self._start

    def practices(self) -> list[Entry]:
        return self._desk.choices.practices(self._actor())

    def facilities(self, typed: str, limit: int) -> Found:
        """Of the chosen practice, by any part of the name."""
        wanted = typed.casefold()
        fitting = [
            each
            for each in self._desk.choices.facilities(self._actor(), self.header.practice_id)
            if wanted in each.name.casefold()
        ]
        return Found(tuple(fitting[:limit]), len(fitting))

    def payers(self, typed: str, limit: int) -> Found:
        return self._desk.choices.payers(typed, limit)

    def plans(self, typed: str, limit: int) -> Found:
        """Of the chosen payer; of all while none is chosen."""
        return self._desk.choices.plans(typed, self.header.payer_id, limit)

    def names(self) -> dict[str, str]:
        """What the look-ups show."""
        return self._desk.choices.names(self.header)

    def change(self, field: str, value: Any) -> None:
        """Takes one field, and what follows from it (spec 1.7, "Cascades")."""
        if field == "practice_id":
            offered = [each.id for each in self._desk.choices.facilities(self._actor(), value)]
            self.header = with_practice(self.header, value, offered)
        elif field == "payer_id":
            self.header = with_payer(self.header, value, self._plan_payers(self.header.plan_id))
        elif field == "plan_id":
            self.header = with_plan(self.header, value, self._plan_payers(value))
        elif field == "description":
            self.header = replace(self.header, description=value or "")
        else:
            self.header = replace(self.header, **{field: value})

    def _plan_payers(self, plan_id: int | None) -> dict[int, int]:
        payer = None if plan_id is None else self._desk.choices.plan_payer(plan_id)
        return {} if plan_id is None or payer is None else {plan_id: payer.id}

    def hidden(self) -> list[str]:
        """Fields that the chosen type does not use; before a type is chosen, neither group (spec 1.7)."""
        return [name for name in OF_ONE_TYPE if name not in FIELDS_OF[self.header.batch_type]]

    def lost_by(self, batch_type: BatchType | None) -> list[str]:
        """Filled fields that changing to this type clears: ask before (spec 5 row 8)."""
        return [
            name
            for name in OF_ONE_TYPE
            if name not in FIELDS_OF[batch_type] and getattr(self.header, name) is not None
        ]

    def blocked(self) -> dict[str, str]:
        """Field -> why it cannot be changed now."""
        facts = self._facts
        if facts is None:
            return {}
        ways = {
            "description": Action.EDIT_DESCRIPTION,
            "practice_id": Action.CHANGE_PRACTICE,
            "batch_type": Action.CHANGE_TYPE,
            **dict.fromkeys(OF_ONE_TYPE, Action.EDIT_HEADER),
        }
        return {field: text for field, action in ways.items() if (text := refusal(action, facts))}

    def problems(self) -> dict[str, str]:
        """Field -> what is wrong there. A warning is marked as one: it does not keep from saving."""
        stored = self.batch.header if self.batch else None
        found = self._desk.batches.problems(self._actor(), self.header, stored)
        return {
            each.field: ("Please check: " if each.severity is Severity.WARNING else "") + each.message
            for each in found
        }

    def stamps(self) -> Sequence[tuple[str, str]]:
        """Created, Updated, Posted of Batch Details, on the practice's clock (spec 3.4)."""
        batch = self.batch
        if batch is None:
            return ()
        lines = [("Created", batch.created_at, batch.created_by)]
        if batch.updated_at:
            lines.append(("Updated", batch.updated_at, batch.updated_by))
        if batch.posted_at:
            lines.append(("Posted", batch.posted_at, batch.posted_by))
        zone = self._desk.lists.clock(self._actor(), batch.practice_id)
        return [(label, f"{at.astimezone(zone):%m/%d/%Y %H:%M} by {who}") for label, at, who in lines]

    def save(self) -> int:
        """Creates or updates the batch; gives its Batch ID. Raises FormRefusedError and its kin."""
        actor = self._actor()
        if self.batch is None:
            batch_id = self._desk.batches.create(actor, self.header)
        else:
            batch_id = self.batch.batch_id
            self._desk.batches.update(actor, batch_id, self.header, self.batch.version)
        self._start = self.header
        return batch_id
