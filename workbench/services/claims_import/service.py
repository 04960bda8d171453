"""Import of our own claims: exactly once, in one transaction per file, with an answer for each."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.domain.permissions import Permission
from workbench.era.claims837 import SubmittedClaim, read_claims
from workbench.errors import RefusedError
from workbench.services.claims_import.applying import Applied, Applier
from workbench.services.claims_import.tables import (
    CLAIM_FIELDS,
    claims_of_table,
    proposed_mapping,
    read_table,
)
from workbench.services.import_mappings import TableKind, fitting
from workbench.storage import ConflictError, Database
from workbench.storage.stores.imports import PIECE_BYTES, compress

Read = Callable[[], tuple[list[SubmittedClaim], list[Finding]]]


class _NothingFitsError(Exception):
    """Not one claim of the file is of this office: keep nothing, so that it can come again after set-up."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("no claim fits")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class ClaimsOutcome:
    """The answer for one file.

    Attributes:
        counts: claims that were `new`, `known` (here already), `replaced`, `voided`, `left_out`.
    """

    name: str
    sha256: str
    outcome: Outcome
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class ClaimsImport:
    """Takes in 837 files and tables of claims."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def import_837(self, actor: Actor, name: str, data: bytes) -> ClaimsOutcome:
        """An 837P, 837I or 837D file. Rejected when there is no claim in it that can be read."""

        def read() -> tuple[list[SubmittedClaim], list[Finding]]:
            found = read_claims(data, file_name=name)
            return list(found.claims), list(found.findings)

        return self._import(actor, name, data, "837", read)

    def propose_mapping(self, actor: Actor, name: str, data: bytes) -> tuple[list[str], dict[str, str]]:
        """The headings of a table, and the field -> heading pairs that are plain from their names."""
        actor.require(Permission.DEPOSIT_IMPORT)
        headings = [cell.strip() for cell in read_table(name, data)[0]]
        return headings, self._usual_mapping(headings)

    def _usual_mapping(self, headings: list[str]) -> dict[str, str]:
        with self._database.reading() as stores:
            saved = stores.import_mappings.all(TableKind.CLAIMS.value)
        return saved.get(fitting(saved, headings)) or proposed_mapping(headings, CLAIM_FIELDS)

    def import_table(
        self,
        actor: Actor,
        name: str,
        data: bytes,
        mapping: Mapping[str, str] | None = None,
        practice: str = "",
    ) -> ClaimsOutcome:
        """A CSV or XLSX table. `mapping`: field -> heading, by default a saved one that fits, else as proposed.

        `practice`: NPI or TIN of rows that name none. Raises RefusedError when a required column is missing.
        """
        rows = read_table(name, data)
        rows[0] = [cell.strip() for cell in rows[0]]
        chosen = mapping or self._usual_mapping(rows[0])

        def read() -> tuple[list[SubmittedClaim], list[Finding]]:
            return claims_of_table(rows, chosen, practice)

        return self._import(actor, name, data, "claims table", read)

    def import_file(self, actor: Actor, name: str, data: bytes) -> ClaimsOutcome:
        """Whatever it is: X12 when it begins like it, else a table with the proposed mapping."""
        start = data[:200].lstrip(b"\xef\xbb\xbf\r\n\t ")
        if start.startswith((b"ISA", b"GS", b"ST")):
            return self.import_837(actor, name, data)
        try:
            return self.import_table(actor, name, data)
        except RefusedError as fault:
            finding = Finding("NOT_A_TABLE", Severity.CRITICAL, Level.FILE, str(fault))
            return self._rejected(actor, name, hashlib.sha256(data).hexdigest(), (finding,))

    def _import(self, actor: Actor, name: str, data: bytes, kind: str, read: Read) -> ClaimsOutcome:
        actor.require(Permission.DEPOSIT_IMPORT)
        sha256 = hashlib.sha256(data).hexdigest()
        if self._is_here(sha256):
            return self._duplicate(actor, name, sha256)
        claims, findings = read()
        if not claims:
            return self._rejected(actor, name, sha256, tuple(findings))
        try:
            return self._store(actor, name, data, sha256, kind, claims, findings)
        except _NothingFitsError as nothing:
            return self._rejected(actor, name, sha256, nothing.findings)
        except ConflictError:
            # Somebody else's import of the same file was faster.
            return self._duplicate(actor, name, sha256)

    def _store(
        self,
        actor: Actor,
        name: str,
        data: bytes,
        sha256: str,
        kind: str,
        claims: list[SubmittedClaim],
        findings: list[Finding],
    ) -> ClaimsOutcome:
        pieces = (compress(data[at : at + PIECE_BYTES]) for at in range(0, len(data), PIECE_BYTES))
        with self._database.transaction() as stores:
            if stores.imports.file(sha256) is not None:
                raise ConflictError("the file is here")
            file_id = stores.imports.add_file(sha256, name, len(data), kind, pieces)
            applied: Applied = Applier(stores, file_id, actor.sees).apply(claims)
            every = (*findings, *applied.findings)
            if not applied.counts.keys() - {"left_out"}:
                raise _NothingFitsError(every)
            outcome = Outcome.DOUBTFUL if every else Outcome.NEW
            if not applied.counts.keys() - {"known", "left_out"}:
                outcome = Outcome.DUPLICATE
            stores.imports.log(actor, sha256, name, outcome, every, file_id)
            counts = dict(applied.counts)
            stores.audit.add(
                actor, "claims.import", "import_file", file_id, after={"outcome": outcome, **counts}
            )
        return ClaimsOutcome(name, sha256, outcome, counts, every)

    def _is_here(self, sha256: str) -> bool:
        with self._database.reading() as stores:
            return stores.imports.file(sha256) is not None

    def _duplicate(self, actor: Actor, name: str, sha256: str) -> ClaimsOutcome:
        with self._database.transaction() as stores:
            stores.imports.log(actor, sha256, name, Outcome.DUPLICATE)
        return ClaimsOutcome(name, sha256, Outcome.DUPLICATE)

    def _rejected(self, actor: Actor, name: str, sha256: str, findings: tuple[Finding, ...]) -> ClaimsOutcome:
        actor.require(Permission.DEPOSIT_IMPORT)
        with self._database.transaction() as stores:
            stores.imports.log(actor, sha256, name, Outcome.REJECTED, findings)
        return ClaimsOutcome(name, sha256, Outcome.REJECTED, findings=findings)
