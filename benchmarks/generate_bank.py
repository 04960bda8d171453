"""A seeded year of deposits and bank lines with known truth: which deposit was paid by which line.

What is in it, as shares of the deposits: 22 % of the electronic payments come without a trace on the bank line
(of these 3 in 10 without the payer's name either); checks banked on slips of up to 30, some days on two slips,
some checks held over to the next slip; payments in several lines; virtual cards net of fee; groups of equal
amounts of one practice within days; remittances sent twice; trace numbers used again by another payer;
payments that never reach the bank, and bank lines that are nobody's remittance.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

DEPOSITS_OF_A_PRACTICE = 2500
PAYERS = 120
DAYS = 365
FIRST_DAY = 20_000  # days since 1970
WITHOUT_TRACE = 0.22
WITHOUT_PAYER = 0.30
CHECK_METHODS = ("CHECK", "LOCKBOX")


@dataclass(frozen=True)
class Office:
    """Attributes:
    deposits, lines, aliases: the tables that `workbench.reconcile.matching` takes.
    truth: `deposit_id, line_id`, one row for each deposit that a line pays (in full, in part or among others).
    """

    deposits: pa.Table
    lines: pa.Table
    aliases: pa.Table
    truth: pa.Table


class _Maker:
    def __init__(self, seed: int, practices: int) -> None:
        self.practices = practices
        self.chance = np.random.default_rng(seed)
        self.deposits: list[tuple[object, ...]] = []
        self.lines: list[tuple[object, ...]] = []
        self.truth: list[tuple[int, int]] = []

    def amount(self) -> int:
        """Cents: a lognormal around 400 dollars, 5 dollars to 60,000."""
        return int(np.clip(np.exp(self.chance.normal(6.0, 1.2)) * 100, 500, 6_000_000))

    def day(self) -> int:
        return FIRST_DAY + int(self.chance.integers(0, DAYS))

    def payer(self) -> int:
        return int(PAYERS * self.chance.random() ** 2) + 1

    def practice(self) -> int:
        return int(self.chance.integers(1, self.practices + 1))

    def happens(self, share: float) -> bool:
        return bool(self.chance.random() < share)

    def deposit(self, practice: int, payer: int, cents: int, day: int, method: str, trace: str) -> int:
        self.deposits.append(
            (len(self.deposits) + 1, practice, payer, cents, day, method, trace, originator(payer))
        )
        return len(self.deposits)

    def line(
        self,
        practice: int,
        cents: int,
        day: int,
        *,
        trace: str = "",
        payer: int | None = None,
        reference: str = "",
        card: bool = False,
    ) -> int:
        key = "" if payer is None else f"PAYER {payer:03d} HEALTH"
        from_trn = originator(payer) if trace and payer is not None and not self.happens(0.1) else ""
        self.lines.append((len(self.lines) + 1, practice, cents, day, trace, from_trn, key, reference, card))
        return len(self.lines)

    def trace(self) -> str:
        return f"{int(self.chance.integers(10**8, 10**12)):013d}"

    def delay(self) -> int:
        return int(self.chance.choice([-1, 0, 1, 2, 3], p=[0.02, 0.58, 0.28, 0.09, 0.03]))


def originator(payer: int) -> str:
    return f"1{payer * 7_654_321 % 10**9:09d}"


def _electronic(made: _Maker, cents: int, practice: int, payer: int, day: int) -> None:
    """One EFT with its ERA: usually one line; sometimes none, or several."""
    trace = made.trace()
    deposit = made.deposit(practice, payer, cents, day, "ACH", trace)
    if made.happens(0.02):
        return
    shown = "" if made.happens(WITHOUT_TRACE) else (trace.lstrip("0") if made.happens(0.3) else trace)
    named = payer if shown or not made.happens(WITHOUT_PAYER) else None
    banked = day + made.delay()
    if made.happens(0.01) and cents > 3000:
        cut = sorted(
            int(part) for part in made.chance.integers(1000, cents - 1000, made.chance.integers(1, 3))
        )
        parts = np.diff([0, *cut, cents])
        for part in parts[parts > 0]:
            later = int(made.chance.integers(0, 2))
            made.truth.append(
                (deposit, made.line(practice, int(part), banked + later, trace=shown, payer=payer))
            )
        return
    made.truth.append((deposit, made.line(practice, cents, banked, trace=shown, payer=named)))
    if made.happens(0.002):  # the payer sends the same remittance again; no second money
        made.deposit(practice, payer, cents, day + 1, "ACH", trace)
    if made.happens(0.003):  # another payer happens to use the same number
        other = payer % PAYERS + 1
        made.deposit(practice, other, made.amount(), day + 2, "ACH", trace)


def _same_amounts(made: _Maker) -> None:
    """Two to five payments of one amount to one practice within four days."""
    practice, cents, day, payer = made.practice(), made.amount(), made.day(), made.payer()
    for _ in range(int(made.chance.integers(2, 6))):
        each = payer if made.happens(0.4) else made.payer()
        _electronic(made, cents, practice, each, day + int(made.chance.integers(0, 4)))


def _card(made: _Maker) -> None:
    practice, cents, day = made.practice(), made.amount(), made.day()
    deposit = made.deposit(practice, made.payer(), cents, day, "VIRTUAL_CARD", made.trace())
    fee = round(cents * float(made.chance.choice([0.019, 0.025, 0.029, 0.035])) + 10)
    banked = day + int(made.chance.integers(1, 4))
    made.truth.append((deposit, made.line(practice, cents - fee, banked, card=True)))


def _slip_day(made: _Maker, practice: int, day: int, held: list[int]) -> list[int]:
    """The checks a practice takes to the bank on one day; returns those held over to the next time."""
    checks = list(held)
    for _ in range(int(np.clip(made.chance.geometric(0.12), 1, 30 - len(held)))):
        check = str(made.chance.integers(1000, 99_999_999))
        checks.append(made.deposit(practice, made.payer(), made.amount(), day, "CHECK", check))
    kept_back: list[int] = []
    if len(checks) > 3 and made.happens(0.05):
        kept_back.append(checks.pop(int(made.chance.integers(0, len(checks)))))
    slips = [checks]
    if len(checks) > 3 and made.happens(0.08):
        if made.happens(0.3):
            made.chance.shuffle(checks)
        cut = int(made.chance.integers(1, len(checks)))
        slips = [checks[:cut], checks[cut:]]
    banked = day + int(made.chance.choice([0, 1], p=[0.8, 0.2]))
    for slip in slips:
        total = sum(int(str(made.deposits[check - 1][3])) for check in slip)
        line = made.line(practice, total, banked, reference=str(made.chance.integers(1, 9999)))
        made.truth.extend((check, line) for check in slip)
    return kept_back


def _slips(made: _Maker, practice: int, rounds: int) -> None:
    days = sorted(made.chance.choice(DAYS // 2, size=min(rounds, DAYS // 2), replace=False) * 2)
    held: list[int] = []
    for day in days:
        held = _slip_day(made, practice, FIRST_DAY + int(day), held)


def _lockbox(made: _Maker) -> None:
    practice, cents, day, payer = made.practice(), made.amount(), made.day(), made.payer()
    check = str(made.chance.integers(100_000, 99_999_999))
    deposit = made.deposit(practice, payer, cents, day, "LOCKBOX", check)
    made.truth.append((deposit, made.line(practice, cents, day + made.delay(), reference=check)))


def _nobodys(made: _Maker) -> None:
    """A line of the bank that no remittance explains: transfers, patient cards, fees, EFT without ERA."""
    practice, cents, day = made.practice(), made.amount(), made.day()
    kind = made.chance.random()
    if kind < 0.3:
        made.line(practice, -cents, day)
    elif kind < 0.5:
        made.line(practice, cents, day, trace=made.trace(), payer=made.payer())
    elif kind < 0.7:
        made.line(practice, cents, day, card=True)
    else:
        made.line(practice, cents, day, payer=None if made.happens(0.6) else made.payer())


def make_office(deposits: int = 100_000, lines: int = 100_000, seed: int = 20_261_121) -> Office:
    """The same office for the same seed, its rows in random order, `deposits` and `lines` of them exactly."""
    practices = max(1, deposits // DEPOSITS_OF_A_PRACTICE)
    made = _Maker(seed, practices)
    for practice in range(1, practices + 1):
        _slips(made, practice, round(deposits * 0.16 / practices / 8))
    while len(made.deposits) < deposits * 0.24:
        _lockbox(made)
    while len(made.deposits) < deposits * 0.27:
        _card(made)
    while len(made.deposits) < deposits * 0.30:
        _same_amounts(made)
    while len(made.deposits) < deposits * 0.99:
        _electronic(made, made.amount(), made.practice(), made.payer(), made.day())
    while len(made.deposits) < deposits:
        made.deposit(made.practice(), made.payer(), 0, made.day(), "NON_PAYMENT", made.trace())
    while len(made.lines) < lines:
        _nobodys(made)
    return _tables(made)


def _tables(made: _Maker) -> Office:
    deposits = pa.table(
        dict(
            zip(
                (
                    "deposit_id",
                    "practice_id",
                    "payer_id",
                    "amount_cents",
                    "date",
                    "pay_method",
                    "trace",
                    "trace_originator",
                ),
                zip(*made.deposits, strict=True),
                strict=True,
            )
        )
    )
    names = [
        "line_id",
        "practice_id",
        "amount_cents",
        "date",
        "trace",
        "trace_originator",
        "payer_key",
        "reference",
        "is_card",
    ]
    lines = pa.table(dict(zip(names, zip(*made.lines, strict=True), strict=True)))
    known = [payer for payer in range(1, PAYERS + 1) if payer % 12]  # one payer in twelve has no alias yet
    aliases = pa.table({"payer_key": [f"PAYER {payer:03d} HEALTH" for payer in known], "payer_id": known})
    truth = pa.table(
        {"deposit_id": [pair[0] for pair in made.truth], "line_id": [pair[1] for pair in made.truth]}
    )
    deposits, lines = (_with_dates(table) for table in (deposits, lines))
    return Office(
        deposits.take(made.chance.permutation(deposits.num_rows)),
        lines.take(made.chance.permutation(lines.num_rows)),
        aliases,
        truth,
    )


def _with_dates(table: pa.Table) -> pa.Table:
    """Day numbers as dates."""
    days = table["date"].cast(pa.int32()).cast(pa.date32())
    return table.set_column(table.column_names.index("date"), "date", days)
