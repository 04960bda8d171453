"""A day at the deposit desk, in any order: after every step the money is where it should be (spec deposits 10).

Two clerks import, import again, attach, edit, spread, dispose, exclude, ignore, post, reverse, reset, remove and
restart the program. What they may not do is refused; what they may do keeps every invariant.
"""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.builders import furnish_office
from tests.services.desk_office import DAY, Cas, Desk, cas, claim, line
from workbench.domain.deposit import DifferenceReason, Disposition, PaymentType
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.domain.posting import Effect, TransactionKind
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.services.deposit_desk.creating import Creating, NewDeposit, NewStatement
from workbench.services.deposit_desk.editing import (
    ClaimEdit,
    EditedAdjustment,
    EditedLine,
    Editing,
    HeaderEdit,
)
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.planning import NOT_IGNORABLE
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.provider_money import ProviderMoney
from workbench.services.deposit_desk.resolving import Resolving
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.deposits.actions import DepositActions
from workbench.storage import Database
from workbench.storage.tables.deposits import deposits

CHARGE = 10_000
PCNS = ("A1", "A2", "A3")
# What a payer may say of a line of 100.00 (status, paid, adjustments), balanced or not.
STORIES: tuple[tuple[str, int, tuple[Cas, ...]], ...] = (
    ("1", 8000, (("CO-45", 2000),)),
    ("1", 5600, (("CO-45", 1400), ("PR-1", 3000))),
    ("1", 0, (("CO-50", 10000),)),
    ("2", 1000, (("OA-23", 8000), ("CO-45", 1000))),
    ("2", 1000, (("CO-45", 9000),)),
    ("22", -8000, (("CO-45", -2000),)),
    ("1", 5000, (("CO-9999", 5000),)),
    ("1", 8000, (("CO-45", 1500),)),
)


