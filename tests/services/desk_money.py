"""Where the money must be after every act at the deposit desk (spec deposits 1.4, 2.1, 4.2, 10), in plain SQL.

Computed from the rows anew and in other words than the program's, so that both would have to be wrong alike.
Each statement gives the rows that are wrong.
"""

from sqlalchemy.engine import Connection

_NET = """
    SELECT t.deposit_id, t.deposit_claim_id, e.account, e.claim_id, e.adjustment_id, e.amount_cents
    FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
"""
_WRITTEN_OFF = "CASE WHEN effect = 'WRITE_OFF' THEN amount_cents ELSE 0 END"
# Interest within a payment explains no charge (4.4).
_LINE_GAP = "l.charge_cents - (l.paid_cents - l.interest_cents) - coalesce(a.cents, 0)"

RULES: dict[str, str] = {
    "a transaction does not sum to zero": """
        SELECT transaction_id FROM ledger_entries GROUP BY transaction_id HAVING sum(amount_cents) <> 0
    """,
    "a claim owes other than its charge and its entries": """
        SELECT c.id, c.balance_cents, c.charge_cents, e.cents FROM claims c LEFT JOIN (
            SELECT claim_id, sum(amount_cents) AS cents FROM ledger_entries
            WHERE account = 'RECEIVABLE' GROUP BY claim_id
        ) e ON e.claim_id = c.id WHERE c.balance_cents <> c.charge_cents + coalesce(e.cents, 0)
    """,
    "a charge line owes other than its charge and its entries": """
        SELECT c.id, c.balance_cents, c.charge_cents, e.cents FROM charge_lines c LEFT JOIN (
            SELECT charge_line_id, sum(amount_cents) AS cents FROM ledger_entries
            WHERE account = 'RECEIVABLE' GROUP BY charge_line_id
        ) e ON e.charge_line_id = c.id WHERE c.balance_cents <> c.charge_cents + coalesce(e.cents, 0)
    """,
    "an entry is on a charge line of another claim": """
        SELECT e.id FROM ledger_entries e JOIN charge_lines l ON l.id = e.charge_line_id
        WHERE e.claim_id IS NULL OR e.claim_id <> l.claim_id
    """,
    "posted paid and adjusted are not the sums of live entries": f"""
        SELECT d.id, d.posted_paid_cents, n.paid, d.posted_adjustments_cents, n.written_off
        FROM deposits d LEFT JOIN (
            SELECT deposit_id,
                sum(CASE WHEN account = 'DEPOSIT' AND claim_id IS NOT NULL AND adjustment_id IS NULL
                    THEN amount_cents ELSE 0 END) AS paid,
                sum(CASE WHEN account = 'WRITE_OFF' THEN amount_cents ELSE 0 END) AS written_off
            FROM ({_NET}) net GROUP BY deposit_id
        ) n ON n.deposit_id = d.id
        WHERE d.posted_paid_cents <> coalesce(n.paid, 0)
           OR d.posted_adjustments_cents <> coalesce(n.written_off, 0)
    """,
    "a deposit that is not sent has money booked": f"""
        SELECT n.deposit_id, n.account, n.claim_id, sum(n.amount_cents)
        FROM ({_NET}) n JOIN deposits d ON d.id = n.deposit_id
        WHERE d.status <> 'SENT_TO_POSTING'
        GROUP BY n.deposit_id, n.account, n.claim_id HAVING sum(n.amount_cents) <> 0
    """,
    "a claim that is not posted has money booked": f"""
        SELECT n.deposit_claim_id, n.account, sum(n.amount_cents)
        FROM ({_NET}) n JOIN deposit_claims c ON c.id = n.deposit_claim_id
        WHERE c.state <> 'POSTED' GROUP BY n.deposit_claim_id, n.account HAVING sum(n.amount_cents) <> 0
    """,
    "a posted claim has booked other than it was paid": f"""
        SELECT c.id, c.paid_cents, n.cents FROM deposit_claims c LEFT JOIN (
            SELECT deposit_claim_id, sum(amount_cents) AS cents FROM ({_NET}) net
            WHERE account = 'DEPOSIT' AND adjustment_id IS NULL GROUP BY deposit_claim_id
        ) n ON n.deposit_claim_id = c.id WHERE c.state = 'POSTED' AND c.paid_cents <> coalesce(n.cents, 0)
    """,
    "the totals of a claim are not those of its lines": f"""
        SELECT c.id, c.paid_cents, l.cents, p.cents, c.adjustments_cents, a.written_off,
            c.information_cents, a.cents
        FROM deposit_claims c
        LEFT JOIN (
            SELECT deposit_claim_id, sum(paid_cents) AS cents FROM deposit_lines GROUP BY deposit_claim_id
        ) l ON l.deposit_claim_id = c.id
        LEFT JOIN (
            SELECT deposit_claim_id, sum(amount_cents) AS cents FROM provider_allocations
            GROUP BY deposit_claim_id
        ) p ON p.deposit_claim_id = c.id
        LEFT JOIN (
            SELECT deposit_claim_id, sum(amount_cents) AS cents, sum({_WRITTEN_OFF}) AS written_off
            FROM adjustments GROUP BY deposit_claim_id
        ) a ON a.deposit_claim_id = c.id
        WHERE c.paid_cents <> coalesce(l.cents, c.paid_stated_cents) + coalesce(p.cents, 0)
           OR c.adjustments_cents <> coalesce(a.written_off, 0)
           OR c.information_cents <> coalesce(a.cents, 0) - coalesce(a.written_off, 0)
    """,
    "the gap of a line is not charge less paid less adjusted": f"""
        SELECT l.id, l.gap_cents, {_LINE_GAP} FROM deposit_lines l LEFT JOIN (
            SELECT deposit_line_id, sum(amount_cents) AS cents FROM adjustments GROUP BY deposit_line_id
        ) a ON a.deposit_line_id = l.id WHERE l.gap_cents <> {_LINE_GAP}
    """,
    "the header is not the sum of the claims": """
        SELECT d.id, d.payments_cents, c.paid, d.adjustments_cents, c.adjusted, d.information_cents, c.information,
            d.exclusions_cents, c.excluded, d.charged_cents, c.charged, d.claims_count, c.many
        FROM deposits d LEFT JOIN (
            SELECT deposit_id, count(*) AS many, sum(charge_cents) AS charged,
                sum(CASE WHEN included THEN paid_cents ELSE 0 END) AS paid,
                sum(CASE WHEN included THEN adjustments_cents ELSE 0 END) AS adjusted,
                sum(CASE WHEN included THEN information_cents ELSE 0 END) AS information,
                sum(CASE WHEN included THEN 0 ELSE paid_stated_cents END) AS excluded
            FROM deposit_claims GROUP BY deposit_id
        ) c ON c.deposit_id = d.id
        WHERE d.payments_cents <> coalesce(c.paid, 0) OR d.adjustments_cents <> coalesce(c.adjusted, 0)
           OR d.information_cents <> coalesce(c.information, 0)
           OR d.exclusions_cents <> coalesce(c.excluded, 0)
           OR d.charged_cents <> coalesce(c.charged, 0) OR d.claims_count <> coalesce(c.many, 0)
    """,
    "what is reported is not what was sent to Deposit Reporting": """
        SELECT d.id, d.reported_cents, p.cents, a.cents FROM deposits d
        LEFT JOIN (
            SELECT deposit_id, sum(amount_cents) AS cents FROM provider_adjustments
            WHERE disposition = 'REPORT' GROUP BY deposit_id
        ) p ON p.deposit_id = d.id
        LEFT JOIN (
            SELECT c.deposit_id, sum(a.amount_cents) AS cents
            FROM adjustments a JOIN deposit_claims c ON c.id = a.deposit_claim_id
            WHERE a.effect = 'REPORT' AND a.deposit_line_id IS NULL AND c.included GROUP BY c.deposit_id
        ) a ON a.deposit_id = d.id
        WHERE d.reported_cents <> -coalesce(p.cents, 0) - coalesce(a.cents, 0)
    """,
    # deposit = payments + exclusions + reported + unreconciled (10), with the ledger in place of what is posted.
    "a sent deposit is not what it booked and what still waits": f"""
        SELECT d.id, d.deposit_cents, n.cents, c.waiting, d.exclusions_cents FROM deposits d
        LEFT JOIN (
            SELECT deposit_id, sum(amount_cents) AS cents FROM ({_NET}) net WHERE account = 'DEPOSIT'
            GROUP BY deposit_id
        ) n ON n.deposit_id = d.id
        LEFT JOIN (
            SELECT c.deposit_id, sum(c.paid_cents - coalesce(a.cents, 0)) AS waiting
            FROM deposit_claims c LEFT JOIN (
                SELECT deposit_claim_id, sum(amount_cents) AS cents FROM adjustments
                WHERE effect = 'REPORT' AND deposit_line_id IS NULL GROUP BY deposit_claim_id
            ) a ON a.deposit_claim_id = c.id
            WHERE c.included AND c.state <> 'POSTED' GROUP BY c.deposit_id
        ) c ON c.deposit_id = d.id
        WHERE d.status = 'SENT_TO_POSTING' AND (
            d.difference_reason <> ''
            OR d.deposit_cents = d.payments_cents + d.exclusions_cents + d.reported_cents)
          AND d.deposit_cents <> coalesce(n.cents, 0) + coalesce(c.waiting, 0) + d.exclusions_cents
    """,
    "disbursed, and something of it is open": """
        SELECT d.id FROM deposits d WHERE d.disbursed_at IS NOT NULL AND (
            d.status <> 'SENT_TO_POSTING'
            OR (d.difference_reason = ''
                AND d.deposit_cents <> d.payments_cents + d.exclusions_cents + d.reported_cents)
            OR EXISTS (SELECT 1 FROM deposit_claims c
                WHERE c.deposit_id = d.id AND c.included AND c.state <> 'POSTED')
            OR EXISTS (SELECT 1 FROM provider_adjustments p
                WHERE p.deposit_id = d.id AND p.disposition = 'UNRESOLVED'))
    """,
    "a provider-level amount is applied other than to the cent": """
        SELECT p.id, p.disposition, p.amount_cents, a.cents FROM provider_adjustments p LEFT JOIN (
            SELECT provider_adjustment_id, sum(amount_cents) AS cents FROM provider_allocations
            GROUP BY provider_adjustment_id
        ) a ON a.provider_adjustment_id = p.id
        WHERE coalesce(a.cents, 0) <> CASE WHEN p.disposition = 'APPLY_TO_CLAIM' THEN -p.amount_cents ELSE 0 END
    """,
    "a file or a payment is there twice": """
        SELECT sha256 FROM import_files GROUP BY sha256 HAVING count(*) > 1
        UNION ALL
        SELECT payment_key FROM deposits WHERE payment_key IS NOT NULL
        GROUP BY payment_key, content_sha256, occurrence HAVING count(*) > 1
    """,
}


def assert_money(connection: Connection) -> None:
    """The invariants of spec deposits 10 that hold after every act, whatever it was."""
    for broken, statement in RULES.items():
        assert not (found := connection.exec_driver_sql(statement).all()), f"{broken}: {found}"
