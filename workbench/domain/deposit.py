"""The deposit: its words, its states, and why an action is refused (spec deposits 1.9 and 2).

Services and screens ask the same `why_not`: the service refuses with its text, the screen disables
the button with it.
"""

from dataclasses import dataclass
from enum import StrEnum

from workbench.domain.permissions import Permission


class DepositType(StrEnum):
    """How the deposit came to be (seed: ERA, EOB, Import, Statement)."""

    ERA = "ERA"
    EOB = "EOB"
    IMPORT = "IMPORT"
    STATEMENT = "STATEMENT"

    @property
    def label(self) -> str:
        return {"IMPORT": "Import", "STATEMENT": "Statement"}.get(self.value, self.value)


class DepositStatus(StrEnum):
    BUILD = "BUILD"
    NEW = "NEW"
    IGNORE = "IGNORE"
    SENT_TO_POSTING = "SENT_TO_POSTING"

    @property
    def label(self) -> str:
        return {"SENT_TO_POSTING": "Sent to Posting"}.get(self.value, self.value.capitalize())


class PostingStatus(StrEnum):
    """Whether all of the money has found its place (spec 2.3)."""

    NOT_DISBURSED = "NOT_DISBURSED"
    DISBURSED = "DISBURSED"

    @property
    def label(self) -> str:
        return {"NOT_DISBURSED": "Not disbursed", "DISBURSED": "Disbursed"}[self.value]


class ClaimState(StrEnum):
    """State of one claim of a deposit (spec 2.2). REVERSED claims may be posted again."""

    PENDING = "PENDING"
    EXCLUDED = "EXCLUDED"
    POSTED = "POSTED"
    ERROR = "ERROR"
    REVERSED = "REVERSED"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class PayMethod(StrEnum):
    ACH = "ACH"
    CHECK = "CHECK"
    WIRE = "WIRE"
    BOP = "BOP"
    VIRTUAL_CARD = "VIRTUAL_CARD"
    CARD = "CARD"
    CASH = "CASH"
    LOCKBOX = "LOCKBOX"
    NON_PAYMENT = "NON_PAYMENT"

    @property
    def label(self) -> str:
        return _PAY_METHOD_LABELS.get(self, self.value.replace("_", " ").capitalize())


_PAY_METHOD_LABELS = {
    PayMethod.ACH: "ACH",
    PayMethod.WIRE: "Wire (FWT)",
    PayMethod.BOP: "Financial institution option (BOP)",
    PayMethod.NON_PAYMENT: "Non-payment",
}
PAY_METHOD_OF_BPR04 = {
    "ACH": PayMethod.ACH,
    "CHK": PayMethod.CHECK,
    "FWT": PayMethod.WIRE,
    "BOP": PayMethod.BOP,
    "NON": PayMethod.NON_PAYMENT,
}


class PayType(StrEnum):
    """Kind of money of the whole deposit."""

    INSURANCE = "Insurance payment"
    PATIENT = "Patient payment"
    CAPITATION = "Capitation"
    INCENTIVE = "Incentive/bonus"
    SETTLEMENT = "Settlement"
    OTHER = "Other"


class PaymentType(StrEnum):
    """Kind of money of one ledger entry, or of one adjustment row."""

    INSURANCE = "Insurance payment"
    PATIENT = "Patient payment"
    CO_PAY = "Co-pay"
    CONTRACTUAL = "Contractual write-off"
    SEQUESTRATION = "Sequestration"
    WITHHOLD = "Withhold, tax or penalty"
    COURTESY = "Courtesy write-off"
    COLLECTION_FEE = "Collection fee"
    DENIAL = "Denial (info)"
    DEDUCTIBLE = "Deductible (info)"
    COINSURANCE = "Coinsurance (info)"
    CO_PAY_DUE = "Co-pay due (info)"
    PRIOR_PAYER = "Prior payer (info)"
    INTEREST = "Interest"
    TAKE_BACK = "Take-back"
    REFUND = "Refund"
    TRANSFER = "Transfer"


class Disposition(StrEnum):
    """What becomes of a provider-level amount (PLB; spec 4.4)."""

    UNRESOLVED = "UNRESOLVED"
    APPLY_TO_CLAIM = "APPLY_TO_CLAIM"
    REPORT = "REPORT"
    IGNORE = "IGNORE"

    @property
    def label(self) -> str:
        return {
            "UNRESOLVED": "Unresolved",
            "APPLY_TO_CLAIM": "Apply Amount to Claim(s)",
            "REPORT": "Report Amount",
            "IGNORE": "Ignore",
        }[self.value]


class DifferenceReason(StrEnum):
    """Why a deposit was sent to posting although it does not tie out (spec 4.3)."""

    INTEREST = "Interest"
    ROUNDING = "Rounding"
    UNAPPLIED = "Unapplied cash"
    OTHER_SYSTEM = "Other system"
    PLB_PENDING = "PLB pending"


class DepositAction(StrEnum):
    """What a person may do with a deposit or one of its claims; the value is the button's label."""

    RESOLVE = "Resolve errors"
    CHANGE_CLAIMS = "Attach/Find a Claim"
    VERIFY = "Verify posting data"
    SEND = "Send to Posting"
    IGNORE = "Ignore"
    RESTORE = "Restore"
    RESET = "Reset"
    VOID = "Remove"
    EDIT = "Edit"


@dataclass(frozen=True, slots=True)
class ActionRule:
    """One row of spec 2.4. `to` is the status afterwards, None when it stays."""

    permission: Permission
    allowed_in: frozenset[DepositStatus]
    to: DepositStatus | None = None
    needs_reason: bool = False


