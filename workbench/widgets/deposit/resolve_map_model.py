"""Mapping remitted lines to lines of our claim, one at a time or all that are alike (spec deposits 3.1, 1.5)."""

from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.resolving import LineCandidate, UnmappedLine
from workbench.widgets.desk import DepositsDesk


class MapModel:
    """One deposit; one of its unmapped lines at a time, with a line of ours chosen."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.waiting: list[UnmappedLine] = []
        self.chosen: UnmappedLine | None = None
        self.candidate_id: int | None = None

    def open(self, deposit_id: int) -> bool:
        """Looks for what waits and takes the first; False when nothing does."""
        self.deposit_id = deposit_id
        self.waiting = self._desk.deposit_desk.resolving.unmapped(self._desk.actor, deposit_id)
        self.chosen, self.candidate_id = None, None
        if self.waiting:
            self.pick(self.waiting[0].deposit_line_id)
        return bool(self.waiting)

    def pick(self, deposit_line_id: int) -> None:
        """Takes another line; the likeliest of ours is chosen when something speaks for it."""
        self.chosen = next(one for one in self.waiting if one.deposit_line_id == deposit_line_id)
        best = next((one for one in self.chosen.candidates if one.reasons and not one.taken_by), None)
        self.candidate_id = None if best is None else best.charge_line_id

    def choose(self, charge_line_id: int | None) -> None:
        self.candidate_id = charge_line_id

    @property
    def candidate(self) -> LineCandidate | None:
        """The line of ours that is chosen."""
        candidates = self.chosen.candidates if self.chosen else ()
        return next((one for one in candidates if one.charge_line_id == self.candidate_id), None)

    @property
    def like(self) -> dict[UnmappedLine, int]:
        """Every line with the same remitted code whose claim has exactly one free line of the chosen code."""
        chosen, wanted = self.chosen, self.candidate
        if chosen is None or wanted is None:
            return {}
        found = {chosen: wanted.charge_line_id}
        for line in self.waiting:
            free = [one for one in line.candidates if one.code == wanted.code and not one.taken_by]
            same_claim = [one for one in found if one.deposit_claim_id == line.deposit_claim_id]
            if line != chosen and line.code == chosen.code and len(free) == 1 and not same_claim:
                found[line] = free[0].charge_line_id
        return found

    def preview(self) -> str:
        """What `Map All Like It` would do, in words."""
        like = self.like
        code = self.candidate.code if self.candidate else ""
        charged = format_dollars(sum(line.charge_cents for line in like))
        paid = format_dollars(sum(line.paid_cents for line in like))
        remitted = self.chosen.code if self.chosen else ""
        return (
            f"{_lines(len(like))} remitted as {remitted} become our {code}: charged {charged}, paid {paid}."
        )

    def blockers(self) -> dict[str, str]:
        if self.candidate is None:
            text = "Choose a line of our claim first."
            return {"map": text, "all": text}
        if len(self.like) < 2:
            return {"all": "No other line is like it."}
        return {}

    def map(self) -> str:
        """Raises ChangedByAnotherError when the claim is not as it was shown."""
        if self.chosen is None or self.candidate is None:
            raise LookupError("no line is chosen")
        self._map({self.chosen: self.candidate.charge_line_id})
        return f"{self.chosen.title} is {self.candidate.title} of our claim."

    def map_all(self) -> str:
        """Raises as `map` does; then none is mapped."""
        return f"{_lines(self._map(self.like))} mapped."

    def reload(self, *, keep: bool) -> bool:
        """Shows what is now; `keep`: with the line of ours that was chosen. False when it waits no more."""
        was, candidate = self.chosen, self.candidate_id
        if not self.open(self.deposit_id):
            return False
        if was is not None and was.deposit_line_id in {one.deposit_line_id for one in self.waiting}:
            self.pick(was.deposit_line_id)
            if keep:
                self.choose(candidate)
        return True

    def _map(self, chosen: dict[UnmappedLine, int]) -> int:
        parts: dict[int, dict[int, int | None]] = {}
        for line, charge_line_id in chosen.items():
            parts.setdefault(line.deposit_claim_id, {})[line.deposit_line_id] = charge_line_id
        seen = {line.deposit_claim_id: line.version for line in chosen}
        return self._desk.deposit_desk.resolving.map_lines(self._desk.actor, self.deposit_id, parts, seen)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"
