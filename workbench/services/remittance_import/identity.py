"""What makes a payment the same payment (issue "Import exactly once")."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.era import EraFile
from workbench.storage.stores.imports import Interchange


@dataclass(frozen=True, slots=True)
class PaymentIdentity:
    """One transaction of the file, as far as telling it from others goes.

    Attributes:
        payment_key: payer id + TRN02 + BPR02 + BPR16.
        occurrence: 0 for the first transaction of the file with this key and content, 1 for the second, ...
        repeated: another transaction before it in the same file has the same key.
    """

    payment_key: str
    content_sha256: str
    occurrence: int
    repeated: bool


def payer_identifier(remittance: dict[str, Any]) -> str:
    """The payer's id as the payment states it: TRN03, else BPR10, else N104, else the name."""
    for column in ("trace_originator", "originator_id", "payer_id", "payer_name"):
        if remittance[column]:
            return str(remittance[column])
    return ""


def payment_key(payer: str, trace: str | None, amount_cents: int | None, effective: date | None) -> str:
    """One text of the four parts; a part the file does not have is empty."""
    amount = "" if amount_cents is None else str(amount_cents)
    return "|".join(
        (payer.upper(), (trace or "").upper(), amount, effective.isoformat() if effective else "")
    )


def identities(remittances: Sequence[dict[str, Any]]) -> list[PaymentIdentity]:
    """One per row of the remittance table."""
    contents: Counter[tuple[str, str]] = Counter()
    keys: Counter[str] = Counter()
    found = []
    for row in remittances:
        key = payment_key(
            payer_identifier(row), row["trace_number"], row["amount_cents"], row["effective_date"]
        )
        content = row["content_sha256"]
        found.append(PaymentIdentity(key, content, contents[key, content], keys[key] > 0))
        contents[key, content] += 1
        keys[key] += 1
    return found


def interchanges(file: EraFile) -> list[Interchange]:
    """The identities of the file's interchanges; one without a control number has none."""
    columns = ("isa_sender", "isa_receiver", "isa_control", "gs_control")
    rows = file.interchanges.select(columns).to_pylist()
    return [
        Interchange(*((row[column] or "").strip() for column in columns))
        for row in rows
        if (row["isa_control"] or "").strip()
    ]