_NEW = frozenset({DepositStatus.NEW})
_OPEN = frozenset({DepositStatus.NEW, DepositStatus.SENT_TO_POSTING})
ACTIONS: dict[DepositAction, ActionRule] = {
    DepositAction.RESOLVE: ActionRule(Permission.DEPOSIT_CLAIMS, _OPEN),
    DepositAction.CHANGE_CLAIMS: ActionRule(Permission.DEPOSIT_CLAIMS, _OPEN),
    DepositAction.VERIFY: ActionRule(Permission.DEPOSIT_VIEW, _OPEN | {DepositStatus.IGNORE}),
    DepositAction.SEND: ActionRule(Permission.DEPOSIT_SEND, _OPEN, DepositStatus.SENT_TO_POSTING),
    DepositAction.IGNORE: ActionRule(
        Permission.DEPOSIT_IGNORE, _NEW, DepositStatus.IGNORE, needs_reason=True
    ),
    DepositAction.RESTORE: ActionRule(
        Permission.DEPOSIT_IGNORE, frozenset({DepositStatus.IGNORE}), DepositStatus.NEW, needs_reason=True
    ),
    DepositAction.RESET: ActionRule(Permission.DEPOSIT_RESET, _OPEN, DepositStatus.NEW, needs_reason=True),
    DepositAction.VOID: ActionRule(
        Permission.DEPOSIT_VOID, _NEW | {DepositStatus.IGNORE}, None, needs_reason=True
    ),
    DepositAction.EDIT: ActionRule(Permission.DEPOSIT_EDIT, _OPEN),
}
_WRONG_STATUS = {
    DepositAction.RESTORE: "Only an ignored deposit can be restored.",
    DepositAction.VOID: "A deposit that was sent to posting cannot be removed. Reset it first.",
}


@dataclass(frozen=True, slots=True)
class DepositFacts:
    """What the guards of spec 2.1 look at.

    Attributes:
        open_critical_errors: open errors of the deposit that stop all of it (spec 3.2).
        postable_claims: included claims that are PENDING, ERROR or REVERSED.
        live_entries: whether ledger entries of this deposit are not reversed.
    """

    status: DepositStatus
    voided: bool = False
    open_critical_errors: int = 0
    postable_claims: int = 0
    live_entries: bool = False


def why_not(action: DepositAction, facts: DepositFacts) -> str | None:
    """Why the action is refused now, in words for the person; None when it may be done."""
    if facts.voided:
        return "This deposit was removed."
    if facts.status not in ACTIONS[action].allowed_in:
        return _WRONG_STATUS.get(action, f"Not possible while the deposit is {facts.status.label}.")
    if action is DepositAction.SEND:
        return _why_not_send(facts)
    if action is DepositAction.VOID and facts.live_entries:
        return "Payments of this deposit are posted. Reset it first."
    return None


def _why_not_send(facts: DepositFacts) -> str | None:
    if facts.open_critical_errors:
        count = facts.open_critical_errors
        return f"{count} critical deposit error{'s' if count > 1 else ''} must be resolved or ignored first."
    if not facts.postable_claims:
        return "There is no claim left to post."
    return None


def why_claim_is_read_only(deposit: DepositStatus, claim: ClaimState) -> str | None:
    """Why a claim of the deposit cannot be edited (spec 1.5, table of editability); None when it can."""
    if deposit is DepositStatus.IGNORE:
        return "The deposit is ignored. Restore it first."
    if deposit is DepositStatus.BUILD:
        return "The deposit is still being built."
    if claim is ClaimState.POSTED:
        return "The claim is posted. Reverse it first."
    return None


def why_not_reverse(claim: ClaimState) -> str | None:
    """Why one claim cannot be reversed (spec 2.2); None when it can."""
    return None if claim is ClaimState.POSTED else "Only a posted claim can be reversed."


def why_not_copy(deposit: DepositStatus, claim: ClaimState) -> str | None:
    """Why a claim is not copied to a new posting (spec 6.6: what is posted or ignored is); None when it can be."""
    if claim is ClaimState.POSTED or deposit is DepositStatus.IGNORE:
        return None
    return "Only what is posted or ignored is copied. This claim can be edited as it is."


def posting_status(
    status: DepositStatus,
    *,
    unposted_claims: int,
    unreconciled_cents: int,
    difference_accepted: bool,
    unresolved_provider_adjustments: int,
) -> PostingStatus | None:
    """Spec 2.3; None for an ignored deposit, which is shown as "-" and never counted as open.

    `unposted_claims`: included claims in PENDING or ERROR. The balance of 2.3 is the cash figure (4.2).
    """
    if status is DepositStatus.IGNORE:
        return None
    tied_out = unreconciled_cents == 0 or difference_accepted
    done = not unposted_claims and tied_out and not unresolved_provider_adjustments
    sent = status is DepositStatus.SENT_TO_POSTING
    return PostingStatus.DISBURSED if sent and done else PostingStatus.NOT_DISBURSED


# Spec 2.1: a transaction that takes money, or that only notifies, is ignored by the system itself.
BAD_HANDLING_CODES = frozenset({"D", "P", "X"})


def is_ignored_at_import(credit_debit: str | None, handling_code: str | None) -> bool:
    """BPR03 is D (debit), or BPR01 is D, P or X (spec 2.1, errors DEBIT_ERA and BAD_HANDLING_CODE)."""
    return credit_debit == "D" or handling_code in BAD_HANDLING_CODES
