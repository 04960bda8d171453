"""Files that came in: their bytes, their interchanges, and the log of every attempt."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from workbench.domain.findings import Finding
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables.imports import import_contents, import_files, import_log, interchanges

PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Interchange:
    """ISA06, ISA08, ISA13 and GS06: how the sender numbers what it sends."""

    isa_sender: str
    isa_receiver: str
    isa_control: str
    gs_control: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: int
    sha256: str
    name: str
    size: int
    received_at: datetime


def compress(piece: bytes | memoryview) -> bytes:
    """The form in which a piece is stored. Level 1: an 835 shrinks to a fifth, at ten times the speed of level 9."""
    return zlib.compress(piece, 1)


def _told(finding: Finding) -> dict[str, str | int | None]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "level": finding.level.value,
        "segment": finding.segment,
        "message": finding.message,
    }


class ImportStore(Store):
    """`import_files` and what hangs on them."""

    def file(self, sha256: str) -> StoredFile | None:
        row = self._connection.execute(sa.select(import_files).where(import_files.c.sha256 == sha256)).first()
        if row is None:
            return None
        return StoredFile(row.id, row.sha256, row.name, row.size, row.received_at)

    def add_file(self, sha256: str, name: str, size: int, kind: str, pieces: Iterable[bytes]) -> int:
        """Stores the bytes as received; `pieces` are PIECE_BYTES each, compressed.

        The unique sha256 refuses a second file of the same content (ConflictError at the end of the transaction).
        """
        file_id = self._insert(
            import_files,
            {"sha256": sha256, "name": name, "size": size, "kind": kind, "received_at": now()},
        )
        rows = [
            {"import_file_id": file_id, "piece_no": number, "content": piece}
            for number, piece in enumerate(pieces)
        ]
        if rows:
            self._connection.execute(sa.insert(import_contents), rows)
        return file_id

    def read(self, file_id: int, start: int, end: int) -> bytes:
        """Bytes `start` to `end` (exclusive) of the file as received."""
        first, last = start // PIECE_BYTES, max(end - 1, start) // PIECE_BYTES
        pieces = self._connection.scalars(
            sa.select(import_contents.c.content)
            .where(
                import_contents.c.import_file_id == file_id, import_contents.c.piece_no.between(first, last)
            )
            .order_by(import_contents.c.piece_no)
        )
        joined = b"".join(zlib.decompress(piece) for piece in pieces)
        return joined[start - first * PIECE_BYTES : end - first * PIECE_BYTES]

    def seen_interchanges(self, numbers: Sequence[Interchange]) -> dict[Interchange, int]:
        """Those of the interchanges that another file had, with that file's id."""
        c = interchanges.c
        found: dict[Interchange, int] = {}
        for each in set(numbers):
            file_id = self._connection.scalar(
                sa.select(sa.func.min(c.import_file_id)).where(
                    c.isa_sender == each.isa_sender,
                    c.isa_receiver == each.isa_receiver,
                    c.isa_control == each.isa_control,
                    c.gs_control == each.gs_control,
                )
            )
            if file_id is not None:
                found[each] = file_id
        return found

    def add_interchanges(self, file_id: int, numbers: Iterable[Interchange]) -> None:
        rows = [{"import_file_id": file_id, **asdict(each)} for each in sorted(set(numbers))]
        if rows:
            self._connection.execute(sa.insert(interchanges), rows)

    def log(
        self,
        actor: Actor,
        sha256: str,
        name: str,
        outcome: Outcome,
        findings: Iterable[Finding] = (),
        file_id: int | None = None,
    ) -> None:
        """Writes down one attempt, with who and when."""
        self._insert(
            import_log,
            {
                "sha256": sha256,
                "file_name": name,
                "import_file_id": file_id,
                "outcome": outcome.value,
                "findings_json": json.dumps([_told(finding) for finding in findings]),
                "user_id": actor.user_id,
                "at": now(),
            },
        )
