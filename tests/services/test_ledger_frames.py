"""The analyst's door to the ledger, posting errors and rules."""

from tests.services.desk_office import Desk, claim, line
from workbench.domain.deposit import PaymentType
from workbench.domain.identity import Actor
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import Rule
from workbench.frames import Frames
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.rules import Rules


def frames(desk: Desk, who: Actor) -> Frames:
    return Frames(desk.office.database, lambda: who)


def test_the_ledger_balances_and_nets_to_what_is_owed(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 15000)
    deposit = desk.remit(
        claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 4400))), claim("NOT OURS", line(100, 100))
    )
    Posting(desk.office.database).send(desk.office.supervisor, deposit)
    analyst = frames(desk, desk.office.supervisor)
    ledger = analyst.ledger()
    assert ledger["amount_cents"].sum() == 0
    assert str(ledger["amount_cents"].dtype) == "int64"
    receivable = analyst.ledger(claim_id=ours, account="RECEIVABLE")
    assert receivable["amount_cents"].tolist() == [-5600, -5000]
    assert set(receivable["pcn"]) == {"A1"}
    errors = analyst.posting_errors()
    assert errors[["code", "pcn", "state"]].values.tolist() == [["CLAIM_NOT_FOUND", "NOT OURS", "ERROR"]]
    south = frames(desk, desk.office.south_clerk)
    assert (len(south.ledger()), len(south.posting_errors())) == (0, 0)


def test_rules_as_a_frame(desk: Desk) -> None:
    rule = Rule(
        0, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, payer_id=desk.office.acme, group="CO", carc="97"
    )
    Rules(desk.office.database).save(desk.office.supervisor, rule)
    (row,) = frames(desk, desk.office.supervisor).rules().to_dict("records")
    assert (row["payer"], row["group"], row["carc"], row["effect"]) == (
        "ACME HEALTH",
        "CO",
        "97",
        "WRITE_OFF",
    )
