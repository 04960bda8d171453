"""An office with claims of its own and payers that write real 835 files: ground for tests of the deposit desk."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa

from tests.builders import ACME_ID, NORTH_NPI, NORTH_TIN, ZENITH_ID, Office
from tests.services.desk_money import assert_money
from workbench.domain.identity import Actor
from workbench.domain.imports import ImportedDeposit, ImportOutcome, Outcome
from workbench.era.message import (
    Adjustment,
    Claim,
    Interchange,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)
from workbench.era.writer import write_835
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
from workbench.storage.stores import Stores
from workbench.storage.tables.claims import charge_lines, claim_payers, claims
from workbench.storage.tables.deposits import adjustments, deposit_claims, deposit_lines, deposits
from workbench.storage.tables.ledger import ledger_entries

DAY = date(2026, 3, 2)
PAYERS = {"acme": ("ACME HEALTH", ACME_ID), "zenith": ("ZENITH MUTUAL", ZENITH_ID)}
Cas = tuple[str, int]


def cas(*rows: Cas) -> tuple[Adjustment, ...]:
    """`("CO-45", 5000)` and so on."""
    return tuple(Adjustment(*code.split("-"), cents) for code, cents in rows)


def line(charge: int, paid: int, *rows: Cas, code: str = "99213", **more: object) -> ServiceLine:
    return ServiceLine(code, charge, paid, service_from=DAY, adjustments=cas(*rows), **more)  # type: ignore[arg-type]


def claim(pcn: str, *lines: ServiceLine, status: str = "1", **more: object) -> Claim:
    """Charge and payment are the sums of the lines unless said otherwise."""
    values: dict[str, object] = {
        "charge_cents": sum(each.charge_cents for each in lines),
        "paid_cents": sum(each.paid_cents for each in lines),
        "payer_claim_no": f"ICN{pcn}",
        "patient_last": "SAMPLE",
        "patient_first": "PAT",
        "lines": lines,
        "service_from": DAY,
    }
    return Claim(pcn=pcn, remit_status=status, **{**values, **more})  # type: ignore[arg-type]


@dataclass
class Desk:
    """The office at work. `control` numbers interchanges, so that no two files are the same."""

    office: Office
    control: int = field(default=0)
    last_file: bytes = b""

    def our_claim(
        self, pcn: str, *charges: int, secondary: bool = False, last: str = "SAMPLE", code: str = "99213"
    ) -> int:
        """A claim of NORTH with a line per charge; ACME first, ZENITH second if wanted."""
        with self.office.database.transaction() as stores:
            number = _add(
                stores, claims, practice_id=self.office.north, pcn=pcn, patient_last=last, patient_first="PAT",
                service_from=DAY, charge_cents=sum(charges), balance_cents=sum(charges),
            )  # fmt: skip
            for at, charge in enumerate(charges):
                _add(
                    stores, charge_lines, claim_id=number, line_no=at, code=code, service_date=DAY,
                    charge_cents=charge, balance_cents=charge,
                )  # fmt: skip
            payers = [("primary", self.office.acme)] + [("secondary", self.office.zenith)] * secondary
            for level, payer in payers:
                stores.connection.execute(
                    sa.insert(claim_payers).values(claim_id=number, level=level, payer_id=payer)
                )
        return number

    def remit(
        self,
        *remitted: Claim,
        payer: str = "acme",
        provider: Sequence[tuple[str, str, int]] = (),
        amount: int | None = None,
    ) -> int:
        """Imports an 835 with the claims; `provider`: PLB rows (reason, reference, X12 amount)."""
        (deposit,) = self.remit_file(*remitted, payer=payer, provider=provider, amount=amount)
        return deposit.id

    def remit_file(
        self,
        *remitted: Claim,
        payer: str = "acme",
        provider: Sequence[tuple[str, str, int]] = (),
        amount: int | None = None,
    ) -> tuple[ImportedDeposit, ...]:
        self.last_file = self.file(*remitted, payer=payer, provider=provider, amount=amount)
        return self.take_in(self.last_file).deposits

    def file(
        self,
        *remitted: Claim,
        payer: str = "acme",
        provider: Sequence[tuple[str, str, int]] = (),
        amount: int | None = None,
    ) -> bytes:
        """An 835 with the claims that nobody has seen before."""
        self.control += 1
        name, identifier = PAYERS[payer]
        items = tuple(ProviderAdjustment(reason, cents, reference) for reason, reference, cents in provider)
        rows = (ProviderAdjustments(NORTH_NPI, date(2026, 12, 31), items),) if items else ()
        paid = sum(each.paid_cents for each in remitted) - sum(cents for *_, cents in provider)
        remittance = Remittance(
            amount_cents=paid if amount is None else amount,
            trace_number=f"T{self.control:06d}",
            originator_id=identifier,
            payer_name=name,
            payee_name="NORTH ANESTHESIA",
            payee_npi=NORTH_NPI,
            payee_tin=NORTH_TIN,
            claims=remitted,
            provider_adjustments=rows,
            effective_date=DAY,
        )
        return write_835(Interchange((remittance,), self.control, sender=identifier))

    def take_in(self, content: bytes, who: Actor | None = None) -> ImportOutcome:
        """Imports a file, the supervisor if nobody else."""
        service = RemittanceImport(self.office.database)
        return service.import_remittance(who or self.office.supervisor, "day.835", content)

    def again(self, who: Actor) -> Outcome:
        """The last file once more."""
        return self.take_in(self.last_file, who).outcome

    def use(self, database: Database) -> None:
        """Goes on with the same data in a store opened anew."""
        self.office = replace(self.office, database=database)

    def balance(self, claim_id: int) -> int:
        with self.office.database.reading() as stores:
            found = sa.select(claims.c.balance_cents).where(claims.c.id == claim_id)
            return int(stores.connection.execute(found).scalar_one())

    def our(self, claim_id: int) -> tuple[int, str, str]:
        """Balance, status, level."""
        with self.office.database.reading() as stores:
            columns = (claims.c.balance_cents, claims.c.status, claims.c.level)
            return tuple(stores.connection.execute(sa.select(*columns).where(claims.c.id == claim_id)).one())

    def header(self, deposit_id: int) -> dict[str, object]:
        with self.office.database.reading() as stores:
            found = sa.select(deposits).where(deposits.c.id == deposit_id)
            return dict(stores.connection.execute(found).mappings().one())

    def claims(self, deposit_id: int) -> list[dict[str, object]]:
        with self.office.database.reading() as stores:
            found = sa.select(deposit_claims).where(deposit_claims.c.deposit_id == deposit_id)
            rows = stores.connection.execute(found.order_by(deposit_claims.c.claim_no)).mappings()
            return [dict(row) for row in rows]

    def lines(self, deposit_claim_id: object) -> list[dict[str, object]]:
        with self.office.database.reading() as stores:
            found = sa.select(deposit_lines).where(deposit_lines.c.deposit_claim_id == deposit_claim_id)
            return [
                dict(row)
                for row in stores.connection.execute(found.order_by(deposit_lines.c.line_no)).mappings()
            ]

    def adjustments(self, deposit_claim_id: object) -> list[dict[str, object]]:
        with self.office.database.reading() as stores:
            found = sa.select(adjustments).where(adjustments.c.deposit_claim_id == deposit_claim_id)
            return [
                dict(row) for row in stores.connection.execute(found.order_by(adjustments.c.id)).mappings()
            ]

    def ledger_sum(self, account: str) -> int:
        with self.office.database.reading() as stores:
            total = sa.select(sa.func.coalesce(sa.func.sum(ledger_entries.c.amount_cents), 0))
            return int(
                stores.connection.execute(total.where(ledger_entries.c.account == account)).scalar_one()
            )

    def open_codes(self, deposit_id: int) -> list[str]:
        with self.office.database.reading() as stores:
            return sorted(row.code for row in stores.deposit_errors.of_deposit(deposit_id))

    def assert_sound(self) -> None:
        """The invariants of spec deposits 10 that must hold after every step."""
        with self.office.database.reading() as stores:
            assert_money(stores.connection)


def _add(stores: Stores, table: sa.Table, **values: object) -> int:
    statement = sa.insert(table).values(**values).returning(table.c.id)
    return int(stores.connection.execute(statement).scalar_one())
