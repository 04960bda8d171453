"""The audit trail for those who may look at it, and the proof that nobody touched it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from workbench.domain.audit import Head
from workbench.domain.audit_views import AuditChoices, AuditPage, AuditQuery, AuditRow, Proof
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError
from workbench.services.deposits.base import sight_of
from workbench.storage import Database
from workbench.storage.audit_selects import audit_select


class AuditTrail:
    """`heads_file` keeps, outside the database, how far the trail went when it was proven last."""

    def __init__(self, database: Database, heads_file: Path) -> None:
        self._database = database
        self._heads_file = heads_file

    def page(self, actor: Actor, query: AuditQuery) -> AuditPage:
        """One page of what the filter finds among the actor's practices."""
        actor.require(Permission.AUDIT_VIEW)
        with self._database.reading() as stores:
            return stores.audit_trail.page(query, sight_of(actor))

    def event(self, actor: Actor, chain: int, number: int) -> AuditRow:
        """One event. Raises NotFoundError, also for one of another practice."""
        actor.require(Permission.AUDIT_VIEW)
        with self._database.reading() as stores:
            found = stores.audit_trail.event(chain, number, sight_of(actor))
        if found is None:
            raise NotFoundError("The event was not found.")
        return found

    def choices(self, actor: Actor) -> AuditChoices:
        """What the filters of the page offer."""
        actor.require(Permission.AUDIT_VIEW)
        with self._database.reading() as stores:
            return stores.audit_trail.choices(sight_of(actor))

    def table(self, actor: Actor, query: AuditQuery) -> pa.Table:
        """Everything that the filter finds, oldest first, for `Exports.export`."""
        actor.require(Permission.AUDIT_VIEW)
        return self._database.arrow(audit_select(query, sight_of(actor)))

    def verify(self, actor: Actor) -> Proof:
        """Proves every chain of the office. When all hold, their heads are kept as witnesses for the next proof."""
        actor.require(Permission.SETUP)
        with self._database.reading() as stores:
            heads = stores.audit_trail.heads()
            proof = stores.audit_trail.prove(self._witnesses())
        if proof.holds:
            self._keep(heads)
        return proof

    def _witnesses(self) -> Mapping[int, Head]:
        if not self._heads_file.exists():
            return {}
        kept = json.loads(self._heads_file.read_text(encoding="ascii"))
        return {int(chain): Head(int(chain), number, mac) for chain, (number, mac) in kept.items()}

    def _keep(self, heads: Mapping[int, Head]) -> None:
        self._heads_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = self._heads_file.with_suffix(f".{os.getpid()}.new")
        kept = {str(chain): [head.number, head.mac] for chain, head in heads.items()}
        written.write_text(json.dumps(kept, sort_keys=True), encoding="ascii")
        written.replace(self._heads_file)
