"""Resolving errors in place (spec deposits 3.1): payer, claim, line, payment type, spread, provider-level money."""

from workbench.services.deposit_desk.payer_order import CorrectingPayerOrder
from workbench.services.deposit_desk.resolving_effects import ChoosingEffects, UndecidedCode
from workbench.services.deposit_desk.resolving_lines import LineCandidate, MappingLines, UnmappedLine
from workbench.services.deposit_desk.resolving_parties import Proposed, ProposingParties
from workbench.services.deposit_desk.resolving_payers import ChoosingClaimPayers, MisplacedClaim, PlacedPayer
from workbench.services.deposit_desk.resolving_provider import Disposed, DisposingProviderMoney
from workbench.services.deposit_desk.resolving_spread import Spreading, SpreadLine, SpreadProposal

__all__ = [
    "Disposed",
    "LineCandidate",
    "MisplacedClaim",
    "PlacedPayer",
    "Proposed",
    "Resolving",
    "SpreadLine",
    "SpreadProposal",
    "UndecidedCode",
    "UnmappedLine",
]


class Resolving(
    ChoosingEffects,
    MappingLines,
    Spreading,
    ChoosingClaimPayers,
    CorrectingPayerOrder,
    ProposingParties,
    DisposingProviderMoney,
):
    """One part per kind of error. Each brings totals and errors up to date in the same transaction.

    Who resolves says what was seen; when somebody else changed it meanwhile, ChangedByAnotherError is
    raised and nothing is done.
    """
