"""`wb.sql`: the frames' own rows by SQL, and nothing else whatever is written."""

import itertools
import threading
from dataclasses import replace

import pandas as pd
import pytest
import sqlalchemy as sa

from tests.builders import Office, actor
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotPermittedError, RefusedError
from workbench.frames import Frames
from workbench.frames.base import arrow_frame
from workbench.services.sql.grammar import read_query
from workbench.services.sql.service import Answer, SqlDesk
from workbench.services.sql.tables import TABLES
from workbench.storage.arrow import fields_of
from workbench.storage.given_tables import PREFIX
from workbench.storage.tables import metadata
from workbench.storage.tables.audit import audit_events

SLOW = "with a as (select 1 x union all select 2) select count(*) n from " + ", ".join(
    f"a a{number}" for number in range(34)
)  # 2^34 rows to count


KNOWN = {name: fields_of(table.select(actor(1, 1))) for name, table in TABLES.items()}


def answer(office: Office, who: Actor, query: str, *, rows: int = 1000, seconds: float = 30) -> Answer:
    return SqlDesk(office.database).answer(who, query, rows=rows, seconds=seconds)


def sql(office: Office, who: Actor, query: str) -> pd.DataFrame:
    return arrow_frame(answer(office, who, query).rows)


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as plain values, whatever the array behind them."""
    plain = frame.astype(object).where(frame.notna(), None)
    return sorted(plain.to_dict("records"), key=str)


def test_a_table_is_its_frame(filled: Office) -> None:
    people = (filled.north_clerk, filled.south_clerk, filled.supervisor)
    for who, name in itertools.product(people, sorted(TABLES)):
        frame = getattr(Frames(filled.database, lambda who=who: who), name)()
        table = sql(filled, who, f"select * from {name}")
        assert list(table.columns) == list(frame.columns)
        if name == "audit":  # having read the frame is an event of it
            read = set(zip(frame["chain"], frame["number"], strict=True))
            kept = [key in read for key in zip(table["chain"], table["number"], strict=True)]
            table = table.loc[kept].reset_index(drop=True)
        assert records(table) == records(frame)
        for column, dtype in frame.dtypes.items():
            if isinstance(dtype, pd.ArrowDtype):
                assert table.dtypes[column] == dtype


def test_every_frame_is_a_table() -> None:
    methods = {name for name in dir(Frames) if not name.startswith("_")}
    assert methods == set(TABLES)


def test_joins_groups_and_windows(filled: Office) -> None:
    found = sql(
        filled,
        filled.supervisor,
        """
        with answered as (select deposit_id, count(*) as claims, sum(paid_cents) as paid from claims group by 1)
        select d.check_number, a.claims, a.paid, -- the payer's own figure
               rank() over (order by a.paid desc) as place, a.paid / 100.0 as dollars,
               max(d.deposited_date) over () as latest
        from deposits as d left join answered as a on a.deposit_id = d.id
        where d.status in ('NEW', 'IGNORE') order by place
        """,
    )
    assert found["check_number"].tolist() == ["N'1%", "S1"]
    assert found["claims"].tolist() == [2, 1]
    assert found["paid"].tolist() == [11200, 5600]
    assert found["dollars"].tolist() == [112.0, 56.0]
    assert {str(dtype) for dtype in found[["claims", "paid", "place"]].dtypes} == {"int64[pyarrow]"}
    assert str(found["latest"].dtype) == "date32[day][pyarrow]"


def test_a_reserved_word_is_a_column_in_quotes(filled: Office) -> None:
    found = sql(
        filled,
        filled.north_clerk,
        'select "group", sum(amount_cents) as cents from adjustments group by "group"',
    )
    assert dict(zip(found["group"], found["cents"], strict=True)) == {"CO": 10000, "PR": 8800}


@pytest.mark.parametrize(
    "query",
    [
        "insert into deposits (id) values (1)",
        "update deposits set payer_name = 'x'",
        "delete from deposits",
        "with gone as (delete from deposits returning id) select * from gone",
        "drop table deposits",
        "create table t as select 1",
        "select * into t from deposits",
        "select * from deposits for update",
        "pragma table_info(deposits)",
        "select * from pragma_table_info('deposits')",
        "attach 'x.db' as other",
        "vacuum",
        "explain select 1",
        "set statement_timeout = 0",
        "copy deposits to '/tmp/x'",
        "values (1)",
        "select 1; select 2",
        "select 1; drop table deposits",
        "",
        "-- nothing",
        "select * from main.deposits",
        "select * from public.deposits",
        'select * from "main"."deposits"',
        "select * from sqlite_master",
        "select * from sqlite_schema",
        "select * from pg_catalog.pg_class",
        "select * from pg_class",
        "select * from users",
        "select * from deposit_claims",
        "select * from deposits, users",
        "select id from deposits union select id from users",
        "select (select name from users limit 1) as n from deposits",
        "select 1 as x where exists (select 1 from audit_events)",
        "select * from users where exists (with users as (select 1 as a) select a from users)",
        "with deposits as (select 1 as id) select * from deposits",
        "with recursive r as (select 1 as n union all select n + 1 from r) select * from r",
        "select load_extension('x')",
        "select readfile('/etc/passwd')",
        "select pg_read_file('/etc/passwd')",
        "select pg_sleep(10)",
        "select current_setting('data_directory')",
        "select current_user",
        "select version()",
        "select sqlite_version()",
        "select lo_import('/etc/passwd')",
        "select dblink('x', 'select 1')",
        "select query_to_xml('select * from users', true, true, '')",
        "select nextval('users_id_seq')",
        "select set_config('x', 'y', false)",
        "select randomblob(1000000000)",
        "select 'users'::regclass",
        "select * from json_each('[1]')",
        "select * from generate_series(1, 10)",
        "select * from deposits tablesample system (1)",
        "select rowid from deposits",
        "select ctid from deposits",
        "select no_such_column from deposits",
        "select d from deposits as d",
        "select users.name from deposits",
        "select :login as x",
        "select ? as x",
        "select id, id from deposits",
        "select * from deposits as a join deposits as b on a.id = b.id",
        "select (((",
        "select " + "(" * 6000 + "1" + ")" * 6000,
        "select '" + "x" * 20_000 + "' as x",
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_anything_else_is_refused_in_plain_words(query: str, dialect: str) -> None:
    with pytest.raises(RefusedError, match=r"[A-Za-z ,]{15,}"):
        read_query(query, dialect, KNOWN)


def test_comments_hide_nothing(filled: Office) -> None:
    for query in (
        "select id /* from users; */ from deposits -- union select name from users",
        "select id from deposits where payer_name <> '*/ union select name from users --'",
        "select id from deposits /*! union select id from users */",
        "select id from deposits --\n where 1 = 1",
    ):
        assert len(sql(filled, filled.north_clerk, query)) == 1


def test_rows_of_another_practice_are_never_there(filled: Office) -> None:
    for query in (
        "select check_number from deposits where 1 = 1 or practice_id is not null",
        "select d.check_number from deposits d left join claims c on c.deposit_id <> d.id",
        "select a.check_number from deposits a, deposits b, claims c",
        "select check_number from deposits union all select check_number from findings",
        "with x as (select * from deposits) select check_number from x where id > 0 or id < 0",
        'select check_number from "deposits"',
        "select check_number from DEPOSITS",
    ):
        for who, own in ((filled.north_clerk, "N'1%"), (filled.south_clerk, "S1")):
            assert set(sql(filled, who, query)["check_number"]) == {own}


def test_a_table_needs_the_right_of_its_frame(office: Office) -> None:
    for name, table in TABLES.items():
        who = replace(office.north_clerk, permissions=frozenset(Permission) - {table.permission})
        with pytest.raises(NotPermittedError):
            answer(office, who, f"select count(*) as n from {name}")


def test_rows_are_cut_and_it_is_said(filled: Office) -> None:
    whole = answer(filled, filled.supervisor, "select id from adjustments order by id", rows=9)
    part = answer(filled, filled.supervisor, "select id from adjustments order by id", rows=8)
    assert (whole.rows.num_rows, whole.cut) == (9, False)
    assert (part.rows.num_rows, part.cut) == (8, True)
    assert part.rows.column("id").to_pylist() == whole.rows.column("id").to_pylist()[:8]


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_works(filled: Office) -> None:
    with pytest.raises(RefusedError, match="stopped after 1 seconds"):
        answer(filled, filled.supervisor, SLOW, seconds=1)
    assert len(sql(filled, filled.supervisor, "select id from deposits")) == 2
    assert len(Frames(filled.database, lambda: filled.supervisor).deposits()) == 2


@pytest.mark.parametrize("limits", [{"rows": 0}, {"seconds": 0}, {"seconds": 601}, {"rows": 10_000_001}])
def test_limits_have_limits(office: Office, limits: dict[str, int]) -> None:
    with pytest.raises(RefusedError, match="rows is 1 to"):
        answer(office, office.supervisor, "select 1 as x", **limits)


def test_a_fault_in_the_middle_of_the_rows_is_told_and_leaves_nothing_behind(filled: Office) -> None:
    """Without its own word at the end, a stream that broke off would look like a short answer."""
    tables = ", ".join(f"a a{number}" for number in range(17))  # 131,072 rows, more than go over at once
    query = f"""
        with a as (select 1 as x union all select 2), b as (select row_number() over () as n from {tables})
        select abs(case when n = 131072 then -9223372036854775807 - 1 else n end) as x from b
    """
    with pytest.raises(RefusedError, match="does not take"):
        answer(filled, filled.supervisor, query, rows=200_000)
    assert sql(filled, filled.supervisor, "select 7 as x")["x"].tolist() == [7]


def test_queries_of_several_threads_get_their_own_rows(filled: Office) -> None:
    found: dict[int, list[int]] = {}

    def ask(number: int) -> None:
        found[number] = sql(filled, filled.supervisor, f"select {number} as x")["x"].tolist()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [number] for number in range(4)}


def test_the_audit_has_the_query_without_its_values(filled: Office) -> None:
    sql(filled, filled.north_clerk, "select id from claims where patient_last = 'SECRET' -- SECRET")
    with filled.database.reading() as stores:
        row = stores.connection.execute(
            sa.select(audit_events.c.user_id, audit_events.c.after_json).where(audit_events.c.action == "sql")
        ).one()
    assert row.user_id == filled.north_clerk.user_id
    assert "SECRET" not in row.after_json
    assert "patient_last" in row.after_json


def test_no_table_of_the_store_can_be_meant() -> None:
    assert not [name for name in metadata.tables if name.startswith(PREFIX)]
