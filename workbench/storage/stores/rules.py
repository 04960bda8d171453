"""The office's own rules, ERA amounts, and settings of payers and of the company."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.posting import ClaimStatus, Effect
from workbench.domain.posting_rule import Rule
from workbench.domain.remit import ClaimLevel
from workbench.storage.stores.base import Store
from workbench.storage.tables.rules import era_amounts, payer_settings, rules


class RuleStore(Store):
    """Reads and keeps what decides how money is posted."""

    def all(self) -> list[Rule]:
        """Every rule of the office, switched-off ones too, oldest first."""
        rows = self._connection.execute(sa.select(rules).order_by(rules.c.id)).mappings()
        return [_rule(dict(row)) for row in rows]

    def add(self, rule: Rule) -> int:
        """Keeps a new rule; its `id` and `version` are given by the database."""
        return self._insert(rules, _columns(rule))

    def change(self, rule: Rule) -> int:
        """Keeps a changed rule when `rule.version` is the one that was read; gives the new version."""
        return self._update_versioned(rules, rule.id, rule.version, _columns(rule), what="The rule")

    def era_amounts(self) -> dict[tuple[int | None, str], Disposition]:
        """What to do with provider-level reasons: (payer or None for all, reason) -> disposition."""
        rows = self._connection.execute(sa.select(era_amounts))
        return {(row.payer_id, row.reason): Disposition(row.disposition) for row in rows}

    def era_amount_types(self) -> dict[tuple[int | None, str], PaymentType]:
        """Payment types that were chosen for provider-level reasons: (payer or None for all, reason) -> type."""
        rows = self._connection.execute(sa.select(era_amounts).where(era_amounts.c.payment_type != ""))
        return {(row.payer_id, row.reason): PaymentType(row.payment_type) for row in rows}

    def set_era_amount(
        self,
        payer_id: int | None,
        reason: str,
        disposition: Disposition,
        payment_type: PaymentType | None = None,
    ) -> None:
        """`payment_type` None: the usual one of the reason."""
        kind = "" if payment_type is None else payment_type.value
        payer = era_amounts.c.payer_id
        at = payer.is_(None) if payer_id is None else payer == payer_id
        found = (at, era_amounts.c.reason == reason)
        changed = self._connection.execute(
            sa.update(era_amounts).where(*found).values(disposition=disposition.value, payment_type=kind)
        )
        if not changed.rowcount:
            row = {"payer_id": payer_id, "reason": reason, "disposition": disposition.value}
            self._connection.execute(sa.insert(era_amounts).values(**row, payment_type=kind))

    def payer_settings(self, payer_id: int) -> Mapping[str, str]:
        rows = self._connection.execute(
            sa.select(payer_settings).where(payer_settings.c.payer_id == payer_id)
        )
        return {row.key: row.value for row in rows}

    def all_payer_settings(self, key: str) -> Mapping[int, str]:
        """One setting of every payer that has it."""
        rows = self._connection.execute(sa.select(payer_settings).where(payer_settings.c.key == key))
        return {row.payer_id: row.value for row in rows}

    def set_payer_setting(self, payer_id: int, key: str, value: str | None) -> None:
        """Keeps the value; None forgets it, and the company's value counts again."""
        place = (payer_settings.c.payer_id == payer_id, payer_settings.c.key == key)
        self._connection.execute(sa.delete(payer_settings).where(*place))
        if value is not None:
            self._connection.execute(
                sa.insert(payer_settings).values(payer_id=payer_id, key=key, value=value)
            )


def _columns(rule: Rule) -> dict[str, Any]:
    values = asdict(rule)
    values["group_code"] = values.pop("group")
    del values["id"], values["version"]
    return values


def _rule(row: Mapping[str, Any]) -> Rule:
    values = {name: value for name, value in row.items() if name != "group_code"}
    values["group"] = row["group_code"]
    values["effect"] = Effect(row["effect"])
    values["payment_type"] = PaymentType(row["payment_type"]) if row["payment_type"] else None
    values["claim_status"] = ClaimStatus(row["claim_status"]) if row["claim_status"] else None
    values["claim_level"] = ClaimLevel(row["claim_level"]) if row["claim_level"] else None
    return Rule(**values)
