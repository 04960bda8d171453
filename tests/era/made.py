"""Made-up remittances for the tests of the reader: Hypothesis strategies, and one fixed file."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from workbench.era.message import (
    Adjustment,
    Claim,
    Dialect,
    Interchange,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)

DAY = date(2026, 1, 5)
NPI = "1999999984"

# Every delimiter that was seen in the wild, and each line end with it.
DIALECTS = [
    Dialect(),
    Dialect(line_end=""),
    Dialect(line_end="\r\n"),
    Dialect(element="|", component=">", repetition="!", segment="'", line_end=""),
    Dialect(element="+", component=">", repetition="~", segment="\n", line_end=""),
    Dialect(element="*", component=":", repetition="^", segment="\r", line_end=""),
    Dialect(element="\x1d", component="\x1f", repetition="\x1e", segment="\x1c", line_end="\n"),
    Dialect(version="4010"),
    Dialect(version="4010", element="^", component="<", segment="~", line_end="\r\n"),
]

words = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", min_size=1, max_size=12)
reasons = st.sampled_from(["1", "2", "3", "16", "23", "45", "96", "97", "253", "A1", "B15"])
groups = st.sampled_from(["CO", "PR", "OA", "PI"])
small_cents = st.integers(-99_999, 999_999)
days = st.integers(0, 400).map(lambda number: DAY - timedelta(days=number))

adjustments = st.lists(
    st.builds(Adjustment, groups, reasons, small_cents.filter(bool), st.sampled_from(["", "", "1", "0.5"])),
    max_size=8,
).map(tuple)


@st.composite
def lines(draw: st.DrawFn) -> ServiceLine:
    """A line that balances."""
    adjusted = draw(adjustments)
    charge = draw(st.integers(-100_000, 9_999_999))
    return ServiceLine(
        code=draw(st.sampled_from(["99213", "36415", "J1885", "D0120"])),
        charge_cents=charge,
        paid_cents=charge - sum(each.amount_cents for each in adjusted),
        modifiers=draw(st.sampled_from([(), ("25",), ("26", "59"), ("GA", "GZ", "LT", "RT")])),
        original_code=draw(st.sampled_from(["", "99214"])),
        revenue_code=draw(st.sampled_from(["", "0450"])),
        units=draw(st.sampled_from(["", "1", "2", "0.5"])),
        service_from=draw(days),
        adjustments=adjusted,
        allowed_cents=draw(st.none() | small_cents),
        line_control_no=draw(st.just("") | words),
        remark_codes=draw(st.sampled_from([(), ("N130",), ("N130", "M15")])),
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A claim that balances, with or without lines."""
    adjusted = draw(adjustments)
    own = tuple(draw(st.lists(lines(), max_size=4)))
    charge = sum(line.charge_cents for line in own) if own else draw(st.integers(0, 9_999_999))
    everything = [*adjusted, *(each for line in own for each in line.adjustments)]
    begin = draw(st.none() | days)
    return Claim(
        pcn=draw(words),
        charge_cents=charge,
        paid_cents=charge - sum(each.amount_cents for each in everything),
        remit_status=draw(st.sampled_from(["1", "2", "3", "4", "19", "22"])),
        patient_responsibility_cents=draw(st.none() | small_cents),
        payer_claim_no=draw(words),
        patient_last=draw(words),
        patient_first=draw(st.just("") | words),
        patient_middle=draw(st.sampled_from(["", "Q"])),
        patient_id=draw(st.just("") | words),
        subscriber_last=draw(st.just("") | words),
        rendering_npi=draw(st.sampled_from(["", NPI])),
        crossover_name=draw(st.sampled_from(["", "OTHER PLAN"])),
        crossover_id=draw(words),
        service_from=begin,
        service_to=begin,
        received_date=draw(st.none() | days),
        adjustments=adjusted,
        lines=own,
        allowed_cents=draw(st.none() | small_cents),
        interest_cents=draw(st.none() | small_cents),
        remark_codes=draw(st.sampled_from([(), ("MA01",), ("MA01", "MA07", "N1", "N2", "N3", "N4")])),
        references=draw(st.sampled_from([(), (("1L", "G1"),), (("1L", "G1"), ("EA", "R2"))])),
    )


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    """A check that balances."""
    held = tuple(draw(st.lists(claims(), max_size=5)))
    items = draw(
        st.lists(
            st.builds(
                ProviderAdjustment,
                st.sampled_from(["WO", "FB", "L6", "CS", "72"]),
                small_cents.filter(bool),
                st.just("") | words,
            ),
            max_size=8,
        )
    )
    plb = (ProviderAdjustments(NPI, date(2026, 12, 31), tuple(items)),) if items else ()
    taken = sum(item.amount_cents for item in items)
    return Remittance(
        amount_cents=sum(claim.paid_cents for claim in held) - taken,
        trace_number=draw(words),
        payer_name=draw(words),
        payee_name=draw(words),
        effective_date=draw(days),
        claims=held,
        provider_adjustments=plb,
        production_date=draw(st.none() | days),
        payer_id=draw(st.just("") | words),
        payer_additional_id=draw(st.just("") | words),
        payee_npi=draw(st.sampled_from(["", NPI])),
        payee_tin="999999999",
    )


interchanges = st.builds(Interchange, st.lists(remittances(), min_size=1, max_size=3).map(tuple))


def small_interchange() -> Interchange:
    """Two checks: one with a professional claim and a claim-level adjustment, one institutional with PLB."""
    line = ServiceLine(
        code="99213",
        charge_cents=15000,
        paid_cents=5600,
        modifiers=("25", "59"),
        units="1",
        service_from=date(2025, 12, 1),
        adjustments=(
            Adjustment("CO", "45", 5000),
            Adjustment("PR", "1", 3000),
            Adjustment("PR", "2", 1400),
        ),
        allowed_cents=10000,
        line_control_no="L1",
        remark_codes=("N130", "M15"),
    )
    professional = Claim(
        pcn="A1",
        charge_cents=15000,
        paid_cents=5100,
        patient_responsibility_cents=4400,
        payer_claim_no="ICN1",
        patient_last="DOE",
        patient_first="JANE",
        patient_id="M1",
        adjustments=(Adjustment("OA", "23", 500),),
        lines=(line,),
        references=(("1L", "G1"), ("EA", "R2")),
    )
    institutional = Claim(pcn="B2", charge_cents=90000, paid_cents=90000, service_from=date(2025, 11, 2))
    plb = ProviderAdjustments(
        NPI,
        date(2026, 12, 31),
        (ProviderAdjustment("WO", 2500, "OLD1"), ProviderAdjustment("L6", -125, "INT")),
    )
    first = Remittance(
        amount_cents=5100,
        trace_number="T1",
        payer_name="ACME HEALTH",
        payee_name="OAK CLINIC",
        payee_npi=NPI,
        effective_date=DAY,
        claims=(professional,),
    )
    second = replace(
        first,
        amount_cents=87625,
        trace_number="T2",
        claims=(institutional,),
        provider_adjustments=(plb,),
    )
    return Interchange((first, second))
