"""What every command that takes files in does alike: progress, unreadable files, findings, the exit code."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.imports import Outcome
from workbench.services.incoming import Incoming, UnreadableError

EXIT_LOOK_AT_IT = 1
Answer = TypeVar("Answer")


def take_each(
    files: Sequence[Incoming],
    take: Callable[[str, bytes], Answer],
    refuse: Callable[[str, Finding], Answer],
) -> list[Answer]:
    """`take(name, data)` for each file that can be read, `refuse(name, finding)` for each that cannot.

    A bar on stderr shows how far it is, when that is a terminal.
    """
    console = Console(stderr=True)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    answers = []
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        for file in progress.track(files):
            try:
                data = file.read()
            except UnreadableError as problem:
                finding = Finding("FILE_UNREADABLE", Severity.CRITICAL, Level.FILE, str(problem))
                answers.append(refuse(file.name, finding))
            else:
                answers.append(take(file.name, data))
    return answers


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "level": finding.level.value,
        "segment": finding.segment,
        "message": finding.message,
    }


def in_brief(outcome: Outcome, findings: Iterable[Finding]) -> str:
    """What was found, by code and count; or why the file was not taken."""
    if outcome is Outcome.REJECTED:
        return " ".join(finding.message for finding in findings)
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return ", ".join(f"{code} {count}" for code, count in counts.items())


def exit_for(outcomes: Iterable[Outcome]) -> None:
    """Ends with 1 when something was rejected or is doubtful."""
    if {Outcome.REJECTED, Outcome.DOUBTFUL} & set(outcomes):
        sys.exit(EXIT_LOOK_AT_IT)
