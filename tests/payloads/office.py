"""The demo office with a payload in every text that people or files write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.payloads.texts import PAYLOADS

# Every column of the store that holds text of people or of files. What the program itself writes (words with a
# check, hashes, keys, JSON) cannot hold one.
TEXTS = {
    "facilities": ("name",),
    "import_files": ("name",),
    "payers": ("name", "payer_code"),
    "practices": ("name",),
    "users": ("name",),
    "bank_accounts": ("name", "number"),
    "bank_files": ("name",),
    "bank_matches": ("close_reason",),
    "charge_batches": ("description",),
    "claims": ("pcn", "patient_last", "patient_first", "member_id", "rendering_npi", "payer_claim_no"),
    "deposits": (
        "check_number", "payer_name", "payer_identifier", "payee_name", "payee_npi", "payee_tin", "unreadable",
        "ignore_reason", "void_reason", "difference_reason",
    ),
    "import_log": ("file_name",),
    "plans": ("name",),
    "rules": ("note",),
    "bank_day_closes": ("reopen_reason",),
    "bank_transactions": ("bank_reference", "customer_reference", "description", "trace", "payer_key", "reason"),
    "charge_lines": ("code", "modifiers", "units"),
    "claim_payers": ("member_id",),
    "deposit_claims": (
        "pcn", "remit_status", "filing_indicator", "payer_claim_no", "patient_last", "patient_first", "member_id",
        "rendering_npi", "remark_codes", "crossover_name", "unreadable",
    ),
    "image_batches": ("description",),
    "payment_batches": ("description",),
    "provider_adjustments": ("provider_id", "reason", "reference", "unreadable"),
    "deposit_lines": ("code", "modifiers", "original_code", "revenue_code", "units", "remark_codes", "unreadable"),
    "image_imports": ("file_name", "reason"),
    "image_sets": ("note",),
    "payments": ("check_number",),
    "adjustments": ("group_code", "reason", "quantity", "unreadable"),
    "cases": ("patient_last", "patient_first"),
    "coding_forms": ("patient_last", "patient_first", "patient_middle", "referring_physician", "box19"),
    "deposit_errors": ("message", "close_reason"),
    "images": ("original_name", "note"),
}  # fmt: skip


def poison(home: Path) -> int:
    """Writes payload after payload into every row of these columns; gives how many cells."""
    cells = 0
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as connection:
        connection.create_function("payload", 1, lambda number: PAYLOADS[number % len(PAYLOADS)])
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        for table, columns in TEXTS.items():
            for place, column in enumerate(columns):
                # The number in front keeps what must be unique so, and is no start of a formula or tag.
                unique = f"payload(rowid * 7 + {place}) || ' ' || rowid"
                changed = connection.execute(f'UPDATE "{table}" SET "{column}" = {unique}')  # noqa: S608
                cells += changed.rowcount
        cells += _poison_events(connection)
        connection.commit()
    return cells


def _poison_events(connection: sqlite3.Connection) -> int:
    quoted = "json_object(payload(number), payload(number + 1))"
    changed = connection.execute(
        f"UPDATE audit_events SET reason = payload(number), before_json = {quoted}, after_json = {quoted}"  # noqa: S608
    )
    return changed.rowcount
