"""What an unknown code does, and which money it is, for all adjustments of the code at once (spec deposits 3.1, 5)."""

from workbench.domain.deposit import PaymentType
from workbench.domain.money import format_dollars
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.services.deposit_desk.resolving import UndecidedCode
from workbench.widgets.desk import DepositsDesk

# Which payment types an effect can be (spec 1.9); the first one is proposed. REPORT and BLOCK are no answers:
# a line's amount belongs to an account, and somebody has to say to which.
TYPES_OF = {
    Effect.WRITE_OFF: (
        PaymentType.CONTRACTUAL,
        PaymentType.SEQUESTRATION,
        PaymentType.WITHHOLD,
        PaymentType.COURTESY,
        PaymentType.COLLECTION_FEE,
    ),
    Effect.DENIAL: (PaymentType.DENIAL,),
    Effect.PATIENT_RESP: (
        PaymentType.DENIAL,
        PaymentType.DEDUCTIBLE,
        PaymentType.COINSURANCE,
        PaymentType.CO_PAY_DUE,
    ),
    Effect.PRIOR_PAYER: (PaymentType.PRIOR_PAYER,),
    Effect.INFO: (PaymentType.DENIAL, PaymentType.PRIOR_PAYER, PaymentType.TRANSFER),
    Effect.INTEREST: (PaymentType.INTEREST,),
}
# What the group code says by itself (X12 835 CAS01): the payer's contract, the patient, or neither.
PROPOSED_BY_GROUP = {"PR": Effect.PATIENT_RESP, "OA": Effect.INFO}


class EffectModel:
    """One deposit; one of its undecided codes at a time."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.waiting: list[UndecidedCode] = []
        self.chosen: UndecidedCode | None = None
        self.effect = Effect.DENIAL
        self.payment_type = PaymentType.DENIAL
        self.save_rule = False
        self.for_payer = False

    def open(self, deposit_id: int) -> bool:
        """Looks for what waits and takes the first; False when nothing does."""
        self.deposit_id = deposit_id
        self.waiting = self._desk.deposit_desk.resolving.undecided(self._desk.actor, deposit_id)
        self.chosen = None
        self.save_rule = self.for_payer = False
        if self.waiting:
            self.pick(self.waiting[0].code, self.waiting[0].effect)
        return bool(self.waiting)

    def pick(self, code: str, effect: Effect) -> None:
        """Takes another code. What is proposed moves no balance: a write-off is a person's word."""
        self.chosen = next(one for one in self.waiting if (one.code, one.effect) == (code, effect))
        group = code.partition("-")[0]
        known = effect is not Effect.BLOCK and effect in TYPES_OF
        self.choose_effect(effect if known else PROPOSED_BY_GROUP.get(group, Effect.DENIAL))

    def choose_effect(self, effect: Effect) -> None:
        """Another effect; the payment type stays when it can be of that effect."""
        self.effect = effect
        if self.payment_type not in TYPES_OF[effect]:
            self.payment_type = TYPES_OF[effect][0]

    @property
    def why_no_rule(self) -> str | None:
        """Why it cannot be saved as a rule; None when it can."""
        if Permission.RULES_EDIT in self._desk.actor.permissions:
            return None
        return "You may not make rules. Ask your supervisor for the right."

    def preview(self) -> str:
        """How many rows and dollars the choice is about, and what becomes of them."""
        one = self._one
        rows = "1 adjustment" if len(one.seen) == 1 else f"{len(one.seen):,} adjustments"
        claims = "1 claim" if one.claims == 1 else f"{one.claims:,} claims"
        total = "Adjustments: the balance gets less by it" if self.effect.changes_balance else "Information"
        return f"{one.code}: {rows} of {format_dollars(one.amount_cents)} in all on {claims}. It goes to {total}."

    def choose(self) -> str:
        """Raises ChangedByAnotherError when somebody decided about one of the rows meanwhile."""
        one = self._one
        rule = self._desk.deposit_desk.resolving.choose_effect(
            self._desk.actor,
            list(one.seen),
            self.deposit_id,
            self.effect,
            self.payment_type,
            save_rule=self.save_rule,
            for_payer=self.save_rule and self.for_payer,
            seen=one.seen,
        )
        kept = "" if rule is None else f" Rule {rule} keeps it from now on."
        return f"{one.code} is {self.effect.label}, {self.payment_type.value}.{kept}"

    def reload(self, *, keep: bool) -> bool:
        """Shows what is now; `keep`: with what was chosen here. False when it waits no more."""
        was, mine = self._one, (self.effect, self.payment_type, self.save_rule, self.for_payer)
        if not self.open(self.deposit_id):
            return False
        if (was.code, was.effect) in {(one.code, one.effect) for one in self.waiting}:
            self.pick(was.code, was.effect)
            if keep:
                self.effect, self.payment_type, self.save_rule, self.for_payer = mine
        return True

    @property
    def _one(self) -> UndecidedCode:
        if self.chosen is None:
            raise LookupError("no code is chosen")
        return self.chosen
