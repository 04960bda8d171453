"""The Posting screen's services: what is listed, the account of a claim, and Copy to new posting (spec 6.6, 6.7)."""

import pytest

from tests.services.desk_office import Desk, claim, line
from workbench.domain.posting_views import PostingQuery
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.copying import Copying
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.postings import Postings
from workbench.services.deposit_desk.undoing import Undoing


def send(desk: Desk, deposit_id: int) -> None:
    Posting(desk.office.database).send(desk.office.supervisor, deposit_id)
    desk.assert_sound()


def postings(desk: Desk) -> Postings:
    return Postings(desk.office.database)


@pytest.fixture
def half_posted(either_desk: Desk) -> tuple[Desk, int]:
    """A1 posts; A2 is not ours, so it fails. One check of 56 and 40."""
    either_desk.our_claim("A1", 15000)
    deposit = either_desk.remit(
        claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 3000), ("PR-2", 1400))),
        claim("ELSEWHERE", line(4000, 4000)),
    )
    send(either_desk, deposit)
    return either_desk, deposit


def test_what_failed_is_listed_first_and_can_be_widened(half_posted: tuple[Desk, int]) -> None:
    desk, deposit = half_posted
    who = desk.office.supervisor
    page = postings(desk).page(who, PostingQuery())
    assert [(row.deposit_id, row.pcn, row.is_posted) for row in page.rows] == [(deposit, "ELSEWHERE", False)]
    assert page.totals.paid_cents == 4000
    assert [(group.code, group.claims, group.paid_cents) for group in page.groups] == [
        ("CLAIM_NOT_FOUND", 1, 4000)
    ]
    every = postings(desk).page(who, PostingQuery(show="all", sort_key="paid_cents", descending=True))
    assert [row.paid_cents for row in every.rows] == [5600, 4000]
    assert (every.rows[0].deductible_cents, every.rows[0].coinsurance_cents) == (3000, 1400)
    assert (every.rows[0].adjustments_cents, every.rows[0].information_cents) == (5000, 4400)
    assert postings(desk).ids(who, PostingQuery(show="posted")) == [every.rows[0].id]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (PostingQuery(show="all", search="elsew"), ["ELSEWHERE"]),
        (PostingQuery(show="all", search="acme"), ["A1", "ELSEWHERE"]),
        (PostingQuery(show="all", error_code="CLAIM_NOT_FOUND"), ["ELSEWHERE"]),
        (PostingQuery(show="excluded"), []),
        (PostingQuery(show="waiting"), []),
        (PostingQuery(show="all", deposit_id=987654), []),
    ],
)
def test_each_filter_finds_its_postings(
    half_posted: tuple[Desk, int], query: PostingQuery, found: list[str]
) -> None:
    desk, _ = half_posted
    page = postings(desk).page(desk.office.supervisor, query)
    assert [row.pcn for row in page.rows] == found


def test_nobody_sees_another_practices_postings(half_posted: tuple[Desk, int]) -> None:
    desk, _ = half_posted
    (failed,) = postings(desk).ids(desk.office.supervisor, PostingQuery())
    assert postings(desk).page(desk.office.south_clerk, PostingQuery(show="all")).rows == ()
    with pytest.raises(NotFoundError):
        postings(desk).open(desk.office.south_clerk, failed)


def test_the_account_shows_the_balance_before_and_after_each_entry(half_posted: tuple[Desk, int]) -> None:
    desk, deposit = half_posted
    (posted,) = postings(desk).ids(desk.office.supervisor, PostingQuery(show="posted"))
    details = postings(desk).open(desk.office.supervisor, posted)
    assert details.balance_cents == 4400
    assert sorted((one.payment_type, one.amount_cents) for one in details.account) == [
        ("Contractual write-off", -5000), ("Insurance payment", -5600),
    ]  # fmt: skip
    assert details.account[0].before_cents == 15000
    assert details.account[0].after_cents == details.account[1].before_cents
    assert details.account[-1].after_cents == 4400
    assert all(one.own and one.deposit_id == deposit for one in details.account)

    Undoing(desk.office.database).reverse(desk.office.supervisor, posted, "wrong patient")
    again = postings(desk).open(desk.office.supervisor, posted)
    assert [one.after_cents for one in again.account][-1] == 15000
    assert again.account[-1].reason == "wrong patient"


def test_like_errors_are_ignored_over_all_deposits(half_posted: tuple[Desk, int]) -> None:
    desk, _ = half_posted
    send(desk, second := desk.remit(claim("NOWHERE", line(3000, 3000))))
    query = PostingQuery(error_code="CLAIM_NOT_FOUND")
    with pytest.raises(RefusedError, match="Say why"):
        postings(desk).ignore_like(desk.office.supervisor, query, " ")
    with pytest.raises(RefusedError, match="one kind"):
        postings(desk).ignore_like(desk.office.supervisor, PostingQuery(), "x")
    assert postings(desk).ignore_like(desk.office.supervisor, query, "another system") == 2
    assert desk.open_codes(second) == []
    assert postings(desk).page(desk.office.supervisor, PostingQuery()).rows == ()
    assert desk.header(second)["exclusions_cents"] == 3000
    desk.assert_sound()


def test_a_posted_claim_is_copied_with_its_amounts_and_can_be_posted_elsewhere(
    half_posted: tuple[Desk, int],
) -> None:
    desk, deposit = half_posted
    who = desk.office.supervisor
    (posted,) = postings(desk).ids(who, PostingQuery(show="posted"))
    again = desk.remit(claim("OTHER", line(100, 100)))
    made = Copying(desk.office.database).copy(who, posted, again)
    desk.assert_sound()
    (copied,) = [row for row in desk.claims(again) if row["id"] == made]
    (source,) = [row for row in desk.claims(deposit) if row["id"] == posted]
    same = ("claim_id", "pcn", "payer_claim_no", "remit_status", "paid_cents", "adjustments_cents")
    same += ("information_cents", "deductible_cents", "coinsurance_cents", "charge_cents", "gap_cents")
    assert [copied[name] for name in same] == [source[name] for name in same]
    assert copied["state"] == "PENDING"
    assert desk.header(again)["payments_cents"] == 100 + 5600
    send_again = Posting(desk.office.database).verify(who, again)
    (planned,) = [one for one in send_again.claims if one.deposit_claim_id == made]
    codes = {code for code, _ in planned.problems}
    assert codes == {"CLAIM_ALREADY_PAID", "OVER_ADJUST"}, "the first posting still stands"

    Undoing(desk.office.database).reverse(who, posted, "the check was reissued")
    (planned,) = [
        one for one in Posting(desk.office.database).verify(who, again).claims if one.deposit_claim_id == made
    ]
    assert planned.problems == ()
    assert (planned.open_before_cents, planned.open_after_cents) == (15000, 4400)


def test_what_can_be_edited_is_not_copied(half_posted: tuple[Desk, int]) -> None:
    desk, deposit = half_posted
    (failed,) = postings(desk).ids(desk.office.supervisor, PostingQuery())
    with pytest.raises(RefusedError, match="edited as it is"):
        Copying(desk.office.database).copy(desk.office.supervisor, failed, deposit)
