# ruff: noqa: S608 - the SQL is put together from words of ours alone
"""The ledger's triggers as DDL, per engine.

An entry may only be added while its transaction is not there yet; the transaction, added last, must find
entries that sum to zero; nothing is ever changed or deleted.
"""

import hashlib

_APPEND_ONLY = "ledger: append only"
# With the rights of the owner: row-level security must not hide from a guard what it looks for.
_ALL_SEEING = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

_SQLITE = (
    """
    CREATE TRIGGER ledger_entries_sealed BEFORE INSERT ON ledger_entries
    WHEN EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id)
    BEGIN SELECT RAISE(ABORT, 'ledger: the transaction is sealed'); END
    """,
    """
    CREATE TRIGGER ledger_transactions_balanced BEFORE INSERT ON ledger_transactions
    WHEN (SELECT coalesce(sum(amount_cents), 0) FROM ledger_entries WHERE transaction_id = NEW.id) <> 0
    BEGIN SELECT RAISE(ABORT, 'ledger: the transaction does not sum to zero'); END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END
        """
        for table in ("ledger_entries", "ledger_transactions")
        for verb in ("UPDATE", "DELETE")
    ),
)

_POSTGRESQL = (
    f"""
    CREATE FUNCTION ledger_entries_sealed() RETURNS trigger {_ALL_SEEING} AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id) THEN
            RAISE EXCEPTION 'ledger: the transaction is sealed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION ledger_transactions_balanced() RETURNS trigger {_ALL_SEEING} AS $$
    BEGIN
        IF (SELECT coalesce(sum(amount_cents), 0) FROM ledger_entries WHERE transaction_id = NEW.id) <> 0 THEN
            RAISE EXCEPTION 'ledger: the transaction does not sum to zero' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{_APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER ledger_entries_sealed BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_entries_sealed()
    """,
    """
    CREATE TRIGGER ledger_transactions_balanced BEFORE INSERT ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION ledger_transactions_balanced()
    """,
    *(
        f"""
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()
        """
        for table in ("ledger_entries", "ledger_transactions")
    ),
)

GUARDS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def digest() -> str:
    """A number for these statements: a database guarded otherwise is another version."""
    text = "".join((*_SQLITE, *_POSTGRESQL))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
