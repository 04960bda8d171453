"""SQL typed under a person's own database role, on a real PostgreSQL: what other practices have is not there."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.storage.every_table import EveryTable
from tests.storage.postgres_office import KEY, NamedOffice, furnish, refusal
from workbench.errors import SetUpError
from workbench.storage import Database
from workbench.storage.engine import open_engine
from workbench.storage.people_roles import admit, dismiss, person_url
from workbench.storage.row_security.rules import RULES
from workbench.storage.tables import metadata
from workbench.storage.whole.figures import in_order

pytestmark = pytest.mark.postgres

TABLES = [table.name for table in in_order()]
# The same for everybody, and no patient in it. A table that is here and holds patient data is a hole.
OF_THE_OFFICE = {
    "users", "user_roles", "user_practices", "practice_identifiers", "practice_facilities", "facilities",
    "payers", "payer_identifiers", "plans", "company_settings", "licensed_codes", "rules", "era_amounts",
    "payer_settings", "payer_aliases", "bank_column_profiles", "import_mappings",
}  # fmt: skip
# The name and hash of a file, never its bytes: who may import is told that the very file is here already.
KNOWN_TO_IMPORTERS = {"import_files", "interchanges"}
BOUND = [name for name in TABLES if name not in OF_THE_OFFICE | {"user_credentials"}]
NOT_ALLOWED = "permission denied for table {}"
NEW_ROW_REFUSED = 'new row violates row-level security policy for table "{}"'


@pytest.fixture(scope="module")
def office(postgres_server: str) -> Iterator[NamedOffice]:
    """Read by all tests, changed by none: they roll back."""
    from tests.postgres import new_database

    made = furnish(new_database(postgres_server))
    yield made
    made.owner.dispose()


def those(side: EveryTable, name: str) -> sa.ColumnElement[bool]:
    """The row of this practice, by its key."""
    return sa.and_(*(metadata.tables[name].c[column] == value for column, value in side.keys[name].items()))


def count(connection: sa.Connection, side: EveryTable, name: str) -> int:
    table = sa.select(sa.func.count()).select_from(metadata.tables[name]).where(those(side, name))
    return int(connection.scalar(table) or 0)


def way_out(name: str) -> sa.Column[Any]:
    """The column by which a row belongs to a practice or a person, itself or through its parent."""
    table = metadata.tables[name]
    owners = {"practices", *BOUND} - {"import_files", "bank_files"}
    found = [
        column
        for column in table.columns
        if {key.column.table.name for key in column.foreign_keys} & owners
        or column.name in ("user_id", "chain")
    ]
    return found[0]


def test_every_table_has_its_rule_and_only_lists_of_the_office_have_none() -> None:
    assert set(RULES) == set(metadata.tables)
    assert {name for name, rule in RULES.items() if not rule.sight and not rule.staff_only} == OF_THE_OFFICE
    assert {name for name, rule in RULES.items() if rule.staff_only} == {"user_credentials"}


def test_every_table_is_switched_on(office: NamedOffice) -> None:
    with office.owner.connect() as connection:
        bare = connection.scalars(
            sa.text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relrowsecurity"
                " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
            )
        ).all()
        # A view would look with its owner's rights, past every policy.
        views = connection.scalars(sa.text("SELECT viewname FROM pg_views WHERE schemaname = 'public'")).all()
    assert (bare, views) == ([], [])


@pytest.mark.parametrize("name", BOUND)
def test_rows_of_another_practice_are_not_there(office: NamedOffice, name: str) -> None:
    with office.as_person("supervisor") as connection:
        assert count(connection, office.north, name) == 1
        assert count(connection, office.south, name) == (1 if name in KNOWN_TO_IMPORTERS else 0)
    with office.as_person("analyst") as connection:
        assert count(connection, office.south, name) == 0
    with office.as_person("administrator") as connection:
        wide = RULES[name].sight.startswith("user_id")
        assert count(connection, office.south, name) == (0 if wide else 1)


@pytest.mark.parametrize("name", BOUND)
def test_rows_of_another_practice_are_not_changed_or_removed(office: NamedOffice, name: str) -> None:
    table = metadata.tables[name]
    column = next(iter(table.columns))
    with office.as_person("supervisor") as connection:
        for statement in (
            sa.update(table).where(those(office.south, name)).values({column: column}),
            sa.delete(table).where(those(office.south, name)),
            sa.update(table).values({column: column}).where(sa.true()),
        ):
            refusal(connection, statement)  # refused or without effect, as the right to the table goes
        connection.commit()
    with office.owner.connect() as connection:
        assert count(connection, office.south, name) == 1


@pytest.mark.parametrize("name", [name for name in BOUND if name not in KNOWN_TO_IMPORTERS])
def test_no_row_is_added_to_another_practice(office: NamedOffice, name: str) -> None:
    table, south = metadata.tables[name], office.south
    pretending = EveryTable(south.practice, office.north.user)
    pretending.keys = south.keys | {"users": {"id": office.north.user}}
    if name in ("user_settings", "import_log", "bank_files", "bank_matches"):
        pretending.keys["users"] = {"id": south.user}  # bound to the person, not to the practice
    fresh = {"transaction_id": 10**6} if name == "ledger_entries" else {}
    with office.as_person("supervisor") as connection:
        said = refusal(connection, sa.insert(table).values(**pretending.row(table, **fresh)))
    assert said in (NOT_ALLOWED.format(name), NEW_ROW_REFUSED.format(name))


MOVABLE = [
    name
    for name in BOUND
    if (RULES[name].changes or RULES[name].anyone_changes)
    and name not in {"bank_matches", "audit_heads", "practices"}
]


@pytest.mark.parametrize("name", MOVABLE)
def test_no_row_of_ours_is_moved_to_another_practice(office: NamedOffice, name: str) -> None:
    table, column = metadata.tables[name], way_out(name)
    moved = sa.update(table).where(those(office.north, name))
    with office.as_person("administrator" if name == "bank_accounts" else "supervisor") as connection:
        if name == "bank_accounts":  # an administrator is everywhere, and gives accounts to practices
            assert refusal(connection, moved.values({column: office.south.practice})) == ""
            return
        said = refusal(connection, moved.values({column: office.south.row(table)[column.name]}))
    assert said == NEW_ROW_REFUSED.format(name)


REFERENCES = [
    (name, column.name)
    for name in BOUND
    if RULES[name].adds
    for column in metadata.tables[name].columns
    for key in column.foreign_keys
    if key.column.table.name in BOUND
    and key.column.table.name not in {"practices", *KNOWN_TO_IMPORTERS}
    and column.name not in RULES[name].blind
]


@pytest.mark.parametrize(("name", "column"), REFERENCES)
def test_a_hidden_row_is_refused_as_one_that_is_not_there(
    office: NamedOffice, name: str, column: str
) -> None:
    """A foreign key looks past the policies: it must never be what answers."""
    table = metadata.tables[name]
    parent = next(iter(table.c[column].foreign_keys)).column.table.name
    hidden = office.south.keys[parent]["id"]
    fresh: dict[str, Any] = {"transaction_id": 10**6} if name == "ledger_entries" else {}
    if (name, column) == ("bank_match_items", "transaction_id"):
        fresh["deposit_id"] = None
    with office.as_person("supervisor") as connection:
        answers = {
            refusal(
                connection, sa.insert(table).values(**office.north.row(table, **fresh | {column: number}))
            )
            for number in (hidden, 10**12)
        }
    assert answers == {NEW_ROW_REFUSED.format(name)}


# A unique key that could tell of a hidden row, and why it does not.
EXPLAINED = {
    ("import_files", ("sha256",)): "shown to importers: the bytes are in their hands",
    ("bank_files", ("sha256",)): "who meets it holds the very bytes",
    ("bank_accounts", ("number",)): "one account is one row; who meets it holds a statement of the account",
    ("bank_transactions", ("line_key",)): "begins with the number of the account",
    ("deposits", ("payment_key", "content_sha256", "occurrence")): "only of no practice",
    ("bank_match_items", ("transaction_id",)): "the line must be seen",
    ("bank_match_items", ("deposit_id",)): "the deposit must be seen",
    ("ledger_transactions", ("reverses_id",)): "the reversed must be seen",
    ("cases", ("imported_set_id",)): "the set must be seen",
}


def test_every_unique_key_stays_within_the_practice() -> None:
    for name in BOUND:
        table = metadata.tables[name]
        keys = [item for item in table.constraints if isinstance(item, sa.UniqueConstraint)]
        for key in [*keys, *(index for index in table.indexes if index.unique)]:
            columns = tuple(column.name for column in key.columns)
            within = any(
                column.name == "practice_id"
                or any(target.column.table.name in BOUND for target in column.foreign_keys)
                for column in key.columns
            )
            assert within or (name, columns) in EXPLAINED, f"{name}{columns} may betray a hidden row"


@pytest.mark.parametrize(
    "trick",
    [
        "SET ROLE postgres",
        'SET ROLE "{database}.southerner"',
        "SET SESSION AUTHORIZATION postgres",
        'SET SESSION AUTHORIZATION "{database}.southerner"',
        "SELECT set_config('role', 'postgres', false)",
        "SELECT set_config('session_authorization', 'postgres', false)",
        "ALTER TABLE deposits DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE deposits OWNER TO CURRENT_USER",
        "CREATE POLICY mine ON deposits USING (true)",
        "CREATE OR REPLACE FUNCTION workbench_practices() RETURNS bigint[] LANGUAGE sql AS 'SELECT ARRAY[1, 2]'",
        "CREATE FUNCTION public.workbench_practices(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON user_credentials TO CURRENT_USER",
        "SELECT * FROM user_credentials",
        "UPDATE user_practices SET practice_id = 2",
        "INSERT INTO user_roles SELECT user_id, 'administrator' FROM user_roles LIMIT 1",
        "COPY deposits TO PROGRAM 'cat'",
        "TRUNCATE deposits CASCADE",
        "LOCK TABLE user_roles IN ACCESS EXCLUSIVE MODE",
    ],
)
def test_tricks_are_refused(office: NamedOffice, trick: str) -> None:
    database = sa.engine.make_url(office.url).database
    with office.as_person("supervisor") as connection:
        assert refusal(connection, sa.text(trick.format(database=database).replace(":", "\\:")))
        assert count(connection, office.south, "deposits") == 0


@pytest.mark.parametrize(
    "trick",
    [
        "RESET SESSION AUTHORIZATION",
        "RESET ROLE",
        "SET ROLE NONE",
        "SELECT set_config('workbench.practices', '2', false)",
        "SET search_path = pg_temp, public",
        "CREATE TEMPORARY TABLE user_practices AS SELECT 4 AS user_id, 2 AS practice_id",
        "CREATE TEMPORARY TABLE practices AS SELECT 2 AS id",
    ],
)
def test_tricks_that_are_allowed_change_nothing(office: NamedOffice, trick: str) -> None:
    with office.as_person("supervisor") as connection:
        assert refusal(connection, sa.text(trick)) == ""
        assert count(connection, office.south, "deposits") == 0
        assert count(connection, office.north, "deposits") == 1


def test_row_security_is_not_switched_off(office: NamedOffice) -> None:
    with office.as_person("supervisor") as connection:
        connection.execute(sa.text("SET row_security = off"))
        said = refusal(connection, sa.text("SELECT * FROM deposits"))
    assert said == 'query would be affected by row-level security policy for table "deposits"'


def test_a_function_of_ones_own_is_not_shown_hidden_rows(office: NamedOffice) -> None:
    """A cheap function in a WHERE would be asked first, were a policy an ordinary condition."""
    url = sa.engine.make_url(person_url(office.url, "supervisor", KEY)).set(drivername="postgresql")
    heard: list[str] = []
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.add_notice_handler(lambda notice: heard.append(str(notice.message_primary)))
        connection.execute(
            "CREATE FUNCTION pg_temp.tell(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
            " $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
        )
        connection.execute("SELECT * FROM deposits WHERE pg_temp.tell(practice_id)").fetchall()
    assert heard == [str(office.north.practice)]


@pytest.mark.parametrize("name", ["ledger_entries", "ledger_transactions", "audit_events"])
@pytest.mark.parametrize("login", ["supervisor", "administrator"])
def test_what_is_booked_or_noted_stays(office: NamedOffice, login: str, name: str) -> None:
    table = metadata.tables[name]
    column = next(iter(table.columns))
    with office.as_person(login) as connection:
        for attempt in (
            sa.update(table).values({column: column}),
            sa.delete(table),
            sa.text(f"TRUNCATE {name}"),
        ):
            assert refusal(connection, attempt) == NOT_ALLOWED.format(name)


def test_an_entry_is_not_added_to_a_hidden_sealed_transaction(office: NamedOffice) -> None:
    """The guard sees what the person does not."""
    table = metadata.tables["ledger_entries"]
    row = office.north.row(table) | {"transaction_id": office.south.practice}
    with office.as_person("supervisor") as connection:
        said = refusal(connection, sa.insert(table).values(**row).inline())
    assert said == "ledger: the transaction is sealed"


def test_a_transaction_out_of_balance_is_refused_under_a_persons_role(office: NamedOffice) -> None:
    entries, transactions = (metadata.tables[f"ledger_{name}"] for name in ("entries", "transactions"))
    with office.as_person("supervisor") as connection:
        connection.execute(
            sa.insert(entries).values(**office.north.row(entries) | {"transaction_id": 77, "id": 10**6})
        )
        said = refusal(
            connection, sa.insert(transactions).values(**office.north.row(transactions) | {"id": 77})
        )
    assert said == "ledger: the transaction does not sum to zero"


def test_who_only_reads_changes_nothing(office: NamedOffice) -> None:
    """Read-only people and analysts add to the audit trail, and keep settings of their own."""
    for login in ("read_only", "analyst"):
        with office.as_person(login) as connection:
            for name in TABLES:
                table = metadata.tables[name]
                column = next(iter(table.columns))
                connection.execute(sa.text("SAVEPOINT before"))
                statements = (
                    sa.insert(table).values(**office.north.row(table)),
                    sa.update(table).values({column: column}),
                    sa.delete(table),
                )
                done = [_done(connection, statement) for statement in statements]
                assert sum(done) == 0, name
                connection.execute(sa.text("ROLLBACK TO before"))


def _done(connection: sa.Connection, statement: sa.Executable) -> int:
    """Rows that a statement changed; refused is none."""
    try:
        with connection.begin_nested():
            return connection.execute(statement).rowcount
    except sa.exc.DBAPIError:
        return 0


@pytest.mark.parametrize(
    ("login", "seen", "hidden"),
    [
        ("scan_clerk", {"image_batches", "images", "charge_batches", "payment_batches"}, {"deposits", "claims", "bank_transactions"}),
        ("coder", {"image_batches", "cases"}, {"deposits", "claims", "payment_batches", "payments", "bank_accounts"}),
        ("payment_poster", {"deposits", "claims", "payments", "ledger_entries"}, {"image_batches", "charge_batches", "cases", "coding_forms"}),
        ("analyst", {"deposits", "claims", "adjustments", "images", "bank_transactions", "import_contents"}, {"import_log"}),
    ],
)  # fmt: skip
def test_a_role_reads_its_own_rooms(
    office: NamedOffice, login: str, seen: set[str], hidden: set[str]
) -> None:
    """Spec scan-batches 2.5: the one batch of the practice is of charge paper."""
    with office.as_person(login) as connection:
        assert {name for name in seen | hidden if count(connection, office.north, name)} == seen


def test_the_bytes_of_a_file_are_for_who_brought_it_or_sees_all_of_it(postgres_url: str) -> None:
    office, pieces = furnish(postgres_url), "SELECT count(*) FROM import_contents"
    everybody = ("supervisor", "payment_poster", "analyst", "southerner", "administrator", "coder")
    assert [office.rows(login, pieces)[0][0] for login in everybody] == [1, 1, 1, 1, 2, 0]
    deposits = metadata.tables["deposits"]
    with office.owner.begin() as connection:  # the file of the north pays the south as well
        paid = sa.update(deposits).where(those(office.south, "deposits"))
        connection.execute(paid.values(import_file_id=office.north.keys["import_files"]["id"]))
    assert [office.rows(login, pieces)[0][0] for login in everybody] == [1, 0, 0, 1, 1, 0]
    with office.as_person("supervisor") as connection:  # nor does one make another's file one's own
        mine = sa.update(deposits).where(those(office.north, "deposits"))
        said = refusal(connection, mine.values(import_file_id=office.south.keys["import_files"]["id"]))
    assert said == NEW_ROW_REFUSED.format("deposits")
    office.owner.dispose()


def test_a_role_that_no_one_was_given_sees_nothing(office: NamedOffice) -> None:
    with office.owner.begin() as connection:
        admit(connection, "nobody", KEY)
    assert office.rows("nobody", "SELECT count(*) FROM deposits") == [(0,)]
    assert office.rows("nobody", "SELECT cardinality(workbench_practices())") == [(0,)]


def test_a_person_needs_the_password_that_the_key_gives(office: NamedOffice) -> None:
    engine = open_engine(person_url(office.url, "supervisor", b"another key"))
    with pytest.raises(sa.exc.OperationalError, match="password authentication failed"):
        engine.connect()


def test_who_leaves_is_shut_out_at_once(postgres_url: str) -> None:
    office = furnish(postgres_url)
    with office.as_person("coder") as connection:
        assert count(connection, office.north, "image_batches") == 1
        with office.owner.begin() as owner:
            dismiss(owner, "coder")
        with pytest.raises(sa.exc.OperationalError):
            count(connection, office.north, "image_batches")
        connection.invalidate()
    with pytest.raises(sa.exc.OperationalError, match="not permitted to log in"), office.as_person("coder"):
        pass
    with office.owner.begin() as owner:
        admit(owner, "coder", KEY)
    assert office.rows("coder", "SELECT count(*) FROM image_batches") == [(1,)]
    with office.owner.begin() as owner:
        owner.execute(sa.text("UPDATE users SET active = false WHERE login = 'coder'"))
    assert office.rows("coder", "SELECT count(*) FROM image_batches") == [(0,)]
    office.owner.dispose()


def test_a_login_that_makes_the_name_too_long_is_refused(office: NamedOffice) -> None:
    with pytest.raises(SetUpError, match="choose a shorter login"):
        person_url(office.url, "x" * 60, KEY)


def test_a_person_opens_the_store_and_an_old_one_waits_for_the_administrator(postgres_url: str) -> None:
    office = furnish(postgres_url)
    theirs = person_url(office.url, "supervisor", KEY)
    Database.open(theirs).close()
    with office.owner.begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    with pytest.raises(SetUpError, match="waits for its administrator"):
        Database.open(theirs)
    office.owner.dispose()
