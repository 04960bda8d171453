"""What Deposit Management shows and may do; nothing is drawn here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from workbench.domain.deposit import (
    ClaimState,
    DepositAction,
    why_claim_is_read_only,
    why_not_copy,
    why_not_reverse,
)
from workbench.domain.deposit_views import (
    ClaimDetails,
    ClaimPage,
    ClaimQuery,
    DepositDetails,
    DepositQuery,
    ErrorList,
    HistoryRow,
    ProviderAdjustmentRow,
)
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.money_flow import MoneyFlow
from workbench.domain.permissions import Permission
from workbench.services.deposits import Deposits
from workbench.services.user_settings import MAX_CLAIMS, UserSettings

# Spec 6.4: the filters of the claims grid.
FILTER_LABELS = {
    "all": "All claims",
    "errors": "With errors",
    "denied": "Denied",
    "reversals": "Reversals",
    "excluded": "Excluded",
    "unposted": "Not posted",
}

NOT_ALLOWED = "You may not do this. Ask your supervisor for the right."

# The button of each action that a person takes on the whole deposit.
BUTTON_OF = {
    DepositAction.CHANGE_CLAIMS: "find",
    DepositAction.EDIT: "edit",
    DepositAction.VERIFY: "verify",
    DepositAction.SEND: "send",
    DepositAction.RESET: "reset",
    DepositAction.VOID: "remove",
    DepositAction.IGNORE: "ignore",
    DepositAction.RESTORE: "restore",
}


class Desk(Protocol):
    """What the screen needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposits(self) -> Deposits: ...
    @property
    def user_settings(self) -> UserSettings: ...


class DepositModel:
    """One deposit at a time, and the filter and page of its claims."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.details: DepositDetails | None = None
        self._claims_locked = True
        self.claim_query = ClaimQuery()

    def open_deposit(self, deposit_id: int) -> DepositDetails:
        """Raises NotFoundError, also for a deposit of somebody else's practice."""
        self.details = self._desk.deposits.get(self._desk.actor, deposit_id)
        if deposit_id != self.deposit_id:
            self.claim_query = ClaimQuery()
        self.deposit_id = deposit_id
        return self.details

    def claims(self, sort_key: str, descending: bool, offset: int, limit: int) -> ClaimPage:  # noqa: FBT001
        """The claims at `offset` of those the filter finds; sort and filter go over the whole deposit."""
        self.claim_query = replace(
            self.claim_query,
            sort_key=sort_key or "claim_no",
            descending=descending,
            offset=offset,
            limit=limit,
        )
        return self._desk.deposits.claims(self._desk.actor, self.deposit_id, self.claim_query)

    def narrow_claims(self, name: str, value: Any) -> None:
        """`show` is one of FILTER_LABELS; `search` is text."""
        self.claim_query = replace(self.claim_query, **{name: value or getattr(ClaimQuery(), name)})

    def claim(self, deposit_claim_id: int) -> ClaimDetails:
        return self._desk.deposits.claim(self._desk.actor, deposit_claim_id)

    def errors(self) -> ErrorList:
        return self._desk.deposits.errors(self._desk.actor, self.deposit_id)

    def notes(self) -> tuple[HistoryRow, ...]:
        """The newest first."""
        return self._desk.deposits.notes(self._desk.actor, self.deposit_id)

    def provider_adjustments(self) -> tuple[ProviderAdjustmentRow, ...]:
        return self._desk.deposits.provider_adjustments(self._desk.actor, self.deposit_id)

    def money(self) -> MoneyFlow:
        return self._desk.deposits.money(self._desk.actor, self.deposit_id)

    @property
    def page_size(self) -> int:
        """The user setting Maximum claims per deposit page."""
        return int(self._desk.user_settings.get(self._desk.actor, MAX_CLAIMS))

    def set_page_size(self, size: int) -> None:
        self._desk.user_settings.set(self._desk.actor, MAX_CLAIMS, str(size))

    def ignore(self, reason: str) -> None:
        """Raises RefusedError, or ChangedByAnotherError when the deposit is not as it was shown."""
        self._desk.deposits.ignore(self._desk.actor, self.deposit_id, reason, self._version)

    def restore(self, reason: str) -> None:
        """Raises as `ignore` does."""
        self._desk.deposits.restore(self._desk.actor, self.deposit_id, reason, self._version)

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now, by button."""
        refused = self._desk.deposits.refusals(self._desk.actor, self.deposit_id)
        self._claims_locked = DepositAction.CHANGE_CLAIMS in refused
        return {BUTTON_OF[action]: text for action, text in refused.items() if action in BUTTON_OF}

    def why_read_only(self, state: ClaimState) -> str | None:
        """Why a claim in this state cannot be changed now (spec 1.5); None when it can."""
        return why_claim_is_read_only(self.details.row.status, state) if self.details else None

    def claim_blockers(self, state: ClaimState) -> dict[str, str]:
        """Why a button of a claim in this state cannot be used now, by button."""
        if self.details is None:
            return {}
        may = self._desk.actor.permissions
        claims = None if Permission.DEPOSIT_CLAIMS in may else NOT_ALLOWED
        found = {
            "attach": self.why_read_only(state) or claims,
            "reverse": why_not_reverse(state) or (None if Permission.DEPOSIT_REVERSE in may else NOT_ALLOWED),
            "copy": why_not_copy(self.details.row.status, state) or claims,
        }
        return {name: text for name, text in found.items() if text}

    def may_edit(self, state: ClaimState) -> bool:
        """Whether a claim in this state has `Edit`; as of the last `blockers`, asked once for all rows."""
        return not self._claims_locked and self.why_read_only(state) is None

    def neighbours(self, query: DepositQuery) -> tuple[int | None, int | None]:
        """The deposits before and after this one in the list as it was last filtered."""
        return self._desk.deposits.neighbours(self._desk.actor, self.deposit_id, query)

    @property
    def _version(self) -> int:
        return self.details.row.version if self.details is not None else 0


NOT_KNOWN = "Nobody could read the amount of the deposit. Edit: type it."
OF_THE_AMOUNT = ("Deposit ($)", "Balance ($)", "Unreconciled ($)", "Gap of the 835 ($)")


def balancing(details: DepositDetails) -> list[tuple[str, str, str]]:
    """The balancing pop-up (spec 4.2): figure, amount, meaning."""
    row = details.row
    figures: Mapping[str, tuple[int, str]] = {
        "Deposit ($)": (row.deposit_cents, "What the payer says it paid (BPR02)"),
        "Payments ($)": (row.payments_cents, "Paid on the claims that are posted here"),
        "Exclusions ($)": (row.exclusions_cents, "Paid on claims left out of posting"),
        "Reported ($)": (row.reported_cents, "Provider- and claim-level money sent to Deposit Reporting"),
        "Unreconciled ($)": (row.unreconciled_cents, details.unreconciled_explained),
        "Adjustment ($)": (row.adjustments_cents, "Write-offs, which change the claims' balances"),
        "Balance ($)": (row.balance_cents, details.balance_explained),
        "Provider adjustments ($)": (
            details.provider_adjustments_cents,
            "Sum of PLB in the payer's sign: positive lowers the check",
        ),
        "Gap of the 835 ($)": (details.transaction_gap_cents, "0.00 when the file is sound in itself"),
    }
    shown = {label: (format_dollars(cents), meaning) for label, (cents, meaning) in figures.items()}
    if row.unreadable:
        shown |= dict.fromkeys(OF_THE_AMOUNT, ("unreadable", NOT_KNOWN))
    return [(label, amount, meaning) for label, (amount, meaning) in shown.items()]
