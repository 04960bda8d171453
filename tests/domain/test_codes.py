import pytest

from workbench.domain.codes import CodeBook, CodeList
from workbench.domain.codes.licensed import read_licensed_csv
from workbench.errors import RefusedError


def test_a_licensed_text_stands_in_front_of_ours() -> None:
    book = CodeBook({CodeList.CARC: {"45": "The office's licensed words"}})
    assert book.adjustment("CO", "45") == "CO-45 The office's licensed words"
    assert book.adjustment("PR", "1") == "PR-1 Deductible"
    assert book.adjustment("CO", "ZZZ") == "CO-ZZZ Code not in our list"
    assert book.meaning(CodeList.RARC, None) is None


@pytest.mark.parametrize("code_list", CodeList)
def test_our_words_are_short_and_there(code_list: CodeList) -> None:
    codes = {"carc": "45", "rarc": "MA18", "claim_status": "22", "plb": "WO", "group": "CO"}
    codes |= {"filing": "MB", "handling": "I", "payment_method": "ACH"}
    meaning = CodeBook().meaning(code_list, codes[code_list.value])
    assert meaning is not None
    assert 0 < len(meaning) <= 80


def test_reads_the_columns_by_their_heading() -> None:
    lines = [
        "\ufeffStart Date,Reason Code,Reason Code Description",
        '1995-01-01,1,"Some  text, long"',
        "",
        ",n2,Two",
    ]
    assert read_licensed_csv(lines) == {"1": "Some text, long", "N2": "Two"}


@pytest.mark.parametrize(
    "lines",
    [[], ["a,b", "1,x"], ["Code,Description"], ["Code,Description", "1"], ["Code,Description", "=1+1,evil"]],
)
def test_a_file_that_is_no_code_list_is_refused_whole(lines: list[str]) -> None:
    with pytest.raises(RefusedError):
        read_licensed_csv(lines)
