"""Spreading amounts for the whole claim over its lines, with a preview of each line (spec deposits 3.1, 8 row 14)."""

from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.resolving import SpreadLine, SpreadProposal
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.typed import NotTypedRightError, typed_money


class SpreadModel:
    """One deposit; one of its amounts at a time, with the parts as proposed or typed."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.waiting: list[SpreadProposal] = []
        self.chosen: SpreadProposal | None = None
        self.parts: dict[int, int] = {}

    def open(self, deposit_id: int) -> bool:
        """Looks for what waits and takes the first; False when nothing does."""
        self.deposit_id = deposit_id
        self.waiting = self._desk.deposit_desk.resolving.propose_spreads(self._desk.actor, deposit_id)
        if not self.waiting:
            self.chosen, self.parts = None, {}
            return False
        self.pick(self.waiting[0].adjustment_id)
        return True

    def pick(self, adjustment_id: int) -> None:
        """Takes another amount, as if it were the only one of its claim; its parts are as proposed."""
        listed = next(one for one in self.waiting if one.adjustment_id == adjustment_id)
        proposals = self._desk.deposit_desk.resolving.propose_spread(
            self._desk.actor, listed.deposit_claim_id
        )
        self.chosen = next((one for one in proposals if one.adjustment_id == adjustment_id), listed)
        self.parts = {line.deposit_line_id: line.part_cents for line in self.chosen.lines}

    def propose(self) -> None:
        """Back to the parts as proposed."""
        if self.chosen is not None:
            self.parts = {line.deposit_line_id: line.part_cents for line in self.chosen.lines}

    def type_part(self, line_id: int, text: str) -> str | None:
        """Takes a typed part; gives what is wrong with it, or None."""
        try:
            self.parts[line_id] = typed_money(text) or 0
        except NotTypedRightError as problem:
            return str(problem)
        return None

    @property
    def rest_cents(self) -> int:
        """What is on no line yet: it stays on the claim, and the error with it."""
        return 0 if self.chosen is None else self.chosen.amount_cents - sum(self.parts.values())

    def after_cents(self, line: SpreadLine) -> int:
        """What the line is paid once its part is taken."""
        return line.paid_cents - self.parts.get(line.deposit_line_id, 0)

    @property
    def fitting(self) -> list[SpreadProposal]:
        """What `Spread All as Proposed` spreads: the amounts that find a place to the last cent."""
        return [one for one in self.waiting if not one.rest_cents]

    def preview(self) -> str:
        """What `Spread All as Proposed` would do, in words."""
        fitting = self.fitting
        total = format_dollars(sum(one.amount_cents for one in fitting))
        left = len(self.waiting) - len(fitting)
        rest = f" {left:,} do not fit, and stay for you." if left else ""
        claims = len({one.deposit_claim_id for one in fitting})
        return f"{_amounts(len(fitting))} of {total} in all on {claims:,} claims, each by open balance.{rest}"

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now."""
        found = {}
        if self.chosen is None or not any(self.parts.values()):
            found["spread"] = "Type what each line takes of it."
        elif (self.rest_cents < 0) != (self.chosen.amount_cents < 0) and self.rest_cents:
            found["spread"] = f"The parts are {format_dollars(abs(self.rest_cents))} more than the amount."
        if len(self.waiting) < 2:
            found["all"] = "There is no other amount."
        elif not self.fitting:
            found["all"] = "None of them fits: spread them by hand, or report them."
        return found

    def spread(self) -> str:
        """Raises ChangedByAnotherError when the claim is not as it was shown."""
        one = self._one
        parts = {line: part for line, part in self.parts.items() if part}
        self._desk.deposit_desk.resolving.spread(
            self._desk.actor, one.deposit_claim_id, one.adjustment_id, parts, seen_version=one.version
        )
        rest = self.rest_cents
        left = f"; {format_dollars(rest)} stays on the claim, and the error with it" if rest else ""
        return f"{one.code} {format_dollars(one.amount_cents - rest)} was spread over the lines{left}."

    def spread_all(self) -> str:
        """Raises ChangedByAnotherError when one of the claims is not as it was shown; then none is spread."""
        seen = {one.deposit_claim_id: one.version for one in self.fitting}
        count = self._desk.deposit_desk.resolving.spread_as_proposed(self._desk.actor, self.deposit_id, seen)
        return f"{_amounts(count)} spread as proposed."

    def report(self) -> str:
        """Raises as `spread` does."""
        one = self._one
        self._desk.deposit_desk.resolving.report_claim_level(
            self._desk.actor, one.deposit_claim_id, one.adjustment_id, seen_version=one.version
        )
        return f"{one.code} {format_dollars(one.amount_cents)} was sent to Deposit Reporting."

    def reload(self, *, keep: bool) -> bool:
        """Shows what is now; `keep`: with the parts that were typed. False when it waits no more."""
        was, parts = self._one, dict(self.parts)
        if not self.open(self.deposit_id):
            return False
        if was.adjustment_id in {one.adjustment_id for one in self.waiting}:
            self.pick(was.adjustment_id)
            if keep:
                self.parts |= {line: part for line, part in parts.items() if line in self.parts}
        return True

    @property
    def _one(self) -> SpreadProposal:
        if self.chosen is None:
            raise LookupError("no amount is chosen")
        return self.chosen


def _amounts(count: int) -> str:
    return "1 amount" if count == 1 else f"{count:,} amounts"
