"""`workbench audit verify`: proves that the audit trail is whole and as it was written."""

from typing import TYPE_CHECKING

import typer

from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json

if TYPE_CHECKING:
    from workbench.domain.audit_views import Proof

EXIT_BROKEN = 1

group = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="audit")


@group.callback()
def audit() -> None:
    """The audit trail: prove that nobody touched it."""


@group.command()
def verify(
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Prove every event of the trail; name the first that was changed, lost or added. Exit code 1 when one was."""
    with opened() as desk:
        proof = desk.audit.verify(desk.actor)
    if as_json:
        print_json(_as_json(proof))
    else:
        for line in _as_text(proof):
            typer.echo(line)
    if not proof.holds:
        raise typer.Exit(EXIT_BROKEN)


def _as_json(proof: "Proof") -> dict[str, object]:
    return {
        "holds": proof.holds,
        "events": proof.events,
        "chains": proof.chains,
        "broken": [
            {"chain": each.chain, "event": each.number, "kind": each.fault.value, "text": each.text}
            for each in proof.breaks
        ],
    }


def _as_text(proof: "Proof") -> list[str]:
    if proof.holds:
        return [f"The audit trail holds: {proof.events:,} events in {proof.chains:,} chains."]
    lines = [f"The audit trail is broken. {proof.events:,} events before the breaks hold."]
    for each in proof.breaks:
        whose = f"practice {each.chain}" if each.chain else "the office"
        event = f"event {each.number}" if each.number else "the chain"
        lines.append(f"Chain of {whose}, {event}: {each.fault.value}. {each.text}")
    return lines
