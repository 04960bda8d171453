"""The office that the frames' tests look at."""

from datetime import date

import pytest

from tests.builders import ACME_ID, NORTH_NPI, SOUTH_NPI, Office, remittance_claim, remittance_file
from workbench.era.message import ProviderAdjustment, ProviderAdjustments, Remittance
from workbench.services.remittance_import import RemittanceImport

PLB = ProviderAdjustments(NORTH_NPI, date(2026, 12, 31), (ProviderAdjustment("WO", 100, "ref"),))


@pytest.fixture
def filled(either_office: Office) -> Office:
    """One deposit of North (two claims, one PLB), one of South."""
    service = RemittanceImport(either_office.database)
    for control, (npi, trace, count, plb) in enumerate(
        [(NORTH_NPI, "N'1%", 2, (PLB,)), (SOUTH_NPI, "S1", 1, ())], start=1
    ):
        payment = Remittance(
            amount_cents=5600 * count - 100 * len(plb),
            trace_number=trace,
            payer_name="ACME HEALTH",
            payee_name="Any",
            effective_date=date(2026, control, 1),
            claims=tuple(remittance_claim(f"{trace[0]}-{number}") for number in range(count)),
            provider_adjustments=plb,
            originator_id=ACME_ID,
            payee_npi=npi,
        )
        service.import_remittance(
            either_office.supervisor, f"{trace[0]}.835", remittance_file(payment, control=control)
        )
    return either_office
