# ruff: noqa: S608 - the SQL is put together from names and words of ours alone
"""The policies as DDL: `RULES` for every table of the schema, bound to `session_user`.

`session_user` is who signed in to the server. Nothing a person can say changes it: SET ROLE changes only
`current_user`, and SET SESSION AUTHORIZATION takes a superuser. The functions below run with the rights of the
owner, because what they look up must not itself depend on a policy.
"""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa

from workbench.domain.roles import SEES_EVERY_PRACTICE, SEES_UNASSIGNED, Role
from workbench.storage.row_security.rules import NOBODY, ROW, RULES, Rights, Rule, holds
from workbench.storage.tables import metadata

# What the owner's functions find first: never a temporary table that a person named like one of ours.
_SAFELY = "SECURITY DEFINER SET search_path = public, pg_temp"
_LOOK = f"LANGUAGE plpgsql STABLE PARALLEL SAFE {_SAFELY}"


def _roles(roles: frozenset[Role]) -> str:
    return f"'{{{','.join(sorted(role.value for role in roles))}}}'"


# A login role is named `<database>.<login>`: roles belong to the whole server, people to one database.
_FUNCTIONS = (
    f"""
    CREATE FUNCTION workbench_user_id() RETURNS bigint {_LOOK} AS $$
    BEGIN
        RETURN (SELECT id FROM users WHERE active AND current_database() || '.' || login = session_user);
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_has_role(wanted text[]) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN EXISTS (SELECT 1 FROM user_roles WHERE user_id = workbench_user_id() AND role = ANY (wanted));
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_practices() RETURNS bigint[] {_LOOK} AS $$
    BEGIN
        IF workbench_has_role({_roles(SEES_EVERY_PRACTICE)}) THEN
            RETURN ARRAY(SELECT id FROM practices);
        END IF;
        RETURN ARRAY(SELECT practice_id FROM user_practices WHERE user_id = workbench_user_id());
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_sees_unassigned() RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN workbench_has_role({_roles(SEES_UNASSIGNED)});
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_sees_practice(practice bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN CASE WHEN practice IS NULL THEN workbench_sees_unassigned()
                    ELSE practice = ANY (workbench_practices()) END;
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_brought_file(file_id bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN EXISTS (
            SELECT 1 FROM import_log WHERE import_file_id = file_id AND user_id = workbench_user_id()
        );
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_file_is_new(file_id bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN NOT EXISTS (SELECT 1 FROM import_log WHERE import_file_id = file_id);
    END $$
    """,
    # A deposit may be tied to a file that just comes in, that the person brought, or that it is tied to already.
    # Else it could be used to make a file its own, bytes and all.
    f"""
    CREATE FUNCTION workbench_may_refer_to_file(file_id bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN workbench_file_is_new(file_id) OR workbench_brought_file(file_id) OR EXISTS (
            SELECT 1 FROM deposits WHERE import_file_id = file_id AND workbench_sees_practice(practice_id)
        );
    END $$
    """,
    f"""
    CREATE FUNCTION workbench_sees_transaction(wanted bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN EXISTS (
            SELECT 1 FROM ledger_transactions JOIN deposits ON deposits.id = deposit_id
            WHERE ledger_transactions.id = wanted AND workbench_sees_practice(practice_id)
        );
    END $$
    """,
    # A match is one's own to put things into, or holds something one sees; else an item would make it visible.
    f"""
    CREATE FUNCTION workbench_sees_match(wanted bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN EXISTS (
            SELECT 1 FROM bank_matches WHERE id = wanted AND created_by_id = workbench_user_id()
        ) OR EXISTS (
            SELECT 1 FROM bank_match_items AS item
            LEFT JOIN deposits ON deposits.id = item.deposit_id
            LEFT JOIN bank_transactions AS line ON line.id = item.transaction_id
            LEFT JOIN bank_accounts AS account ON account.id = line.account_id
            WHERE item.match_id = wanted AND (
                deposits.id IS NOT NULL AND workbench_sees_practice(deposits.practice_id)
                OR account.id IS NOT NULL AND workbench_sees_practice(account.practice_id)
            )
        );
    END $$
    """,
    # The bytes of a file may be of several practices: they are for who brought it, and for who sees all of it.
    f"""
    CREATE FUNCTION workbench_holds_file(file_id bigint) RETURNS boolean {_LOOK} AS $$
    BEGIN
        RETURN workbench_brought_file(file_id) OR {holds(RULES["deposits"].reads)} AND (
            SELECT coalesce(bool_and(workbench_sees_practice(practice_id)), false)
            FROM deposits WHERE import_file_id = file_id
        );
    END $$
    """,
)


