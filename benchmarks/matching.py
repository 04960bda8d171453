"""Matching a year of 100,000 deposits with 100,000 bank lines: quality against known truth, time against bare joins.

    python -m benchmarks.matching [deposits]

The peers do the joins of spec deposits 7.2 as one would write them by hand in DuckDB and in pandas: trace and
amount, trace, check number, payer and amount within days, amount within days, whole slips. They solve no
ambiguous groups, search no subsets, know no fees and give no reasons; goal for ours: at most 3 times their time.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable

import duckdb
import pandas as pd
import pyarrow as pa

from benchmarks.generate_bank import Office, make_office
from workbench.reconcile.matching.engine import match
from workbench.reconcile.matching.proposals import Proposals

RUNS = 5
NORMAL = "ltrim(regexp_replace(upper({}), '[^A-Z0-9]', '', 'g'), '0')"


def with_duckdb(office: Office) -> pa.Table:
    """The joins in SQL."""
    base = duckdb.connect()
    base.register("d_in", office.deposits)
    base.register("l_in", office.lines)
    base.register("aliases", office.aliases)
    base.execute(
        f"create temp table d as select *, {NORMAL.format('trace')} t from d_in where amount_cents > 0"
    )
    base.execute(
        f"create temp table l as select l_in.*, aliases.payer_id, {NORMAL.format('trace')} t, "
        f"{NORMAL.format('reference')} r from l_in left join aliases using (payer_key) where amount_cents > 0"
    )
    base.execute("create temp table found (deposit_id bigint, line_id bigint)")
    same = "d.practice_id = l.practice_id"
    near = "abs(d.date - l.date) <= {}"
    named = "d.payer_id = l.payer_id and d.amount_cents = l.amount_cents"
    for condition in (
        f"d.t = l.t and d.t <> '' and d.amount_cents = l.amount_cents and {same} and {near.format(15)}",
        f"d.t = l.t and d.t <> '' and {same} and {near.format(15)}",
        f"d.t = l.r and d.t <> '' and d.amount_cents = l.amount_cents and {same} and {near.format(15)}",
        f"{named} and {same} and {near.format(5)}",
        f"d.amount_cents = l.amount_cents and l.payer_id is null and {same} and {near.format(5)}",
    ):
        base.execute(
            f"""insert into found select deposit_id, line_id from (
                select deposit_id, line_id, count(*) over (partition by deposit_id) a,
                       count(*) over (partition by line_id) b
                from (select * from d anti join found using (deposit_id)) d
                join (select * from l anti join found using (line_id)) l on {condition})
                where a = 1 and b = 1"""
        )
    base.execute(
        """insert into found select unnest(ids), line_id from (
             select practice_id, date, sum(amount_cents) total, list(deposit_id) ids
             from d anti join found using (deposit_id) where pay_method in ('CHECK', 'LOCKBOX')
             group by practice_id, date having count(*) > 1) s
           join (select * from l anti join found using (line_id)) l
             on s.total = l.amount_cents and s.practice_id = l.practice_id and l.date - s.date between 0 and 3"""
    )
    return base.sql("select * from found").to_arrow_table()


def _normal(column: "pd.Series[str]") -> "pd.Series[str]":
    return column.str.upper().str.replace("[^A-Z0-9]", "", regex=True).str.lstrip("0")


def with_pandas(office: Office) -> pa.Table:
    """The joins as merges."""
    d, lines = office.deposits.to_pandas(), office.lines.to_pandas()
    d["date"], lines["date"] = pd.to_datetime(d["date"]), pd.to_datetime(lines["date"])
    d, lines = d[d.amount_cents > 0].copy(), lines[lines.amount_cents > 0].copy()
    d["t"], lines["t"], lines["r"] = _normal(d.trace), _normal(lines.trace), _normal(lines.reference)
    lines = lines.merge(office.aliases.to_pandas(), on="payer_key", how="left")
    found = []
    for left, right, days in (
        (["t", "amount_cents", "practice_id"], ["t", "amount_cents", "practice_id"], 15),
        (["t", "practice_id"], ["t", "practice_id"], 15),
        (["t", "amount_cents", "practice_id"], ["r", "amount_cents", "practice_id"], 15),
        (["amount_cents", "payer_id", "practice_id"], ["amount_cents", "payer_id", "practice_id"], 5),
        (["amount_cents", "practice_id"], ["amount_cents", "practice_id"], 5),
    ):
        some_d = d[d.t != ""] if "t" in left else d
        some_l = lines[lines[right[0]] != ""] if right[0] in ("t", "r") else lines
        if "payer_id" not in left and "t" not in left:
            some_l = some_l[some_l.payer_id.isna()]
        pairs = some_d.merge(some_l, left_on=left, right_on=right, suffixes=("", "_line"))
        pairs = pairs[(pairs.date - pairs.date_line).abs().dt.days <= days]
        pairs = pairs[~pairs.deposit_id.duplicated(keep=False) & ~pairs.line_id.duplicated(keep=False)]
        found.append(pairs[["deposit_id", "line_id"]])
        d = d[~d.deposit_id.isin(pairs.deposit_id)]
        lines = lines[~lines.line_id.isin(pairs.line_id)]
    checks = d[d.pay_method.isin(["CHECK", "LOCKBOX"])]
    slips = checks.groupby(["practice_id", "date"], as_index=False).agg(
        amount_cents=("amount_cents", "sum"), n=("t", "size")
    )
    slips = slips[slips.n > 1].merge(lines, on=["practice_id", "amount_cents"], suffixes=("", "_line"))
    slips = slips[(slips.date_line - slips.date).dt.days.between(0, 3)]
    found.append(
        checks.merge(slips[["practice_id", "date", "line_id"]], on=["practice_id", "date"])[
            ["deposit_id", "line_id"]
        ]
    )
    return pa.Table.from_pandas(pd.concat(found), preserve_index=False)


def _looks(office: Office) -> tuple[dict[int, tuple[object, ...]], dict[int, tuple[object, ...]]]:
    """What can be seen of each deposit and line when the line carries no trace: all but the number."""
    deposits = {
        row["deposit_id"]: (
            row["practice_id"],
            row["payer_id"],
            row["amount_cents"],
            row["date"],
            row["pay_method"],
        )
        for row in office.deposits.to_pylist()
    }
    lines = {
        row["line_id"]: tuple(row[name] for name in row if name != "line_id")
        for row in office.lines.to_pylist()
    }
    return deposits, lines


def quality(office: Office, found: Proposals) -> dict[str, float]:
    """Pairs of deposit and line: precision and recall against the truth, and wrong ones that confirmed themselves.

    Two equal payments of one payer on one day without a trace cannot be told apart by anybody: a pair is right
    when a true pair looks exactly the same.
    """
    truth = set(zip(office.truth["deposit_id"].to_pylist(), office.truth["line_id"].to_pylist(), strict=True))
    looks_d, looks_l = _looks(office)
    alike = Counter((looks_d[deposit], looks_l[line]) for deposit, line in truth)
    confirmed = found.matches["confirmed"].to_pylist()
    right = wrong_confirmed = 0
    for part in found.parts.to_pylist():
        look = (looks_d[part["deposit_id"]], looks_l[part["line_id"]])
        good = alike[look] > 0
        alike[look] -= good
        right += good
        exact = (part["deposit_id"], part["line_id"]) in truth
        wrong_confirmed += confirmed[part["match_no"]] and not exact
    return {
        "precision": right / found.parts.num_rows,
        "recall": right / len(truth),
        "wrong confirmed": wrong_confirmed,
        "confirmed": sum(confirmed),
    }


def _fastest(run: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main(deposits: int = 100_000) -> None:
    office = make_office(deposits, deposits)
    found = match(office.deposits, office.lines, office.aliases)
    for name, figure in quality(office, found).items():
        print(f"{name:>16}: {figure:.5f}" if isinstance(figure, float) else f"{name:>16}: {figure:,}")
    ours = _fastest(lambda: match(office.deposits, office.lines, office.aliases))
    print(f"{'ours':>16}: {ours:.3f} s, {found.parts.num_rows:,} pairs")
    truth = set(zip(office.truth["deposit_id"].to_pylist(), office.truth["line_id"].to_pylist(), strict=True))
    for name, peer in (("DuckDB", with_duckdb), ("pandas", with_pandas)):
        pairs = peer(office)
        right = len(
            truth & set(zip(pairs["deposit_id"].to_pylist(), pairs["line_id"].to_pylist(), strict=True))
        )
        seconds = _fastest(lambda peer=peer: peer(office))  # type: ignore[misc]
        print(
            f"{name:>16}: {seconds:.3f} s, ours takes {ours / seconds:.2f} times that; its recall {right / len(truth):.4f}"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
