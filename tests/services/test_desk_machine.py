"""A day at the deposit desk, in any order: after every step the money is where it should be (spec deposits 10).

Two clerks, and a third of another practice, import, import again, attach, map, edit, spread, dispose, exclude,
ignore, work through, post, reverse, reset and remove; machines stop and programs start again. What they may not do is refused; what they
may do keeps every rule of `desk_money`.
"""

import contextlib
import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.services.desk_disk import (
    CHARGE,
    PCNS,
    contents,
    copied_at_commit,
    copy_files,
    new_desk,
    new_folder,
    open_in,
)
from tests.services.desk_office import DAY, Cas, cas, claim, line
from workbench.domain.deposit import DifferenceReason, Disposition, PaymentType
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.domain.posting import Effect
from workbench.errors import ChangedByAnotherError, NotFoundError, RefusedError
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.creating import NewDeposit, NewStatement
from workbench.services.deposit_desk.editing import HeaderEdit
from workbench.services.deposit_desk.planning import NOT_IGNORABLE
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits.actions import DepositActions
from workbench.storage import Database

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
FILES = {
    "stories": st.lists(
        st.tuples(st.sampled_from((*PCNS, "UNKNOWN")), st.sampled_from(STORIES)), min_size=1, max_size=3
    ),
    "claim_level": st.sampled_from((0, 0, 300)),
    "provider": st.lists(
        # The last gives back what a reversal takes, until a later check (4.4).
        st.sampled_from((("L6", "I", -325), ("WO", "A1", 500), ("FB", "F", -700), ("WO", "A1", -8000))),
        max_size=2,
    ),
    "slip": st.sampled_from((0, 0, 0, 1)),
}
# What the runs of a test came to, for its report.
FIGURES: Counter[str] = Counter()
refused = functools.partial(contextlib.suppress, RefusedError)


def number(row: dict[str, object], name: str = "id") -> int:
    return int(str(row[name]))


