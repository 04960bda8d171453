"""The life-cycle table of spec deposits 2.4, cell by cell."""

import pytest

from workbench.domain.deposit import (
    ACTIONS,
    ClaimState,
    DepositAction,
    DepositFacts,
    DepositStatus,
    PostingStatus,
    is_ignored_at_import,
    posting_status,
    why_claim_is_read_only,
    why_not,
    why_not_reverse,
)

NEW, SENT, IGNORED, BUILD = (
    DepositStatus.NEW,
    DepositStatus.SENT_TO_POSTING,
    DepositStatus.IGNORE,
    DepositStatus.BUILD,
)
ALLOWED = {
    DepositAction.RESOLVE: {NEW, SENT},
    DepositAction.CHANGE_CLAIMS: {NEW, SENT},
    DepositAction.VERIFY: {NEW, SENT, IGNORED},
    DepositAction.SEND: {NEW, SENT},
    DepositAction.IGNORE: {NEW},
    DepositAction.RESTORE: {IGNORED},
    DepositAction.RESET: {NEW, SENT},
    DepositAction.VOID: {NEW, IGNORED},
    DepositAction.EDIT: {NEW, SENT},
}


@pytest.mark.parametrize("action", DepositAction)
@pytest.mark.parametrize("status", DepositStatus)
def test_each_action_is_possible_exactly_where_the_table_says(
    action: DepositAction, status: DepositStatus
) -> None:
    refused = why_not(action, DepositFacts(status, postable_claims=1))
    assert (refused is None) == (status in ALLOWED[action])
    assert refused is None or refused.endswith(".")


@pytest.mark.parametrize("action", DepositAction)
def test_nothing_can_be_done_with_a_removed_deposit(action: DepositAction) -> None:
    assert why_not(action, DepositFacts(NEW, voided=True, postable_claims=1)) == "This deposit was removed."


def test_sending_needs_a_claim_and_no_critical_error() -> None:
    assert why_not(DepositAction.SEND, DepositFacts(NEW)) == "There is no claim left to post."
    stopped = why_not(DepositAction.SEND, DepositFacts(NEW, open_critical_errors=2, postable_claims=1))
    assert stopped == "2 critical deposit errors must be resolved or ignored first."


def test_a_deposit_with_posted_money_is_not_removed() -> None:
    assert why_not(DepositAction.VOID, DepositFacts(NEW, live_entries=True)) is not None


def test_every_change_of_status_asks_for_a_reason_except_sending() -> None:
    changing = {action for action, rule in ACTIONS.items() if rule.to is not None}
    assert {action for action in changing if not ACTIONS[action].needs_reason} == {DepositAction.SEND}


def test_posted_claims_are_read_only_and_alone_can_be_reversed() -> None:
    assert why_claim_is_read_only(SENT, ClaimState.POSTED) == "The claim is posted. Reverse it first."
    assert why_claim_is_read_only(IGNORED, ClaimState.PENDING) == "The deposit is ignored. Restore it first."
    assert why_claim_is_read_only(SENT, ClaimState.ERROR) is None
    assert [state for state in ClaimState if why_not_reverse(state) is None] == [ClaimState.POSTED]


@pytest.mark.parametrize(
    ("status", "unposted", "gap", "accepted", "plb", "expected"),
    [
        (SENT, 0, 0, False, 0, PostingStatus.DISBURSED),
        (SENT, 0, 500, True, 0, PostingStatus.DISBURSED),
        (SENT, 0, 500, False, 0, PostingStatus.NOT_DISBURSED),
        (SENT, 1, 0, False, 0, PostingStatus.NOT_DISBURSED),
        (SENT, 0, 0, False, 1, PostingStatus.NOT_DISBURSED),
        (NEW, 0, 0, False, 0, PostingStatus.NOT_DISBURSED),
        (IGNORED, 0, 0, False, 0, None),
    ],
)
def test_disbursed_means_everything_has_its_place(
    status: DepositStatus, unposted: int, gap: int, accepted: bool, plb: int, expected: PostingStatus | None
) -> None:
    result = posting_status(
        status,
        unposted_claims=unposted,
        unreconciled_cents=gap,
        difference_accepted=accepted,
        unresolved_provider_adjustments=plb,
    )
    assert result is expected


def test_debits_and_notices_are_ignored_by_the_system() -> None:
    assert is_ignored_at_import("D", "C")
    assert [code for code in "CDHIPUX" if is_ignored_at_import("C", code)] == ["D", "P", "X"]
