"""The words of SQL that an analyst may use: what only reads, and computes from nothing but its arguments.

A list of what is allowed, not of what is forbidden: a word that nobody thought of is refused.
"""

from sqlglot import expressions as exp

CLAUSES: tuple[type[exp.Expr], ...] = (
    exp.Select, exp.SetOperation, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Where, exp.Group,
    exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Distinct, exp.Table, exp.TableAlias,
    exp.Window, exp.WindowSpec, exp.Filter,
)  # fmt: skip
VALUES: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Star, exp.Alias, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple,
    exp.Interval, exp.Var, exp.DataType, exp.DataTypeParam,
)  # fmt: skip
OPERATORS: tuple[type[exp.Expr], ...] = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between,
    exp.Like, exp.ILike, exp.Escape, exp.Exists, exp.Any, exp.All, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod,
    exp.IntDiv, exp.Neg, exp.DPipe, exp.Case, exp.If, exp.NullSafeEQ, exp.NullSafeNEQ,
)  # fmt: skip
FUNCTIONS: tuple[type[exp.Expr], ...] = (
    exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.GroupConcat, exp.Stddev, exp.StddevPop, exp.StddevSamp,
    exp.PercentileCont, exp.PercentileDisc, exp.WithinGroup, exp.Cast, exp.Coalesce, exp.Nullif, exp.Greatest,
    exp.Least, exp.Abs, exp.Round, exp.Ceil, exp.Floor, exp.Sign, exp.Sqrt, exp.Lower, exp.Upper, exp.Length,
    exp.Trim, exp.Substring, exp.Left, exp.Right, exp.StrPosition, exp.Concat, exp.RowNumber, exp.Rank,
    exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    exp.NthValue, exp.Date, exp.CurrentDate, exp.CurrentTimestamp, exp.Extract, exp.DateTrunc, exp.TimestampTrunc,
    exp.TimeToStr, exp.TsOrDsToTimestamp, exp.TsOrDsToDate, exp.ToChar,
)  # fmt: skip
ALLOWED: frozenset[type[exp.Expr]] = frozenset(CLAUSES + VALUES + OPERATORS + FUNCTIONS) | {
    exp.Union, exp.Intersect, exp.Except,
}  # fmt: skip
# Functions that the parser knows by name only.
NAMED_FUNCTIONS = frozenset({"julianday", "instr", "total", "ifnull", "iif"})
TYPES = frozenset(
    {
        exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.CHAR,
        exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ, exp.DType.DOUBLE, exp.DType.FLOAT,
        exp.DType.DECIMAL, exp.DType.BOOLEAN, exp.DType.INTERVAL,
    }
)  # fmt: skip
