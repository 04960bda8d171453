"""What two editors of one claim did: side by side, and one on top of the other; nothing typed is lost."""

from collections.abc import Callable, Iterator

from workbench.widgets.deposit.changes import Difference
from workbench.widgets.deposit.claim_sheet import AMOUNTS, HEAD, Chosen, Sheet
from workbench.widgets.deposit.line_typing import put
from workbench.widgets.kit.typed import money_text


def differences(
    opened: Sheet,
    theirs: Sheet,
    mine: Sheet,
    title: Callable[[int], str],
    payer_name: Callable[[str], str],
) -> list[Difference]:
    """What they saved since the claim was opened here, beside what stands here."""
    sheets = (opened, theirs, mine)
    labelled = [*_head(sheets, payer_name), *_amounts(sheets, title), *_choices(sheets, title)]
    return [Difference(label, there, here) for label, (then, there, here) in labelled if then != there]


# (label, as opened, as they saved it, as it is here), each as text.
_Compared = Iterator[tuple[str, list[str]]]
_Three = tuple[Sheet, Sheet, Sheet]


def _head(sheets: _Three, payer_name: Callable[[str], str]) -> _Compared:
    for name, label in HEAD.items():
        shown = payer_name if name == "payer_id" else str
        yield label, [shown(sheet.head[name]) for sheet in sheets]


def _amounts(sheets: _Three, title: Callable[[int], str]) -> _Compared:
    every = [sheet.amounts() for sheet in sheets]
    for place in dict.fromkeys([*every[0], *every[1]]):
        label = f"{title(place[0])}: {AMOUNTS.get(place[1], place[1])}"
        yield label, [money_text(amounts.get(place)) for amounts in every]


def _choices(sheets: _Three, title: Callable[[int], str]) -> _Compared:
    for number, code in dict.fromkeys(place for sheet in sheets for place in sheet.chosen):
        label = f"{title(number)}: Effect of {code}"
        yield label, [_effect_words(sheet.chosen.get((number, code))) for sheet in sheets]
    for number in sheets[0].remarks:
        yield f"{title(number)}: Remarks", [" ".join(sheet.remarks.get(number, ())) for sheet in sheets]


def _effect_words(chosen: Chosen | None) -> str:
    if chosen is None:
        return "as the rules say"
    kind = f", {chosen.payment_type.value}" if chosen.payment_type else ""
    return f"{chosen.effect.label}{kind}"


def put_on_top(sheet: Sheet, opened: Sheet, mine: Sheet) -> None:
    """What differs between `opened` and `mine`, on a sheet that was opened later."""
    sheet.head |= {name: value for name, value in mine.head.items() if value != opened.head[name]}
    then, here = opened.amounts(), mine.amounts()
    for line_id, name in dict.fromkeys([*then, *here]):
        if then.get((line_id, name)) != here.get((line_id, name)) and line_id in sheet.lines:
            sheet.lines[line_id] = put(sheet.lines[line_id], name, here.get((line_id, name)))
    sheet.unread -= opened.unread - mine.unread
    for place in dict.fromkeys([*opened.chosen, *mine.chosen]):
        chosen = mine.chosen.get(place)
        if chosen != opened.chosen.get(place) and chosen is not None:
            sheet.chosen[place] = chosen
        elif chosen != opened.chosen.get(place):
            sheet.chosen.pop(place, None)
    sheet.remarks |= {
        number: codes for number, codes in mine.remarks.items() if codes != opened.remarks[number]
    }
