"""The audit trail's triggers as DDL, per engine: events are only added, and a head only moves forward."""

import hashlib

_EVENTS, _HEADS = "audit: append only", "audit: a head only moves forward"

_SQLITE = (
    *(
        f"""
        CREATE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events
        BEGIN SELECT RAISE(ABORT, '{_EVENTS}'); END
        """
        for verb in ("UPDATE", "DELETE")
    ),
    f"""
    CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads
    BEGIN SELECT RAISE(ABORT, '{_HEADS}'); END
    """,
    f"""
    CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads
    WHEN NEW.chain <> OLD.chain OR NEW.number <= OLD.number
    BEGIN SELECT RAISE(ABORT, '{_HEADS}'); END
    """,
)

_POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{_EVENTS}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE FUNCTION audit_heads_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.chain <> OLD.chain OR NEW.number <= OLD.number THEN
            RAISE EXCEPTION '{_HEADS}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()
    """,
    """
    CREATE TRIGGER audit_heads_append_only BEFORE DELETE OR TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()
    """,
    """
    CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_heads_forward()
    """,
)

GUARDS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def digest() -> str:
    """A number for these statements: a database guarded otherwise is another version."""
    text = "".join((*_SQLITE, *_POSTGRESQL))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
