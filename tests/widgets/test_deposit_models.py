"""The deposit screens without a browser, on the real services: what they show, ask for, and refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.widgets.messages import Line
from workbench.app import Workbench, open_workbench
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.errors import ChangedByAnotherError, NotFoundError, RefusedError
from workbench.widgets.deposit.model import DepositModel, balancing
from workbench.widgets.deposit.picture import alternative, waterfall
from workbench.widgets.deposit.rows import header_facts, money_steps
from workbench.widgets.deposits.model import DepositsModel, ImportModel, outcome_text, summary
from workbench.widgets.home.model import HomeModel
from workbench.widgets.screens import office_shell

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


@pytest.fixture
def desk() -> Iterator[Workbench]:
    """An office with the deposits of two sample files: a balanced one, and one that is short."""
    opened = open_workbench()
    importing = ImportModel(opened)
    for name in ("balanced.835", "unbalanced.835"):
        importing.take(SAMPLES / name, name)
    yield opened
    opened.close()


@pytest.fixture
def model(desk: Workbench) -> DepositModel:
    made = DepositModel(desk)
    made.open_deposit(listed(desk)[0])
    return made


def listed(desk: Workbench) -> list[int]:
    return [row.id for row in DepositsModel(desk).page("id", False, 0, 50).rows]


class TestList:
    def test_a_short_quick_search_waits_and_digits_do_not(self, desk: Workbench) -> None:
        model = DepositsModel(desk)
        assert not model.narrow("search", "BM")
        assert not model.is_narrowed
        assert model.narrow("search", "1")
        assert model.narrow("search", "BMHP")
        assert model.is_narrowed

    def test_emptying_a_field_widens_again(self, desk: Workbench) -> None:
        model = DepositsModel(desk)
        assert model.narrow("amount_from_cents", 10**9)
        assert model.page("id", False, 0, 50).total == 0
        assert "Clear Filter" in model.empty_text()
        assert model.narrow("amount_from_cents", None)
        assert model.page("id", False, 0, 50).total == 2

    def test_show_and_type(self, desk: Workbench) -> None:
        model = DepositsModel(desk)
        model.narrow("show", "IGNORE")
        assert model.page("id", False, 0, 50).total == 0
        model.narrow("show", "all")
        model.narrow("type", "ERA")
        assert model.page("id", False, 0, 50).total == 2
        model.narrow("type", "EOB")
        assert model.page("id", False, 0, 50).total == 0
        model.clear()
        assert not model.is_narrowed
        assert "Import ERA" in model.empty_text()

    def test_not_reconciled_finds_the_short_one(self, desk: Workbench) -> None:
        model = DepositsModel(desk)
        model.narrow("unreconciled", True)
        (found,) = model.page("id", False, 0, 50).rows
        assert found.unreconciled_cents != 0


class TestImport:
    def test_an_archive_has_an_outcome_for_each_file_in_it(self, desk: Workbench) -> None:
        outcomes = ImportModel(desk).take(SAMPLES / "archive.zip", "archive.zip")
        assert {outcome.name: outcome.outcome for outcome in outcomes} == {
            "balanced-again.835": Outcome.DUPLICATE,
            "version-4010.835": Outcome.NEW,
        }
        assert summary(outcomes) == "2 files: 1 new, 1 duplicate."

    def test_a_folder_tells_after_each_file(self, desk: Workbench) -> None:
        model, told = ImportModel(desk), []
        files = model.folder(str(SAMPLES))
        outcomes = model.take_folder(files, lambda index, outcome: told.append((index, outcome.outcome)))
        assert [outcome for _, outcome in told] == [done.outcome for done in outcomes]
        assert [index for index, _ in told] == list(range(len(files)))

    @pytest.mark.parametrize("typed", ["", "relative/folder", "/no/such/folder", __file__])
    def test_what_is_no_folder_is_refused_with_an_example(self, desk: Workbench, typed: str) -> None:
        with pytest.raises(RefusedError, match="whole path of a folder"):
            ImportModel(desk).folder(typed)

    def test_a_file_that_cannot_be_read_is_rejected_not_a_fault(
        self, desk: Workbench, tmp_path: Path
    ) -> None:
        (outcome,) = ImportModel(desk).take(tmp_path / "gone.835", "gone.835")
        assert outcome.outcome is Outcome.REJECTED
        assert "nothing was stored" in outcome_text(outcome)

    def test_words_for_each_outcome(self) -> None:
        told = {outcome_text(ImportOutcome("f", "", word)) for word in Outcome}
        assert len(told) == len(Outcome)


class TestDeposit:
    def test_header_words_and_figures(self, model: DepositModel) -> None:
        assert model.details is not None
        row = model.details.row
        facts = {fact.label: fact for fact in header_facts(model.details)}
        assert list(facts)[:3] == ["ID", "Type", "Status"]
        cents = row.deposit_cents - row.payments_cents - row.adjustments_cents
        assert facts["Balance ($)"].value.replace(",", "") == f"{cents / 100:.2f}"
        assert facts["Unreconciled ($)"].tone == ("bad" if row.unreconciled_cents else "good")

    def test_ignore_needs_a_reason_and_blocks_itself(self, model: DepositModel) -> None:
        assert "restore" in model.blockers()
        assert "ignore" not in model.blockers()
        with pytest.raises(RefusedError):
            model.ignore("  ")
        model.ignore("belongs elsewhere")
        assert "ignore" in model.blockers()
        assert "restore" not in model.blockers()

    def test_what_was_changed_since_it_was_shown_is_not_changed_again(
        self, desk: Workbench, model: DepositModel
    ) -> None:
        other = DepositModel(desk)
        other.open_deposit(model.deposit_id)
        other.ignore("mine")
        other.open_deposit(model.deposit_id)
        other.restore("back")
        with pytest.raises(ChangedByAnotherError):
            model.ignore("mine too")

    def test_the_page_setting_is_the_users_and_has_bounds(self, desk: Workbench, model: DepositModel) -> None:
        assert model.page_size == 50
        model.set_page_size(2)
        assert DepositModel(desk).page_size == 2
        with pytest.raises(RefusedError, match="Maximum claims per deposit page"):
            model.set_page_size(0)

    def test_claims_are_filtered_and_the_filter_does_not_stick_to_the_next_deposit(
        self, desk: Workbench, model: DepositModel
    ) -> None:
        every = model.claims("", False, 0, 50)
        model.narrow_claims("search", every.rows[0].pcn)
        assert model.claims("", False, 0, 50).total == 1
        model.open_deposit(listed(desk)[1])
        assert model.claims("", False, 0, 50).total > 1

    def test_one_claim_knows_its_neighbours_and_its_segments(self, model: DepositModel) -> None:
        rows = model.claims("", False, 0, 50).rows
        claim = model.claim(rows[1].id)
        assert (claim.previous_id, claim.next_id) == (rows[0].id, rows[2].id if len(rows) > 2 else None)
        assert claim.segments[0].startswith(f"CLP*{rows[1].pcn}*")

    def test_no_such_deposit(self, model: DepositModel) -> None:
        with pytest.raises(NotFoundError):
            model.open_deposit(10**6)

    def test_balancing_names_every_figure_of_the_specification(self, model: DepositModel) -> None:
        assert model.details is not None
        figures = {label for label, _, _ in balancing(model.details)}
        assert {
            "Deposit ($)",
            "Payments ($)",
            "Exclusions ($)",
            "Reported ($)",
            "Unreconciled ($)",
        } <= figures

    def test_the_parts_of_the_picture_sum_to_the_deposit(self, desk: Workbench, model: DepositModel) -> None:
        for deposit_id in listed(desk):
            model.open_deposit(deposit_id)
            (_, whole), *parts = money_steps(model.money())
            assert sum(cents for _, cents in parts) == whole


def test_the_picture_is_an_svg_and_says_the_same_in_words() -> None:
    steps = [("Deposit", 10_000), ("Claims paid", 12_345), ("Unreconciled", -2_345)]
    image = waterfall(steps).decode()
    assert "<svg" in image
    for text in ("100.00", "123.45", "-23.45", "Unreconciled"):
        assert text in image
        assert text in alternative(steps)
    assert waterfall([("Deposit", 0), ("Unreconciled", 0)])


def test_work_lists_count_and_open(desk: Workbench) -> None:
    home = HomeModel(desk)
    counts = {tile.label: tile.count for tile in home.count()}
    assert counts["New Deposits"] == 2
    assert home.items(0, 50) == []
    home.choose("new_deposits")
    assert {item.deposit_id for item in home.items(0, 50)} == set(listed(desk))
    assert len(home.items(1, 50)) == 1
    home.choose("nothing")
    with pytest.raises(NotFoundError):
        home.items(0, 50)


def test_the_whole_page_from_the_address_to_the_rows(desk: Workbench) -> None:
    shell = office_shell(lambda: desk, "deposits")
    line = Line(shell)
    deposit_id = listed(desk)[0]
    line.say("route", page="deposit", search=f"?id={deposit_id}")
    assert line.notices == []
    assert shell.title == f"Deposit Management: Deposit {deposit_id}"
    line.say("route", page="deposit", search="?id=nonsense")
    assert line.notices == ["Deposit 0 was not found."]
    assert shell.title == f"Deposit Management: Deposit {deposit_id}"


def test_an_address_that_leads_nowhere_shows_the_list_and_says_so(desk: Workbench) -> None:
    shell = office_shell(lambda: desk, "home")
    line = Line(shell)
    line.say("route", page="deposit", search="?id=999999")
    assert line.notices == ["Deposit 999999 was not found."]
    assert shell.title == "Deposits"
