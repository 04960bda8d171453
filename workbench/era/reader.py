"""Reads an 835 file: bytes in, column tables and findings out. Nothing here knows a database or a screen."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from mmap import mmap
from typing import Final

import numpy as np
import pyarrow as pa

from workbench.domain.findings import Finding, Level, Severity
from workbench.era.columns import Numbers, arrow, listed, text_of
from workbench.era.delimiters import BLANK, Buffer, Delimiters, Span, find_spans
from workbench.era.envelopes import EnvelopeReader, content_hash
from workbench.era.findings import NOT_X12, X12_STRUCTURE, Problem, capped, number_at
from workbench.era.schema import INTERCHANGES, SCHEMAS
from workbench.era.segments import CLAIM, FOREIGN, OUTSIDE, Rows
from workbench.era.stretch import Counts, Stretch, read_stretch
from workbench.era.tokens import Tokens

CHUNK_BYTES: Final = 3 << 19
WORKERS: Final = 2  # more of them wait for each other, and each holds a stretch in memory
WORTH_A_THREAD: Final = 50_000  # bytes to hash; less is done sooner than handed over
LONGEST_FILE: Final = 1 << 30  # positions in a text column are 32-bit in Arrow


@dataclass(frozen=True, slots=True)
class EraFile:
    """What an 835 file says. The tables and their columns are described in `docs/architecture.md`.

    Attributes:
        segments: number of segments in the file; each is in a table.
        findings: in file order, at most 100 of a code and then one that counts the rest.
    """

    file_name: str
    size: int
    segments: int
    interchanges: pa.Table
    remittances: pa.Table
    claims: pa.Table
    service_lines: pa.Table
    adjustments: pa.Table
    provider_adjustments: pa.Table
    names: pa.Table
    references: pa.Table
    dates: pa.Table
    amounts: pa.Table
    quantities: pa.Table
    remarks: pa.Table
    others: pa.Table
    findings: tuple[Finding, ...]


def read_remittances(
    data: bytes | memoryview | mmap, *, file_name: str, chunk_bytes: int = CHUNK_BYTES
) -> EraFile:
    """Reads a whole file. What cannot be read becomes a finding; no content of a file raises an exception.

    Args:
        data: the bytes of the file; they must not change while it is read.
        file_name: kept for the record only.
        chunk_bytes: about how much is read at a time; it changes memory and speed, never the result.
    """
    view = memoryview(data) if isinstance(data, mmap) else data
    return _FileReader(view, chunk_bytes).read(file_name)


def raw_segments(data: bytes | memoryview, byte_start: int, byte_end: int) -> list[str]:
    """The segments of a range as they stand in the file, without terminators, e.g. those of one claim."""
    for span in find_spans(data):
        if span.delimiters and span.start <= byte_start < span.end:
            tokens = Tokens(data, byte_start, min(byte_end, span.end), span.delimiters)
            pieces = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
            return [text_of(tokens.bytes[start:end].tobytes()) for start, end in pieces]
    return []


class _FileReader:
    """Puts the stretches of a file together."""

    def __init__(self, data: Buffer, chunk_bytes: int) -> None:
        self._data, self._chunk_bytes = data, chunk_bytes
        self._counts = Counts()
        self._envelopes = EnvelopeReader()
        self._batches: dict[str, list[pa.RecordBatch]] = {name: [] for name in SCHEMAS}
        self._owners: dict[str, list[Numbers]] = {"claims": [], "service_lines": []}
        self._findings: list[Finding] = []
        self._problem_counts: Counter[str] = Counter()

    def read(self, file_name: str) -> EraFile:
        for span in self._spans():
            if span.remark:
                self._note_span(span)
            if span.delimiters:
                self._read_span(span, span.delimiters)
        self._envelopes.finish(self._counts.segments, len(self._data))
        tables = {name: _table(name, batches) for name, batches in self._batches.items()}
        tables["remittances"] = self._remittances(tables)
        if not len(tables["remittances"]):
            self._note(NOT_X12, Severity.CRITICAL, "There is no 835 transaction in the file.", None)
        counts = self._problem_counts + self._envelopes.counts
        return EraFile(
            file_name=file_name,
            size=len(self._data),
            segments=self._counts.segments,
            interchanges=_rows(self._envelopes.interchanges, INTERCHANGES),
            findings=capped([*self._findings, *self._envelopes.findings], counts),
            **tables,
        )

    def _spans(self) -> list[Span]:
        if len(self._data) > LONGEST_FILE:
            return [Span(0, len(self._data), None, "the file is longer than one gigabyte: split it")]
        return find_spans(self._data)

    def _note_span(self, span: Span) -> None:
        readable = span.delimiters is not None
        code, severity = (X12_STRUCTURE, Severity.WARNING) if readable else (NOT_X12, Severity.WARNING)
        message = f"At byte {span.start}: {span.remark}."
        self._note(code, severity, message, self._counts.segments + 1)

    def _note(self, code: str, severity: Severity, message: str, segment: int | None) -> None:
        self._problem_counts[code] += 1
        self._findings.append(Finding(code, severity, Level.FILE, message, segment))

    def _read_span(self, span: Span, delimiters: Delimiters) -> None:
        self._envelopes.begin_span(delimiters, self._counts.segments, span.start)
        for stretch in self._stretches(span, delimiters):
            for name, batches in self._batches.items():
                batches.append(stretch.record_batch(name, self._counts))
            for name, owners in self._owners.items():
                owners.append(stretch.owners[name] + self._counts.remittances)
            self._envelopes.feed(stretch.envelopes, self._counts.segments)
            self._findings += (_finding(each, stretch.loops, self._counts) for each in stretch.problems)
            self._problem_counts += stretch.problem_counts
            self._counts += stretch.counts

    def _stretches(self, span: Span, delimiters: Delimiters) -> Iterator[Stretch]:
        """The stretches of a span in order, several of them read at a time.

        All but the first begin at a CLP, and are taken to begin inside an 835. Where that turns out
        wrong (a CLP outside every transaction), the stretch is read again.
        """

        def read(cut: tuple[int, int], scope: int) -> Stretch:
            return read_stretch(self._data, *cut, delimiters, scope)

        first, *others = pairwise(self._cuts(span, delimiters))
        stretch = read(first, OUTSIDE)
        yield stretch
        if not others:
            return
        with ThreadPoolExecutor(WORKERS) as pool:
            ahead = deque(pool.submit(read, cut, CLAIM) for cut in others[:WORKERS])
            for number, cut in enumerate(others):
                scope, stretch = stretch.scope_after, ahead.popleft().result()
                if scope in (OUTSIDE, FOREIGN):
                    stretch = read(cut, scope)
                if number + WORKERS < len(others):
                    ahead.append(pool.submit(read, others[number + WORKERS], CLAIM))
                yield stretch

    def _cuts(self, span: Span, delimiters: Delimiters) -> list[int]:
        """Where a span is cut: at about every `chunk_bytes`, just before a CLP, so that no claim is split."""
        end, element = (re.escape(bytes([value])) for value in (delimiters.segment, delimiters.element))
        claim = re.compile(end + b"[" + re.escape(BLANK) + b"]*(?=CLP" + element + b")")
        cuts = [span.start]
        while found := claim.search(self._data, cuts[-1] + self._chunk_bytes, span.end):
            cuts.append(found.end())
        return [*cuts, span.end]

    def _remittances(self, tables: dict[str, pa.Table]) -> pa.Table:
        """Adds to the headings what the envelopes know, how much each holds, and the hash of its content."""
        schema, headings = SCHEMAS["remittances"], tables["remittances"]
        enclosed, senders = self._envelopes.remittances, self._envelopes.senders
        count = len(headings)
        if not senders:
            return schema.empty_table()
        columns = {name: headings[name] for name in headings.column_names}
        for name in ("interchange_no", "byte_start", "st_control", "last_segment", "byte_end"):
            columns[name] = listed(getattr(enclosed, name), schema.field(name).type)
        sender = arrow(np.array(enclosed.sender, np.int32))
        for name in senders[0]:
            columns[name] = listed([each[name] for each in senders], schema.field(name).type).take(sender)
        for name, owners in self._owners.items():
            held = np.bincount(np.concatenate(owners), minlength=count)
            columns[name] = arrow(held.astype(np.int32))
        columns["content_sha256"] = listed(self._hashes(), pa.string())
        return pa.table([columns[name] for name in schema.names], schema=schema)

    def _hashes(self) -> list[str]:
        contents = self._envelopes.contents
        if len(self._data) < WORTH_A_THREAD * len(contents):
            return [content_hash(self._data, *content) for content in contents]
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda content: content_hash(self._data, *content), contents))


def _table(name: str, batches: list[pa.RecordBatch]) -> pa.Table:
    if batches:
        return pa.Table.from_batches(batches)
    return SCHEMAS[name].empty_table()


def _rows(rows: list[dict[str, str | int | None]], schema: pa.Schema) -> pa.Table:
    arrays = [listed([row[field.name] for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _finding(problem: Problem, loops: Rows, before: Counts) -> Finding:
    """A problem with its numbers counted from the beginning of the file."""

    def number(local: int | None, base: int) -> int | None:
        return None if local is None else local + base

    return Finding(
        problem.code,
        problem.severity,
        problem.level,
        problem.message,
        before.segments + problem.row + 1,
        number(number_at(loops.remittance, problem.row), before.remittances),
        number(number_at(loops.claim, problem.row), before.claims),
        number(number_at(loops.line, problem.row), before.lines),
        problem.context,
    )