class DeskMachine(RuleBasedStateMachine):
    """`deposit` are ids of deposits; every rule may meet any state."""

    deposit = Bundle("deposit")

    def __init__(self) -> None:
        super().__init__()
        self._disks = new_folder()
        self.disk = self._next_disk()
        self.desk, self.ours = new_desk(self.disk)
        self.files = 0

    def _next_disk(self) -> Path:
        return Path(self._disks.name) / str(len(list(Path(self._disks.name).iterdir())))

    def teardown(self) -> None:
        with self.database.reading() as stores:
            count = stores.connection.exec_driver_sql
            FIGURES["runs"] += 1
            FIGURES["files"] += self.files
            for kind, many in count("SELECT kind, count(*) FROM ledger_transactions GROUP BY kind"):
                FIGURES[f"booked as {kind}"] += many
        self.database.close()
        self._disks.cleanup()

    @property
    def database(self) -> Database:
        return self.desk.office.database

    @property
    def services(self) -> DepositDesk:
        return DepositDesk(self.database)

    @property
    def boss(self) -> Actor:
        return self.desk.office.supervisor

    @property
    def clerk(self) -> Actor:
        return self.desk.office.north_clerk

    def _file(
        self,
        stories: list[tuple[str, tuple[str, int, tuple[Cas, ...]]]],
        claim_level: int,
        provider: list[tuple[str, str, int]],
        slip: int,
    ) -> bytes:
        remitted = []
        for pcn, (status, paid, rows) in stories:
            sign = -1 if status == "22" else 1
            lines = [
                line(sign * CHARGE, paid, *rows),
                line(sign * CHARGE, 0, ("PR-3", sign * CHARGE), code="99213"),
            ]
            extra = cas(("CO-45", claim_level)) if claim_level else ()
            remitted.append(
                claim(pcn, *lines, status=status, paid_cents=paid - claim_level, adjustments=extra)
            )
        payer = "zenith" if stories[0][1][0] == "2" else "acme"
        paid_in_all = sum(each.paid_cents for each in remitted) - sum(cents for *_, cents in provider)
        return self.desk.file(*remitted, payer=payer, provider=provider, amount=max(paid_in_all, 0) + slip)

    @rule(target=deposit, **FILES)
    def a_file_comes(self, **told: Any) -> int:
        self.desk.last_file = self._file(**told)
        outcome = self.desk.take_in(self.desk.last_file)
        self.files += 1
        return outcome.deposits[0].id

    @precondition(lambda self: self.files)
    @rule()
    def the_last_file_comes_again(self) -> None:
        assert self.desk.again(self.boss) is Outcome.DUPLICATE

    @rule(target=deposit, cents=st.integers(0, 20_000))
    def an_eob_is_typed(self, cents: int) -> int:
        new = NewDeposit(self.desk.office.north, cents, "CHK", self.desk.office.acme, DAY)
        return self.services.creating.create_eob(self.clerk, new)

    @rule(target=deposit, cents=st.integers(1, 25_000), pcn=st.sampled_from(PCNS))
    def a_statement_is_paid(self, cents: int, pcn: str) -> int:
        new = NewStatement(self.desk.office.north, cents, "CHK", (self.ours[pcn],), DAY)
        return self.services.creating.create_statement(self.clerk, new)

    @rule(deposit=deposit, pcn=st.sampled_from(PCNS))
    def attach(self, deposit: int, pcn: str) -> None:
        unknown = [row for row in self.desk.claims(deposit) if row["claim_id"] is None]
        with refused():
            if unknown:
                self.services.editing.attach(self.clerk, number(unknown[0]), self.ours[pcn])
            else:
                self.services.editing.add_claims(self.clerk, deposit, [self.ours[pcn]])

    @rule(deposit=deposit, order=st.sampled_from(((0, 1), (1, 0), (0, 0), (None, 1))))
    def map_lines(self, deposit: int, order: tuple[int | None, ...]) -> None:
        for row in self.desk.claims(deposit)[:1]:
            with self.database.reading() as stores:
                ours = stores.deposit_work.our_claims([number(row, "claim_id")] if row["claim_id"] else [])
            lines = [each.id for claim in ours.values() for each in claim.lines]
            if lines:
                mine = [number(each) for each in self.desk.lines(row["id"])]
                parts = {at: None if to is None else lines[to] for at, to in zip(mine, order, strict=False)}
                with refused():
                    self.services.resolving.map_line(self.clerk, number(row), parts)

    @rule(deposit=deposit, payer=st.sampled_from(("acme", "zenith")))
    def choose_the_payer(self, deposit: int, payer: str) -> None:
        for row in self.desk.claims(deposit)[:1]:
            with refused():
                self.services.editing.set_payer(self.clerk, number(row), getattr(self.desk.office, payer))

    @rule(
        deposit=deposit,
        paid=st.integers(-2000, 12_000),
        written_off=st.integers(0, 12_000),
        status=st.sampled_from(("1", "2", "4")),
        interest=st.sampled_from((0, 0, 100)),
        both=st.booleans(),
    )
    def type_amounts(
        self, deposit: int, paid: int, written_off: int, status: str, interest: int, *, both: bool
    ) -> None:
        """One clerk saves; when `both` had the claim open, the other's save is told and loses nothing."""
        for row in self.desk.claims(deposit)[:1]:
            rest = CHARGE - paid + interest - written_off
            rows = (EditedAdjustment("CO", "45", written_off), EditedAdjustment("PR", "2", rest))
            typed = tuple(
                EditedLine(number(each), paid, rows, interest_cents=interest)
                for each in self.desk.lines(row["id"])
            )
            save = functools.partial(
                self.services.editing.save_claim, seen_version=number(row, "version"), ready=False
            )
            with refused():
                save(self.clerk, number(row), edit=ClaimEdit(typed, status))
                if both:
                    with pytest.raises(ChangedByAnotherError):
                        save(self.boss, number(row), edit=ClaimEdit((), "3"))

    @rule(deposit=deposit, included=st.booleans())
    def take_out_or_in(self, deposit: int, *, included: bool) -> None:
        ids = [number(row) for row in self.desk.claims(deposit)][:1]
        with refused():
            self.services.editing.set_included(
                self.boss, deposit, ids, included=included, reason="other system"
            )

    @rule(deposit=deposit, cents=st.integers(0, 30_000), both=st.booleans())
    def change_the_amount(self, deposit: int, cents: int, *, both: bool) -> None:
        seen = number(self.desk.header(deposit), "version")
        with refused():
            self.services.editing.edit_header(self.boss, deposit, seen, HeaderEdit(deposit_cents=cents))
            if both:
                with pytest.raises(ChangedByAnotherError):
                    self.services.editing.edit_header(
                        self.clerk, deposit, seen, HeaderEdit(deposit_cents=cents + 1)
                    )

    @rule(deposit=deposit)
    def a_clerk_of_another_practice_comes(self, deposit: int) -> None:
        stranger = self.desk.office.south_clerk
        with pytest.raises(NotFoundError):
            self.services.posting.send(stranger, deposit)
        for row in self.desk.claims(deposit)[:1]:
            with pytest.raises(NotFoundError):
                self.services.editing.attach(stranger, number(row), self.ours["A1"])

    @rule(deposit=deposit, disposition=st.sampled_from(Disposition), last=st.booleans())
    def dispose(self, deposit: int, disposition: Disposition, *, last: bool) -> None:
        rows = self.services.provider_money.of_deposit(self.boss, deposit)
        claims = [number(row) for row in self.desk.claims(deposit)]
        for row in rows[-1:] if last else rows[:1]:
            parts = {claims[-1 if last else 0]: row.cash_cents}
            with refused():
                self.services.resolving.dispose(self.boss, deposit, row.id, disposition, parts, "because")

    @rule(deposit=deposit)
    def dispose_as_proposed(self, deposit: int) -> None:
        with refused():
            self.services.provider_money.settle_proposed(self.boss, deposit)

    @rule(deposit=deposit, report=st.booleans())
    def settle_claim_levels(self, deposit: int, *, report: bool) -> None:
        """Spreads what stands at claim level over the lines, or sends it to Deposit Reporting."""
        resolving = self.services.resolving
        for row in self.desk.claims(deposit):
            with refused():
                for proposal in resolving.propose_spread(self.boss, number(row)):
                    if report:
                        resolving.report_claim_level(self.boss, number(row), proposal.adjustment_id)
                    else:
                        parts = {part.deposit_line_id: part.part_cents for part in proposal.lines}
                        resolving.spread(self.boss, number(row), proposal.adjustment_id, parts)

    @rule(
        deposit=deposit,
        effect=st.sampled_from((Effect.WRITE_OFF, Effect.DENIAL, Effect.INTEREST)),
        kept=st.booleans(),
    )
    def adjust(self, deposit: int, effect: Effect, *, kept: bool) -> None:
        """Says what the rows do that no rule knows, or the first one if all are known; `kept` as a rule from now on."""
        rows = self._rows(deposit)
        chosen = [number(row) for row in rows if row["effect"] == "BLOCK"] or [
            number(row) for row in rows[:1]
        ]
        if chosen:
            with refused():
                self.services.resolving.choose_effect(
                    self.boss, chosen, deposit, effect, PaymentType.CONTRACTUAL, save_rule=kept
                )

    @rule(deposit=deposit)
    def apply_rules_again(self, deposit: int) -> None:
        with refused():
            self.services.resolving.apply_rules(self.boss, deposit)
            assert not self.services.resolving.apply_rules(self.boss, deposit), "nothing is left to decide"

    @rule(deposit=deposit)
    def ignore_errors(self, deposit: int) -> None:
        with refused():
            ignorable = [
                error.id
                for error in self.services.errors.of_deposit(self.boss, deposit)
                if error.why_not_ignore is None and error.code not in NOT_IGNORABLE
            ]
            if ignorable:
                self.services.errors.ignore(self.boss, deposit, ignorable, "looked at it")

    @rule(deposit=deposit)
    def recompute(self, deposit: int) -> None:
        with refused():
            first = self.services.errors.recompute(self.boss, deposit)
            assert self.services.errors.recompute(self.boss, deposit) == first

    @rule(deposit=deposit, accept=st.booleans())
    def post(self, deposit: int, *, accept: bool) -> None:
        plan = [each for each in self.services.posting.verify(self.boss, deposit).claims if not each.problems]
        with refused():
            sent = self._send(deposit, accept=accept)
            event("posted" if sent else "sent, and nothing posted")
            assert sent == len(plan), "the dry run said otherwise"
            after = {each.claim_id: each.open_after_cents for each in plan}
            if len(after) == len(plan):  # the last of several for one claim of ours says what is open then
                assert after == {ours: self.desk.balance(ours) for ours in after if ours is not None}

    @rule(deposit=deposit, pcn=st.sampled_from(PCNS), report=st.booleans(), accept=st.booleans())
    def work_through(self, deposit: int, pcn: str, *, report: bool, accept: bool) -> None:
        """What a clerk does one after the other: the other rules alone would seldom come as far as the ledger."""
        self._make_ready(deposit, pcn, report=report)
        self.post(deposit, accept=accept)
        self.ignore_errors(deposit)  # what only the ledger shows
        self.post(deposit, accept=accept)

    @rule(target=deposit, report=st.booleans(), **FILES)
    def a_file_comes_and_is_worked_through(self, *, report: bool, **told: Any) -> int:
        came = self.a_file_comes(**told)
        self.work_through(came, "A1", report=report, accept=True)
        return came

    @rule(deposit=deposit, whole=st.booleans(), report=st.booleans())
    def undo_and_work_through_again(self, deposit: int, *, whole: bool, report: bool) -> None:
        if whole:
            self.reset(deposit)
        else:
            self.reverse_one(deposit)
        self.desk.assert_sound()
        self.work_through(deposit, "A2", report=report, accept=True)

    def _make_ready(self, deposit: int, pcn: str, *, report: bool) -> None:
        if not self.desk.claims(deposit):
            self.attach(deposit, pcn)
            self.type_amounts(deposit, 8000, 1500, "1", 0, both=False)
        self.dispose_as_proposed(deposit)
        for row in self.services.provider_money.of_deposit(self.boss, deposit):
            if row.disposition is Disposition.UNRESOLVED:
                with refused():
                    self.services.resolving.dispose(self.boss, deposit, row.id, Disposition.REPORT)
        self.settle_claim_levels(deposit, report=report)
        if any(row["effect"] == "BLOCK" for row in self._rows(deposit)):
            self.adjust(deposit, Effect.WRITE_OFF if report else Effect.DENIAL, kept=False)
        self.ignore_errors(deposit)

    def _rows(self, deposit: int) -> list[dict[str, object]]:
        return [row for each in self.desk.claims(deposit) for row in self.desk.adjustments(each["id"])]

    def _send(self, deposit: int, *, accept: bool) -> int:
        reason = DifferenceReason.UNAPPLIED if accept else None
        return self.services.posting.send(self.boss, deposit, difference=reason).posted

    @rule(deposit=deposit)
    def reverse_one(self, deposit: int) -> None:
        for row in self.desk.claims(deposit)[:1]:
            with refused():
                self.services.undoing.reverse(self.boss, number(row), "wrong")

    @rule(deposit=deposit)
    def reset(self, deposit: int) -> None:
        with refused():
            self.services.undoing.reset(self.boss, deposit, "wrong")
            header = self.desk.header(deposit)
            assert (header["posted_paid_cents"], header["posted_adjustments_cents"]) == (0, 0)

    @rule(deposit=deposit)
    def ignore_or_restore(self, deposit: int) -> None:
        header = self.desk.header(deposit)
        actions = DepositActions(self.database)
        act = actions.restore if header["status"] == "IGNORE" else actions.ignore
        with refused():
            act(self.boss, deposit, "because", number(header, "version"))

    @rule(deposit=deposit)
    def remove(self, deposit: int) -> None:
        with refused():
            self.services.undoing.void(self.boss, deposit, "twice")

    @rule(deposit=deposit, act=st.sampled_from(("post", "reset", "reverse")), kept=st.booleans())
    def the_machine_stops(self, deposit: int, act: str, *, kept: bool) -> None:
        if act == "post":
            self._make_ready(deposit, "A1", report=True)
        acts = {"post": lambda: self._send(deposit, accept=True), "reset": lambda: self.reset(deposit)}
        self._crash(acts.get(act, lambda: self.reverse_one(deposit)), kept=kept)

    @rule(target=deposit, kept=st.booleans(), **FILES)
    def the_machine_stops_at_an_import(self, *, kept: bool, **told: Any) -> int:
        """Imported again afterwards, the file is there once, whether the crash came before or after COMMIT."""
        content = self._file(**told)
        self._crash(lambda: self.desk.take_in(content), kept=kept)
        again = self.desk.take_in(content)
        assert again.outcome is Outcome.DUPLICATE if kept else again.outcome is not Outcome.DUPLICATE
        self.desk.last_file = content
        self.files += 1
        return again.deposits[0].id

    def _crash(self, act: Callable[[], object], *, kept: bool) -> None:
        """Goes on with what was on the disk at the moment of COMMIT: before it nothing of the act, after it all."""
        before, crashed = contents(self.disk), self._next_disk()
        with contextlib.ExitStack() as stack:
            if not kept:
                stack.enter_context(copied_at_commit(self.database, self.disk, crashed))
            stack.enter_context(refused())
            act()
        if kept:
            before = contents(self.disk)
            copy_files(self.disk, crashed)
        if crashed.exists():  # else the act was refused, and committed nothing
            assert contents(crashed) == before
            event(f"crashed {'after' if kept else 'before'} COMMIT")
            self.database.close()
            self.disk = crashed
            self.desk.use(open_in(crashed))

    @invariant()
    def the_money_is_where_it_should_be(self) -> None:
        FIGURES["steps"] += 1
        self.desk.assert_sound()

    @invariant()
    def every_file_is_there_once(self) -> None:
        with self.database.reading() as stores:
            count = stores.connection.exec_driver_sql
            assert count("SELECT count(*) FROM import_files").scalar() == self.files
            assert count("SELECT count(*) FROM deposits WHERE type = 'ERA'").scalar() == self.files


def run(runs: int, steps: int, record: Callable[[str, object], None]) -> None:
    FIGURES.clear()
    run_state_machine_as_test(
        DeskMachine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for name, many in FIGURES.items():
        record(name, many)


# In parts, so that several processors may share them; each part draws its own cases.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(4))
def test_the_desk_in_any_order(part: int, record_property: Callable[[str, object], None]) -> None:
    run(40, 25, record_property)


@pytest.mark.deep
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(8))
def test_the_desk_in_any_order_1000_runs_of_50_steps(
    part: int, record_property: Callable[[str, object], None]
) -> None:
    run(125, 50, record_property)
