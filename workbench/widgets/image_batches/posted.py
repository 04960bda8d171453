"""The Charge Batches and Payment Batches tabs without a screen: posted image batches and their sets (spec 3.6, 3.7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action, BatchFacts, SetFacts, why_not
from workbench.domain.scan_batch.lists import BatchPage, BatchQuery, BatchSort, CreatedRange
from workbench.domain.scan_batch.records import BatchRow, SetRow
from workbench.domain.scan_batch.words import BatchType, CodingStatus, TargetKind
from workbench.services.scan_batches.lists import SearchDefaults
from workbench.services.scan_desk import ScanDesk
from workbench.storage.clock import now

# Buttons by what has to be selected for them.
ON_SET = ("code", "enter", "attach", "import_coding", "deposit", "detach")
ON_BATCH = ("view", "create", "link", "work", *ON_SET)


class PostedModel:
    """One of the two tabs.

    Attributes:
        search: Created range and hold-only, which a person can keep as defaults; `text` is never kept.
        batch_id, set_id: the selected row of each area.
        sets: the Sets area, of the selected batch.
    """

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor], batch_type: BatchType) -> None:
        self.desk = desk
        self.actor = actor
        self.batch_type = batch_type
        self.search = SearchDefaults()
        self.text = ""
        self.rows: tuple[BatchRow, ...] = ()
        self.sets: list[SetRow] = []
        self.batch_id: int | None = None
        self.set_id: int | None = None

    @property
    def kind(self) -> str:
        """`charge` or `payment`, for texts."""
        return self.batch_type.value.lower()

    def start(self) -> None:
        """Begins with the person's own search defaults (Last 5 Days at first)."""
        self.search = self.desk.lists.search_defaults(self.actor(), self.batch_type)

    def keep_search(self) -> None:
        """The search as it stands becomes the person's default."""
        self.desk.lists.set_search_defaults(self.actor(), self.batch_type, self.search)

    def narrow(self, name: str, value: Any) -> None:
        if name == "created":
            self.search = replace(self.search, created=CreatedRange(value))
        elif name == "hold_only":
            self.search = replace(self.search, hold_only=bool(value))
        else:
            self.text = value or ""

    def page(self, sort: str, *, descending: bool, offset: int, limit: int) -> BatchPage:
        actor = self.actor()
        zone = self.desk.lists.clock(actor)
        first, last = self.search.created.days(_today(zone))
        query = BatchQuery(
            text=self.text,
            created_from=first,
            created_to=last,
            time_zone=str(zone),
            on_hold_only=self.search.hold_only,
            finished=False if self.search.created is CreatedRange.ALL_OPEN else None,
            sort=BatchSort(sort) if sort in list(BatchSort) else BatchSort.CREATED,
            descending=descending,
            offset=offset,
            limit=limit,
        )
        page = self.desk.lists.posted(actor, self.batch_type, query)
        self.rows = page.rows
        if self.batch_id not in {row.batch_id for row in page.rows}:
            self.batch_id = None
        self.look_at_sets()
        return page

    def empty_text(self) -> str:
        """A missing batch is usually not posted, or older than the search (spec 4.2)."""
        return (
            f"No posted {self.kind} batch in this search. A batch comes here once it is posted on the Scan Batches "
            "tab; older ones show with another Created range."
        )

    def select_batch(self, batch_id: int | None) -> None:
        self.batch_id = batch_id if batch_id in {row.batch_id for row in self.rows} else None
        self.look_at_sets()

    def select_set(self, set_id: int | None) -> None:
        self.set_id = set_id if set_id in {each.set_id for each in self.sets} else None

    def look_at_sets(self) -> None:
        """Reads the Sets area; the selected set stays selected while it is there."""
        self.sets = [] if self.batch_id is None else self.desk.lists.sets_of(self.actor(), self.batch_id)
        self.select_set(self.set_id)

    @property
    def row(self) -> BatchRow | None:
        return next((row for row in self.rows if row.batch_id == self.batch_id), None)

    def blockers(self) -> dict[str, str]:
        """Button -> why it cannot be pressed now."""
        actor = self.actor()
        if self.batch_id is None or self.row is None:
            return dict.fromkeys(ON_BATCH, "Select a batch.")
        facts = self.desk.batches.facts(actor, self.batch_id)
        found = {"view": why_not(Action.VIEW, facts, actor.permissions)}
        found["create"] = found["link"] = why_not(Action.LINK, facts, actor.permissions)
        if not self.row.linked_to:
            found["work"] = f"No {self.kind} batch is linked yet."
        found |= self._set_blockers(facts, actor)
        return {name: text for name, text in found.items() if text}

    def _set_blockers(self, facts: BatchFacts, actor: Actor) -> dict[str, str | None]:
        each = next((each for each in facts.sets if each.set_id == self.set_id), None)
        if each is None:
            return dict.fromkeys(ON_SET, "Select a set.")
        return {
            "detach": why_not(Action.DETACH, facts, actor.permissions, [each]),
            "deposit": why_not(Action.ATTACH, facts, actor.permissions, [each]),
            "code": why_not(Action.CODE, facts, actor.permissions, [each]),
            "enter": why_not(Action.ATTACH, facts, actor.permissions, [each]) or self._no_target(each),
            "attach": why_not(Action.ATTACH, facts, actor.permissions, [each]) or self._no_target(each),
            "import_coding": why_not(Action.ATTACH, facts, actor.permissions, [each]) or _no_import(each),
        }

    def _no_target(self, each: SetFacts) -> str | None:
        if self.row is None or not self.row.linked_to:
            return f"Create or link a {self.kind} batch first."
        if self.batch_type is BatchType.CHARGE and each.attached_to:
            return f"Set {each.set_id} is attached to {each.attached_to[0]}; detach it first."
        return None

    def tie_deposit(self, deposit_id: int) -> str:
        """Ties the selected set to a deposit, from the image side; gives what to tell the person."""
        if self.set_id is None:
            return ""
        self.desk.ties.attach(self.actor(), self.set_id, TargetKind.DEPOSIT, deposit_id, also=True)
        self.look_at_sets()
        return f"Set {self.set_id} is tied to deposit {deposit_id}."

    def targets(self) -> list[tuple[str, str]]:
        """Cases or payments of the linked work batches that the selected set can be attached to, as choices."""
        if self.row is None or self.set_id is None:
            return []
        actor, entries = self.actor(), self.desk.entries
        if self.batch_type is BatchType.CHARGE:
            return [
                (str(each.case_id), f"Case {each.case_id} {each.patient_last}".strip())
                for work_id in self.row.linked_to
                for each in entries.cases(actor, work_id)
            ]
        attached = {each.target_id for each in self.desk.ties.of_set(actor, self.set_id)}
        return [
            (str(each.payment_id), f"Payment {each.payment_id} {each.kind.value} {each.check_number}".strip())
            for work_id in self.row.linked_to
            for each in entries.payments(actor, work_id)
            if each.payment_id not in attached
        ]

    def attach(self, target_id: int) -> str:
        """Attaches the selected set to a case or payment that is there; for payments, to this one as well."""
        if self.set_id is None:
            return ""
        charge = self.batch_type is BatchType.CHARGE
        kind = TargetKind.CASE if charge else TargetKind.PAYMENT
        self.desk.ties.attach(self.actor(), self.set_id, kind, target_id, also=not charge)
        self.look_at_sets()
        return f"Set {self.set_id} is attached to {kind.value} {target_id}."

    def import_coding(self) -> str:
        """The coding of the selected set flows into the case that it is attached to."""
        if self.set_id is None:
            return ""
        case_id = self.desk.ties.of_set(self.actor(), self.set_id)[-1].target_id
        self.desk.entries.import_coding(self.actor(), case_id, self.set_id)
        self.look_at_sets()
        return f"The coding of set {self.set_id} was imported into case {case_id}."

    def detach(self, reason: str) -> str:
        """Detaches the selected set from what it was attached to last; gives what to tell the person."""
        if self.set_id is None:
            return ""
        last = self.desk.ties.of_set(self.actor(), self.set_id)[-1]
        self.desk.ties.detach(self.actor(), self.set_id, last.kind, last.target_id, reason)
        self.look_at_sets()
        return f"Set {self.set_id} is detached from {last.words}."

    def waiting(self) -> list[SetRow]:
        """Posted sets of this type that nobody attached or ignored, those that wait longest first."""
        return self.desk.lists.unattached(self.actor(), batch_type=self.batch_type)

    def create_case(self) -> str:
        """A case for the selected set in the batch linked last; gives what to tell the person."""
        row, set_id = self.row, self.set_id
        if row is None or set_id is None:
            return ""
        case_id = self.desk.entries.create_case(self.actor(), row.linked_to[-1], set_id=set_id)
        imported = self.desk.entries.case(self.actor(), case_id).imported_set_id == set_id
        self.look_at_sets()
        coded = (
            "its coding was imported." if imported else "nothing is imported until its coding is Complete."
        )
        return f"Case {case_id} was created from set {set_id}; {coded}"


def _no_import(each: SetFacts) -> str | None:
    if not each.attached_to:
        return "Attach the set to a case first."
    if each.coding_status is not CodingStatus.COMPLETE:
        return f"Set {each.set_id} is {each.coding_status.value}; only Complete can be imported."
    return None


def _today(zone: Any) -> Any:
    moment: datetime = now()
    return moment.astimezone(zone).date()