def statements() -> tuple[str, ...]:
    """All of it, for a database whose tables are there and bare."""
    policies = (
        each.replace(ROW, table.name) for table in metadata.sorted_tables for each in _of_table(table)
    )
    return (*_FUNCTIONS, "REVOKE CREATE ON SCHEMA public FROM PUBLIC", *policies)


def digest() -> str:
    """A number for these statements: a database bound otherwise is another version."""
    return hashlib.sha256("".join(statements()).encode()).hexdigest()[:12]


def grants(group: str) -> Iterator[str]:
    """What the group of the people (quoted) may do at all; which rows, the policies say."""
    for table in metadata.sorted_tables:
        rule = RULES[table.name]
        if not rule.staff_only:
            yield f"GRANT {', '.join(['SELECT', *_verbs(rule)])} ON {table.name} TO {group}"
    yield f"GRANT SELECT ON alembic_version TO {group}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {group}"
    yield f"GRANT USAGE ON SCHEMA public TO {group}"


def _verbs(rule: Rule) -> Iterator[str]:
    for verb, given in (
        ("INSERT", rule.adds or rule.anyone_adds),
        ("UPDATE", rule.changes or rule.anyone_changes),
        ("DELETE", rule.removes or rule.anyone_removes),
    ):
        if given:
            yield verb


def _of_table(table: sa.Table) -> Iterator[str]:
    rule, name = RULES[table.name], table.name
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    if rule.staff_only:
        return
    seen = _all_of(rule.sight)
    yield f"CREATE POLICY people_see ON {name} FOR SELECT USING ({_all_of(rule.sight, _right(rule.reads))})"
    if rule.adds or rule.anyone_adds:
        new = rule.sight if rule.sight_of_new is None else rule.sight_of_new
        check = _all_of(new, _right(rule.adds), *_references(table, rule))
        yield f"CREATE POLICY people_add ON {name} FOR INSERT WITH CHECK ({check})"
    if rule.changes or rule.anyone_changes:
        right = _right(rule.changes)
        check = _all_of(rule.sight, right, *_references(table, rule))
        yield (
            f"CREATE POLICY people_change ON {name} FOR UPDATE"
            f" USING ({_all_of(seen, right)}) WITH CHECK ({check})"
        )
    if rule.removes or rule.anyone_removes:
        yield f"CREATE POLICY people_remove ON {name} FOR DELETE USING ({_all_of(seen, _right(rule.removes))})"


def _right(rights: Rights) -> str:
    return "" if rights == NOBODY else holds(rights)


def _all_of(*conditions: str) -> str:
    return " AND ".join(condition for condition in conditions if condition) or "true"


def _references(table: sa.Table, rule: Rule) -> Iterator[str]:
    """What a new row points to must be seen as well: else it could be tied to a row of another practice, and
    a foreign key, which looks past the policies, would tell whether that row is there.
    """
    for column in table.columns:
        for key in column.foreign_keys:
            parent = key.column.table.name
            hides = RULES[parent].sight and parent != "practices"
            if hides and column.name not in rule.blind and f"{ROW}.{column.name})" not in rule.sight:
                seen = f"EXISTS (SELECT 1 FROM {parent} AS target WHERE target.id = {ROW}.{column.name})"
                found = rule.asked.get(column.name, seen)
                yield f"({ROW}.{column.name} IS NULL OR {found})" if column.nullable else found
