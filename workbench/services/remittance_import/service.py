"""Import of remittance files: exactly once, in one transaction, with an answer for each file."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.domain.permissions import Permission
from workbench.era import EraFile, read_remittances
from workbench.services.remittance_import.prepare import Prepared, prepare
from workbench.services.remittance_import.store import already_here, known_transactions, store
from workbench.storage import ConflictError, Database, Stores
from workbench.storage.clock import now
from workbench.storage.stores.imports import PIECE_BYTES, StoredFile, compress

# Each attempt fails only when somebody else's import of the same payment got in between.
ATTEMPTS = 5
COMPRESSORS = 2


class RemittanceImport:
    """Takes 835 files in. The same content by whomever, however often, makes one import."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def import_remittance(self, actor: Actor, name: str, data: bytes) -> ImportOutcome:
        """Reads one file and stores its deposits.

        new: stored, though perhaps out of balance. duplicate: all of it was here. doubtful: stored, but the
        interchange or a payment of it came before with other content. rejected: no transaction can be read.
        Every attempt is written to the import log. Nothing in a file raises an exception.

        Raises NotPermittedError without the right to import.
        """
        actor.require(Permission.DEPOSIT_IMPORT)
        sha256 = hashlib.sha256(data).hexdigest()
        with self._database.reading() as stores:
            stored = stores.imports.file(sha256)
        if stored is not None:
            return self._again(actor, name, stored)
        with _compressed(data) as pieces:
            file = read_remittances(data, file_name=name)
            if not len(file.remittances):
                return self._rejected(actor, name, sha256, file.findings)
            for _ in range(ATTEMPTS - 1):
                try:
                    return self._import(actor, name, sha256, file, pieces)
                except ConflictError:
                    continue
            return self._import(actor, name, sha256, file, pieces)

    def _import(
        self, actor: Actor, name: str, sha256: str, file: EraFile, pieces: list[Future[bytes]]
    ) -> ImportOutcome:
        with self._database.reading() as stores:
            prepared = prepare(file, stores)
        if findings := _not_theirs(prepared, actor):
            return self._rejected(actor, name, sha256, findings)
        with self._database.bulk_transaction() as stores:
            stored = stores.imports.file(sha256)
            if stored is None:
                return self._store(stores, actor, name, sha256, prepared, pieces)
        return self._again(actor, name, stored)

    def _store(
        self,
        stores: Stores,
        actor: Actor,
        name: str,
        sha256: str,
        prepared: Prepared,
        pieces: list[Future[bytes]],
    ) -> ImportOutcome:
        seen, known = known_transactions(prepared, stores)
        if len(seen) == len(prepared.remittances):
            findings = already_here(seen)
            stores.imports.log(actor, sha256, name, Outcome.DUPLICATE, findings)
            ids = [deposit.id for deposit in seen.values()]
            deposits = tuple(stores.remittances.imported(deposit_ids=ids))
            return ImportOutcome(name, sha256, Outcome.DUPLICATE, findings, deposits)
        whole = (piece.result() for piece in pieces)
        file_id = stores.imports.add_file(sha256, name, prepared.file.size, "835", whole)
        written = store(prepared, stores, actor=actor, file_id=file_id, at=now(), seen=seen, known=known)
        outcome = Outcome.DOUBTFUL if written.doubtful else Outcome.NEW
        stores.imports.log(actor, sha256, name, outcome, written.findings, file_id)
        deposits = tuple(stores.remittances.imported(deposit_ids=written.deposit_ids))
        after = {"outcome": outcome, "deposits": written.deposit_ids}
        stores.audit.add(actor, "deposit.import", "import_file", file_id, after=after)
        return ImportOutcome(name, sha256, outcome, written.findings, deposits)

    def _again(self, actor: Actor, name: str, stored: StoredFile) -> ImportOutcome:
        message = f"This file is here already: it was received on {stored.received_at:%Y-%m-%d}. Nothing was stored."
        findings = (Finding("FILE_SEEN", Severity.WARNING, Level.FILE, message),)
        with self._database.transaction() as stores:
            stores.imports.log(actor, stored.sha256, name, Outcome.DUPLICATE, findings, stored.id)
            deposits = tuple(stores.remittances.imported(import_file_id=stored.id))
        return ImportOutcome(name, stored.sha256, Outcome.DUPLICATE, findings, deposits)

    def _rejected(self, actor: Actor, name: str, sha256: str, findings: tuple[Finding, ...]) -> ImportOutcome:
        with self._database.transaction() as stores:
            stores.imports.log(actor, sha256, name, Outcome.REJECTED, findings)
        return ImportOutcome(name, sha256, Outcome.REJECTED, findings)


def _not_theirs(prepared: Prepared, actor: Actor) -> tuple[Finding, ...]:
    """Payments to a practice that the person does not work for: nobody stores what they may not see."""
    message = "This payment is not for a practice of yours. Nothing of the file was stored: give it to your supervisor."
    return tuple(
        Finding("NOT_YOUR_PRACTICE", Severity.CRITICAL, Level.DEPOSIT, message, remittance_no=number)
        for number, practice in enumerate(prepared.practices)
        if not actor.sees(practice)
    )


@contextmanager
def _compressed(data: bytes) -> Iterator[list[Future[bytes]]]:
    """The pieces of the file as they are stored, compressed while the file is being read."""
    view = memoryview(data)
    with ThreadPoolExecutor(COMPRESSORS) as pool:
        yield [
            pool.submit(compress, view[start : start + PIECE_BYTES])
            for start in range(0, len(data), PIECE_BYTES)
        ]
        pool.shutdown(cancel_futures=True)
