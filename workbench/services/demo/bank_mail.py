"""What the synthetic office's bank says: one BAI2 file per practice over the days of its deposits.

Most transfers carry their trace number. Some do not; checks lie on common slips; cards arrive less a fee; the
newest deposits have not arrived, and some money has no remittance (spec deposits 7).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit import DepositStatus, PayMethod
from workbench.domain.deposit_views import DepositRow
from workbench.services.demo.office import PRACTICES

OPENING_CENTS = 250_000_00
CARD_FEE_PERCENT = 3
NOT_YET_BANKED = 2  # of the newest transfers of a practice
WITHOUT_TRACE = "LANTERN"  # a payer whose bank drops the addenda
_ACH, _SLIP, _CARD = "165", "175", "147"  # BAI2 type codes


@dataclass(frozen=True, slots=True)
class _Credit:
    day: date
    type_code: str
    cents: int
    reference: str
    text: str


def bank_file(practice: int, deposits: Sequence[DepositRow]) -> bytes:
    """The BAI2 file of the practice's account; `deposits` are those of the practice, oldest first."""
    lines = sorted(_credits(practice, deposits), key=lambda credit: credit.day)
    rows, groups, balance, control = [], 0, OPENING_CENTS, 0
    for day in sorted({credit.day for credit in lines}):
        records, balance, total = _day(practice, [each for each in lines if each.day == day], balance)
        rows += records
        groups += 1
        control += total
    last = lines[-1].day
    start = f"01,DEMOBANK,OFFICE,{last:%y%m%d},0600,1,,,2/"
    return "\n".join([start, *rows, f"99,{control},{groups},{len(rows) + 2}/", ""]).encode()


def account_number(practice: int) -> str:
    return f"DEMO{PRACTICES[practice].tin}"


def _day(practice: int, lines: Sequence[_Credit], opening: int) -> tuple[list[str], int, int]:
    """The records of one day, its closing balance and its control total."""
    moved = sum(credit.cents for credit in lines)
    closing = opening + moved
    details = []
    for credit in lines:
        details += [
            f"16,{credit.type_code},{credit.cents},0,{credit.reference},,",
            f"88,{credit.text}/",
        ]
    control = opening + closing + moved
    account = f"03,{account_number(practice)},USD,010,{opening},,,015,{closing},,/"
    return (
        [
            f"02,OFFICE,DEMOBANK,1,{lines[0].day:%y%m%d},2359,USD,2/",
            account,
            *details,
            f"49,{control},{len(details) + 2}/",
            f"98,{control},1,{len(details) + 4}/",
        ],
        closing,
        control,
    )


def _credits(practice: int, deposits: Sequence[DepositRow]) -> Iterable[_Credit]:
    money = [row for row in deposits if row.deposit_cents > 0 and row.status is not DepositStatus.IGNORE]
    seen: set[str] = set()
    transfers = []
    for row in money:
        if row.pay_method == PayMethod.ACH and row.check_number not in seen:
            transfers.append(row)
            seen.add(row.check_number)
    yield from (_transfer(row) for row in transfers[:-NOT_YET_BANKED])
    checks = [row for row in money if row.pay_method == PayMethod.CHECK]
    if checks:
        yield _slip(practice, checks)
    for row in money:
        if row.pay_method == PayMethod.CARD:
            net = row.deposit_cents - row.deposit_cents * CARD_FEE_PERCENT // 100
            yield _Credit(_banked(row), _CARD, net, f"CARD{row.id}", "BANKCARD MTOT DEP")
    yield _Credit(
        _banked(transfers[0]),
        _ACH,
        812_40,
        f"NOREM{practice}",
        "PRAIRIE HEALTH HCCLAIMPMT TRN*1*PH88120411*1000519998\\",
    )


def _transfer(row: DepositRow) -> _Credit:
    trace = "" if WITHOUT_TRACE in row.payer_name else f" TRN*1*{row.check_number}*{row.payer_identifier}\\"
    return _Credit(
        _banked(row), _ACH, row.deposit_cents, f"ACH{row.id}", f"{row.payer_name} HCCLAIMPMT{trace}"
    )


def _slip(practice: int, checks: Sequence[DepositRow]) -> _Credit:
    """All checks on one deposit slip, banked with the last of them."""
    day = max(_banked(row) for row in checks)
    cents = sum(row.deposit_cents for row in checks)
    return _Credit(day, _SLIP, cents, f"SLIP{practice}", "CHECK DEPOSIT PACKAGE")


def _banked(row: DepositRow) -> date:
    day = row.deposited_date or row.issued_date
    if day is None:
        raise ValueError("every deposit of the demo has a day")
    return day