class DepositDesk(RuleBasedStateMachine):
    """`deposit` are ids of deposits; every rule may meet any state."""

    deposit = Bundle("deposit")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._url = f"sqlite:///{Path(self._folder.name) / 'desk.sqlite3'}"
        self.database = Database.open(self._url)
        self.desk = Desk(furnish_office(self.database))
        self.files = 0

    def teardown(self) -> None:
        self.database.close()
        self._folder.cleanup()

    @property
    def boss(self) -> Actor:
        return self.desk.office.supervisor

    @property
    def clerk(self) -> Actor:
        return self.desk.office.north_clerk

    @initialize()
    def claims_of_ours(self) -> None:
        self.ours = {pcn: self.desk.our_claim(pcn, CHARGE, CHARGE, secondary=True) for pcn in PCNS}

    @rule(
        target=deposit,
        stories=st.lists(
            st.tuples(st.sampled_from((*PCNS, "UNKNOWN")), st.sampled_from(STORIES)), min_size=1, max_size=3
        ),
        claim_level=st.sampled_from((0, 0, 300)),
        provider=st.lists(
            st.sampled_from((("L6", "I", -325), ("WO", "A1", 500), ("FB", "F", -700))), max_size=2
        ),
        slip=st.sampled_from((0, 0, 0, 1)),
    )
    def a_file_comes(
        self,
        stories: list[tuple[str, tuple[str, int, tuple[Cas, ...]]]],
        claim_level: int,
        provider: list[tuple[str, str, int]],
        slip: int,
    ) -> int:
        remitted = []
        for pcn, (status, paid, rows) in stories:
            sign = -1 if status == "22" else 1
            lines = [
                line(sign * CHARGE, paid, *rows),
                line(sign * CHARGE, 0, ("PR-3", sign * CHARGE), code="99213"),
            ]
            payer_no = f"ICN{pcn}"
            total = paid - claim_level
            extra = cas(("CO-45", claim_level)) if claim_level else ()
            remitted.append(
                claim(
                    pcn, *lines, status=status, paid_cents=total, adjustments=extra, payer_claim_no=payer_no
                )
            )
        payer = "zenith" if stories[0][1][0] == "2" else "acme"
        paid_in_all = sum(each.paid_cents for each in remitted) - sum(cents for *_, cents in provider)
        self.files += 1
        return self.desk.remit(*remitted, payer=payer, provider=provider, amount=max(paid_in_all, 0) + slip)

    @precondition(lambda self: self.files)
    @rule()
    def the_last_file_comes_again(self) -> None:
        before = self._count()
        outcome = self.desk.again(self.boss)
        assert outcome is Outcome.DUPLICATE
        assert self._count() == before

    @rule(target=deposit, cents=st.integers(0, 20_000))
    def an_eob_is_typed(self, cents: int) -> int:
        new = NewDeposit(self.desk.office.north, cents, "CHK", self.desk.office.acme, DAY)
        return Creating(self.database).create_eob(self.clerk, new)

    @rule(target=deposit, cents=st.integers(1, 25_000), pcn=st.sampled_from(PCNS))
    def a_statement_is_paid(self, cents: int, pcn: str) -> int:
        new = NewStatement(self.desk.office.north, cents, "CHK", (self.ours[pcn],), DAY)
        return Creating(self.database).create_statement(self.clerk, new)

    @rule(deposit=deposit, pcn=st.sampled_from(PCNS))
    def attach(self, deposit: int, pcn: str) -> None:
        for row in self.desk.claims(deposit):
            if row["claim_id"] is None:
                with contextlib.suppress(RefusedError):
                    Editing(self.database).attach(self.clerk, int(str(row["id"])), self.ours[pcn])
                return
        with contextlib.suppress(RefusedError):
            Editing(self.database).add_claims(self.clerk, deposit, [self.ours[pcn]])

    @rule(
        deposit=deposit,
        paid=st.integers(-2000, 12_000),
        written_off=st.integers(0, 12_000),
        status=st.sampled_from(("1", "2", "4")),
        stale=st.booleans(),
    )
    def type_amounts(self, deposit: int, paid: int, written_off: int, status: str, stale: bool) -> None:
        rows = self.desk.claims(deposit)
        if not rows:
            return
        row = rows[0]
        lines = self.desk.lines(row["id"])
        typed = tuple(
            EditedLine(
                int(str(each["id"])),
                paid,
                (
                    EditedAdjustment("CO", "45", written_off),
                    EditedAdjustment("PR", "2", CHARGE - paid - written_off),
                ),
            )
            for each in lines
        )
        version = int(str(row["version"])) - (1 if stale else 0)
        with contextlib.suppress(RefusedError, ChangedByAnotherError):
            Editing(self.database).save_claim(
                self.clerk, int(str(row["id"])), version, ClaimEdit(typed, status), ready=False
            )
            assert not stale, "a save over another's went through"

    @rule(deposit=deposit, included=st.booleans())
    def take_out_or_in(self, deposit: int, included: bool) -> None:
        ids = [int(str(row["id"])) for row in self.desk.claims(deposit)][:1]
        with contextlib.suppress(RefusedError):
            Editing(self.database).set_included(
                self.boss, deposit, ids, included=included, reason="other system"
            )

    @rule(deposit=deposit, cents=st.integers(0, 30_000))
    def change_the_amount(self, deposit: int, cents: int) -> None:
        seen = int(str(self.desk.header(deposit)["version"]))
        with contextlib.suppress(RefusedError):
            Editing(self.database).edit_header(self.boss, deposit, seen, HeaderEdit(deposit_cents=cents))

    @rule(deposit=deposit, disposition=st.sampled_from(Disposition))
    def dispose(self, deposit: int, disposition: Disposition) -> None:
        rows = ProviderMoney(self.database).of_deposit(self.boss, deposit)
        claims = [int(str(row["id"])) for row in self.desk.claims(deposit)]
        for row in rows[:1]:
            with contextlib.suppress(RefusedError):
                Resolving(self.database).dispose(
                    self.boss, deposit, row.id, disposition, {claims[0]: row.cash_cents}, "because"
                )

    @rule(deposit=deposit)
    def spread_claim_levels(self, deposit: int) -> None:
        for row in self.desk.claims(deposit):
            with contextlib.suppress(RefusedError):
                for proposal in Resolving(self.database).propose_spread(self.boss, int(str(row["id"]))):
                    parts = {part.deposit_line_id: part.part_cents for part in proposal.lines}
                    Resolving(self.database).spread(
                        self.boss, int(str(row["id"])), proposal.adjustment_id, parts
                    )

    @rule(deposit=deposit, report=st.booleans())
    def resolve_everything(self, deposit: int, report: bool) -> None:
        """Chooses effects, and ignores what may be ignored."""
        service = DepositErrors(self.database)
        with contextlib.suppress(RefusedError):
            for error in service.of_deposit(self.boss, deposit):
                if error.code in ("UNMAPPED_CARC", "MISSING_PAYMENT_TYPE"):
                    rows = [
                        int(str(row["id"]))
                        for row in self.desk.adjustments(error.deposit_claim_id)
                        if row["effect"] == "BLOCK" or not row["payment_type"]
                    ]
                    effect = Effect.WRITE_OFF if report else Effect.DENIAL
                    Resolving(self.database).choose_effect(
                        self.boss, rows, deposit, effect, PaymentType.CONTRACTUAL
                    )
            ignorable = [
                error.id
                for error in service.of_deposit(self.boss, deposit)
                if error.why_not_ignore is None and error.code not in NOT_IGNORABLE
            ]
            if ignorable:
                service.ignore(self.boss, deposit, ignorable, "looked at it")

    @rule(deposit=deposit)
    def recompute(self, deposit: int) -> None:
        service = DepositErrors(self.database)
        with contextlib.suppress(RefusedError):
            first = service.recompute(self.boss, deposit)
            assert service.recompute(self.boss, deposit) == first

    @rule(deposit=deposit, accept=st.booleans())
    def post(self, deposit: int, accept: bool) -> None:
        planned = {
            each.claim_id: each.open_after_cents
            for each in Posting(self.database).verify(self.boss, deposit).claims
            if not each.problems
        }
        reason = DifferenceReason.UNAPPLIED if accept else None
        with contextlib.suppress(RefusedError):
            sent = Posting(self.database).send(self.boss, deposit, difference=reason)
            event("posted" if sent.posted else "sent, and nothing posted")
            assert bool(planned) == bool(sent.posted), "the dry run said otherwise"
            for claim_id, open_after in planned.items():
                if claim_id is not None and sum(one == claim_id for one in planned) == 1:
                    assert self.desk.balance(claim_id) == open_after or sent.posted > len(planned)

    @rule(deposit=deposit)
    def reverse_one(self, deposit: int) -> None:
        for row in self.desk.claims(deposit)[:1]:
            with contextlib.suppress(RefusedError):
                Undoing(self.database).reverse(self.boss, int(str(row["id"])), "wrong")

    @rule(deposit=deposit)
    def reset(self, deposit: int) -> None:
        with contextlib.suppress(RefusedError):
            Undoing(self.database).reset(self.boss, deposit, "wrong")
            header = self.desk.header(deposit)
            assert (header["posted_paid_cents"], header["posted_adjustments_cents"]) == (0, 0)

    @rule(deposit=deposit)
    def ignore_or_restore(self, deposit: int) -> None:
        header = self.desk.header(deposit)
        actions = DepositActions(self.database)
        act = actions.restore if header["status"] == "IGNORE" else actions.ignore
        with contextlib.suppress(RefusedError):
            act(self.boss, deposit, "because", int(str(header["version"])))

    @rule(deposit=deposit)
    def remove(self, deposit: int) -> None:
        with contextlib.suppress(RefusedError):
            Undoing(self.database).void(self.boss, deposit, "twice")

    @rule()
    def the_program_stops_and_starts(self) -> None:
        self.database.close()
        self.database = Database.open(self._url)
        self.desk.use(self.database)

    @invariant()
    def the_money_is_where_it_should_be(self) -> None:
        self.desk.assert_sound()

    @invariant()
    def only_sent_deposits_are_booked(self) -> None:
        """What is booked belongs to a deposit that was sent, and to no other."""
        with self.database.reading() as stores:
            for row in stores.connection.execute(deposits.select()):
                live = stores.ledger.has_live(row.id)
                assert live or (row.posted_paid_cents, row.posted_adjustments_cents) == (0, 0)
                if row.status != "SENT_TO_POSTING":
                    assert not live
                    continue
                plb = stores.deposit_work.provider_adjustments(row.id)
                reported = -sum(each.amount_cents for each in plb if each.disposition is Disposition.REPORT)
                booked = stores.ledger.deposit_level(row.id).get(TransactionKind.PROVIDER_ADJUSTMENT, 0)
                assert booked == reported, "what is reported is booked, whenever it was decided"

    def _count(self) -> int:
        with self.database.reading() as stores:
            return len(stores.connection.execute(deposits.select()).all())


def run(runs: int, steps: int) -> None:
    run_state_machine_as_test(
        DepositDesk,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(900)
def test_the_desk_in_any_order() -> None:
    run(15, 20)


@pytest.mark.deep
@pytest.mark.timeout(36_000)
def test_the_desk_in_any_order_1000_runs_of_50_steps() -> None:
    run(1000, 50)
