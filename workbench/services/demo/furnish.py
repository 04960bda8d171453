"""Puts the synthetic office and its own claims into an empty store."""

from collections.abc import Sequence

from workbench.services.demo.books import OfficeIds, claim_rows, line_rows, payer_rows, standing
from workbench.services.demo.claims import Claim
from workbench.services.demo.mailroom import Mailroom
from workbench.services.demo.office import FACILITIES, PAYERS, PRACTICES, Payer
from workbench.storage import Stores, bulk
from workbench.storage.stores.office import OfficeStore
from workbench.storage.tables import claims as tables


def furnish_office(office: OfficeStore) -> OfficeIds:
    """Practices, facilities, payers with every identifier their remittances carry, and plans."""
    practices = [
        office.add_practice(
            practice.name, npis=[practice.npi], tins=[practice.tin], time_zone=practice.time_zone
        )
        for practice in PRACTICES
    ]
    facilities = [
        office.add_facility(facility.name, [practices[number] for number in facility.practices])
        for facility in FACILITIES
    ]
    return OfficeIds(practices, facilities, [_furnish_payer(office, payer) for payer in PAYERS])


def _furnish_payer(office: OfficeStore, payer: Payer) -> int:
    payer_id = office.add_payer(
        payer.name,
        code=payer.code,
        identifiers=[
            ("N104", payer.identifier),
            ("TRN03", payer.originator),
            ("BPR10", payer.originator),
            ("NAME", payer.name.upper()),
        ],
    )
    for plan in payer.plans:
        office.add_plan(payer_id, plan)
    return payer_id


def bring_in_claims(stores: Stores, claims: Sequence[Claim], room: Mailroom, office: OfficeIds) -> None:
    """All of our claims in bulk, each standing where the demo's correspondence needs it."""
    states = [standing(claim, room) for claim in claims]
    ids = bulk.new_ids(stores.connection, tables.claims, len(claims)).tolist()
    line_count = sum(len(claim.lines) for claim in claims)
    line_ids = bulk.new_ids(stores.connection, tables.charge_lines, line_count).tolist()
    rows = {
        tables.claims: claim_rows(claims, states, ids, office),
        tables.claim_payers: payer_rows(claims, ids, office),
        tables.charge_lines: line_rows(claims, states, ids, line_ids),
    }
    bulk.insert(stores.connection, rows)
