"""The segments of an 835 and where each may stand: ids as small codes, and the loop each row is in.

An 835 has no nesting that needs a stack: which loop a segment belongs to is told by the last segment
before it that begins or ends one (835 TR3, section 2.1). So a loop is a marker carried forward.
"""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from workbench.era.tokens import Bools, Ints, Tokens, id_key_of, key_of

Numbers = npt.NDArray[np.int32]

KNOWN_IDS: Final = (
    "ISA", "IEA", "GS", "GE", "ST", "SE", "BPR", "NTE", "TRN", "CUR", "REF", "DTM", "N1", "N2", "N3", "N4",
    "PER", "RDM", "LX", "TS3", "TS2", "CLP", "CAS", "NM1", "MIA", "MOA", "AMT", "QTY", "SVC", "LQ", "PLB",
    "TA1",
)  # fmt: skip
CODE_OF: Final = {name: code for code, name in enumerate(KNOWN_IDS, start=1)}  # 0 is an unknown id
ENVELOPE_IDS: Final = ("ISA", "GS", "ST", "SE", "GE", "IEA")

NOWHERE: Final = -(2**31)  # the number of a claim or line where there is none

# Where a segment stands. HEADER is from ST to the first loop, DETAIL an LX before its first claim, SUMMARY
# from the first PLB on; ORPHAN belongs to an SVC that has no claim.
OUTSIDE, FOREIGN, HEADER, DETAIL, CLAIM, LINE, SUMMARY, ORPHAN = range(8)
INSIDE: Final = (HEADER, DETAIL, CLAIM, LINE, SUMMARY)
_OPENED_BY = {
    "LX": DETAIL,
    "TS3": DETAIL,
    "TS2": DETAIL,
    "CLP": CLAIM,
    "SVC": LINE,
    "PLB": SUMMARY,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The segments of a stretch with their places.

    Numbers are local to the stretch. A stretch that begins inside a transaction goes on with
    remittance -1, the last one before it.

    Attributes:
        codes: of each segment; 0 where the id is unknown.
        by_code: the rows of each code, in file order.
        scope: of each segment, one of the constants above.
        remittance, claim, line: number of the loop each segment is in, NOWHERE when it is in none.
        claim_ends: of each claim, the row after its last segment.
        scope_after: scope at the end, with which the next stretch begins.
        lower_case: rows whose id is written in lower case.
    """

    codes: npt.NDArray[np.uint8]
    by_code: list[Ints]
    scope: npt.NDArray[np.uint8]
    remittance: Numbers
    claim: Numbers
    line: Numbers
    claim_ends: Ints
    scope_after: int
    lower_case: Ints

    def of(self, name: str, *scopes: int) -> Ints:
        """Rows of a segment id, of all or of the given scopes, in file order."""
        rows = self.by_code[CODE_OF[name]]
        return rows[self.within(rows, *scopes)] if scopes else rows

    def within(self, rows: Ints, *scopes: int) -> Bools:
        """Which of `rows` stand in one of the scopes."""
        wanted = np.zeros(ORPHAN + 1, np.bool_)
        wanted[list(scopes)] = True
        return wanted[self.scope[rows]]


def place(tokens: Tokens, scope_before: int) -> Rows:
    """Finds the loop of every segment; `scope_before` is where the stretch begins."""
    codes, lower_case = _codes(tokens.ids)
    markers = np.flatnonzero(_marks()[codes])
    names = codes[markers]
    scope = _scopes(tokens, markers, names, scope_before)
    claims = (names == CODE_OF["CLP"]) & (scope == CLAIM)
    lines = scope == LINE
    opened = np.cumsum((names == CODE_OF["ST"]) & (scope == HEADER)) - 1
    runs = np.diff(np.concatenate(([0], markers, [len(codes)])))

    def spread(values: npt.NDArray[np.integer], before: int) -> Numbers:
        """What holds from each marker on, for every segment."""
        return np.repeat(np.concatenate(([before], values)).astype(np.int32), runs)

    remittance = spread(
        np.where((scope == OUTSIDE) | (scope == FOREIGN), NOWHERE, opened),
        NOWHERE if scope_before in (OUTSIDE, FOREIGN) else -1,
    )
    ends = np.flatnonzero(codes == CODE_OF["SE"])  # an SE belongs to the transaction it closes
    ends = ends[ends > 0]
    remittance[ends] = remittance[ends - 1]
    return Rows(
        codes=codes,
        by_code=_by_code(codes),
        scope=spread(scope, scope_before).astype(np.uint8),
        remittance=remittance,
        claim=spread(np.where((scope == CLAIM) | lines, np.cumsum(claims) - 1, NOWHERE), NOWHERE),
        line=spread(np.where(lines, np.cumsum(lines) - 1, NOWHERE), NOWHERE),
        claim_ends=_next(markers[names != CODE_OF["SVC"]], markers[claims], len(codes)),
        scope_after=int(scope[-1]) if len(scope) else scope_before,
        lower_case=lower_case,
    )


def _by_code(codes: npt.NDArray[np.uint8]) -> list[Ints]:
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(KNOWN_IDS) + 2))
    return [order[low:high] for low, high in itertools.pairwise(bounds)]


def _next(rows: Ints, after: Ints, end: int) -> Ints:
    """The first of `rows` after each of `after`."""
    return np.append(rows, end)[np.searchsorted(rows, after, side="right")]


def _scopes(tokens: Tokens, markers: Ints, names: npt.NDArray[np.uint8], scope_before: int) -> Ints:
    """The scope that each marker opens."""
    transaction = _transactions(tokens, markers, names, scope_before)
    scope = _opens()[names].astype(np.int64)
    is_line = names == CODE_OF["SVC"]
    around = _carried(~is_line, scope, CLAIM if scope_before == LINE else scope_before)
    scope[is_line & (around != CLAIM)] = ORPHAN
    scope[names == CODE_OF["ST"]] = HEADER
    return np.where(transaction == HEADER, scope, transaction)


def _transactions(tokens: Tokens, markers: Ints, names: npt.NDArray[np.uint8], scope_before: int) -> Ints:
    """For each marker HEADER inside an 835, FOREIGN inside another transaction set, else OUTSIDE."""
    envelope = _opens()[names] == OUTSIDE
    state = np.full(len(names), OUTSIDE, np.int64)
    starts = names == CODE_OF["ST"]
    is_835 = tokens.keys(tokens.pick(markers[starts]).element(1)) == key_of("835")
    state[starts] = np.where(is_835, HEADER, FOREIGN)
    before = scope_before if scope_before in (OUTSIDE, FOREIGN) else HEADER
    return _carried(envelope, state, before)


def _carried(chosen: Bools, values: Ints, before: int) -> Ints:
    """For each place the value at the last chosen place up to it."""
    last = np.maximum.accumulate(np.where(chosen, np.arange(len(chosen)), -1))
    return np.where(last < 0, before, values[last])


def _codes(ids: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint8], Ints]:
    """The code of each id, and the rows where only the lower case had to be overlooked."""
    table, keys = _code_table()
    codes = table[_six_bits(ids)]
    codes[keys[codes] != ids] = 0
    unknown = np.flatnonzero(codes == 0)
    letters = ids[unknown] & np.uint32(0x404040)
    folded = ids[unknown] & ~(letters >> np.uint32(1))
    codes[unknown] = table[_six_bits(folded)]
    codes[unknown[keys[codes[unknown]] != folded]] = 0
    return codes, unknown[codes[unknown] > 0]


def _six_bits(ids: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Three characters in 18 bits; letters and digits do not collide, others are checked by the caller."""
    six = np.uint32(0x3F)
    packed: npt.NDArray[np.uint32] = (
        (ids & six) | (ids >> np.uint32(2) & np.uint32(0xFC0)) | (ids >> np.uint32(4) & np.uint32(0x3F000))
    )
    return packed


@cache
def _code_table() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Code by six-bit id, and full key by code."""
    keys = np.array([0, *map(id_key_of, KNOWN_IDS)], np.uint32)
    table = np.zeros(1 << 18, np.uint8)
    table[_six_bits(keys)] = np.arange(len(keys))
    return table, keys


@cache
def _opens() -> npt.NDArray[np.uint8]:
    """The scope each code opens; OUTSIDE for the envelopes and for what opens none."""
    table = np.zeros(len(KNOWN_IDS) + 1, np.uint8)
    for name, scope in _OPENED_BY.items():
        table[CODE_OF[name]] = scope
    return table


@cache
def _marks() -> Bools:
    """Which codes begin or end a scope."""
    table = np.zeros(len(KNOWN_IDS) + 1, np.bool_)
    table[[CODE_OF[name] for name in (*ENVELOPE_IDS, *_OPENED_BY)]] = True
    return table
